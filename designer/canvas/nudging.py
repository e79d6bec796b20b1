"""Moves what is selected by a step, for menus and the palette: what Shift and an arrow key do on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from designer.canvas.scene import Scene

Key = Qt.Key


class Nudging:
    """`press` carries out a key as if it had been pressed on the canvas."""

    def __init__(self, scene: Scene, press: Callable[[QKeyEvent], bool]) -> None:
        self._scene, self._press = scene, press

    def possible(self) -> Mapping[str, bool]:
        """Which of the moves make sense now, by the name of the action."""
        scene = self._scene
        one = next(iter(scene.selected_wires)) if len(scene.selected_wires) == 1 else None
        bent = one is not None and scene.wires[one].dots is not None
        return dict.fromkeys(("move_left", "move_right", "move_up", "move_down"), scene.selects_items or bent)

    def move_left(self) -> None:
        self._move(Key.Key_Left)

    def move_right(self) -> None:
        self._move(Key.Key_Right)

    def move_up(self) -> None:
        self._move(Key.Key_Up)

    def move_down(self) -> None:
        self._move(Key.Key_Down)

    def _move(self, arrow: Qt.Key) -> None:
        self._press(QKeyEvent(QEvent.Type.KeyPress, arrow, Qt.KeyboardModifier.ShiftModifier))
