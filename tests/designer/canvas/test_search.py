"""What a search finds in a project, and in which order."""

from __future__ import annotations

import pytest

import engine
from designer.canvas.search import Index
from engine.decor import Frame, Note
from engine.places import Area
from engine.project import Project
from engine.templates import open_template
from tests.grouped import grouped


def index(project: Project) -> Index:
    return Index(project, engine.review(project, probing=False).plan)


def digits() -> Project:
    project = open_template("digits-cnn")
    project = project.edit(project.graph.annotate("flatten", "From pictures\nto numbers"))
    area = Area(0, 0, 100, 100)
    decor = {"frame1": Frame(area=area, title="Head of the net"), "note1": Note(area=area, text="Ask Ada")}
    return project.with_(decor=decor)


@pytest.mark.parametrize(
    ("query", "first", "words"),
    [
        ("conv2", "conv2", ""),  # a name
        ("CONV2", "conv2", ""),
        ("maxpool", "pool1", "MaxPool2d"),  # a kind
        ("dense", "fc1", "dense"),  # another name of a kind
        ("kernel size 3", "conv1", "kernel size 3 × 3"),
        ("kernel_size=3", None, ""),
        ("kernel_size = 3", "conv1", "kernel_size = 3 × 3"),
        ("3x3", "conv1", "kernel size 3 × 3"),
        ("64 filters", "conv2", "filters 64"),
        ("26×26", None, ""),
        ("pictures numbers", "flatten", "From pictures to numbers"),  # a note at a block
        ("head", "frame1", "Head of the net"),
        ("ada", "note1", "Ask Ada"),
        ("conv 64", "conv2", "filters 64"),  # every word must fit somewhere
        ("conv2 sigmoid", None, ""),
        ("", None, ""),
        ("   ", None, ""),
    ],
)
def test_the_first_hit(query: str, first: str | None, words: str) -> None:
    hits = index(digits()).find(query)
    assert (hits[0].way[-1] if hits else None) == first
    if first is not None:
        assert words in hits[0].words


def test_names_come_before_kinds_and_kinds_before_values() -> None:
    ways = [hit.way[-1] for hit in index(digits()).find("relu")]
    assert ways[:2] == ["relu1", "relu2"]
    project = digits()
    project = project.edit(project.graph.rename("pool1", "softmax_in"))
    assert index(project).find("softmax")[0].way == ("pool1",)


def test_shapes_are_found() -> None:
    project = digits()
    steps = engine.review(project, probing=False).plan.steps
    shape = str(steps["conv2"].leaves[0])
    shapes = {hit.way[-1] for hit in index(project).find(shape)}
    assert " × " in shape
    assert shapes >= {key for key, step in steps.items() if shape in map(str, step.leaves)}
    assert "conv2" in shapes


def test_groups_are_looked_into() -> None:
    ways = [hit.way for hit in index(grouped()).find("conv2")]
    assert ways[0] == ("encoder1", "residual_block1", "conv2")
    assert {len(way) for way in ways} == {2, 3}
