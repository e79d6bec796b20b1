"""Traps inside groups: told at the block in the group, and mended there."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.check import check
from engine.group import Group
from engine.grouping import make_group, share
from engine.project import Project
from tests.engine.drawing import block
from tests.engine.traps.drawn import ERROR, WARNING, Expected, assert_leads_out, assert_told, classes, the_one

CE = block("CrossEntropyLoss")
BATCH = ["Set the batch size to 32"]


def headed(*middle: tuple[str, Block], scores: int = 3, lone: bool = False) -> Project:
    """Everything between the features and the loss stands in a group."""
    project = classes(*middle, loss=CE, scores=scores)
    if lone:
        project = project.with_(training=project.training.change(batch_size=1))
    return make_group(project, ["fc", *dict(middle)], "Head")[0]


def deep(project: Project) -> Project:
    return make_group(project, ["head1"], "Outer")[0]


SOFT, RELU, DROP = ("soft", block("Softmax")), ("act", block("ReLU")), ("drop", block("Dropout"))
NORM, MOVED = ("norm", block("BatchNorm1d")), ("same", block("Identity"))

TOLD: dict[str, tuple[Project, Expected]] = {
    "softmax": (
        headed(SOFT),
        (
            "Softmax feeds CrossEntropy",
            WARNING,
            "head1/soft",
            ["Rewire soft_out to fc", "Use LogSoftmax and NLLLoss"],
        ),
    ),
    "softmax, and something behind it that only moves it": (
        headed(SOFT, MOVED),
        ("Softmax feeds CrossEntropy", WARNING, "head1/soft", ["Rewire same to fc", "Use LogSoftmax and NLLLoss"]),
    ),
    "softmax in a group in a group": (
        deep(headed(SOFT)),
        (
            "Softmax feeds CrossEntropy",
            WARNING,
            "outer1/head1/soft",
            ["Rewire soft_out to fc", "Use LogSoftmax and NLLLoss"],
        ),
    ),
    "an activation": (
        headed(RELU),
        ("ReLU cuts off the scores", WARNING, "head1/act", ["Rewire act_out to fc"]),
    ),
    "dropout": (headed(DROP), ("drop drops predictions", WARNING, "head1/drop", ["Rewire drop_out to fc"])),
    "too few scores": (
        headed(scores=2),
        ("2 scores for 3 classes", ERROR, "head1/fc", ["Set features out of fc to 3"]),
    ),
    "batches of one": (
        headed(NORM, lone=True),
        ("norm needs more than one sample a batch", ERROR, "head1/norm", BATCH),
    ),
    "softmax over one number": (
        headed(("one", block("Linear", out_features=1)), SOFT, ("out", block("Linear", out_features=3))),
        ("soft always gives 1", WARNING, "head1/soft", ["Use Sigmoid"]),
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told_and_that_every_fix_leads_out(name: str) -> None:
    project, expected = TOLD[name]
    assert_told(project, expected)
    assert_leads_out(project, expected[0])


def test_a_sound_head_is_left_alone() -> None:
    assert check(headed()) == []
    assert check(headed(NORM)) == []


def test_what_changes_elsewhere_too_is_told_at_the_group() -> None:
    """Behind the last repeat, an activation cuts the scores off; between the repeats it is at its place."""
    project = headed(RELU)
    group = project.graph.nodes["head1"].block
    assert isinstance(group, Group)
    square = group.with_graph(group.graph.change("fc", out_features=4)).change(repeat=2)
    repeated = project.edit(project.graph.replace("head1", square))
    assert the_one(repeated, "Head cuts off the scores").block == "head1"
    shared, _ = share(project, "head1", (0.0, 0.0))
    assert the_one(shared, "Head cuts off the scores").block == "head1"
