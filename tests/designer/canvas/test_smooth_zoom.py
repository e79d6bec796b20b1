"""The wheel zooms in frames, to the same place, and at once where motion is unwanted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.smooth_zoom import DURATION
from designer.motion import reduce_motion
from tests.designer.canvas.test_view import turn

AT = QPointF(431, 277)


def test_a_turn_glides_and_ends_where_it_should(canvas: Canvas, qtbot: QtBot) -> None:
    reduce_motion(False)
    told: list[float] = []
    canvas.zoom_changed.connect(told.append)
    before = canvas.view.to_scene(AT)
    turn(canvas, AT, (0, 240))
    glide = canvas.view._smooth
    assert glide.gliding
    assert canvas.zoom() < 1.44
    for part in (1 / 3, 2 / 3):
        glide.setCurrentTime(max(glide.currentTime(), round(part * DURATION)))
    qtbot.waitUntil(lambda: canvas.zoom() == pytest.approx(1.44))
    assert told == sorted(told)
    assert len(told) > 2
    assert (canvas.view.from_scene(before) - AT).manhattanLength() <= 2
    assert DURATION <= 150


def test_turns_while_it_glides_add_up(canvas: Canvas, qtbot: QtBot) -> None:
    reduce_motion(False)
    before = canvas.view.to_scene(AT)
    for _ in range(5):
        turn(canvas, AT, (0, 120))
        qtbot.wait(20)
    qtbot.waitUntil(lambda: canvas.zoom() == pytest.approx(1.2**5))
    for _ in range(5):
        turn(canvas, AT, (0, -120))
    qtbot.waitUntil(lambda: canvas.zoom() == pytest.approx(1))
    assert (canvas.view.from_scene(before) - AT).manhattanLength() <= 2, "it must not drift"


def test_another_move_ends_it(canvas: Canvas, qtbot: QtBot) -> None:
    reduce_motion(False)
    turn(canvas, AT, (0, 240))
    canvas.view.pan(QPointF(10, 0))
    scale = canvas.zoom()
    qtbot.wait(DURATION + 60)
    assert canvas.zoom() == scale


def test_without_motion_it_is_there_at_once(canvas: Canvas) -> None:
    turn(canvas, AT, (0, 240))
    assert canvas.zoom() == pytest.approx(1.44)
