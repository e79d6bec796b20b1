"""What a press takes hold of: the gesture that begins, and what is selected by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from designer.canvas.gestures.gesture import Point
from engine import decorating
from engine.places import Area
from engine.project import Project
from tests.designer.canvas.conftest import chain

Button, Modifier = Qt.MouseButton, Qt.KeyboardModifier
NONE, ALT, CTRL, SHIFT = (
    Modifier.NoModifier,
    Modifier.AltModifier,
    Modifier.ControlModifier,
    Modifier.ShiftModifier,
)
# a chain of cards at x = 0, 190, 380, 570 (150 wide); a frame around the second and third; a note below the first
FRAME_BAR, FRAME_EDGE, NOTE, GROUND, CARD = (360, -46), (550, 100), (80, 245), (300, 300), (190 + 75, 40)


@pytest.fixture
def framed(show: Callable[[Project], Canvas]) -> Canvas:
    project = chain("Input", "Conv2d", "ReLU", "Flatten")
    project, _ = decorating.add_frame(project, Area(170, -60, 380, 180), "Body")
    project, _ = decorating.add_note(project, Area(0, 200, 160, 90), "Why")
    canvas = show(project)
    canvas.fit()
    return canvas


@pytest.mark.parametrize(
    ("place", "keys", "gesture", "blocks", "placed"),
    [
        (GROUND, NONE, "BoxSelect", ("d",), ()),
        (GROUND, ALT, "CutWires", ("d",), ()),
        (CARD, NONE, "MoveBlocks", ("b",), ()),
        (CARD, ALT, "CopyBlocks", ("b",), ()),
        (CARD, SHIFT, "MoveBlocks", ("b", "d"), ()),
        (FRAME_BAR, NONE, "MovePlaced", (), ("frame1",)),
        (FRAME_BAR, SHIFT, "MovePlaced", ("d",), ("frame1",)),
        (FRAME_EDGE, NONE, "ResizePlaced", (), ("frame1",)),
        (NOTE, NONE, "MovePlaced", (), ("note1",)),
        (NOTE, CTRL, "MovePlaced", ("d",), ("note1",)),
        (NOTE, ALT, "CopyBlocks", (), ("note1",)),
        (FRAME_BAR, ALT, "CopyBlocks", (), ("frame1",)),
    ],
)
def test_what_a_press_begins(
    framed: Canvas,
    place: tuple[float, float],
    keys: Qt.KeyboardModifier,
    gesture: str,
    blocks: tuple[str, ...],
    placed: tuple[str, ...],
) -> None:
    framed.select(["d"])
    point = QPointF(*place)
    found = framed.pointer._choosing.gesture(Button.LeftButton, Point(point, framed.view.from_scene(point), keys))
    assert type(found).__name__ == gesture
    assert framed.selected() == blocks
    assert framed.scene.placed.selected == placed


def test_shift_takes_a_frame_out_of_the_selection_again(framed: Canvas) -> None:
    framed.scene.select(("d",), (), ("frame1", "note1"))
    point = QPointF(*FRAME_BAR)
    at = Point(point, framed.view.from_scene(point), SHIFT)
    assert framed.pointer._choosing.gesture(Button.LeftButton, at) is None
    assert framed.scene.placed.selected == ("note1",)
    assert framed.selected() == ("d",)


@pytest.mark.parametrize(
    ("button", "keys", "gesture"),
    [
        (Button.RightButton, CTRL, "CutWires"),
        (Button.RightButton, NONE, "NoneType"),
        (Button.BackButton, NONE, "NoneType"),
    ],
)
def test_other_buttons(framed: Canvas, button: Qt.MouseButton, keys: Qt.KeyboardModifier, gesture: str) -> None:
    at = Point(QPointF(*CARD), framed.view.from_scene(QPointF(*CARD)), keys)
    assert type(framed.pointer._choosing.gesture(button, at)).__name__ == gesture
