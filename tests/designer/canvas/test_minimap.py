"""The minimap shows all and moves the view."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def test_a_click_brings_that_part_to_the_middle(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(2.0)
    qtbot.waitUntil(canvas.minimap.isVisible)
    scale, shift = canvas.minimap._mapping()
    for key in ("d", "a"):
        there = canvas.scene.cards[key].body.center()
        QTest.mouseClick(canvas.minimap, LEFT, NONE, (there * scale + shift).toPoint())
        assert (canvas.view.to_scene(canvas.view.middle) - there).manhattanLength() < 2 / scale


def test_a_drag_moves_the_view_along(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(2.0)
    qtbot.waitUntil(canvas.minimap.isVisible)
    QTest.mousePress(canvas.minimap, LEFT, NONE, QPoint(40, 50))
    before = canvas.view.to_scene(canvas.view.middle)
    QTest.mouseMove(canvas.minimap, QPoint(70, 50))
    QTest.mouseRelease(canvas.minimap, LEFT, NONE, QPoint(70, 50))
    assert canvas.view.to_scene(canvas.view.middle).x() > before.x()


def at_rest(canvas: Canvas, qtbot: QtBot) -> None:
    """All that happened before has been painted."""
    qtbot.waitUntil(lambda: canvas.minimap.isVisible() and not canvas.minimap._pace.isActive())


def test_it_shows_where_blocks_are(canvas: Canvas, qtbot: QtBot) -> None:
    at_rest(canvas, qtbot)
    scale, shift = canvas.minimap._mapping()
    place = (canvas.scene.cards["b"].body.center() * scale + shift).toPoint()
    colour = canvas.minimap.grab().toImage().pixelColor(place)
    assert colour.name() == canvas.scene.inks.category("Convolution").name()


def test_it_is_painted_ten_times_a_second_at_most(canvas: Canvas, qtbot: QtBot) -> None:
    """However often something moves meanwhile: paintings come by the timer alone, which is not set anew."""
    at_rest(canvas, qtbot)
    pace, paint = canvas.minimap._pace, canvas.minimap._paint_all
    painted, rang = [0], [0]

    def counted() -> None:
        painted[0] += 1
        paint()

    canvas.minimap._paint_all = counted  # type: ignore[method-assign]
    pace.timeout.connect(lambda: rang.__setitem__(0, rang[0] + 1))
    assert (pace.interval(), pace.isSingleShot()) == (100, True)
    moved = itertools.count()

    def move() -> bool:
        canvas.view.pan(QPointF(1 if next(moved) % 2 else -1, 0))
        return painted[0] == 3

    qtbot.waitUntil(move)
    assert next(moved) > painted[0] == rang[0]


def test_an_empty_graph_has_none(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.select_all()
    canvas.delete_selected()
    qtbot.waitUntil(canvas.minimap.isHidden)


def test_the_wheel_zooms_in_the_middle_of_the_view(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(canvas.minimap.isVisible)
    middle = canvas.view.to_scene(canvas.view.middle)
    at = QPointF(20, 20)
    event = QWheelEvent(
        at,
        canvas.minimap.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.minimap, event)
    assert canvas.zoom() == pytest.approx(1.44)
    assert (canvas.view.to_scene(canvas.view.middle) - middle).manhattanLength() < 2


def test_selection_and_problems_can_be_seen(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.select([])
    at_rest(canvas, qtbot)
    before = canvas.minimap.grab().toImage()
    canvas.select(["c"])
    qtbot.waitUntil(lambda: canvas.minimap.grab().toImage() != before)
    project = canvas.document.project
    canvas.document.change(project.edit(project.graph.disconnect(project.graph.wires)), "Disconnect all")
    danger = canvas.scene.inks.severities["error"].name()

    def colours() -> set[str]:
        image = canvas.minimap.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    qtbot.waitUntil(lambda: danger in colours())


def test_it_folds_into_its_corner(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(canvas.minimap.isVisible)
    told: list[bool] = []
    canvas.minimap.folded_changed.connect(told.append)
    corner = canvas.minimap.geometry().bottomRight()
    QTest.mouseMove(canvas.minimap, QPoint(30, 30))
    canvas.minimap.fold_button.show()
    QTest.mouseClick(canvas.minimap.fold_button, LEFT)
    assert canvas.minimap.geometry().bottomRight() == corner
    assert canvas.minimap.width() < 40
    assert canvas.minimap.fold_button.isVisible()
    before = canvas.view.to_scene(canvas.view.middle)
    QTest.mouseClick(canvas.minimap.fold_button, LEFT)
    assert told == [True, False]
    assert canvas.minimap.geometry().bottomRight() == corner
    assert canvas.view.to_scene(canvas.view.middle) == before


@pytest.mark.parametrize(("room", "size"), [((900, 600), (150, 106)), ((300, 600), (115, 82)), ((200, 120), (75, 53))])
def test_on_a_small_canvas_it_is_smaller(
    canvas: Canvas, room: tuple[int, int], size: tuple[int, int], qtbot: QtBot
) -> None:
    qtbot.waitUntil(canvas.minimap.isVisible)
    canvas.resize(*room)
    assert canvas.minimap.size().toTuple() == pytest.approx(size, abs=1)
    assert canvas.rect().contains(canvas.minimap.geometry())
    canvas.minimap.set_folded(True)
    canvas.resize(900, 600)
    canvas.minimap.set_folded(False)
    assert canvas.minimap.size().toTuple() == (150, 106)
