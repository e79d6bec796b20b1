"""Broken designs of all families: most have a single change that mends them, and every change that is told does."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.check import check
from engine.graph import Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.problem import Problem
from engine.project import Project
from tests.engine.drawing import block, draw, graph
from tests.engine.repair.broken import BROKEN, of, row
from tests.engine.ruleless import Probed

FLOOR = 0.9


def misfits(project: Project) -> list[Problem]:
    """The problems of blocks that can't work on what arrives."""
    return [problem for problem in check(project) if problem.title.endswith(("does not fit", "can't work like this"))]


@pytest.mark.parametrize("name", BROKEN)
def test_each_has_one_fault(name: str) -> None:
    assert len(misfits(BROKEN[name])) == 1


def test_most_can_be_mended_by_a_single_change() -> None:
    unmended = [name for name, project in BROKEN.items() if not misfits(project)[0].fixes]
    assert len(BROKEN) >= 60
    assert len(unmended) <= (1 - FLOOR) * len(BROKEN), unmended


@pytest.mark.parametrize("name", BROKEN)
def test_every_change_that_is_told_mends_it(name: str) -> None:
    project = BROKEN[name]
    (problem,) = misfits(project)
    assert len(problem.fixes) <= 4
    assert len({fix.label for fix in problem.fixes}) == len(problem.fixes)
    before = project.model_dump()
    known = {(other.title, other.block) for other in check(project)}
    for fix in problem.fixes:
        after = fix.edit(project)
        assert misfits(after) == [], fix.label
        worse = [
            other for other in check(after) if other.severity == "error" and (other.title, other.block) not in known
        ]
        assert worse == [], fix.label
    assert project.model_dump() == before


# what is told first, in words
FIRST = {
    "groups that do not divide": "Set groups to 3.",
    "a window wider than the image": "Set kernel size to 8 × 8.",
    "same padding with a stride": "Set stride to 1 × 1.",
    "a picture into a signal's layer": "Use Conv2d instead.",
    "features into a convolution": "Set field of data to image.",
    "words into an LSTM without an embedding": "Put an Embedding (1000 · 64) in front.",
    "heads that do not divide the features": "Set heads to 10.",
    "decimals into an embedding": "Put a Cast (int64) in front.",
    "features into dropout of channels": "Use Dropout instead.",
    "an image into a linear layer, flattened too late": "Put a Flatten in front of “prediction”.",
    "a residual of other channels": "Set filters of layer1 to 8.",
    "a residual of another size": "Set padding of layer1 to 1 × 1.",
    "a residual with a stride": "Set stride of layer1 to 1 × 1.",
    "an image and features joined": "Put a Flatten in front of “x1”.",
    "matrices that do not meet": "Set features out of layer1 to 6.",
    "a reshape of another count": "Set shape to 16 × 4.",
    "more of the largest than there are": "Set count to 5.",
    "class scores against numbers": "Set encoding of label to one-hot.",
    "a reconstruction of another size": "Set features out of layer1 to 20.",
}


@pytest.mark.parametrize("name", FIRST)
def test_the_message_ends_with_the_least_change(name: str) -> None:
    (problem,) = misfits(BROKEN[name])
    assert problem.text.endswith(f". {FIRST[name]}")


def test_a_fault_behind_another_does_not_hide_the_remedies() -> None:
    project = row("6x20", of("Conv1d", out_channels=12, groups=4), of("MaxPool2d"))
    (first,) = misfits(project)
    assert first.fixes[0].label == "Set groups of b1 to 3"
    (second,) = misfits(first.fixes[0].edit(project))
    assert second.block == "b2"
    assert misfits(second.fixes[0].edit(first.fixes[0].edit(project))) == []


def test_a_remedy_that_moves_the_fault_elsewhere_is_not_told() -> None:
    """At stride 1 or with other padding it fits; but only the first keeps the size that the skip needs."""
    stage = block("Conv2d", out_channels=4, padding="same", stride=2)
    alone = row("4x8x8", ("Conv2d", stage.values()))
    assert [fix.label for fix in misfits(alone)[0].fixes] == [
        "Set stride of b1 to 1 × 1",
        "Set padding of b1 to 1 × 1",
    ]
    (inside,) = misfits(skipped(Group(graph=graph({"x": GroupInput(), "conv": stage, "y": GroupOutput()},
                                                  "x -> conv -> y"))))  # fmt: skip
    (outside,) = misfits(skipped(stage))
    assert (inside.block, outside.block) == ("stage/conv", "stage")
    assert [fix.label for fix in inside.fixes] == ["Set stride of conv to 1 × 1"]
    assert [fix.label for fix in outside.fixes] == ["Set stride of stage to 1 × 1"]


def skipped(stage: Block) -> Project:
    """A residual connection around a block."""
    return draw(
        {"data": block("Input", sample_shape=(4, 8, 8)), "stage": stage, "sum": block("Add"), "out": block("Output")},
        "data -> stage -> sum.x1",
        "data -> sum.x2",
        "sum -> out",
    )


def test_what_shares_the_weights_is_changed_along_and_judged_along() -> None:
    """A parameter of two blocks that are one: a value that suits this use and not the other is not offered."""
    project = draw(
        {
            "wide": block("Input", sample_shape=(10, 9)),
            "narrow": block("Input", sample_shape=(8, 9)),
            "conv": block("Conv1d", out_channels=40, groups=4),
            "out": block("Output"),
            "end": block("Output"),
        },
        "wide -> conv -> out",
    )
    shared, again = project.graph.share("conv")
    project = project.edit(shared.connect(Wire("narrow", "y", again, "x")).connect(Wire(again, "y", "end", "x")))
    (problem,) = misfits(project)
    assert problem.block == "conv"
    assert problem.fixes[0].label == "Set groups of conv to 2", "5 is nearer, but does not divide 8"
    assert misfits(problem.fixes[0].edit(project)) == []


def test_what_torch_says_stands_behind_the_message() -> None:
    project = draw({"data": block("Input", sample_shape=(6,)), "odd": Probed(groups=4), "out": block("Output")},
                   "data -> odd -> out")  # fmt: skip
    (problem,) = misfits(project)
    assert problem.text.startswith("odd can't work on what arrives (6) with these settings. Set groups to ")
    assert "divisible" in problem.details
    assert "divisible" not in problem.text
    assert misfits(problem.fixes[0].edit(project)) == []


def test_a_design_full_of_misfits_is_told_of_in_full() -> None:
    blocks = {"data": block("Input", sample_shape=(6, 20))}
    blocks |= {f"conv{number}": block("Conv1d", out_channels=12, groups=4) for number in range(30)}
    told = misfits(draw(blocks, *(f"data -> conv{number}" for number in range(30))))
    assert len(told) == 30
    assert [bool(problem.fixes) for problem in told] == [True] * 12 + [False] * 18
