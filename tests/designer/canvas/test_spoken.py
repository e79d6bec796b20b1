"""What a screen reader says of a block."""

from __future__ import annotations

import pytest

from designer.canvas.facts import Facts
from designer.canvas.spoken import block_words, count_words, wires_words
from engine.blocks import CATALOGUE
from engine.graph import Node
from engine.problem import Problem
from engine.templates import open_template
from engine.weight_settings import WeightSettings

WRONG = Problem(title="x", text="x", severity="error", block="a")


@pytest.mark.parametrize(
    ("node", "facts", "words"),
    [
        (
            Node(name="conv2", block=CATALOGUE["Conv2d"](out_channels=64)),
            Facts(shape="64×11×11", problems=(WRONG,)),
            "conv2, Conv2d, 64 filters, output 64 by 11 by 11, one problem",
        ),
        (
            Node(name="conv1", block=CATALOGUE["Conv2d"](kernel_size=(5, 3), bias=False)),
            Facts(problems=(WRONG, WRONG)),
            "conv1, Conv2d, 32 filters, kernel size 5 by 3, no bias, two problems",
        ),
        (Node(name="relu1", block=CATALOGUE["ReLU"]()), Facts(), "relu1, ReLU"),
        (
            Node(name="fc", block=CATALOGUE["Linear"](), weights=WeightSettings(frozen=True)),
            Facts(shape="64 · 2×32"),
            "fc, Linear, features out 64, output 64 and 2 by 32, frozen",
        ),
    ],
)
def test_a_block_in_words(node: Node, facts: Facts, words: str) -> None:
    assert block_words(node, facts) == words


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("digits-cnn", "conv2", "from pool1; to relu2"),
        ("digits-cnn", "loss", "from logits and label"),
        ("googlenet", None, None),
    ],
)
def test_its_wires_in_words(name: str, key: str | None, words: str | None) -> None:
    graph = open_template(name).graph
    for one in graph.nodes if key is None else (key,):
        assert wires_words(graph, one)
    if words is not None and key is not None:
        assert wires_words(graph, key) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "no problems"), (1, "one problem"), (6, "six problems"), (12, "12 problems")]
)
def test_counts(count: int, words: str) -> None:
    assert count_words(count, "problem") == words
