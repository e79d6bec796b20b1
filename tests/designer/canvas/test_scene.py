"""The scene follows the project, and touches only what differs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

import engine
from designer.canvas.inks import Inks
from designer.canvas.scene import Scene
from designer.theme import DARK, LIGHT
from engine.blocks import CATALOGUE
from engine.graph import Wire
from tests.designer.canvas.conftest import chain


def test_an_edit_keeps_the_items_of_all_other_blocks(qapp: object) -> None:
    project = chain("Input", "Conv2d", "ReLU", "Flatten")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    before, wires = dict(scene.cards), dict(scene.wires)
    scene.show_project(project.edit(project.graph.change("b", out_channels=7)))
    assert scene.cards == before
    assert scene.wires == wires
    assert scene.cards["b"].node.block.summary() == "Conv2d 7 · 3×3"
    scene.show_project(project.remove(["c"]))
    assert scene.cards == {key: card for key, card in before.items() if key != "c"}
    assert set(scene.wires) == {Wire("a", "y", "b", "x")}
    assert scene.wires[Wire("a", "y", "b", "x")] is wires[Wire("a", "y", "b", "x")]


def test_a_moved_block_takes_its_wires_along(qapp: object) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    far = scene.wires[Wire("a", "y", "b", "x")].path()
    scene.show_project(project.move({"c": (900, 300)}))
    assert scene.cards["c"].pos() == QPointF(900, 300)
    wire = scene.wires[Wire("b", "y", "c", "x")]
    assert wire.path().pointAtPercent(1) == scene.cards["c"].port_place("in", "x")
    assert scene.wires[Wire("a", "y", "b", "x")].path() == far


def test_ports_follow_a_parameter(qapp: object) -> None:
    project = chain("Input", "Add")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    assert len(scene.cards["b"].ports) == 3
    scene.show_project(project.edit(project.graph.change("b", inputs=5)))
    card = scene.cards["b"]
    assert len(card.ports) == 6
    wire = scene.wires[Wire("a", "y", "b", "x1")]
    assert wire.path().pointAtPercent(1) == card.port_place("in", "x1")


def test_another_block_in_the_same_place_colours_its_wires(qapp: object) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    scene.show_project(project.edit(project.graph.replace("b", CATALOGUE["BatchNorm2d"]())))
    assert scene.wires[Wire("b", "y", "c", "x")].pen().color() == scene.inks.category("Normalisation")


def test_a_file_may_hold_wires_without_ends(qapp: object) -> None:
    project = chain("Input", "ReLU")
    graph = project.graph
    loose = (Wire("a", "y", "gone", "x"), Wire("gone", "y", "b", "x"), Wire("a", "none", "b", "none"))
    scene = Scene(Inks(DARK))
    scene.show_project(project.edit(graph.model_copy(update={"wires": (*graph.wires, *loose, *graph.wires)})))
    assert set(scene.wires) == {graph.wires[0], loose[2]}
    scene.show_project(project)
    assert set(scene.wires) == {graph.wires[0]}


def test_blocks_without_positions_do_not_lie_upon_each_other(qapp: object) -> None:
    project = chain("Input", "Conv2d", "ReLU", "Flatten", "Linear", "ReLU").with_(layout={})
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    bodies = [card.body for card in scene.cards.values()]
    assert not any(one.intersects(other) for one in bodies for other in bodies if one is not other)


def test_a_review_reaches_cards_and_wires(qapp: object) -> None:
    project = chain("Input", "Conv2d", "LSTM")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    scene.show_review(engine.review(project), project.data.fields())
    assert scene.facts("b").count == "896"
    assert scene.facts("b").shape == "32×14×14"
    assert scene.facts("c").severity == "error"
    assert scene.facts("c").shape == ""
    assert scene.wires[Wire("b", "y", "c", "x")].refused
    plain, refused = (scene.wires[wire].pen() for wire in (Wire("a", "y", "b", "x"), Wire("b", "y", "c", "x")))
    assert refused.style() != plain.style()
    mended = project.edit(project.graph.replace("c", CATALOGUE["ReLU"]()))
    scene.show_project(mended)
    scene.show_review(engine.review(mended), mended.data.fields())
    assert not scene.wires[Wire("b", "y", "c", "x")].refused
    assert scene.wires[Wire("b", "y", "c", "x")].pen().style() == plain.style()


def test_selection_forgets_what_is_gone_and_tells_once(qapp: object) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    told: list[tuple[str, ...]] = []
    scene.selection_changed.connect(told.append)
    scene.select(["c", "a", "nobody"], [Wire("a", "y", "b", "x"), Wire("x", "y", "z", "x")])
    assert scene.selected == ("a", "c")
    assert scene.selected_wires == {Wire("a", "y", "b", "x")}
    scene.select(["a", "c"], [Wire("a", "y", "b", "x")])
    scene.show_project(project.remove(["a"]))
    assert scene.selected == ("c",)
    assert scene.selected_wires == frozenset()
    assert told == [("a", "c"), ("c",)]


def test_what_lies_at_a_point(qapp: object) -> None:
    project = chain("Input", "Conv2d")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    card = scene.cards["b"]
    port = scene.hit(card.port_place("in", "x") + QPointF(-4, 2), 10).port
    assert port == ("b", "in", "x")
    assert scene.hit(card.body.center(), 10)[:2] == (card, None)
    between = (scene.cards["a"].port_place("out", "y") + card.port_place("in", "x")) / 2
    assert scene.hit(between, 10).wire == Wire("a", "y", "b", "x")
    assert scene.hit(QPointF(-500, 0), 10) == (None, None, False, None)
    scene.show_review(engine.review(project), {})
    assert scene.facts("a").problems
    assert scene.hit(scene.cards["a"].pos() + QPointF(146, 1), 10).badge


def test_cards_in_an_area_are_those_whose_body_touches_it(qapp: object) -> None:
    scene = Scene(Inks(DARK))
    scene.show_project(chain("Input", "Conv2d", "ReLU"))
    assert {card.key for card in scene.cards_in(QRectF(100, 10, 150, 10))} == {"a", "b"}
    assert scene.free(QRectF(155, 0, 30, 58))
    assert not scene.free(QRectF(140, 0, 30, 58))


def test_another_theme_reaches_every_item(qapp: object) -> None:
    scene = Scene(Inks(DARK))
    scene.show_project(chain("Input", "Conv2d"))
    before = scene.wires[Wire("a", "y", "b", "x")].pen().color()
    scene.show_inks(Inks(LIGHT))
    assert scene.wires[Wire("a", "y", "b", "x")].pen().color() != before
    assert scene.cards["a"].pictures.inks.theme is LIGHT


def test_the_rectangle_that_is_searched_changes_seldom(qapp: object) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    scene = Scene(Inks(DARK))
    scene.show_project(project)
    first = scene.sceneRect()
    assert first.contains(scene.content())
    scene.show_project(project.move({"c": (900, 300)}))
    assert scene.sceneRect() == first
    scene.show_project(project.move({"c": (9000, 300)}))
    assert scene.sceneRect().contains(scene.content())
