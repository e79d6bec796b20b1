"""The list of problems: what keeps the design from training, worst first, and what would mend it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from designer.counts import grouped
from designer.document import Document
from designer.icons import icon
from designer.problem_rows import NoProblems, ProblemRow, ProblemRows, worst_first
from designer.theme import SIZES, Theme
from engine.problem import Problem


class Problems(QWidget):
    """All problems of the project; a click or Enter leads to the cause."""

    jump = Signal(object)  # Problem

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._current: tuple[str | None, ...] = ()  # the problem that was jumped to last
        self.jump.connect(self._remember)
        self.setAccessibleName(self.tr("Problems"))
        self._rows = ProblemRows(document, theme)
        self._rows.jump.connect(self.jump)
        self._none = NoProblems()
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(SIZES.margin, 4, SIZES.margin, SIZES.margin)
        layout.addWidget(self._none)
        layout.addWidget(self._rows)
        layout.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(self._build_header())
        page.addWidget(scroll, 1)
        document.reviewed.connect(lambda _review: self._show() if self.isVisible() else None)
        self._show()

    def _build_header(self) -> QHBoxLayout:
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x", "muted"))
        self.close_button.setToolTip(self.tr("Hide the list of problems"))
        self.close_button.setAccessibleName(self.tr("Hide the list of problems"))
        self.close_button.clicked.connect(self.hide)
        header = QHBoxLayout()
        header.setContentsMargins(SIZES.margin, SIZES.gap, SIZES.gap, 4)
        header.addWidget(self.title, 1)
        header.addWidget(self.close_button)
        return header

    @property
    def rows(self) -> tuple[ProblemRow, ...]:
        return self._rows.rows

    @property
    def more(self) -> QPushButton:
        return self._rows.more

    def step(self, by: int) -> str:
        """Jump to the problem after or before the one that was jumped to last, around the end; answers in words."""
        everything = worst_first(self._document.review.problems)
        problems = [problem for problem in everything if problem.block is not None]
        if not problems:
            return everything[0].title if everything else self.tr("No problems. The design can train.")
        known = [_mark(problem) for problem in problems]
        place = known.index(self._current) + by if self._current in known else min(by, 0)
        problem = problems[place % len(problems)]
        self.jump.emit(problem)
        words = self.tr("Problem {0} of {1}: {2}")
        return words.format(problems.index(problem) + 1, len(problems), problem.title)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def show_theme(self, theme: Theme) -> None:
        self._rows.show_theme(theme)
        self._none.refresh()

    def _remember(self, problem: Problem) -> None:
        self._current = _mark(problem)

    def _show(self) -> None:
        problems = worst_first(self._document.review.problems)
        count = len(problems)
        words = {0: self.tr("Problems"), 1: self.tr("1 problem")}
        self.title.setText(words.get(count, self.tr("{0} problems").format(grouped(count))))
        self._rows.show_problems(problems)
        self._none.setVisible(not problems)


def _mark(problem: Problem) -> tuple[str | None, ...]:
    """What a problem is known by when the design is reviewed anew."""
    return problem.block, problem.title, problem.param, problem.port
