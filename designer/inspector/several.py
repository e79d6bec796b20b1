"""The inspector's page for several blocks: their total, and one form for all when they are of one type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.counts import grouped, rounded
from designer.document import Document
from designer.facts import Facts
from designer.form import RecordForm
from designer.inspector.block import line
from designer.inspector.name import NAME_INSET
from designer.inspector.typing import Typing
from designer.theme import SIZES, Theme
from engine.graph import Graph
from engine.project import Project


class SeveralPage(QWidget):
    """Shows several blocks of the document and edits them together."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = document.here
        self._typing = Typing(self._here)
        self._keys: tuple[str, ...] = ()
        self.title, self.types, self._error = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.types.setProperty("role", "muted")
        self.types.setWordWrap(True)
        self._error.setProperty("role", "danger")
        self._error.setWordWrap(True)
        self._line = line()
        self.form = RecordForm()
        self.form.edited.connect(self._edit)
        self.form.settled.connect(self._typing.settle)
        self.facts = Facts(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(NAME_INSET, 4, 0, 0)
        layout.setSpacing(SIZES.gap + 2)
        for widget in (self.title, self.types, self.form, self._error, self._line, self.facts):
            layout.addWidget(widget)
        layout.addStretch()

    def show_blocks(self, keys: Sequence[str]) -> None:
        """Show the blocks with these ids, which are in the document."""
        if tuple(keys) != self._keys:
            self._typing.settle()
            self.form.drop_typing()
        self._keys = tuple(keys)
        project, plan = self._here.project, self._here.review.plan
        blocks = [project.graph.nodes[key].block for key in keys]
        counts = Counter(type(block).__name__ for block in blocks)
        self.title.setText(self.tr("{0} blocks").format(len(blocks)))
        self.types.setText(", ".join(f"{count} {name}" for name, count in counts.items()))
        alike = len(counts) == 1 and bool(blocks[0].params())
        if alike:
            mixed = {
                name for name, value in blocks[0].values().items() if any(getattr(b, name) != value for b in blocks)
            }
            self.form.show_record(blocks[0], project.data.fields(), mixed)
        self.form.setVisible(alike)
        self._line.setVisible(True)
        self._show_error("")
        steps = [plan.steps[key] for key in keys if key in plan.steps]
        self.facts.show_facts(
            [
                (self.tr("Parameters"), grouped(sum(step.parameters for step in steps))),
                (self.tr("Multiply-adds"), rounded(sum(step.trace.multiply_adds for step in steps))),
            ]
        )

    def show_theme(self, theme: Theme) -> None:
        self.facts.show_theme(theme)

    def _edit(self, name: str, value: object) -> None:
        label = type(self._here.project.graph.nodes[self._keys[0]].block).param(name).label
        keys = self._keys

        def edit(project: Project) -> Project:
            graph: Graph = project.graph
            for key in keys:
                graph = graph.change(key, **{name: value})
            return project.edit(graph)

        text = self.tr("Change {0} of {1} blocks").format(label, len(keys))
        try:
            self._typing.change(f"{','.join(keys)}.{name}", edit, text)
        except ValueError as error:  # one of the others can't take it
            self._show_error(str(error))

    def _show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
