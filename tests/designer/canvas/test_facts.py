"""What a card tells of a review."""

from __future__ import annotations

import pytest

import engine
from designer.canvas.facts import Facts, Port, facts_of, port_text, shape_text
from engine.blocks import CATALOGUE
from engine.field import Field
from engine.problem import Problem
from engine.tensor import TensorSpec
from tests.designer.drawings import classifier

CLASSES = Field("digit", "class", classes=tuple("0123456789"))


@pytest.mark.parametrize(
    ("spec", "field", "expected"),
    [
        (None, None, ""),
        (TensorSpec((32, 26, 26)), None, "32×26×26"),
        (TensorSpec((None, 8)), None, "n×8"),
        (TensorSpec((), batched=False), None, "scalar"),
        (TensorSpec((), "int64"), CLASSES, "10 classes"),
        (TensorSpec((10,)), CLASSES, "10"),
    ],
)
def test_shapes_are_short(spec: TensorSpec | None, field: Field | None, expected: str) -> None:
    assert shape_text(spec, field) == expected


def test_facts_of_the_blocks_of_a_project() -> None:
    project = classifier()
    fields, plan = project.data.fields(), engine.review(project).plan
    told = {key: facts_of(step, fields, ()) for key, step in plan.steps.items()}
    assert (told["conv1"].count, told["conv1"].shape) == ("320", "32×6×6")
    assert (told["conv2"].count, told["conv2"].shape) == ("18.5 k", "64×4×4")
    assert (told["flatten"].count, told["flatten"].shape) == ("", "1024")
    assert told["label"].shape == "10 classes"
    assert told["loss"].shape == "scalar"


def test_a_block_that_has_no_place_in_the_plan_tells_its_problems_only() -> None:
    problem = Problem("The wires go round in a circle", "…", "a")
    assert facts_of(None, {}, (problem,)) == Facts(problems=(problem,))


@pytest.mark.parametrize(
    ("severities", "expected"),
    [((), None), (("warning",), "warning"), (("warning", "error"), "error"), (("error",), "error")],
)
def test_the_worst_problem_decides(severities: tuple[str, ...], expected: str | None) -> None:
    problems = tuple(Problem("t", "t", severity=severity) for severity in severities)  # type: ignore[arg-type]
    assert Facts(problems=problems).severity == expected


def test_an_input_refuses_what_does_not_fit() -> None:
    project = classifier()
    project = project.edit(project.graph.replace("conv2", CATALOGUE["LSTM"]()))
    plan = engine.review(project).plan
    told = {key: facts_of(step, {}, ()) for key, step in plan.steps.items()}
    assert told["conv2"].refused == {"x"}
    assert told["conv1"].refused == frozenset()
    assert told["flatten"].refused == frozenset(), "nothing arrives there, so nothing is refused"
    circle = (Problem("The wires go round in a circle", "…", "conv1", "x"),)
    assert facts_of(None, {}, circle).refused == {"x"}


@pytest.mark.parametrize(
    ("port", "words"),
    [
        (Port("conv1", "in", "x"), ("conv1.x", "channels × height × width", "Receives 1×8×8 from image")),
        (Port("conv1", "out", "y"), ("conv1.y", "32×6×6", "float32")),
        (Port("loss", "in", "target"), ("loss.target", "from label")),
    ],
)
def test_hover_text_of_a_port(port: Port, words: tuple[str, ...]) -> None:
    project = classifier()
    text = port_text(project, engine.review(project).plan, port)
    assert all(word in text for word in words), text


def test_hover_text_of_an_open_input_and_an_unknown_output() -> None:
    project = classifier()
    project = project.edit(project.graph.disconnect([project.graph.wires[0]]))
    plan = engine.review(project).plan
    assert "Nothing is connected" in port_text(project, plan, Port("conv1", "in", "x"))
    assert "isn't known" in port_text(project, plan, Port("conv1", "out", "y"))
