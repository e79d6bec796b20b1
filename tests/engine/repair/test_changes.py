"""The three kinds of change: a block replaced, one put on a wire, a wire taken away."""

from __future__ import annotations

from engine.graph import Wire
from engine.project import Position, Project
from engine.repair.changes import Insert, Replace, Unwire
from tests.engine.drawing import block, graph

DRAWN = Project(
    graph=graph(
        {"x": block("Input", sample_shape=(3, 4)), "fc": block("Linear"), "out": block("Output")}, "x -> fc -> out"
    ),
    layout={"x": Position(0, 0), "fc": Position(100, 300)},
)
INTO_FC, INTO_OUT = Wire("x", "y", "fc", "x"), Wire("fc", "y", "out", "x")


def test_a_block_on_a_wire_stands_between_its_ends() -> None:
    change = Insert(INTO_FC, block("Flatten"))
    after = change.project(DRAWN)
    assert set(after.graph.wires) == {Wire("x", "y", "flatten1", "x"), Wire("flatten1", "y", "fc", "x"), INTO_OUT}
    assert after.layout["flatten1"] == Position(50, 150)
    assert after.graph == change.graph(DRAWN.graph)
    assert set(change.touched(DRAWN.graph)) == {"flatten1", "fc"}


def test_a_block_on_a_wire_finds_a_place_where_one_end_has_none() -> None:
    after = Insert(INTO_OUT, block("Tanh")).project(DRAWN)
    assert after.layout["tanh1"] == Position(100, 360)


def test_a_replaced_block_is_replaced_wherever_its_weights_are_used() -> None:
    shared, other = DRAWN.graph.share("fc")
    change = Replace("fc", block("Linear", out_features=5))
    assert set(change.touched(shared)) == {"fc", other}
    after = change.project(DRAWN.edit(shared))
    assert after.graph.nodes["fc"].block == after.graph.nodes[other].block == block("Linear", out_features=5)
    assert set(after.graph.wires) == {INTO_FC, INTO_OUT}


def test_a_wire_goes() -> None:
    change = Unwire(INTO_FC)
    assert change.project(DRAWN).graph.wires == (INTO_OUT,)
    assert set(change.touched(DRAWN.graph)) == {"fc"}
