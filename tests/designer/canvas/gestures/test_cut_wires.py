"""The knife: wires that it crosses are shown, then cut in one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import LEFT, Hand

RIGHT = Qt.MouseButton.RightButton
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
BC, CD = Wire("b", "y", "c", "x"), Wire("c", "y", "d", "x")


def between(hand: Hand, one: str, other: str) -> QPointF:
    return (hand.port(one, "out", "y") + hand.port(other, "in", "x")) / 2


@pytest.mark.parametrize(("button", "keys"), [(LEFT, ALT), (RIGHT, CTRL)], ids=["Alt", "Ctrl and right"])
def test_one_wire_is_cut(canvas: Canvas, hand: Hand, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    before, middle = canvas.document.project, between(hand, "b", "c")
    hand.drag(middle + QPointF(-6, -40), middle + QPointF(6, 60), button=button, keys=keys)
    assert canvas.document.project.graph.wires == (Wire("a", "y", "b", "x"), CD)
    assert canvas.document.undo_stack.count() == 1
    assert canvas.document.undo_stack.undoText() == "Cut 1 wire(s)"
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)


def test_the_menu_stays_away_from_the_knife(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    """X11 asks for the menu as soon as the right button is pressed, other platforms when it is let go."""
    middle = between(hand, "b", "c")
    opened: list[QPoint] = []
    canvas.menu_wanted.connect(opened.append)

    def ask(keys: Qt.KeyboardModifier) -> None:
        place = hand.at(middle)
        at = hand.viewport.mapToGlobal(place)
        QApplication.sendEvent(
            hand.viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(place), at, keys)
        )

    hand.press(middle + QPointF(-6, -40), RIGHT, CTRL)
    ask(CTRL)
    hand.move(middle)
    hand.move(middle + QPointF(6, 60))
    hand.release(middle + QPointF(6, 60), RIGHT, CTRL)
    ask(CTRL)
    assert opened == []
    assert canvas.document.undo_stack.undoText() == "Cut 1 wire(s)"
    ask(Qt.KeyboardModifier.NoModifier)
    assert len(opened) == 1


def test_several_wires_are_told_and_cut_at_once(show: Callable[[Project], Canvas]) -> None:
    project = chain("Input", "Conv2d")
    for key, across in (("c", 0), ("d", 190)):
        project, _ = project.add(CATALOGUE["ReLU"](), (across, 130), key)
    canvas = show(project.edit(project.graph.connect(CD)))
    hand, label = Hand(canvas), canvas.findChild(CursorLabel)
    assert label is not None
    start, end = between(hand, "a", "b") + QPointF(0, -40), between(hand, "c", "d") + QPointF(0, 40)
    hand.press(start, RIGHT, CTRL)
    hand.move(start + QPointF(0, 20))
    assert label.isHidden()
    hand.move(end)
    assert label.text() == "Cuts 2 wire(s)"
    hand.release(end, RIGHT, CTRL)
    assert canvas.document.project.graph.wires == ()
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)


@pytest.mark.parametrize("way", ["Escape", "nothing crossed"])
def test_nothing_is_cut(canvas: Canvas, hand: Hand, way: str) -> None:
    before, middle = canvas.document.project, between(hand, "b", "c")
    end = middle + QPointF(0, 60) if way == "Escape" else middle + QPointF(30, -45)
    hand.press(middle + QPointF(0, -40), LEFT, ALT)
    hand.move(middle + QPointF(0, -30))
    hand.move(end)
    if way == "Escape":
        hand.key(Qt.Key.Key_Escape)
    hand.release(end, LEFT, ALT)
    assert canvas.document.project is before
    scene_equals_project(canvas, before)
