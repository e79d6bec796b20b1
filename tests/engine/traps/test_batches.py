"""Blocks that need more than one sample a batch."""

from __future__ import annotations

from engine.check import check
from engine.graph import Wire
from engine.project import Project
from tests.engine.drawing import block, draw
from tests.engine.traps.drawn import ERROR, assert_leads_out, assert_told, classes, the_one

CE, NORM = block("CrossEntropyLoss"), ("norm", block("BatchNorm1d"))
LABEL = ["Set the batch size to 32"]


def lone(project: Project) -> Project:
    return project.with_(training=project.training.change(batch_size=1))


def test_batches_of_one_before_batch_normalisation() -> None:
    project, title = classes(NORM, loss=CE), "norm needs more than one sample a batch"
    assert check(project) == []
    assert_told(lone(project), (title, ERROR, "norm", LABEL))
    assert_leads_out(lone(project), title)


def test_an_image_of_one_pixel_a_channel_needs_batches_too() -> None:
    blocks = {
        "image": block("Input", field="image"),
        "pool": block("AdaptiveAvgPool2d"),
        "norm": block("BatchNorm2d"),
        "flat": block("Flatten"),
        "fc": block("Linear", out_features=10),
        "digit": block("Target", field="digit"),
        "loss": CE,
    }
    wires = ("image -> pool -> norm -> flat -> fc -> loss.prediction", "digit -> loss.target")
    assert the_one(draw(blocks, *wires, batch_size=1), "norm needs more than one sample a batch")
    assert check(draw(blocks, *wires, batch_size=2)) == []


def test_a_pair_is_told_from_the_others_of_its_batch() -> None:
    blocks = {
        "x1": block("Input", field="features"),
        "x2": block("Input", field="features"),
        "fc": block("Linear", out_features=4),
        "loss": block("NTXentLoss"),
    }
    project = draw(blocks, "x1 -> fc -> loss.z1", source="Iris")
    graph, other = project.graph.share("fc")
    graph = graph.connect(Wire("x2", "y", other, "x")).connect(Wire(other, "y", "loss", "z2"))
    project, title = project.edit(graph), "loss needs more than one sample a batch"
    assert check(project) == []
    assert_told(lone(project), (title, ERROR, "loss", LABEL))
    assert_leads_out(lone(project), title)
