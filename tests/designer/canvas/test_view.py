"""Zoom and pan by wheel, touchpad, pinch and buttons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPixmapCache, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QGraphicsView
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.view import LARGEST, SMALLEST
from engine.project import Project
from tests.benchmarks._canvas_sides import graph
from tests.designer.canvas.hand import LEFT, MIDDLE, Hand

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
MOUSE, FINGERS = Qt.ScrollPhase.NoScrollPhase, Qt.ScrollPhase.ScrollUpdate


def turn(
    canvas: Canvas,
    at: QPointF,
    degrees: tuple[int, int],
    keys: Qt.KeyboardModifier = NONE,
    phase: Qt.ScrollPhase = MOUSE,
    pixels: tuple[int, int] = (0, 0),
) -> None:
    port = canvas.view.viewport()
    event = QWheelEvent(
        at, port.mapToGlobal(at), QPoint(*pixels), QPoint(*degrees), Qt.MouseButton.NoButton, keys, phase, False
    )
    QApplication.sendEvent(port, event)


@pytest.mark.parametrize("keys", [NONE, CTRL], ids=["wheel", "Ctrl and wheel"])
@pytest.mark.parametrize("notches", [1, -1, 3, -2])
@pytest.mark.parametrize("at", [QPointF(120, 80), QPointF(700, 450)])
def test_the_wheel_zooms_and_keeps_the_point_under_the_pointer(
    canvas: Canvas, at: QPointF, notches: int, keys: Qt.KeyboardModifier
) -> None:
    before = canvas.view.to_scene(at)
    turn(canvas, at, (0, 120 * notches), keys)
    assert (canvas.zoom() > 1) == (notches > 0)
    assert (canvas.view.from_scene(before) - at).manhattanLength() <= 2


def test_the_point_stays_over_many_turns_there_and_back(canvas: Canvas) -> None:
    at = QPointF(431, 277)
    before = canvas.view.to_scene(at)
    for notch in (1, 1, -1, -1, -1, -1, 1, 1):
        turn(canvas, at, (0, 120 * notch))
    assert canvas.zoom() == pytest.approx(1)
    assert (canvas.view.from_scene(before) - at).manhattanLength() <= 6


def test_zoom_has_limits(canvas: Canvas) -> None:
    for _ in range(60):
        turn(canvas, QPointF(10, 10), (0, 240))
    assert canvas.zoom() == LARGEST
    for _ in range(90):
        turn(canvas, QPointF(10, 10), (0, -240))
    assert canvas.zoom() == SMALLEST


def test_two_fingers_pan(canvas: Canvas) -> None:
    before = canvas.view.from_scene(QPointF(0, 0))
    turn(canvas, QPointF(300, 300), (0, 0), phase=FINGERS, pixels=(30, -20))
    assert canvas.view.from_scene(QPointF(0, 0)) - before == QPointF(30, -20)
    assert canvas.zoom() == 1


def test_two_fingers_with_ctrl_zoom(canvas: Canvas) -> None:
    turn(canvas, QPointF(300, 300), (0, 60), CTRL, FINGERS, (0, 15))
    assert canvas.zoom() > 1


def test_shift_and_wheel_pan_sideways(canvas: Canvas) -> None:
    before = canvas.view.from_scene(QPointF(0, 0))
    turn(canvas, QPointF(300, 300), (0, 120), SHIFT)
    moved = canvas.view.from_scene(QPointF(0, 0)) - before
    assert moved.y() == 0
    assert moved.x() > 0


def test_a_pinch_zooms_at_its_middle(canvas: Canvas) -> None:
    at = QPointF(200, 150)
    before = canvas.view.to_scene(at)
    port = canvas.view.viewport()
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        port.mapToGlobal(at),
        0.25,
        QPointF(),
    )
    QApplication.sendEvent(port, event)
    assert canvas.zoom() == pytest.approx(1.25)
    assert (canvas.view.from_scene(before) - at).manhattanLength() <= 2


def gesture(canvas: Canvas, kind: Qt.NativeGestureType, at: QPointF, value: float, by: QPointF) -> None:
    port, device = canvas.view.viewport(), QPointingDevice.primaryPointingDevice()
    QApplication.sendEvent(port, QNativeGestureEvent(kind, device, 2, at, at, port.mapToGlobal(at), value, by))


def test_pinching_in_and_out_again_does_not_drift(canvas: Canvas) -> None:
    at = QPointF(233, 151)
    before = canvas.view.to_scene(at)
    for _ in range(20):
        gesture(canvas, Qt.NativeGestureType.ZoomNativeGesture, at, 0.05, QPointF())
    for _ in range(20):
        gesture(canvas, Qt.NativeGestureType.ZoomNativeGesture, at, 1 / 1.05 - 1, QPointF())
    assert canvas.zoom() == pytest.approx(1)
    assert (canvas.view.from_scene(before) - at).manhattanLength() <= 2


def test_a_native_pan_moves_the_view(canvas: Canvas) -> None:
    before = canvas.view.from_scene(QPointF(0, 0))
    gesture(canvas, Qt.NativeGestureType.PanNativeGesture, QPointF(200, 150), 0, QPointF(25, -15))
    assert canvas.view.from_scene(QPointF(0, 0)) - before == QPointF(25, -15)


def test_a_double_tap_of_two_fingers_shows_all_or_the_natural_size(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    gesture(canvas, Qt.NativeGestureType.SmartZoomNativeGesture, QPointF(200, 150), 1, QPointF())
    assert canvas.zoom() == 1
    canvas.resize(500, 400)
    gesture(canvas, Qt.NativeGestureType.SmartZoomNativeGesture, QPointF(200, 150), 1, QPointF())
    assert canvas.zoom() < 1
    assert canvas.view.visible.contains(canvas.scene.content())


def test_the_middle_button_pans(canvas: Canvas, hand: Hand) -> None:
    before, start = canvas.view.from_scene(QPointF(0, 0)), canvas.view.to_scene(QPointF(300, 300))
    hand.press(start, MIDDLE)
    assert canvas.view.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
    hand.move(start + QPointF(40, 60))
    hand.release(canvas.view.to_scene(QPointF(340, 360)), MIDDLE)
    assert canvas.view.from_scene(QPointF(0, 0)) - before == QPointF(40, 60)
    assert canvas.view.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    assert not canvas.document.undo_stack.count()


def test_space_and_drag_pan_even_over_a_block(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    before = canvas.view.from_scene(QPointF(0, 0))
    qtbot.keyPress(canvas.view, Qt.Key.Key_Space)
    assert canvas.view.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    start = hand.card("b")
    hand.press(start, LEFT)
    hand.move(start + QPointF(-50, 30))
    hand.release(canvas.view.to_scene(QPointF(400, 330)), LEFT)
    qtbot.keyRelease(canvas.view, Qt.Key.Key_Space)
    assert canvas.view.from_scene(QPointF(0, 0)) != before
    assert canvas.selected() == ()
    assert not canvas.document.undo_stack.count()


def test_the_graph_can_not_be_lost_from_sight(canvas: Canvas) -> None:
    for by in (QPointF(5000, 0), QPointF(-9000, 0), QPointF(0, 7000), QPointF(0, -9000)):
        canvas.view.pan(by)
        shown = canvas.view.viewportTransform().mapRect(canvas.scene.content())
        assert shown.intersects(canvas.view.viewport().rect())


def test_fit_shows_everything(canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    canvas.view.pan(QPointF(-300, 40))
    canvas.fit()
    assert canvas.view.visible.contains(canvas.scene.content())
    canvas.select(["b"])
    canvas.fit_selection()
    assert canvas.view.visible.contains(canvas.scene.content(["b"]))
    assert canvas.zoom() == 1.0, "a small graph is not blown up"


def test_zoom_commands_are_told(canvas: Canvas) -> None:
    told: list[float] = []
    canvas.zoom_changed.connect(told.append)
    canvas.zoom_in()
    canvas.zoom_out()
    canvas.zoom_to(1.0)
    canvas.zoom_to(0.5)
    assert told == pytest.approx([1.2, 1.0, 0.5])


def test_settings_that_make_it_fast(canvas: Canvas, qtbot: QtBot) -> None:
    """What evidence says about speed; a slip here is seen only on large graphs."""
    view, modes = canvas.view, QGraphicsView.ViewportUpdateMode
    cards = list(canvas.scene.cards.values())
    assert canvas.scene.itemIndexMethod() == QGraphicsScene.ItemIndexMethod.BspTreeIndex
    assert QPixmapCache.cacheLimit() >= 256 * 1024
    for scale, cached, mode in (
        (0.9, True, modes.MinimalViewportUpdate),
        (2.0, False, modes.MinimalViewportUpdate),
        (0.5, True, modes.MinimalViewportUpdate),
        (0.2, False, modes.FullViewportUpdate),
    ):
        canvas.zoom_to(scale)
        assert view.viewportUpdateMode() == mode
        assert {card.cacheMode() for card in cards} == {QGraphicsItem.CacheMode.NoCache}, "while it is zoomed"
        qtbot.waitUntil(lambda: not view._rest.isActive())
        wanted = QGraphicsItem.CacheMode.DeviceCoordinateCache if cached else QGraphicsItem.CacheMode.NoCache
        assert {card.cacheMode() for card in cards} == {wanted}


@pytest.mark.parametrize("scale", [0.2, 0.5, 1.0, 2.0])
def test_selection_and_problems_are_seen_at_every_scale(canvas: Canvas, scale: float, qtbot: QtBot) -> None:
    canvas.zoom_to(scale)
    canvas.view.look_at(canvas.scene.cards["b"].body.center())
    plain = canvas.grab().toImage()
    canvas.select(["b"])
    assert canvas.grab().toImage() != plain


def test_leaving_the_view_ends_the_hover(canvas: Canvas, hand: Hand) -> None:
    hand.move(hand.card("b"))
    assert canvas.scene.hovered == "b"
    QApplication.sendEvent(canvas.view.viewport(), QEvent(QEvent.Type.Leave))
    assert canvas.scene.hovered is None


@pytest.mark.parametrize("count", [40, 200])
def test_no_card_is_shown_below_the_minimap(show: Callable[[Project], Canvas], count: int) -> None:
    canvas = show(graph(count))
    canvas.fit()
    below = canvas.view.viewportTransform().inverted()[0].mapRect(QRectF(canvas.minimap.geometry()))
    assert not canvas.scene.cards_in(below)
    assert canvas.view.visible.contains(canvas.scene.extent())


def test_wires_that_swing_out_are_shown_too(show: Callable[[Project], Canvas]) -> None:
    canvas = show(graph(10))
    canvas.fit()
    for item in canvas.scene.wires.values():
        assert canvas.view.visible.contains(item.sceneBoundingRect())
