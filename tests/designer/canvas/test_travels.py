"""Back and forward in the view, by keys of the mouse and through groups."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.grouped import grouped

BACK, FORWARD = Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton


def camera(canvas: Canvas) -> tuple[tuple[str, ...], float, QPoint]:
    return canvas.here.path, round(canvas.zoom(), 4), (canvas.view.to_scene(canvas.view.middle) / 4).toPoint()


def press(canvas: Canvas, button: Qt.MouseButton) -> None:
    QTest.mouseClick(canvas.view.viewport(), button, Qt.KeyboardModifier.NoModifier, QPoint(300, 300))


def test_jumps_are_steps_and_the_buttons_of_the_mouse_go_through_them(canvas: Canvas) -> None:
    canvas.fit()
    whole = camera(canvas)
    canvas.zoom_to(2.0)
    near = camera(canvas)
    canvas.show_block("d")
    at_d = camera(canvas)
    press(canvas, BACK)
    assert camera(canvas) == near
    press(canvas, BACK)
    assert camera(canvas) == whole
    press(canvas, FORWARD)
    press(canvas, FORWARD)
    assert camera(canvas) == at_d
    press(canvas, FORWARD)
    assert camera(canvas) == at_d
    assert canvas.document.undo_stack.count() == 0


def test_small_pans_belong_to_the_step_before(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.fit()
    canvas.view.pan(QPointF(20, 10))
    canvas.view.pan(QPointF(15, 0))
    moved = camera(canvas)
    canvas.show_block("a")
    press(canvas, BACK)
    assert camera(canvas) == moved


def test_a_long_pan_becomes_a_step_when_it_has_come_to_rest(show: Callable[[Project], Canvas], qtbot: QtBot) -> None:
    canvas = show(chain("Input", "Conv2d", "ReLU", "ReLU", "ReLU", "ReLU", "ReLU", "Flatten"))
    canvas.show_block("a")
    before = camera(canvas)
    canvas.view.pan(QPointF(-700, 0))
    qtbot.waitUntil(lambda: not canvas.travels._rest.isActive())
    canvas.travels.go(-1)
    assert camera(canvas) == before


def test_groups_are_steps_and_each_is_looked_at_as_it_was_left(show: Callable[[Project], Canvas]) -> None:
    canvas = show(grouped())
    canvas.fit()
    outside = camera(canvas)
    canvas.here.enter("encoder1")
    inside = camera(canvas)
    assert inside[0] == ("encoder1",)
    canvas.zoom_to(1.7)
    near = camera(canvas)
    canvas.here.leave()
    assert camera(canvas) == outside
    canvas.here.enter("encoder1")
    assert camera(canvas) == near
    for expected in (outside, near, inside, outside):
        press(canvas, BACK)
        assert camera(canvas) == expected
    press(canvas, FORWARD)
    assert camera(canvas) == inside


def test_another_project_has_a_history_of_its_own(canvas: Canvas) -> None:
    canvas.fit()
    canvas.zoom_to(2.0)
    assert canvas.travels.can_go(-1)
    canvas.document.open(chain("Input", "ReLU"), None)
    assert not canvas.travels.can_go(-1)
