"""A summary foretells, without torch, what the real module has."""

from __future__ import annotations

import pytest

import engine
from engine import templates
from engine.graph import Wire
from engine.project import Project
from engine.summary import as_table, summary
from tests.engine.drawing import block, classifier, draw


@pytest.mark.parametrize("template", templates.templates(), ids=templates.names())
def test_parameters_are_those_of_the_module(template: templates.Template) -> None:
    told = summary(template.project)
    module = engine.compile(template.project)
    counted = {name: sum(p.numel() for p in child.parameters()) for name, child in module.named_children()}
    assert told["parameters"] == sum(counted.values())
    assert {b["name"]: b["parameters"] for b in told["blocks"] if b["parameters"]} == {
        name: count for name, count in counted.items() if count
    }


def test_blocks_stand_in_the_order_they_run_with_their_shapes() -> None:
    project = draw(
        {
            "label": block("Target", field="digit"),
            "loss": block("CrossEntropyLoss"),
            "logits": block("Linear", out_features=10),
            "flatten": block("Flatten"),
            "conv": block("Conv2d", out_channels=4),
            "image": block("Input", field="image"),
        },
        "image -> conv -> flatten -> logits -> loss.prediction",
        "label -> loss.target",
    )
    rows = {b["name"]: (b["type"], b["inputs"], b["output"], b["multiply_adds"]) for b in summary(project)["blocks"]}
    order = [name for name in rows if name != "label"]
    assert order == ["image", "conv", "flatten", "logits", "loss"]
    assert rows["conv"] == ("Conv2d", [[1, 8, 8]], [4, 6, 6], 9 * 4 * 36)
    assert rows["flatten"] == ("Flatten", [[4, 6, 6]], [144], 0)
    assert rows["loss"] == ("CrossEntropyLoss", [[10], []], [], 0)


def test_what_takes_no_part_is_listed_but_not_counted() -> None:
    project = classifier()
    expected = summary(project)["parameters"]
    project, key = project.add(block("Linear", out_features=1000), (0, 0), "aside")
    project = project.edit(project.graph.connect(Wire("x_in", "y", key, "x")))
    told = summary(project)
    assert told["parameters"] == expected
    assert [b["parameters"] for b in told["blocks"] if b["name"] == "aside"] == [5000]


def test_a_circle_does_not_hide_its_blocks() -> None:
    project = draw({"a": block("ReLU"), "b": block("ReLU")}, "a -> b -> a")
    told = summary(project)
    assert sorted(b["name"] for b in told["blocks"]) == ["a", "b"]
    assert all(b["output"] is None and b["inputs"] == [None] for b in told["blocks"])


def test_nothing_drawn() -> None:
    assert summary(Project()) == {"name": "untitled", "parameters": 0, "multiply_adds": 0, "blocks": []}


def test_the_table_is_neat() -> None:
    block_row = {"name": "conv1", "type": "Conv2d", "inputs": [[1, 8, 8]], "output": [32, 6, None]}
    told = {
        "parameters": 12345,
        "multiply_adds": 7,
        "blocks": [
            {**block_row, "parameters": 12345, "multiply_adds": 7},
            {"name": "out", "type": "Output", "inputs": [[3]], "output": None, "parameters": 0, "multiply_adds": 0},
            {"name": "bad", "type": "Add", "inputs": [None], "output": None, "parameters": 0, "multiply_adds": 0},
            {"name": "loss", "type": "MSELoss", "inputs": [], "output": [], "parameters": 0, "multiply_adds": 0},
        ],
    }
    assert as_table(told).splitlines() == [
        "Block    Type     Output      Parameters  Multiply-adds",
        "───────────────────────────────────────────────────────",
        "conv1    Conv2d   32 × 6 × n      12,345              7",
        "out      Output   3                    0              0",
        "bad      Add      ?                    0              0",
        "loss     MSELoss  scalar               0              0",
        "───────────────────────────────────────────────────────",
        "Network                           12,345              7",
    ]
