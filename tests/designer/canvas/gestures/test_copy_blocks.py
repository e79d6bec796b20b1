"""Dragging copies away with Alt."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from engine.graph import Wire
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

ALT = Qt.KeyboardModifier.AltModifier


def test_copies_follow_the_pointer_and_the_blocks_stay(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b", "c"])
    before, start = canvas.document.project, hand.card("b")
    hand.drag(start, start + QPointF(10, 100), start + QPointF(20, 200), keys=ALT)
    after = canvas.document.project
    assert list(after.graph.nodes) == ["a", "b", "c", "d", "b1", "c1"]
    assert tuple(after.layout["b"]) == (190, 0)
    assert tuple(after.layout["c1"]) == (400, 200)
    assert after.graph.wires[-1] == Wire("b1", "y", "c1", "x")
    assert canvas.selected() == ("b1", "c1")
    assert canvas.document.undo_stack.count() == 1
    assert canvas.document.undo_stack.undoText() == "Duplicate 2 block(s)"
    scene_equals_project(canvas, after)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)


def test_what_is_grabbed_is_selected_first(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a"])
    start = hand.card("c")
    hand.drag(start, start + QPointF(0, 100), keys=ALT)
    assert canvas.selected() == ("c1",)
    assert canvas.document.undo_stack.undoText() == "Duplicate c"


def test_the_ghosts_are_seen_meanwhile_and_gone_with_escape(canvas: Canvas, hand: Hand) -> None:
    before, start = canvas.document.project, hand.card("b")
    hand.press(start, keys=ALT)
    hand.move(start + QPointF(0, 60))
    hand.move(start + QPointF(0, 150))
    ghosts = canvas.scene.guides[0]
    assert ghosts.sceneBoundingRect().center().y() > 100
    picture = canvas.view.grab().toImage()
    bare = canvas.view.from_scene(canvas.scene.cards["b"].body.center() + QPointF(0, 150)).toPoint()
    assert picture.pixelColor(bare) != picture.pixelColor(bare + QPointF(0, 120).toPoint())
    hand.key(Qt.Key.Key_Escape)
    hand.release(start)
    assert canvas.document.project is before
    scene_equals_project(canvas, before)


def test_from_far_away_their_outlines_are_seen(canvas: Canvas, hand: Hand) -> None:
    canvas.zoom_to(0.2)
    start = canvas.scene.cards["b"].body.center()
    hand.drag(start, start + QPointF(100, 500), start + QPointF(0, 600), keys=ALT)
    assert list(canvas.document.project.graph.nodes) == ["a", "b", "c", "d", "b1"]
    scene_equals_project(canvas, canvas.document.project)


def test_put_back_to_where_it_was_it_is_no_step(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("b")
    hand.drag(start, start + QPointF(60, 60), start + QPointF(1, 1), keys=ALT)
    assert canvas.document.undo_stack.count() == 0
    scene_equals_project(canvas, canvas.document.project)
