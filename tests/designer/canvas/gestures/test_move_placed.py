"""Frames and notes dragged and drawn larger; what lies in a frame goes along when it moves, and stays when it grows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from designer.canvas import Canvas
from designer.canvas.gestures.move_placed import cursor_of
from designer.canvas.placed_layer import Grip
from engine import decorating
from engine.decor import SMALLEST
from engine.places import Area
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import exactly_undone, scene_equals_project
from tests.designer.canvas.hand import Hand

Shape = Qt.CursorShape
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
FRAME, NOTE = Area(170, -60, 380, 180), Area(0, 200, 160, 100)
TITLE = QPointF(360, -46)


@pytest.fixture
def framed(show: Callable[[Project], Canvas]) -> Canvas:
    """Input → Conv2d → ReLU → Flatten; a frame around the second and the third, and a note below."""
    project = chain("Input", "Conv2d", "ReLU", "Flatten")
    project, _ = decorating.add_frame(project, FRAME, "Body")
    project, _ = decorating.add_note(project, NOTE, "Why")
    canvas = show(project)
    canvas.view.look_at(QPointF(330, 80))
    return canvas


def area(canvas: Canvas, key: str) -> Area:
    return decorating.placed(canvas.document.project)[key].area


def test_a_frame_carries_what_is_in_it_in_steps_of_the_grid(framed: Canvas) -> None:
    before, hand = framed.document.project, Hand(framed)
    hand.press(TITLE)
    hand.move(TITLE + QPointF(44, 58))
    assert framed.scene.cards["b"].pos() == QPointF(*before.layout["b"]) + QPointF(40, 60), "seen while it is dragged"
    assert framed.document.project is before
    hand.release(TITLE + QPointF(44, 58))
    after = framed.document.project
    assert area(framed, "frame1") == (210, 0, 380, 180)
    assert {key: after.layout[key] for key in "bc"} == {key: before.layout[key].by(40, 60) for key in "bc"}
    assert {key: after.layout[key] for key in "ad"} == {key: before.layout[key] for key in "ad"}
    assert area(framed, "note1") == NOTE
    exactly_undone(framed, before, "Move frames and notes")


@pytest.mark.parametrize("grabbed", ["note", "block"])
def test_what_is_selected_moves_together_whatever_is_held(framed: Canvas, grabbed: str) -> None:
    before, hand = framed.document.project, Hand(framed)
    framed.scene.select(("a",), (), ("note1",))
    start = QPointF(80, 260) if grabbed == "note" else hand.card("a")
    hand.drag(start, start + QPointF(-30, 50))
    assert area(framed, "note1") == (-30, 250, 160, 100)
    assert framed.document.project.layout["a"] == before.layout["a"].by(-30, 50)
    assert area(framed, "frame1") == FRAME
    exactly_undone(framed, before, "Move frames and notes")


@pytest.mark.parametrize("start", [TITLE, QPointF(550, 40)], ids=["moved", "drawn larger"])
def test_escape_and_coming_back_change_nothing(framed: Canvas, start: QPointF) -> None:
    before, hand = framed.document.project, Hand(framed)
    hand.press(start)
    hand.move(start + QPointF(60, 70))
    assert framed.scene.placed.items["frame1"].area != QRectF(*FRAME)
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPointF(60, 70))
    hand.drag(start, start + QPointF(60, 70), start)
    assert framed.document.project is before
    assert framed.document.undo_stack.count() == 0
    assert framed.scene.placed.lifted == frozenset()
    scene_equals_project(framed, before)


@pytest.mark.parametrize(("keys", "blocks", "placed"), [(NONE, (), ("frame1",)), (SHIFT, ("a",), ("frame1", "note1"))])
def test_a_click_selects_alone_or_in_addition(
    framed: Canvas, keys: Qt.KeyboardModifier, blocks: tuple[str, ...], placed: tuple[str, ...]
) -> None:
    framed.scene.select(("a",), (), ("note1",))
    Hand(framed).click(TITLE, keys)
    assert framed.selected() == blocks
    assert set(framed.scene.placed.selected) == set(placed)


LEFT, RIGHT, TOP, BOTTOM = 0, 160, 200, 300  # of the note


@pytest.mark.parametrize(
    ("start", "by", "wanted"),
    [
        ((RIGHT, 250), (42, 25), Area(0, 200, 200, 100)),
        ((LEFT, 250), (-42, 25), Area(-40, 200, 200, 100)),
        ((80, BOTTOM), (25, 38), Area(0, 200, 160, 140)),
        ((80, TOP), (25, -38), Area(0, 160, 160, 140)),
        ((RIGHT, BOTTOM), (40, 60), Area(0, 200, 200, 160)),
        ((LEFT, TOP), (-40, -60), Area(-40, 140, 200, 160)),
        ((RIGHT, TOP), (40, -60), Area(0, 140, 200, 160)),
        ((RIGHT, BOTTOM), (-400, -400), Area(0, 200, SMALLEST, SMALLEST)),
        ((LEFT, TOP), (400, 400), Area(RIGHT - SMALLEST, BOTTOM - SMALLEST, SMALLEST, SMALLEST)),
    ],
)
def test_an_edge_or_a_corner_follows_the_pointer(
    framed: Canvas, start: tuple[int, int], by: tuple[int, int], wanted: Area
) -> None:
    before, hand = framed.document.project, Hand(framed)
    framed.zoom_to(0.6)
    framed.view.look_at(QPointF(*start) + QPointF(*by) / 2)
    hand.drag(QPointF(*start), QPointF(*start) + QPointF(*by))
    assert area(framed, "note1") == wanted
    assert framed.document.project.layout == before.layout
    exactly_undone(framed, before, "Resize a frame or a note")


@pytest.mark.parametrize(
    ("across", "down", "shape"),
    [
        (0, 0, Shape.SizeAllCursor),
        (1, 0, Shape.SizeHorCursor),
        (0, -1, Shape.SizeVerCursor),
        (1, 1, Shape.SizeFDiagCursor),
        (-1, -1, Shape.SizeFDiagCursor),
        (1, -1, Shape.SizeBDiagCursor),
    ],
)
def test_the_pointer_shows_what_it_would_do(across: int, down: int, shape: Qt.CursorShape) -> None:
    assert cursor_of(Grip("frame1", across, down)) == shape
