"""The inspector's page for several blocks: their total, and one form for all when they are of one type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.counts import grouped, rounded
from designer.document import Document
from designer.facts import Facts
from designer.form import Form
from designer.inspector.block import line
from designer.inspector.name import NAME_INSET
from designer.theme import SIZES, Theme
from designer.together import alike, changed, step_text, taken, values_of
from designer.typing import Typing
from engine.project import Project


class SeveralPage(QWidget):
    """Shows several blocks of the document and edits them together."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = document.here
        self._typing = Typing(self._here)
        self._keys: tuple[str, ...] = ()
        self.title, self.types = QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.types.setProperty("role", "muted")
        self.types.setWordWrap(True)
        self.form = Form()
        self.form.edited.connect(self._edit)
        self.form.settled.connect(self._typing.settle)
        self.form.withdrawn.connect(self._typing.withdraw)
        self.facts = Facts(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(NAME_INSET, 4, 0, 0)
        layout.setSpacing(SIZES.gap + 2)
        for widget in (self.title, self.types, self.form, line(), self.facts):
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
        values = values_of(project.graph, keys) if alike(blocks) else ()
        if values:
            self.form.show_params(
                [value.described for value in values],
                {value.key: value.now for value in values},
                lambda name, typed: taken(self._typing.before.graph, self._keys, name, typed),
                project.data.fields(),
                {value.key for value in values if value.mixed},
            )
        self.form.setVisible(bool(values))
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
        keys = self._keys

        def edit(project: Project) -> Project:
            return project.edit(changed(project.graph, keys, name, value))

        self._typing.change(f"{','.join(keys)}.{name}", edit, step_text(self._here.project, keys, name, value))
