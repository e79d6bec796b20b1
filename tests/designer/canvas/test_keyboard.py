"""Keys on the canvas: what they move, and that they keep away while a gesture runs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from tests.designer.canvas.hand import Hand

Key, CTRL, SHIFT, ALT, NONE = (
    Qt.Key,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.mark.parametrize(
    ("key", "keys", "by"),
    [
        (Key.Key_Right, SHIFT, (10, 0)),
        (Key.Key_Up, SHIFT, (0, -10)),
        (Key.Key_Left, SHIFT | ALT, (-50, 0)),
        (Key.Key_Down, SHIFT | ALT, (0, 50)),
        (Key.Key_Down, NONE, (0, 0)),  # walks
    ],
)
def test_shift_and_arrows_move_what_is_selected(
    canvas: Canvas, hand: Hand, key: Qt.Key, keys: Qt.KeyboardModifier, by: tuple[int, int]
) -> None:
    canvas.select(["b"])
    hand.key(key, keys)
    assert tuple(canvas.document.project.layout["b"]) == (190 + by[0], by[1])


def test_keys_wait_while_a_gesture_runs(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b"])
    start = hand.card("b")
    hand.press(start)
    hand.move(start + QPointF(30, 30))
    hand.key(Key.Key_Right)
    assert canvas.selected() == ("b",)
    hand.release(start + QPointF(30, 30))


def test_the_block_that_keys_are_about(canvas: Canvas, hand: Hand) -> None:
    assert canvas.keyboard.focused is None
    canvas.select(["a", "b"])
    assert canvas.keyboard.focused == "a"
    hand.key(Key.Key_Right, CTRL | SHIFT)
    hand.key(Key.Key_Right, CTRL | SHIFT)
    assert canvas.keyboard.focused == "c"
    canvas.select(["d"])
    assert canvas.keyboard.focused == "d"
