"""Selecting blocks with a box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import LEFT, Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_box_selects_what_it_touches(canvas: Canvas, hand: Hand) -> None:
    hand.drag(QPointF(160, 120), QPointF(300, 80), QPointF(420, 30))
    assert canvas.selected() == ("b", "c")
    assert canvas.document.undo_stack.count() == 0
    scene_equals_project(canvas, canvas.document.project)


def test_the_selection_follows_the_box(canvas: Canvas, hand: Hand) -> None:
    told: list[tuple[str, ...]] = []
    canvas.selection_changed.connect(told.append)
    hand.press(QPointF(-20, 100))
    hand.move(QPointF(200, 10))
    hand.move(QPointF(100, 10))
    hand.release(QPointF(100, 10))
    assert told == [("a", "b"), ("a",)]


def test_shift_adds_a_box_to_the_selection(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["d"])
    hand.drag(QPointF(-20, 100), QPointF(50, 40), keys=SHIFT)
    assert canvas.selected() == ("a", "d")


def test_escape_brings_the_selection_back(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["d"])
    hand.press(QPointF(-20, 100))
    hand.move(QPointF(200, 10))
    hand.key(Qt.Key.Key_Escape)
    hand.release(QPointF(200, 10))
    assert canvas.selected() == ("d",)
    scene_equals_project(canvas, canvas.document.project)


def test_a_click_on_empty_ground_selects_nothing(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a", "b"])
    hand.press(QPointF(100, 150), LEFT, SHIFT)
    hand.release(QPointF(100, 150), LEFT, SHIFT)
    assert canvas.selected() == ("a", "b"), "with Shift it stays"
    hand.click(QPointF(100, 150))
    assert canvas.selected() == ()
