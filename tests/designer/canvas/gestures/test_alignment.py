"""Dragged blocks stop in line with others and say so by lines, unless one holds Ctrl."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas import Canvas
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def canvas(show: Callable[[Project], Canvas]) -> Canvas:
    """Three blocks off the grid without wires, and a Linear that may be wired."""
    project = chain("ReLU", "Tanh", "GELU", "Linear", wired=False)
    return show(project.move({"a": (3, 0), "b": (203, 104), "c": (17, 203), "d": (403, 300)}))


def move(hand: Hand, to: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
    place = QPointF(hand.at(to))
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, hand.viewport.mapToGlobal(place), Qt.MouseButton.NoButton, left, keys
    )
    QApplication.sendEvent(hand.viewport, event)


def corner(canvas: Canvas, key: str) -> tuple[float, float]:
    return canvas.scene.cards[key].pos().toTuple()


def guides(canvas: Canvas) -> int:
    """How many lines are shown."""
    return sum(guide.path().elementCount() // 2 for guide in canvas.scene.guides)


def test_a_neighbour_comes_before_the_grid(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("c")
    hand.press(start)
    move(hand, start + QPointF(-10, 14))
    assert corner(canvas, "c") == (3, 220), "in line with a across, on the grid down"
    assert guides(canvas) == 1
    hand.release(start + QPointF(-10, 14))
    assert tuple(canvas.document.project.layout["c"]) == (3, 220)
    assert canvas.document.undo_stack.count() == 1
    assert not canvas.scene.guides
    scene_equals_project(canvas, canvas.document.project)


def test_ctrl_turns_it_off_for_the_moment(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("c")
    hand.press(start)
    move(hand, start + QPointF(-10, 14), CTRL)
    assert corner(canvas, "c") == (7, 217)
    assert guides(canvas) == 0
    move(hand, start + QPointF(-10, 14))
    assert corner(canvas, "c") == (3, 220)
    QTest.keyPress(canvas.view, Qt.Key.Key_Control, CTRL)
    assert corner(canvas, "c") == (7, 217), "at once, while the pointer rests"
    QTest.keyRelease(canvas.view, Qt.Key.Key_Control)
    assert corner(canvas, "c") == (3, 220)
    hand.key(Qt.Key.Key_Escape)
    assert corner(canvas, "c") == (17, 203)
    assert not canvas.scene.guides


def test_it_can_be_turned_off_for_good(canvas: Canvas, hand: Hand) -> None:
    canvas.set_snap_to_blocks(False)
    start = hand.card("c")
    hand.press(start)
    move(hand, start + QPointF(-10, 14))
    assert corner(canvas, "c") == (10, 220), "only the grid"
    assert guides(canvas) == 0
    hand.release(start)


def test_a_wire_becomes_straight(show: Callable[[Project], Canvas]) -> None:
    project = chain("Input", "Linear", "Add")
    wired = show(project.move({"a": (0, 300), "b": (200, 7), "c": (420, 63)}))
    hand = Hand(wired)
    end = wired.scene.cards["c"].port_place("in", "x1").y()
    start = hand.card("b")
    hand.press(start)
    off = end - wired.scene.cards["b"].port_place("out", "y").y()
    move(hand, start + QPointF(0, off + 4))
    assert wired.scene.cards["b"].port_place("out", "y").y() == end
    hand.release(start)


def test_copies_keep_in_line_with_what_they_are_copied_from(canvas: Canvas, hand: Hand) -> None:
    alt, start = Qt.KeyboardModifier.AltModifier, hand.card("a")
    hand.press(start, keys=alt)
    move(hand, start + QPointF(4, 400), alt)
    hand.release(start + QPointF(4, 400), keys=alt)
    assert canvas.document.project.layout["a1"].x == 3
