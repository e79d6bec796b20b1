"""What enters a loss: where it comes from, and the edits that lead past it, between it or to another loss."""

from __future__ import annotations

from engine.graph import Wire
from engine.plan import plan
from engine.project import Project
from engine.traps.entry import Entry, entries, field_of
from engine.traps.reach import Reaches
from tests.engine.drawing import block, draw
from tests.engine.traps.drawn import classes, the_one

SOFT = ("soft", block("Softmax"))


def entries_of(project: Project) -> dict[str, Entry]:
    fields = project.data.fields()
    planned = plan(project.graph, fields)
    return {entry.port: entry for entry in entries(planned, planned.steps["loss"], Reaches(planned, fields))}


def test_what_enters_is_told_by_port() -> None:
    project = classes(SOFT, ("flat", block("Flatten")), loss=block("NLLLoss"))
    found = entries_of(project)
    assert list(found) == ["prediction", "target"]
    prediction, target = found["prediction"], found["target"]
    assert (prediction.before.id, prediction.meaning, prediction.reach) == ("flat", "log-probabilities", (0.0, 1.0))
    assert prediction.maker().step.id == "soft"
    assert (target.before.id, target.meaning, target.reach) == ("label", "class index", None)
    field = field_of(project.data.fields(), target)
    assert field is not None
    assert field.name == "species"
    assert field_of(project.data.fields(), prediction) is None


def test_a_port_without_a_wire_brings_nothing() -> None:
    blocks = {
        "x": block("Input", sample_shape=(12, 6)),
        "labels": block("Input", sample_shape=(4,), dtype="int64"),
        "loss": block("CTCLoss"),
    }
    assert list(entries_of(draw(blocks, "x -> loss.prediction", "labels -> loss.target"))) == ["prediction", "target"]


def test_rewiring_keeps_an_activation_that_others_need() -> None:
    project = classes(SOFT, loss=block("CrossEntropyLoss"))
    project, out = project.add(block("Output"), (0, 0))
    project = project.edit(project.graph.connect(Wire("soft", "y", out, "x")))
    after = the_one(project, "Softmax feeds CrossEntropy").fixes[0].edit(project)
    assert "soft" in after.graph.nodes
    assert after.graph.into("loss", "prediction") == Wire("fc", "y", "loss", "prediction")


def test_fixes_keep_what_a_loss_was_told() -> None:
    project = classes(loss=block("NLLLoss", weight=0.25, class_weights=(1, 2, 3), ignore_index=2))
    after = the_one(project, "fc does not give what loss expects").fixes[0].edit(project)
    expected = block("CrossEntropyLoss", weight=0.25, class_weights=(1, 2, 3), ignore_index=2)
    assert after.graph.nodes["loss"].block == expected


def test_a_new_block_stands_between_its_neighbours() -> None:
    project = classes(loss=block("KLDivLoss"), encoding="one-hot").move({"fc": (100.0, 40.0), "loss": (300.0, 80.0)})
    after = the_one(project, "fc does not give what loss expects").fixes[0].edit(project)
    (key,) = set(after.graph.nodes) - set(project.graph.nodes)
    assert after.layout[key] == (200.0, 60.0)
