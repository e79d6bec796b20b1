"""The minimap shows all and moves the view."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
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


def test_it_shows_where_blocks_are(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(canvas.minimap.isVisible)
    qtbot.wait(150)
    scale, shift = canvas.minimap._mapping()
    place = (canvas.scene.cards["b"].body.center() * scale + shift).toPoint()
    colour = canvas.minimap.grab().toImage().pixelColor(place)
    assert colour.name() == canvas.scene.inks.category("Convolution").name()


def test_it_is_painted_ten_times_a_second_at_most(canvas: Canvas, qtbot: QtBot) -> None:
    painted = 0
    paint = canvas.minimap._paint_all

    def counted() -> None:
        nonlocal painted
        painted += 1
        paint()

    canvas.minimap._paint_all = counted  # type: ignore[method-assign]
    for step in range(50):
        canvas.view.pan(QPointF(1 if step % 2 else -1, 0))
        qtbot.wait(5)
    assert 1 <= painted <= 12


def test_an_empty_graph_has_none(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.select_all()
    canvas.delete_selected()
    qtbot.waitUntil(canvas.minimap.isHidden)
