"""Panning with the mouse is called off by Escape; the ways to begin it are in test_view.py."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from tests.designer.canvas.hand import MIDDLE, Hand


def test_escape_goes_back(canvas: Canvas, hand: Hand) -> None:
    before, start = canvas.view.from_scene(QPointF(0, 0)), canvas.view.to_scene(QPointF(300, 300))
    hand.press(start, MIDDLE)
    hand.move(start + QPointF(50, 20))
    assert canvas.view.from_scene(QPointF(0, 0)) - before == QPointF(50, 20)
    hand.key(Qt.Key.Key_Escape)
    assert canvas.view.from_scene(QPointF(0, 0)) == before


def test_another_button_does_not_end_it(canvas: Canvas, hand: Hand) -> None:
    start = canvas.view.to_scene(QPointF(300, 300))
    hand.press(start, MIDDLE)
    hand.press(start)
    hand.release(start)
    before = canvas.view.from_scene(QPointF(0, 0))
    hand.move(start + QPointF(30, 0))
    assert canvas.view.from_scene(QPointF(0, 0)) - before == QPointF(30, 0)
    hand.release(canvas.view.to_scene(QPointF(330, 300)), MIDDLE)
    assert canvas.pointer.gesture is None
