"""Edits of the canvas: the project they lead to and the name of their undo step."""

from __future__ import annotations

import pytest

import engine
from designer.canvas import edits
from engine.blocks import CATALOGUE
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


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Input", "Conv2d", [Wire("a", "y", "b", "x")]),
        ("Input", "Target", []),  # nothing enters a Target
        ("Input", "LSTM", []),  # an image is no sequence
        ("Target", "CrossEntropyLoss", [Wire("a", "y", "b", "target")]),  # a class index is no prediction
        ("Input", "Add", [Wire("a", "y", "b", "x1")]),
    ],
)
def test_wiring_after_adding(source: str, target: str, expected: list[Wire]) -> None:
    project = Project()
    values = {"field": "image"} if source == "Input" else {"field": "digit"}
    project, _ = project.add(CATALOGUE[source](**values), (0, 0), "a")
    project, _ = project.add(CATALOGUE[target](), (0, 0), "b")
    plan = engine.review(project).plan
    assert list(edits.wired_after(project, plan, "a", "b").graph.wires) == expected


def test_wiring_takes_only_a_free_input() -> None:
    project = chain("Input", "Add")
    project, _ = project.add(CATALOGUE["Input"](sample_shape=(3, 16, 16)), (0, 0), "i")
    after = edits.wired_after(project, engine.review(project).plan, "i", "b")
    assert after.graph.wires[-1] == Wire("i", "y", "b", "x2")
    assert after.graph.wires[0] == Wire("a", "y", "b", "x1")
