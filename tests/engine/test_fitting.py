"""Which blocks fit behind an output, before an input and in a wire, and why the others don't."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE
from engine.composites import open_composite
from engine.field import Field
from engine.fitting import arriving, fit_before, fit_behind, fit_between
from engine.graph import Wire
from engine.plan import Plan, plan
from engine.project import Project
from engine.tensor import TensorSpec

IMAGE, FEATURES = TensorSpec((3, 16, 16)), TensorSpec((10,))
NUMBER, WORDS = TensorSpec((), "int64"), TensorSpec((20,), "int64")
LOSS = TensorSpec((), batched=False)


@pytest.fixture(scope="module")
def drawn() -> tuple[Project, Plan]:
    """Input → Conv2d → Flatten → Linear → CrossEntropyLoss ← Target, and the Input once more added to itself."""
    project = Project()
    for name, block in {
        "image": CATALOGUE["Input"](sample_shape=(3, 16, 16)),
        "conv": CATALOGUE["Conv2d"](out_channels=8),
        "flatten": CATALOGUE["Flatten"](),
        "logits": CATALOGUE["Linear"](out_features=10),
        "loss": CATALOGUE["CrossEntropyLoss"](),
        "add": CATALOGUE["Add"](),
    }.items():
        project, _ = project.add(block, (0, 0), name)
    graph = project.graph
    for text in (
        *("image.y -> conv.x", "conv.y -> flatten.x", "flatten.y -> logits.x", "logits.y -> loss.prediction"),
        *("image.y -> add.x1", "image.y -> add.x2"),
    ):
        graph = graph.connect(Wire.parse(text))
    return project.edit(graph), plan(graph, {}, probing=False)


@pytest.mark.parametrize(
    ("name", "spec", "port"),
    [
        ("Conv2d", IMAGE, "x"),
        ("Linear", FEATURES, "x"),
        ("Flatten", IMAGE, "x"),
        ("Add", IMAGE, "x1"),
        ("Add", None, "x1"),
        ("CrossEntropyLoss", FEATURES, "prediction"),
        ("CrossEntropyLoss", NUMBER, "target"),
        ("Embedding", WORDS, "x"),
        ("MultiheadAttention", TensorSpec((7, 64)), "query"),
        ("Output", IMAGE, "x"),
    ],
)
def test_a_block_takes_what_leaves_an_output(name: str, spec: TensorSpec | None, port: str) -> None:
    assert fit_behind(CATALOGUE[name](), spec).input == port


@pytest.mark.parametrize(
    ("name", "spec", "words"),
    [
        ("Conv1d", IMAGE, "channels × length"),
        ("Linear", WORDS, "decimal numbers"),
        ("Embedding", FEATURES, "whole numbers"),
        ("Flatten", NUMBER, "nothing to flatten"),
        ("LSTM", IMAGE, "length × features"),  # though its optional state would take it
        ("GroupNorm", TensorSpec((3, 16, 16)), "group"),
        ("Input", IMAGE, "has no input"),
        ("MSELoss", LOSS, "a loss"),
    ],
)
def test_a_block_says_why_it_does_not_take_it(name: str, spec: TensorSpec, words: str) -> None:
    block = CATALOGUE[name](num_groups=2) if name == "GroupNorm" else CATALOGUE[name]()
    fit = fit_behind(block, spec)
    assert not fit.fits
    assert words in fit.reason


def test_a_group_is_judged_by_what_is_in_it() -> None:
    group = open_composite("residual-block").group
    assert fit_behind(group, TensorSpec((64, 8, 8))).fits
    assert "which expects" in fit_behind(group, FEATURES).reason


@pytest.mark.parametrize(
    ("name", "target", "port", "output"),
    [
        ("ReLU", "conv", "x", "y"),
        ("Conv2d", "conv", "x", "y"),
        ("Target", "loss", "target", "y"),
        ("LSTM", "logits", "x", "y"),
    ],
)
def test_a_block_can_feed_an_input(drawn: tuple[Project, Plan], name: str, target: str, port: str, output: str) -> None:
    project, planned = drawn
    assert fit_before(CATALOGUE[name](), project.graph, planned, target, port).output == output


@pytest.mark.parametrize(
    ("name", "target", "port", "words"),
    [
        ("Conv1d", "conv", "x", "conv can't take"),
        ("Flatten", "conv", "x", "channels × height × width"),
        ("MSELoss", "conv", "x", "no output"),
        ("Output", "conv", "x", "no output"),
    ],
)
def test_a_block_says_why_it_can_not(
    drawn: tuple[Project, Plan], name: str, target: str, port: str, words: str
) -> None:
    project, planned = drawn
    assert words in fit_before(CATALOGUE[name](), project.graph, planned, target, port).reason


def test_a_bound_input_is_known_by_its_field(drawn: tuple[Project, Plan]) -> None:
    project, planned = drawn
    fields = {"image": Field("image", "vector", (10,))}
    block = CATALOGUE["Input"](field="image")
    assert "channels × height × width" in fit_before(block, project.graph, planned, "conv", "x", fields).reason
    assert fit_before(block, project.graph, planned, "logits", "x", fields).fits


@pytest.mark.parametrize(
    ("name", "wire", "ports"),
    [
        ("ReLU", "conv.y -> flatten.x", ("x", "y")),
        ("MaxPool2d", "image.y -> conv.x", ("x", "y")),
        ("Add", "conv.y -> flatten.x", ("x1", "y")),
        ("ReLU", "image.y -> add.x1", ("x", "y")),
    ],
)
def test_a_block_goes_into_a_wire(drawn: tuple[Project, Plan], name: str, wire: str, ports: tuple[str, str]) -> None:
    project, planned = drawn
    fit = fit_between(CATALOGUE[name](), project.graph, planned, Wire.parse(wire))
    assert (fit.input, fit.output) == ports


@pytest.mark.parametrize(
    ("name", "wire", "words"),
    [
        ("Conv1d", "conv.y -> flatten.x", "expects channels × length"),
        ("Flatten", "image.y -> conv.x", "gives what conv can't take: it expects channels × height × width"),
        ("MaxPool2d", "image.y -> add.x1", "gives what add can't take"),  # the other side would no longer match
        ("CrossEntropyLoss", "flatten.y -> logits.x", "no output"),
        ("Input", "flatten.y -> logits.x", "has no input"),
    ],
)
def test_a_block_says_why_it_does_not_go_into_a_wire(
    drawn: tuple[Project, Plan], name: str, wire: str, words: str
) -> None:
    project, planned = drawn
    assert words in fit_between(CATALOGUE[name](), project.graph, planned, Wire.parse(wire)).reason


def test_what_was_wrong_before_is_not_held_against_what_arrives() -> None:
    project, _ = Project().add(CATALOGUE["Input"](sample_shape=(3, 16, 16)), (0, 0), "image")
    project, _ = project.add(CATALOGUE["Reshape"](sample_shape=(7,)), (0, 0), "reshape")
    graph = project.graph.connect(Wire("image", "y", "reshape", "x"))
    planned = plan(graph, {}, probing=False)
    assert planned.steps["reshape"].trace.misfit is not None
    assert arriving(graph, planned, "reshape", "x", FEATURES) is None
    assert arriving(graph, planned, "reshape", "z", FEATURES) == "has no input “z”"
