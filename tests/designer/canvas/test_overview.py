"""What is seen from far away follows the scene."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain as chained

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from engine.blocks import CATALOGUE
from engine.decorating import bend, label
from engine.graph import Wire
from engine.project import Position, Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import overview_equals_scene
from tests.designer.canvas.hand import Hand


def test_moving_blocks_one_by_one_comes_to_the_same_as_gathering_all(canvas: Canvas) -> None:
    overview = canvas.view.overview
    for key, place in (("b", (10, 400)), ("c", (-600, 20)), ("b", (90, -20))):
        canvas.document.change(canvas.document.project.move({key: place}), "Move")
        overview_equals_scene(canvas)
    assert overview.content.contains(canvas.scene.content())
    canvas.select(["d"])
    canvas.delete_selected()
    overview_equals_scene(canvas)
    assert overview.content == canvas.scene.content()


Edit = Callable[[Project], Project]
FIRST = Wire("a", "y", "b", "x")
EDITS: dict[str, Edit] = {
    "deleted": lambda project: project.remove(["b"]),
    "added": lambda project: project.add(CATALOGUE["Linear"](), (-700, 90))[0],
    "of another category": lambda project: project.edit(project.graph.replace("b", CATALOGUE["ReLU"]())),
    "muted": lambda project: project.edit(project.graph.mute(["b"])),
    "unwired": lambda project: project.edit(project.graph.disconnect([FIRST])),
    "wired otherwise": lambda project: project.edit(project.graph.connect(Wire("a", "y", "c", "x"))),
    "bent": lambda project: bend(project, FIRST, [Position(100, 300)]),
    "behind labels": lambda project: label(project, [FIRST], True),
    "moved with a bend": lambda project: bend(project, FIRST, [Position(9, 30)]).move({"a": (5, 500), "b": (200, 500)}),
    "another file": lambda project: chain("Input", "Dropout", "Conv2d"),
    "nothing": lambda project: Project(),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_only_what_an_edit_touches_is_looked_at_again(canvas: Canvas, edit: Edit) -> None:
    overview_equals_scene(canvas)
    before = canvas.document.project
    canvas.document.change(edit(before), "Edit")
    overview_equals_scene(canvas)
    assert canvas.view.overview.content == canvas.scene.content()
    canvas.document.undo_stack.undo()
    overview_equals_scene(canvas)
    assert canvas.document.project == before


def test_blocks_that_are_left_alone_are_not_looked_at(canvas: Canvas) -> None:
    overview = canvas.view.overview
    overview.refresh()
    looked: list[str] = []
    canvas.scene.content_changed.connect(lambda touched: looked.extend(touched.blocks))
    canvas.document.change(canvas.document.project.remove(["d"]), "Delete")
    assert "d" in looked
    assert not {"a", "b"} & set(looked)


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
    for item in chained(*canvas.scene.attached(["b"])):
        item.route()
    canvas.scene.carried(("b",))
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
    canvas.scene.carried(("b",))
    overview.refresh()
    resting, version = overview.resting_version, overview.version
    for _ in range(5):
        canvas.scene.carried(("b",))
        overview.refresh()
    assert (overview.resting_version, overview.version) == (resting, version + 5)
    canvas.scene.carried(("c",))
    overview.refresh()
    assert overview.resting_version == resting + 1
