"""What is seen from far away follows the scene."""

from __future__ import annotations

from itertools import chain

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.overview import Overview
from tests.designer.canvas.hand import Hand


def fresh(canvas: Canvas) -> Overview:
    overview = Overview(canvas.scene)
    overview.refresh()
    return overview


def equal(one: Overview, other: Overview) -> bool:
    return one._rects == other._rects and one._lines == other._lines and one._states == other._states


def test_moving_blocks_one_by_one_comes_to_the_same_as_gathering_all(canvas: Canvas) -> None:
    overview = canvas.view.overview
    for key, place in (("b", (10, 400)), ("c", (-600, 20)), ("b", (90, -20))):
        canvas.document.change(canvas.document.project.move({key: place}), "Move")
        overview.refresh()
        assert equal(overview, fresh(canvas))
    assert overview.content.contains(canvas.scene.content())
    canvas.select(["d"])
    canvas.delete_selected()
    overview.refresh()
    assert equal(overview, fresh(canvas))


def test_a_card_is_painted_in_its_colour_with_its_frame(canvas: Canvas) -> None:
    canvas.zoom_to(0.3)
    canvas.view.look_at(QPointF(200, 0))
    body = canvas.scene.cards["c"].body
    middle = canvas.view.from_scene(body.center()).toPoint()
    assert canvas.view.grab().toImage().pixelColor(middle) == canvas.scene.inks.category("Activation")
    shown = QRectF(canvas.view.from_scene(body.topLeft()), canvas.view.from_scene(body.bottomRight()))
    canvas.select(["c"])
    image = canvas.view.grab().toImage()
    accent = canvas.scene.inks.selected.color()
    row = [image.pixelColor(middle.x(), round(shown.top()) - up) for up in range(6)]
    assert accent in row


def far(canvas: Canvas) -> QImage:
    return canvas.view.grab().toImage()


def test_a_drag_is_seen_while_it_goes_on(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    canvas.zoom_to(0.3)
    canvas.view.look_at(QPointF(200, 0))
    qtbot.wait(50)
    painted: list[int] = []
    picture = canvas.view._picture
    paint = picture.paint
    picture.paint = lambda *told: (painted.append(1), paint(*told))
    start = hand.card("b")
    hand.press(start)
    for step in range(1, 4):
        before = len(painted)
        hand.move(start + QPointF(60 * step, 90 * step))
        qtbot.waitUntil(lambda before=before: len(painted) > before)
    assert canvas.view.overview.lifted == {"b"}
    hand.release(start + QPointF(180, 270))


def test_what_is_lifted_and_the_rest_make_the_same_picture(canvas: Canvas) -> None:
    canvas.zoom_to(0.3)
    canvas.view.look_at(QPointF(200, 0))
    canvas.select(["b", "c"])
    canvas.scene.cards["b"].setPos(60, 200)
    for item in chain(*canvas.scene.attached(["b"])):
        item.route()
    canvas.scene.touched(("b",))
    lifted = far(canvas)
    assert canvas.view.overview.lifted == {"b"}
    canvas.scene.touched()
    assert canvas.view.overview.lifted == frozenset()
    rested = far(canvas)
    places = ((x, y) for x in range(lifted.width()) for y in range(lifted.height()))
    differing = sum(rested.pixel(*place) != lifted.pixel(*place) for place in places)
    assert differing < 20, "but for a few where one thing lies upon another"


def test_a_drag_paints_what_rests_but_once(canvas: Canvas) -> None:
    canvas.zoom_to(0.3)
    overview = canvas.view.overview
    canvas.select(["b"])
    canvas.scene.touched(("b",))
    overview.refresh()
    resting, version = overview.resting_version, overview.version
    for _ in range(5):
        canvas.scene.touched(("b",))
        overview.refresh()
    assert (overview.resting_version, overview.version) == (resting, version + 5)
    canvas.scene.touched(("c",))
    overview.refresh()
    assert overview.resting_version == resting + 1
