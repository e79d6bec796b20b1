"""Bends that outlive an edit of their wire, through the canvas's own edits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

import engine
from designer.canvas import edits
from designer.canvas.facts import Port
from designer.canvas.room import Landing
from engine import decorating
from engine.blocks import CATALOGUE
from engine.decorating import routes
from engine.fitting import Fit
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain

Points = list[tuple[float, float]]
LONG = Wire("a", "y", "b", "x")


def wide(bends: Points) -> Project:
    """Input → Conv2d → ReLU; the first wire is long and led through bends. A Dropout without wires lies below."""
    project = chain("Input", "Conv2d", "ReLU").move({"b": (1000, 0), "c": (1200, 0)})
    project, _ = project.add(CATALOGUE["Dropout"](), (500, 400), "n")
    return decorating.bend(project, LONG, bends)


def ways(project: Project) -> dict[str, Points]:
    return {str(wire): [tuple(bend) for bend in way.bends] for wire, way in routes(project).items()}


BENDS: Points = [(200, -100), (500, -100), (900, -100)]


@pytest.mark.parametrize(
    ("corner", "before", "behind"),
    [
        ((620, -129), [(200, -100), (500, -100)], [(900, -100)]),  # on the lane
        ((280, -129), [(200, -100)], [(500, -100), (900, -100)]),
        ((440, -129), [(200, -100)], [(900, -100)]),  # upon a bend, which goes
    ],
)
def test_a_block_in_a_bent_wire_leaves_each_half_its_bends(
    corner: tuple[float, float], before: Points, behind: Points
) -> None:
    after, _ = edits.spliced_in(wide(BENDS), "n", LONG, Fit("x", "y"), Landing(QPointF(*corner)))
    assert ways(after) == {"a.y -> n.x": before, "n.y -> b.x": behind}
    healed, _ = edits.healed(after, engine.review(after).plan, {"n"}, (), lambda one: engine.review(one).plan)
    assert ways(healed) == {str(LONG): [*before, *behind]}


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ((1300, 200), BENDS),
        ((520, 200), BENDS[:2]),  # the last bend would lead far past it
        ((160, 300), BENDS[:1]),
        ((180, 60), []),
    ],
)
def test_an_end_that_is_moved_leaves_the_bends_on_its_way(place: tuple[float, float], kept: Points) -> None:
    project = wide(BENDS).move({"n": place})
    after, _ = edits.connected(project, Wire("a", "y", "n", "x"), LONG)
    assert ways(after) == ({"a.y -> n.x": kept} if kept else {})


def test_a_hidden_wire_stays_hidden_when_its_end_is_moved() -> None:
    project = decorating.label(wide([]), [LONG])
    after, _ = edits.connected(project, Wire("a", "y", "n", "x"), LONG)
    assert [way.labelled for way in routes(after).values()] == [True]


def test_wires_moved_to_another_output_keep_their_bends() -> None:
    project, _ = wide(BENDS).add(CATALOGUE["Input"](sample_shape=(3, 16, 16)), (0, 150), "i")
    after, _ = edits.wires_moved(project, Port("a", "out", "y"), Port("i", "out", "y"))
    assert ways(after) == {"i.y -> b.x": BENDS}


def test_a_new_wire_has_no_bends() -> None:
    after, _ = edits.connected(wide(BENDS), Wire("a", "y", "n", "x"))
    assert ways(after) == {str(LONG): BENDS}
