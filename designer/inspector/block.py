"""The inspector's page for one block: name, form, shapes and counts, and what the block does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from designer.counts import grouped, memory, rounded
from designer.document import Document
from designer.facts import Fact, Facts
from designer.form import RecordForm
from designer.formula import to_html
from designer.inspector.name import NAME_INSET, NameField
from designer.inspector.typing import Typing
from designer.problem_rows import ProblemRows, worst_first
from designer.reference import ReferenceLabel
from designer.theme import SIZES, Theme
from engine.blocks import Block, Loss
from engine.plan import Step
from engine.problem import Problem
from engine.tensor import TensorSpec

BYTES = {"float32": 4, "int64": 8}  # of one number

translate = QCoreApplication.translate


class BlockPage(QWidget):
    """Shows one block of the document and carries out what is edited."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._key = ""
        self._typing = Typing(document)
        self.name = NameField(theme)
        self.name.typed.connect(self._judge_name)
        self.name.renamed.connect(self._rename)
        self.subtitle = ReferenceLabel()
        self.problems = ProblemRows(document, theme)
        self.form = RecordForm()
        self.form.edited.connect(self._edit)
        self.form.settled.connect(self._typing.settle)
        self.facts = Facts(theme)
        self._doc, self.formula = _words(), QLabel()
        self._doc.setProperty("role", "muted")
        self.formula.setWordWrap(True)
        self.formula.setTextFormat(Qt.TextFormat.RichText)
        self._line = line()
        below = QVBoxLayout()
        below.setContentsMargins(NAME_INSET, 0, 0, 0)
        below.setSpacing(SIZES.gap + 2)
        for widget in (
            self.subtitle,
            self.problems,
            self.form,
            self._line,
            self.facts,
            line(),
            self._doc,
            self.formula,
        ):
            below.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.name)
        layout.addLayout(below)
        layout.addStretch()

    def show_block(self, key: str) -> None:
        """Show the block with this id, which is in the document."""
        if key != self._key:
            self._typing.settle()
            self.form.drop_typing()
        self._key = key
        node = self._document.project.graph.nodes[key]
        block = node.block
        self.name.show_name(node.name)
        kind = block.reference or type(block).__name__
        self.subtitle.show_reference(
            block.category if block.reference else f"{block.category} · {kind}", block.reference, self._theme.link
        )
        self.form.show_record(block, self._document.project.data.fields())
        self.form.setVisible(bool(block.params()))
        self._line.setVisible(bool(block.params()))
        self._doc.setText(block.doc())
        self._show_formula(block)
        self._show_review()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (self.name, self.problems, self.facts):
            part.show_theme(theme)
        if self._key in self._document.project.graph.nodes:
            self.show_block(self._key)

    def _show_formula(self, block: Block) -> None:
        self.formula.setVisible(bool(block.formula))
        text = to_html(block.formula, self._theme.text) if block.formula else ""
        if text != self.formula.text():
            self.formula.setText(text)

    def _show_review(self) -> None:
        review = self._document.review
        mine = [problem for problem in review.problems if problem.block == self._key]
        in_form = [problem for problem in mine if _stands_in_form(problem, self.form)]
        self.problems.show_problems(worst_first([p for p in mine if p not in in_form]), name_blocks=False)
        self.form.show_errors({problem.param or "": problem.text for problem in in_form})
        self.facts.show_facts(facts_of(review.plan.steps.get(self._key)))

    def _edit(self, name: str, value: object) -> None:
        node = self._document.project.graph.nodes[self._key]
        label = type(node.block).param(name).label
        key = self._key
        self._typing.change(
            f"{key}.{name}",
            lambda project: project.edit(project.graph.change(key, **{name: value})),
            self.tr("Change {0} of {1}").format(label, node.name),
        )

    def _judge_name(self, name: str) -> None:
        try:
            self._document.project.graph.rename(self._key, name)
        except ValueError as error:
            self.name.show_error(str(error))
        else:
            self.name.show_error("")

    def _rename(self, name: str) -> None:
        project = self._document.project
        before = project.graph.nodes[self._key].name
        after = project.edit(project.graph.rename(self._key, name))
        self._document.change(after, self.tr("Rename {0} to {1}").format(before, name))


def facts_of(step: Step | None) -> list[Fact]:
    """What the plan knows of a block: shapes in and out, weights, work and memory for one sample."""
    if step is None:
        return []
    ports = [port.name for port in step.block.input_ports()]
    outputs = step.block.output_ports()
    facts = [
        *_shapes(translate("Inspector", "In"), ports, step.arrives),
        *_shapes(translate("Inspector", "Out"), outputs, step.leaves),
    ]
    if ports and step.complete and not isinstance(step.block, Loss):
        facts += [
            (translate("Inspector", "Parameters"), grouped(step.trace.parameters)),
            (translate("Inspector", "Multiply-adds"), rounded(step.trace.multiply_adds)),
        ]
    held = [spec for spec in step.leaves if spec is not None and spec.batched]
    if held:
        size = memory(sum(spec.numel * BYTES.get(spec.dtype, 4) for spec in held))
        facts.append((translate("Inspector", "Activation memory"), translate("Inspector", "{0} / sample").format(size)))
    return facts


def _shapes(word: str, ports: list[str] | tuple[str, ...], specs: tuple[TensorSpec | None, ...]) -> list[Fact]:
    """One line, or one a port when there are several."""
    several = len(ports) > 1
    return [
        (f"{word} · {port}" if several else word, _with_batch(spec)) for port, spec in zip(ports, specs, strict=True)
    ]


def _with_batch(spec: TensorSpec | None) -> str:
    if spec is None:
        return ""
    if not spec.batched:
        return str(spec)
    batch = translate("Inspector", "batch")
    shape = f"{batch} × {spec}" if spec.shape else batch
    return shape if spec.dtype == "float32" else f"{shape} · {spec.dtype}"


def _stands_in_form(problem: Problem, form: RecordForm) -> bool:
    """Whether a problem is told under a field; what a button can mend is told where the button is."""
    return problem.param in form.editors and problem.severity == "error" and not problem.fixes


def line() -> QFrame:
    """A thin line between two parts of a page."""
    made = QFrame()
    made.setFrameShape(QFrame.Shape.HLine)
    made.setFixedHeight(1)
    return made


def _words() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
