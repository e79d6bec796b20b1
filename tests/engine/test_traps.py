"""The classic traps: what is warned of, that the fixes lead out, and that sound designs are left in peace."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.check import check
from engine.graph import Wire
from engine.problem import Problem
from engine.project import Project
from tests.engine.drawing import block, draw

ERROR, WARNING = "error", "warning"


def classes(*before_loss: tuple[str, Block], loss: Block, scores: int = 3, **label: str) -> Project:
    """features → fc → … → loss, against the kind of iris."""
    middle = dict(before_loss)
    blocks = {
        "x": block("Input", field="features"),
        "fc": block("Linear", out_features=scores),
        **middle,
        "label": block("Target", field="species", **label),
        "loss": loss,
    }
    return draw(blocks, " -> ".join(["x", "fc", *middle, "loss.prediction"]), "label -> loss.target", source="Iris")


def binary(*before_loss: tuple[str, Block], loss: Block) -> Project:
    field = next(
        field.name for field in draw({}, source="BreastCancer").data.fields().values() if field.kind == "class"
    )
    middle = dict(before_loss)
    blocks = {
        "x": block("Input", field="features"),
        "fc": block("Linear", out_features=1),
        **middle,
        "label": block("Target", field=field, encoding="number"),
        "loss": loss,
    }
    wires = (" -> ".join(["x", "fc", *middle, "loss.prediction"]), "label -> loss.target")
    return draw(blocks, *wires, source="BreastCancer")


def numbers(*before_loss: tuple[str, Block], loss: Block) -> Project:
    middle = dict(before_loss)
    blocks = {
        "x": block("Input", field="features"),
        "fc": block("Linear", out_features=1),
        **middle,
        "y": block("Target", field="progression"),
        "loss": loss,
    }
    wires = (" -> ".join(["x", "fc", *middle, "loss.prediction"]), "y -> loss.target")
    return draw(blocks, *wires, source="Diabetes")


CE, NLL = block("CrossEntropyLoss"), block("NLLLoss")
BCE, LOGITS = block("BCELoss"), block("BCEWithLogitsLoss")
SOFTMAX, LOG, SIGMOID = ("soft", block("Softmax")), ("log", block("LogSoftmax")), ("sig", block("Sigmoid"))
NORM = ("norm", block("BatchNorm1d"))

TABLE: dict[str, tuple[Project, tuple[str, str, str, list[str]]]] = {
    "softmax twice": (
        classes(SOFTMAX, loss=CE),
        ("Softmax feeds CrossEntropy", WARNING, "soft", ["Rewire loss to fc", "Use LogSoftmax and NLLLoss"]),
    ),
    "log-softmax twice": (
        classes(LOG, loss=CE),
        ("LogSoftmax feeds CrossEntropy", WARNING, "log", ["Rewire loss to fc", "Use LogSoftmax and NLLLoss"]),
    ),
    "softmax twice, against one-hot": (
        classes(SOFTMAX, loss=CE, encoding="one-hot"),
        ("Softmax feeds CrossEntropy", WARNING, "soft", ["Rewire loss to fc"]),
    ),
    "sigmoid twice": (
        binary(SIGMOID, loss=LOGITS),
        ("Sigmoid feeds BCEWithLogits", WARNING, "sig", ["Rewire loss to fc", "Use BCELoss"]),
    ),
    "ReLU before cross-entropy": (
        classes(("act", block("ReLU")), loss=CE),
        ("ReLU cuts off the scores", WARNING, "act", ["Rewire loss to fc"]),
    ),
    "tanh before a binary loss": (
        binary(("act", block("Tanh")), loss=LOGITS),
        ("Tanh cuts off the scores", WARNING, "act", ["Rewire loss to fc"]),
    ),
    "no log-softmax before NLL": (
        classes(loss=NLL),
        ("fc does not give what loss expects", WARNING, "loss", ["Use CrossEntropyLoss"]),
    ),
    "softmax before NLL": (
        classes(SOFTMAX, loss=NLL),
        ("soft does not give what loss expects", WARNING, "loss", ["Use LogSoftmax"]),
    ),
    "no sigmoid before BCE": (
        binary(loss=BCE),
        ("fc does not give what loss expects", ERROR, "loss", ["Use BCEWithLogitsLoss"]),
    ),
    "too few scores": (
        classes(loss=CE, scores=2),
        ("2 scores for 3 classes", ERROR, "fc", ["Set features out of fc to 3"]),
    ),
    "one score": (
        classes(loss=CE, scores=1),
        ("1 score for 3 classes", ERROR, "fc", ["Set features out of fc to 3"]),
    ),
    "too many scores": (
        classes(loss=CE, scores=10),
        ("10 scores for 3 classes", WARNING, "fc", ["Set features out of fc to 3"]),
    ),
    "too few scores, an activation between": (
        classes(LOG, loss=NLL, scores=2),
        ("2 scores for 3 classes", ERROR, "fc", ["Set features out of fc to 3"]),
    ),
    "too few scores, not from a Linear": (
        classes(("flat", block("Flatten")), loss=CE, scores=2),
        ("2 scores for 3 classes", ERROR, "flat", []),
    ),
    "a yes-or-no loss on numbers": (
        numbers(loss=LOGITS),
        ("loss expects targets of 0 or 1", ERROR, "loss", ["Use MSELoss", "Use L1Loss"]),
    ),
    "batches of one before batch normalisation": (
        classes(NORM, loss=CE).with_(training=classes(loss=CE).training.change(batch_size=1)),
        ("norm needs more than one sample a batch", ERROR, "norm", ["Set the batch size to 32"]),
    ),
}


def the_one(project: Project, title: str) -> Problem:
    found = [problem for problem in check(project) if problem.title == title]
    assert len(found) == 1, [str(problem) for problem in check(project)]
    return found[0]


@pytest.mark.parametrize("case", TABLE)
def test_tells(case: str) -> None:
    project, (title, severity, where, labels) = TABLE[case]
    problem = the_one(project, title)
    assert (problem.severity, problem.block) == (severity, where)
    assert [fix.label for fix in problem.fixes] == labels
    assert problem.builds or severity == WARNING


@pytest.mark.parametrize("case", TABLE)
def test_every_fix_leads_out(case: str) -> None:
    project, (title, *_) = TABLE[case]
    for fix in the_one(project, title).fixes:
        assert [str(problem) for problem in check(fix.edit(project))] == [], fix.label


SOUND = {
    "cross-entropy on logits": classes(loss=CE),
    "cross-entropy on one-hot": classes(loss=CE, encoding="one-hot"),
    "NLL on log-softmax": classes(LOG, loss=NLL),
    "BCE on a sigmoid": binary(SIGMOID, loss=BCE),
    "BCE with logits": binary(loss=LOGITS),
    "BCE with logits on one-hot": classes(loss=LOGITS, encoding="one-hot"),
    "BCE on a softmax of one-hot": classes(SOFTMAX, loss=BCE, encoding="one-hot"),
    "squared error": numbers(loss=block("MSELoss")),
    "a sigmoid before a squared error": numbers(SIGMOID, loss=block("MSELoss")),
    "a softmax in the middle": classes(SOFTMAX, ("fc2", block("Linear", out_features=3)), loss=CE),
    "batch normalisation": classes(NORM, loss=CE),
}


@pytest.mark.parametrize("case", SOUND)
def test_leaves_sound_designs_in_peace(case: str) -> None:
    assert [str(problem) for problem in check(SOUND[case])] == []


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


def test_rewiring_keeps_an_activation_that_others_need() -> None:
    project = classes(SOFTMAX, loss=CE)
    project, out = project.add(block("Output"), (0, 0))
    project = project.edit(project.graph.connect(Wire("soft", "y", out, "x")))
    after = the_one(project, "Softmax feeds CrossEntropy").fixes[0].edit(project)
    assert "soft" in after.graph.nodes
    assert after.graph.into("loss", "prediction") == Wire("fc", "y", "loss", "prediction")


def test_fixes_keep_the_weight_of_a_loss() -> None:
    project = classes(loss=block("NLLLoss", weight=0.25))
    after = the_one(project, "fc does not give what loss expects").fixes[0].edit(project)
    assert after.graph.nodes["loss"].block == block("CrossEntropyLoss", weight=0.25)


def test_a_network_is_not_its_own_target() -> None:
    project = draw(
        {
            "x": block("Input", field="features"),
            "a": block("Linear", out_features=4),
            "b": block("Linear", out_features=4),
            "loss": block("MSELoss"),
        },
        "x -> a -> loss.prediction",
        "x -> b -> loss.target",
        source="Iris",
    )
    (problem,) = check(project)
    assert (problem.title, problem.severity, problem.block) == (
        "loss compares the network with itself",
        WARNING,
        "loss",
    )
