"""The list of problems: what keeps the design from training, worst first, and what would mend it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from designer.document import Document
from designer.problem_rows import NoProblems, ProblemRow, ProblemRows, worst_first
from designer.theme import SIZES, Theme


class ProblemList(QScrollArea):
    """All problems of the project; a click or Enter leads to the cause."""

    jump = Signal(object)  # Problem

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setAccessibleName(self.tr("Problems"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows = ProblemRows(document, theme)
        self._rows.jump.connect(self.jump)
        self._none = NoProblems(document)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(SIZES.margin, SIZES.margin, SIZES.margin, SIZES.margin)
        layout.addWidget(self._none)
        layout.addWidget(self._rows)
        layout.addStretch()
        self.setWidget(inside)
        document.reviewed.connect(lambda _review: self._show())
        self._show()

    def show_theme(self, theme: Theme) -> None:
        self._rows.show_theme(theme)
        self._none.refresh()

    @property
    def rows(self) -> tuple[ProblemRow, ...]:
        return self._rows.rows

    def _show(self) -> None:
        problems = worst_first(self._document.review.problems)
        self._rows.show_problems(problems)
        self._none.setVisible(not problems)
        self._none.refresh()
