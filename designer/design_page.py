"""The Design workspace: palette, canvas, and at the right the inspector over the list of problems."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from designer.canvas import Canvas
from designer.document import Document
from designer.inspector import Inspector
from designer.palette import Palette
from designer.problems import Problems
from designer.theme import Theme
from engine.group import Path
from engine.problem import Problem

COLUMNS = (200, 940, 300)
PROBLEMS = 240  # height of the list of problems


class DesignPage(QSplitter):
    """Puts the rooms side by side and lets them follow each other: selection, chosen blocks, problems."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._here = document.here
        self.palette_ = Palette(theme)
        self.canvas = Canvas(document, theme)
        self.inspector = Inspector(document, theme)
        self.problems = Problems(document, theme)
        self.problems.hide()
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._right.addWidget(self.inspector)
        self._right.addWidget(self.problems)
        self._right.setStretchFactor(0, 1)
        self._right.setHandleWidth(1)
        for widget in (self.palette_, self.canvas, self._right):
            self.addWidget(widget)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setSizes(COLUMNS)
        self.canvas.selection_changed.connect(
            lambda ids: self.inspector.show_selection(ids, self.canvas.scene.placed.selected)
        )
        self.palette_.chosen.connect(self.canvas.add_block)
        self.problems.jump.connect(self.jump)
        self.inspector.jump.connect(lambda problem: self.go_to(self._here.way_to(problem)))
        self._here.moved.connect(lambda path: self.palette_.show_inside(bool(path)))

    def show_theme(self, theme: Theme) -> None:
        for part in (self.palette_, self.canvas, self.inspector, self.problems):
            part.show_theme(theme)

    def show_problems(self) -> None:
        self.problems.setVisible(True)
        self._share_right(PROBLEMS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.problems.isVisible():
            self._share_right(self.problems.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nobody else has a use for it, leads back to the canvas."""
        if event.key() == Qt.Key.Key_Escape and not self.canvas.view.hasFocus():
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _share_right(self, height: int) -> None:
        """Give the list of problems a height; the inspector keeps at least half."""
        whole = self._right.height()
        height = min(height, whole // 2)
        self._right.setSizes([whole - height, height])

    def step_problem(self, by: int) -> str:
        """Go to the next problem, or back to the one before; answers with what is to be told of it."""
        return self.problems.step(by)

    def jump(self, problem: Problem) -> None:
        """Go to the block that a problem is about, into the groups around it."""
        if problem.block is not None:
            self.go_to(tuple(problem.block.split("/")))

    def go_to(self, way: Path) -> None:
        """Go to a block: ids of the groups around it, then its own."""
        if way:
            self._here.go(way[:-1])
            self.canvas.show_block(way[-1])
