"""The inspector's page for one block: name, form, shapes and counts, its weights, a note, and what the block does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from designer.counts import grouped, memory, rounded
from designer.document import Document
from designer.facts import Fact, Facts
from designer.form import RecordForm
from designer.formula import to_html
from designer.inspector.exposing import ExposeButton, expose_button
from designer.inspector.fold import Fold
from designer.inspector.group import GroupPart
from designer.inspector.name import NAME_INSET, NameField
from designer.inspector.note import NoteField
from designer.inspector.weights import WeightsPart
from designer.problem_rows import ProblemRows, worst_first
from designer.reference import ReferenceLabel
from designer.theme import SIZES, Theme
from designer.typing import Typing
from engine.blocks import Block, Loss
from engine.copying import unshare
from engine.graph import Graph, Node
from engine.group import Group, GroupInput
from engine.muting import refused_muting
from engine.plan import Step
from engine.problem import Problem
from engine.project import Project
from engine.tensor import TensorSpec
from engine.weight_settings import WeightSettings

translate = QCoreApplication.translate


class BlockPage(QWidget):
    """Shows one block of the part of the document that one is in, and carries out what is edited."""

    jump = Signal(object)  # Problem inside the group that is shown

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here, self._theme = document.here, theme
        self._key = ""
        self._typing = Typing(self._here)
        self.name = NameField(theme)
        self.subtitle = ReferenceLabel()
        self.problems = ProblemRows(self._here, theme)
        self.group = GroupPart()
        self.form = RecordForm(beside=expose_button(self._here, lambda: self._key))
        self.facts = Facts(theme)
        self.muted = QCheckBox(self.tr("Muted"))
        self.muted.setToolTip(self.tr("What enters passes through as if the block were not there (Ctrl+B)"))
        self.weights, self.note = WeightsPart(), NoteField()
        self.weights_fold = Fold(self.tr("Weights"), self.weights)
        self.note_fold = Fold(self.tr("Note"), self.note)
        self._doc, self.formula = _words(), QLabel()
        self._doc.setProperty("role", "muted")
        self.formula.setWordWrap(True)
        self.formula.setTextFormat(Qt.TextFormat.RichText)
        self._line = line()
        below = QVBoxLayout()
        below.setContentsMargins(NAME_INSET, 0, 0, 0)
        below.setSpacing(SIZES.gap + 2)
        parts = (self.subtitle, self.problems, self.group, self.form, self._line, self.muted, self.facts, line())
        for widget in (*parts, self.weights_fold, self.note_fold, line(), self._doc, self.formula):
            below.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.name)
        layout.addLayout(below)
        layout.addStretch()
        self._connect()

    def _connect(self) -> None:
        self.problems.jump.connect(self.jump)
        self.name.typed.connect(self._judge_name)
        self.name.renamed.connect(self._rename)
        self.form.edited.connect(self._edit)
        self.group.edited.connect(self._set_exposed)
        self.group.hidden.connect(self._hide)
        self.group.opened.connect(lambda: self._here.enter(self._key))
        self.weights.edited.connect(self._treat)
        self.weights.parted.connect(self._part)
        self.note.edited.connect(self._annotate)
        self.muted.clicked.connect(self._mute)
        for part in (self.form, self.group, self.weights, self.note):
            part.settled.connect(self._typing.settle)

    def show_block(self, key: str) -> None:
        """Show the block with this id, which is in the document."""
        if key != self._key:
            self._typing.settle()
            for form in (self.form, self.group.form, self.weights.form):
                form.drop_typing()
        self._key = key
        node = self._here.project.graph.nodes[key]
        block = node.block
        self.name.show_name(node.name)
        self._show_subtitle(block)
        self.group.setVisible(isinstance(block, Group))
        if isinstance(block, Group):
            self.group.show_group(block)
        self.form.show_record(block, self._here.project.data.fields())
        for button in self.form.beside.values():
            assert isinstance(button, ExposeButton)
            button.refresh()
        self.form.setVisible(bool(block.params()))
        self._line.setVisible(bool(block.params()))
        self._doc.setText(block.doc())
        self.muted.setVisible(node.muted or refused_muting(block) is None)
        self.muted.setChecked(node.muted)
        self._show_formula(block)
        self._show_note(node)
        self._show_review()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (self.name, self.problems, self.facts):
            part.show_theme(theme)
        if self._key in self._here.project.graph.nodes:
            self.show_block(self._key)

    def _show_subtitle(self, block: Block) -> None:
        kind = block.title if isinstance(block, Group) else type(block).__name__
        category = self.tr("Group") if isinstance(block, Group) else block.category
        words = category if block.page else f"{category} · {kind}"
        self.subtitle.show_reference(words, block.page, self._theme.link)

    def _show_formula(self, block: Block) -> None:
        self.formula.setVisible(bool(block.formula))
        text = to_html(block.formula, self._theme.text) if block.formula else ""
        if text != self.formula.text():
            self.formula.setText(text)

    def _show_note(self, node: Node) -> None:
        self.note.show_note(node.note)
        self.note_fold.show_summary(" ".join(node.note.split()))

    def _show_review(self) -> None:
        review = self._here.review
        mine = [problem for problem in review.problems if problem.block == self._key]
        inside = [problem for problem in review.problems if (problem.block or "").startswith(f"{self._key}/")]
        in_form = [problem for problem in mine if _stands_in_form(problem, self.form)]
        told = [problem for problem in mine if problem not in in_form]
        self.problems.show_problems([*worst_first(told), *worst_first(inside)], name_blocks=bool(inside))
        self.form.show_errors({problem.param or "": problem.text for problem in in_form})
        step = review.plan.steps.get(self._key)
        self.facts.show_facts(facts_of(step))
        self._show_weights(step)

    def _show_weights(self, step: Step | None) -> None:
        graph = self._here.project.graph
        node = graph.nodes[self._key]
        others = [graph.nodes[key].name for key in graph.sharing(self._key) if key != self._key]
        learned = step is not None and bool(step.trace.weights)
        self.weights_fold.setVisible(learned or bool(others) or node.weights != WeightSettings())
        self.weights.show_weights(node.weights, others, isinstance(node.block, Group))
        self.weights_fold.show_summary(self.weights.summary(node.weights, others))

    # Edits

    def _edit(self, name: str, value: object) -> None:
        node, key = self._node(), self._key
        label = type(node.block).param(name).label
        text = self.tr("Change {0} of {1}").format(label, node.name)
        self._type(name, text, lambda graph: graph.change(key, **{name: value}))

    def _set_exposed(self, label: str, value: object) -> None:
        key = self._key

        def edit(graph: Graph) -> Graph:
            group = graph.nodes[key].block
            assert isinstance(group, Group)
            return graph.replace(key, group.set_exposed(label, value))

        self._type(f"exposed {label}", self.tr("Change {0} of {1}").format(label, self._node().name), edit)

    def _hide(self, label: str) -> None:
        group = self._node().block
        assert isinstance(group, Group)
        after = self._here.project.edit(self._here.project.graph.replace(self._key, group.hide(label)))
        self._here.change(after, self.tr("Take {0} off {1}").format(label, self._node().name))

    def _treat(self, name: str, value: object) -> None:
        key = self._key
        text = self.tr("Change {0} of {1}").format(WeightSettings.param(name).label, self._node().name)
        self._type(
            f"weights {name}",
            text,
            lambda graph: graph.treat(key, graph.nodes[key].weights.change(**{name: value})),
        )

    def _part(self) -> None:
        text = self.tr("Give {0} own weights").format(self._node().name)
        self._here.change(unshare(self._here.project, self._key), text)

    def _mute(self, muted: bool) -> None:
        word = self.tr("Mute {0}") if muted else self.tr("Unmute {0}")
        project = self._here.project
        self._here.change(project.edit(project.graph.mute([self._key], muted)), word.format(self._node().name))

    def _annotate(self, note: str) -> None:
        key = self._key
        text = self.tr("Change the note of {0}").format(self._node().name)
        self._type("note", text, lambda graph: graph.annotate(key, note))

    def _type(self, what: str, text: str, edit: Callable[[Graph], Graph]) -> None:
        """One key of typing; all that follow each other are one step."""

        def whole(project: Project) -> Project:
            return project.edit(edit(project.graph))

        self._typing.change(f"{self._key}.{what}", whole, text)

    def _node(self) -> Node:
        return self._here.project.graph.nodes[self._key]

    def _judge_name(self, name: str) -> None:
        try:
            self._here.project.graph.rename(self._key, name)
        except ValueError as error:
            self.name.show_error(str(error))
        else:
            self.name.show_error("")

    def _rename(self, name: str) -> None:
        project = self._here.project
        before = self._node().name
        after = project.edit(project.graph.rename(self._key, name))
        self._here.change(after, self.tr("Rename {0} to {1}").format(before, name))


def facts_of(step: Step | None) -> list[Fact]:
    """What the plan knows of a block: shapes in and out, weights, work and memory for one sample."""
    if step is None:
        return []
    block = step.block
    ports = [port.name for port in block.input_ports()]
    named = isinstance(block, Group)
    wired = [place for place, port in enumerate(block.input_ports()) if step.wires[place] or not port.optional]
    facts = [
        *_shapes(translate("Inspector", "In"), [ports[i] for i in wired], [step.arrives[i] for i in wired], named),
        *_shapes(translate("Inspector", "Out"), block.output_ports(), step.leaves, named),
    ]
    if isinstance(block, Group):
        inside = len(block.graph.nodes) - len(block.inputs_inside()) - len(block.outputs_inside())
        times = f"{block.repeat} × " if block.repeat > 1 else ""
        facts.append((translate("Inspector", "Blocks inside"), f"{times}{inside}"))
    if (ports or step.trace.weights) and step.complete and not isinstance(block, (Loss, GroupInput)):
        facts.append((translate("Inspector", "Parameters"), grouped(step.parameters)))
        if step.shares:
            facts.append((translate("Inspector", "Shared parameters"), grouped(step.trace.parameters)))
        facts.append((translate("Inspector", "Multiply-adds"), rounded(step.trace.multiply_adds)))
    if any(spec is not None and spec.batched for spec in step.leaves):
        size = memory(step.trace.activation_bytes)
        facts.append((translate("Inspector", "Activation memory"), translate("Inspector", "{0} / sample").format(size)))
    return facts


def _shapes(word: str, ports: Sequence[str], specs: Sequence[TensorSpec | None], named: bool) -> list[Fact]:
    """One line, or one a port when there are several."""
    several = len(ports) > 1 or named
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
