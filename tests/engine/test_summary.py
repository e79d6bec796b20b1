"""A summary foretells, without torch, what the real module has."""

from __future__ import annotations

import pytest

import engine
from engine import templates
from engine.graph import Wire
from engine.project import Project
from engine.summary import as_table, memory_text, summary
from tests.engine.drawing import block, classifier, draw


@pytest.mark.parametrize("name", ["digits-cnn", "two-inputs", "digits-vae", "siamese"])
def test_parameters_are_those_of_the_module(name: str) -> None:
    project = templates.open_template(name)
    told = summary(project)
    module = engine.compile(project)
    counted = {child: sum(p.numel() for p in part.parameters()) for child, part in module.named_children()}
    assert told["parameters"] == sum(counted.values())
    assert {b["name"]: b["parameters"] for b in told["blocks"] if b["parameters"]} == {
        child: count for child, count in counted.items() if count
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


def test_while_nothing_is_predicted_all_is_counted() -> None:
    project = draw(
        {"image": block("Input", field="image"), "conv": block("Conv2d", out_channels=4), "relu": block("ReLU")},
        "image -> conv -> relu",
    )
    told = summary(project)
    for count in ("parameters", "multiply_adds", "activation_bytes"):
        assert told[count] == sum(b[count] for b in told["blocks"] if b["name"] != "image"), count
    assert told["parameters"] == 40


def test_nothing_drawn() -> None:
    counts = {"parameters": 0, "multiply_adds": 0, "activation_bytes": 0}
    assert summary(Project()) == {"name": "untitled", **counts, "blocks": []}


def test_a_group_tells_of_all_its_repeats_and_of_what_is_inside() -> None:
    told = summary(templates.open_template("gpt-12"))
    (blocks,) = (block for block in told["blocks"] if block["name"] == "blocks")
    assert (blocks["type"], blocks["repeat"]) == ("TransformerBlock", 12)
    assert blocks["parameters"] == 12 * sum(block["parameters"] for block in blocks["blocks"]) == 85_054_464
    assert blocks["multiply_adds"] == 12 * sum(block["multiply_adds"] for block in blocks["blocks"])
    assert blocks["activation_bytes"] == 12 * sum(block["activation_bytes"] for block in blocks["blocks"])
    lines = as_table(told).splitlines()
    assert any(line.startswith("blocks") and "TransformerBlock × 12" in line for line in lines)
    assert any(line.startswith("  attention  MultiheadAttention") for line in lines)


def test_shared_weights_count_once() -> None:
    told = summary(templates.open_template("siamese"))
    rows = {block["name"]: block for block in told["blocks"]}
    assert rows["encoder"]["parameters"] == told["parameters"] == 55_008
    assert (rows["encoder_again"]["parameters"], rows["encoder_again"]["same_as"]) == (0, "encoder")
    assert rows["encoder_again"]["multiply_adds"] == rows["encoder"]["multiply_adds"] > 0


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (532, "532 B"), (1000, "0.977 KiB"), (1_400_000, "1.34 MiB"), (3e15, "2.73e+03 TiB")],
)
def test_memory_in_words(count: float, text: str) -> None:
    assert memory_text(count) == text


def test_the_table_is_neat() -> None:
    nothing = {"parameters": 0, "multiply_adds": 0, "activation_bytes": 0}
    block_row = {"name": "conv1", "type": "Conv2d", "inputs": [[1, 8, 8]], "output": [32, 6, None]}
    told = {
        "parameters": 12345,
        "multiply_adds": 7,
        "activation_bytes": 2048,
        "blocks": [
            {**block_row, "parameters": 12345, "multiply_adds": 7, "activation_bytes": 2048},
            {"name": "out", "type": "Output", "inputs": [[3]], "output": None, **nothing},
            {"name": "bad", "type": "Add", "inputs": [None], "output": None, **nothing},
            {"name": "loss", "type": "MSELoss", "inputs": [], "output": [], **nothing},
        ],
    }
    assert as_table(told).splitlines() == [
        "Block    Type     Output      Parameters  Multiply-adds  Activations",
        "────────────────────────────────────────────────────────────────────",
        "conv1    Conv2d   32 × 6 × n      12,345              7        2 KiB",
        "out      Output   3                    0              0          0 B",
        "bad      Add      ?                    0              0          0 B",
        "loss     MSELoss  scalar               0              0          0 B",
        "────────────────────────────────────────────────────────────────────",
        "Network                           12,345              7        2 KiB",
    ]
