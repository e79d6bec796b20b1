"""A block that can't be read keeps its place and its wires, and stops nothing but itself."""

from __future__ import annotations

from engine.blocks.unknown import Unknown
from engine.check import review
from engine.graph import Wire
from tests.engine.drawing import block, draw

STRANGER = Unknown(
    type_name="Mystery", values_json='{"depth": 3}', reason="No such block.", ins=("a", "b"), outs=("z",)
)


def test_has_the_ports_that_wires_tell_of() -> None:
    assert [port.name for port in STRANGER.input_ports()] == ["a", "b"]
    assert STRANGER.output_ports() == ("z",)
    assert STRANGER.summary() == "Mystery (unknown)"


def test_the_rest_is_planned_all_the_same() -> None:
    blocks = {"x": block("Input", field="features"), "odd": STRANGER, "fc": block("Linear"), "after": block("ReLU")}
    project = draw(blocks, "x -> fc", "x -> odd.a", "fc -> odd.b", "odd.z -> after", source="Iris")
    reviewed = review(project)
    assert list(reviewed.plan.steps) == ["x", "fc", "odd", "after"]
    assert str(reviewed.plan.leaving("fc", "y")) == "64"
    assert reviewed.plan.leaving("odd", "z") is None
    (told,) = [problem for problem in reviewed.problems if problem.block == "odd" and problem.severity == "error"]
    assert told.title == "odd can't be read"


def test_alone_it_is_only_a_problem() -> None:
    lonely = draw({"odd": Unknown(type_name="Mystery", values_json="{}", reason="No such block.")})
    assert any(problem.block == "odd" for problem in review(lonely).problems)
    assert lonely.graph.connect(Wire("odd", "y", "odd", "x")).wires  # whatever a file says
