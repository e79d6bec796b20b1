"""What every gesture is: it starts, moves, and ends or is cancelled; only its end changes the project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt

from designer.canvas.facts import Port
from designer.canvas.placed_layer import Grip
from designer.canvas.scene import Scene
from designer.canvas.view import View
from designer.scope import Scope

GRIP = 6.0  # pixels around the edges of frames and notes by which they are drawn larger


class Point(NamedTuple):
    """Where the pointer is, in the scene and in the viewport's pixels, and which keys are held with it."""

    scene: QPointF
    screen: QPointF
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def adds(self) -> bool:
        """Whether the keys ask to add to the selection."""
        return bool(self.keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))


@dataclass
class Stage:
    """What gestures act upon. `say(text, at, bad)` shows a text beside the pointer, `hush(seconds)` takes it away."""

    here: Scope
    scene: Scene
    view: View
    say: Callable[[str, QPointF, bool], None]
    hush: Callable[[float], None]
    grid: float  # what blocks snap to; 0 for nothing
    to_blocks: bool = True  # whether they snap to each other
    seek: Callable[[Port, QPointF], None] = lambda _port, _point: None  # looks for a block for the end of a wire

    def grip(self, at: Point) -> Grip | None:
        """What the pointer would take of a frame or a note."""
        return self.scene.placed.grip(at.scene, GRIP / self.view.zoom)


class Gesture:
    """Begins with a press. Until the pointer has moved a little, it may still turn out to be a click."""

    cursor: Qt.CursorShape | None = None
    drags_view = False  # whether the view follows when the pointer comes to its edge

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def start(self, at: Point) -> None:
        """The pointer, pressed at this point, has begun to move."""

    def move(self, at: Point) -> None:
        """The pointer is here now."""

    def end(self, at: Point) -> None:
        """The button was let go here: make the change."""

    def cancel(self) -> None:
        """Leave everything as it was before `start`."""

    def click(self, at: Point) -> None:
        """The button was let go where it was pressed; `start` was never called."""
