"""Edits of the canvas: the project they lead to and the name of their undo step."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

import engine
from designer.canvas import edits
from designer.canvas.aims import within
from designer.canvas.facts import Port
from designer.canvas.room import Landing
from engine.blocks import CATALOGUE
from engine.fitting import Fit
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain


def test_names_of_steps() -> None:
    project = chain("Input", "Conv2d", "ReLU")
    wire = Wire("a", "y", "b", "x")
    assert edits.moved(project, {"a": (1, 2)})[1] == "Move a"
    assert edits.moved(project, {"a": (1, 2), "b": (3, 4)})[1] == "Move 2 block(s)"
    assert edits.removed(project, ["a"], [])[1] == "Delete a"
    assert edits.removed(project, ["a", "b", "c"], [wire])[1] == "Delete 3 block(s)"
    assert edits.removed(project, [], [wire])[1] == "Delete wire"
    assert edits.connected(project, wire)[1] == "Connect a to b"
    assert edits.disconnected(project, wire)[1] == "Disconnect a from b"
    assert edits.added(project, "GELU", (0, 0))[1] == "Add GELU"


def test_a_wire_led_elsewhere_leaves_its_old_input() -> None:
    project = chain("Input", "Conv2d", "ReLU")
    old, new = Wire("a", "y", "b", "x"), Wire("a", "y", "c", "x")
    after, _ = edits.connected(project, new, old)
    assert after.graph.wires == (new,)


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(KeyError):
        edits.added(Project(), "Nonsense", (0, 0))


def test_a_block_is_inserted_with_its_wires_and_room() -> None:
    project = chain("Input", "Conv2d", "ReLU")
    aim = within(project, engine.review(project).plan, Wire("b", "y", "c", "x"))
    block = CATALOGUE["BatchNorm2d"]()
    landed = Landing(QPointF(380, 0), {"c": QPointF(570, 0)})
    after, text, key = edits.inserted(project, "BatchNorm2d", landed, aim, aim.judge(block))
    assert text == "Insert BatchNorm2d between b and c"
    assert after.graph.wires == (Wire("a", "y", "b", "x"), Wire("b", "y", key, "x"), Wire(key, "y", "c", "x"))
    assert after.layout[key] == (380, 0)
    assert after.layout["c"] == (570, 0)


def test_a_block_that_was_there_is_spliced_in() -> None:
    project, key = chain("Input", "Conv2d").add(CATALOGUE["ReLU"](), (0, 300), "r")
    landed = Landing(QPointF(190, 0), {"b": QPointF(380, 0)})
    after, text = edits.spliced_in(project, key, Wire("a", "y", "b", "x"), Fit("x", "y"), landed)
    assert text == "Insert r between a and b"
    assert set(after.graph.wires) == {Wire("a", "y", "r", "x"), Wire("r", "y", "b", "x")}
    assert (after.layout["r"], after.layout["b"]) == ((190, 0), (380, 0))


@pytest.mark.parametrize(
    ("gone", "text"), [({"b"}, "Delete b and reconnect"), ({"c"}, "Delete c"), ({"a", "b"}, "Delete 2 block(s)")]
)
def test_a_chain_is_healed(gone: set[str], text: str) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    planned = engine.review(project).plan
    _, told = edits.healed(project, planned, gone, (), lambda after: engine.review(after).plan)
    assert told == text


def test_wires_are_cut_and_moved() -> None:
    project = chain("Input", "Conv2d", "ReLU")
    ab, bc = project.graph.wires
    after, text = edits.cut(project, (ab, bc))
    assert after.graph.wires == ()
    assert text == "Cut 2 wire(s)"
    after, text = edits.wires_moved(project, Port("b", "out", "y"), Port("a", "out", "y"))
    assert after.graph.wires == (ab, Wire("a", "y", "c", "x"))
    assert text == "Move wires from b to a"
    after, text = edits.wires_moved(project, Port("b", "in", "x"), Port("c", "in", "x"))
    assert after.graph.wires == (Wire("a", "y", "c", "x"),), "what entered before makes way"
    assert text == "Move wires from b to c"
