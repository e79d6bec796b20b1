"""The wires of the scene are led as the project says, their labels find places, and one bend is in hand at most."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from designer.canvas import Canvas
from designer.canvas.way_layer import WayLayer
from designer.canvas.wire_marks import Slot
from engine import decorating
from engine.blocks import CATALOGUE
from engine.decorating import PLAIN
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain

AB, BC, CD = (Wire(one, "y", other, "x") for one, other in ("ab", "bc", "cd"))


@pytest.fixture
def layer(canvas: Canvas) -> WayLayer:
    return canvas.scene.ways


def bent(canvas: Canvas, *bends: tuple[float, float], wire: Wire = BC) -> Project:
    return decorating.bend(canvas.document.project, wire, bends)


def test_wires_are_led_as_the_project_says_and_back_again(canvas: Canvas, layer: WayLayer) -> None:
    plain, project = canvas.document.project, bent(canvas, (360, -60))
    assert not layer.show_project(plain)
    assert layer.show_project(project) == {BC}, "what is led otherwise now"
    assert canvas.scene.wires[BC].way.bends == ((360, -60),)
    assert canvas.scene.wires[AB].way == PLAIN
    assert not layer.show_project(project), "nothing is new"
    assert layer.show_project(plain) == {BC}
    assert canvas.scene.wires[BC].way == PLAIN
    assert canvas.scene.wires[BC].dots is None


def test_the_way_of_a_wire_that_is_not_there_is_passed_over(canvas: Canvas, layer: WayLayer) -> None:
    graph = canvas.document.project.graph.disconnect([CD])
    project = bent(canvas, (500, 60), wire=CD)
    canvas.document.change(canvas.document.project.edit(graph), "Cut")
    assert not layer.show_project(project)


@pytest.mark.parametrize(
    ("wire", "place", "picked"),
    [(BC, 0, (BC, 0)), (BC, 1, (BC, 1)), (BC, 2, None), (AB, 0, None), (None, None, None), (BC, None, None)],
)
def test_one_bend_is_in_hand_at_most(
    canvas: Canvas, layer: WayLayer, wire: Wire | None, place: int | None, picked: tuple[Wire, int] | None
) -> None:
    layer.show_project(bent(canvas, (350, -60), (370, -60)))
    layer.pick(BC, 0)
    layer.pick(wire, place)
    assert layer.picked == picked
    dots = canvas.scene.wires[BC].dots
    assert dots is not None
    assert dots.picked == (picked[1] if picked else None)


def test_a_bend_that_goes_is_in_hand_no_more(canvas: Canvas, layer: WayLayer) -> None:
    layer.show_project(bent(canvas, (350, -60), (370, -60)))
    layer.pick(BC, 1)
    layer.show_project(bent(canvas, (350, -60)))
    assert layer.picked is None


def test_the_labels_of_a_hidden_wire_are_marked_under_the_pointer(canvas: Canvas, layer: WayLayer) -> None:
    project = canvas.document.project
    layer.show_project(decorating.label(project, [AB, CD]))
    items = canvas.scene.wires

    def hot() -> list[Wire]:
        return [wire for wire, item in items.items() if item.labels is not None and item.labels.hot]

    layer.point_at(AB)
    assert hot() == [AB]
    layer.point_at(CD)
    assert hot() == [CD]
    layer.show_project(decorating.label(project, [AB]))
    assert layer.hot is None, "it is no label any more"
    assert hot() == []


def test_labels_below_one_card_stand_in_rows(show: Callable[[Project], Canvas]) -> None:
    """A ReLU feeds three others: three labels below it, one below each of these; a chain's share the width."""
    project = chain("Input", "ReLU")
    for key, down in (("c", 0), ("d", 130), ("e", 260)):
        project, _ = project.add(CATALOGUE["ReLU"](), (400, down), key)
        project = project.edit(project.graph.connect(Wire("b", "y", key, "x")))
    canvas = show(decorating.label(project, project.graph.wires))
    items = canvas.scene.wires
    fed = [items[Wire("b", "y", key, "x")] for key in "cde"]
    assert [item._slots for item in fed] == [(Slot(row, False), Slot(0, True)) for row in range(3)]
    areas = [item.label_area("out") for item in fed]
    assert all(upper.bottom() < lower.top() for upper, lower in itertools.pairwise(areas))
    incoming = items[AB].label_area("in")
    assert not any(incoming.intersects(area) for area in areas), "in and out stand side by side"
