"""Push the view about with the middle button, or with the left one while Space is held."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas.gestures.gesture import Gesture, Point


class Pan(Gesture):
    """The scene follows the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def start(self, at: Point) -> None:
        self._first = self._last = at.screen

    def move(self, at: Point) -> None:
        self.stage.view.pan(at.screen - self._last)
        self._last = at.screen

    def cancel(self) -> None:
        self.stage.view.pan(QPointF(self._first - self._last))
