"""Dragging blocks with the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from engine.graph import Wire
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def place(canvas: Canvas, key: str) -> tuple[float, float]:
    return tuple(canvas.document.project.layout[key])


def test_drag_one(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("b")
    hand.drag(start, start + QPointF(33, 10), start + QPointF(57, 122))
    assert place(canvas, "b") == (250, 120), "on the grid"
    assert canvas.selected() == ("b",)
    assert canvas.document.undo_stack.count() == 1
    assert canvas.document.undo_stack.undoText() == "Move b"
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    assert place(canvas, "b") == (190, 0)
    scene_equals_project(canvas, canvas.document.project)


def test_drag_many_keeps_their_distances(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a", "b", "d"])
    start = hand.card("b")
    hand.drag(start, start + QPointF(-40, 60), start + QPointF(20, 100))
    assert [place(canvas, key) for key in "abcd"] == [(20, 100), (210, 100), (380, 0), (590, 100)]
    assert canvas.selected() == ("a", "b", "d")
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.redo()
    assert place(canvas, "d") == (590, 100)
    scene_equals_project(canvas, canvas.document.project)


def test_wires_come_along_while_dragging(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b", "c"])
    start = hand.card("b")
    hand.press(start)
    hand.move(start + QPointF(0, 50))
    hand.move(start + QPointF(10, 100))
    for wire in (Wire("a", "y", "b", "x"), Wire("b", "y", "c", "x"), Wire("c", "y", "d", "x")):
        item = canvas.scene.wires[wire]
        path = item.mapToScene(item.path())
        assert path.pointAtPercent(0) == canvas.scene.cards[wire.source].port_place("out", "y")
        assert path.pointAtPercent(1) == canvas.scene.cards[wire.target].port_place("in", "x")
    assert canvas.document.undo_stack.count() == 0, "the project waits for the end"
    hand.release(start + QPointF(10, 100))
    scene_equals_project(canvas, canvas.document.project)


def test_escape_puts_everything_back(canvas: Canvas, hand: Hand) -> None:
    start, before = hand.card("c"), canvas.document.project
    hand.press(start)
    hand.move(start + QPointF(80, 80))
    hand.key(Qt.Key.Key_Escape)
    hand.move(start + QPointF(90, 90))
    hand.release(start + QPointF(90, 90))
    assert canvas.document.project is before
    scene_equals_project(canvas, before)


def test_undo_during_a_drag_calls_it_off(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("c")
    hand.drag(start, start + QPointF(0, 50))
    hand.press(start + QPointF(0, 50))
    hand.move(start + QPointF(60, 90))
    canvas.document.undo_stack.undo()
    hand.move(start + QPointF(70, 90))
    hand.release(start + QPointF(70, 90))
    assert place(canvas, "c") == (380, 0)
    scene_equals_project(canvas, canvas.document.project)


def test_a_small_slip_is_a_click(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a", "b"])
    start = hand.card("b")
    hand.drag(start, start + QPointF(1, 1))
    assert canvas.selected() == ("b",)
    assert canvas.document.undo_stack.count() == 0


def test_back_to_where_it_was_is_no_step(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("b")
    hand.drag(start, start + QPointF(60, 60), start + QPointF(2, 2))
    assert canvas.document.undo_stack.count() == 0
    scene_equals_project(canvas, canvas.document.project)


def test_without_snapping_a_block_goes_where_it_is_put(canvas: Canvas, hand: Hand) -> None:
    canvas.set_snap(False)
    start = hand.card("b")
    hand.drag(start, start + QPointF(33, 47))
    assert place(canvas, "b") == (223, 47)
    canvas.set_snap(True)
    hand.drag(hand.card("b"), hand.card("b") + QPointF(10, 10))
    assert place(canvas, "b") == (230, 60), "back onto the grid"


@pytest.mark.parametrize("key", [SHIFT, CTRL], ids=["Shift", "Ctrl"])
def test_a_key_adds_to_the_selection_and_takes_from_it(canvas: Canvas, hand: Hand, key: Qt.KeyboardModifier) -> None:
    hand.click(hand.card("a"))
    hand.click(hand.card("c"), key)
    assert canvas.selected() == ("a", "c")
    hand.click(hand.card("a"), key)
    assert canvas.selected() == ("c",)


def test_the_view_follows_a_drag_to_its_edge(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    canvas.fit()
    start, before = hand.card("b"), canvas.view.visible.bottom()
    edge = canvas.view.to_scene(QPointF(canvas.view.from_scene(start).x(), canvas.view.viewport().height() - 3))
    hand.press(start)
    hand.move(edge)
    qtbot.waitUntil(lambda: canvas.view.visible.bottom() > before + 60)
    hand.key(Qt.Key.Key_Escape)
    scene_equals_project(canvas, canvas.document.project)


def test_far_away_blocks_can_be_dragged_too(canvas: Canvas, hand: Hand) -> None:
    canvas.zoom_to(0.2)
    start = canvas.scene.cards["b"].body.center()
    hand.drag(start, start + QPointF(100, 200))
    assert place(canvas, "b") != (190, 0)
    scene_equals_project(canvas, canvas.document.project)
