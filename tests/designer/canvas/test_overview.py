"""What is seen from far away follows the scene."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from designer.canvas import Canvas
from designer.canvas.overview import Overview


def fresh(canvas: Canvas) -> Overview:
    overview = Overview(canvas.scene)
    overview.refresh()
    return overview


def equal(one: Overview, other: Overview) -> bool:
    return one._rects == other._rects and one._lines == other._lines


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
