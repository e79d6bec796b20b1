"""Which wires a block that is looked for would get, by where it shall go."""

from __future__ import annotations

import pytest

import engine
from designer.available import offer
from designer.canvas.aims import NEW, Aim, before, behind, beside, on_ground, told, within
from designer.canvas.facts import Port
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.plan import Plan
from engine.project import Project
from tests.designer.canvas.conftest import chain


@pytest.fixture
def drawn() -> tuple[Project, Plan]:
    """Input → Conv2d → Flatten as a, b, c, and a loss t without wires."""
    project, _ = chain("Input", "Conv2d", "Flatten").add(CATALOGUE["CrossEntropyLoss"](), (0, 200), "t")
    return project, engine.review(project).plan


def wires(aim: Aim, name: str) -> list[str]:
    return [f"{wire.source or '?'}.{wire.output} → {wire.target or '?'}.{wire.input}" for wire in verdict(aim, name)]


def verdict(aim: Aim, name: str) -> tuple[Wire, ...]:
    return aim.judge(CATALOGUE[name]()).wires


def test_on_the_ground_nothing_is_wired() -> None:
    assert wires(on_ground(), "ReLU") == []
    assert not on_ground().strict


@pytest.mark.parametrize(
    ("name", "expected"), [("ReLU", ["b.y → ?.x"]), ("Add", ["b.y → ?.x1"]), ("Conv1d", []), ("Input", [])]
)
def test_behind_an_output(drawn: tuple[Project, Plan], name: str, expected: list[str]) -> None:
    aim = behind(*drawn, Port("b", "out", "y"))
    assert wires(aim, name) == expected
    assert bool(aim.judge(CATALOGUE[name]()).reason) == (not expected)
    assert aim.heading.startswith("Add behind b · ")
    assert aim.usual[0] == "ReLU"
    assert aim.strict


@pytest.mark.parametrize(("name", "expected"), [("Target", ["?.y → t.target"]), ("ArgMax", ["?.y → t.target"])])
def test_in_front_of_an_input(drawn: tuple[Project, Plan], name: str, expected: list[str]) -> None:
    aim = before(*drawn, Port("t", "in", "target"), {})
    assert wires(aim, name) == expected
    assert "t.target" in aim.heading
    assert aim.usual[0] in ("Linear", "Target")


def test_within_a_wire(drawn: tuple[Project, Plan]) -> None:
    aim = within(*drawn, Wire("b", "y", "c", "x"))
    assert wires(aim, "ReLU") == ["b.y → ?.x", "?.y → c.x"]
    assert wires(aim, "CrossEntropyLoss") == []
    project, _ = drawn
    after, key = project.add(CATALOGUE["ReLU"](), (0, 0))
    after = aim.wired(after, key, aim.judge(CATALOGUE["ReLU"]()))
    assert after.graph.into("c", "x") == Wire(key, "y", "c", "x")
    assert after.graph.into(key, "x") == Wire("b", "y", key, "x")
    assert len(after.graph.wires) == 3


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        ("b", "ReLU", ["b.y → ?.x"]),
        ("b", "Conv1d", []),
        ("t", "Target", ["?.y → t.target"]),
        ("t", "ReLU", []),
        ("a", "Input", []),
    ],
)
def test_beside_a_block(drawn: tuple[Project, Plan], key: str, name: str, expected: list[str]) -> None:
    project, plan = drawn
    aim = beside(project, plan, key, project.data.fields())
    assert wires(aim, name) == expected
    assert not aim.strict


def test_beside_a_block_only_a_free_input_is_wired() -> None:
    project = chain("Input", "Add")
    aim = beside(project, engine.review(project).plan, "b", {})
    assert verdict(aim, "Input") == (Wire(NEW, "y", "b", "x2"),)


def test_wires_are_told_in_a_row(drawn: tuple[Project, Plan]) -> None:
    aim = within(*drawn, Wire("b", "y", "c", "x"))
    made = offer("ReLU")
    assert told(drawn[0], made, aim.judge(made.block)) == "b → ReLU → c"
    assert told(drawn[0], made, on_ground().judge(made.block)) == ""
