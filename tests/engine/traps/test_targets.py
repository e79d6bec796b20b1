"""Targets that a loss can't learn from: what is told, that the fixes lead out, and what is left alone."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.check import check
from engine.project import Project
from tests.engine.drawing import block, draw
from tests.engine.traps.drawn import (
    ERROR,
    WARNING,
    YES_OR_NO,
    Expected,
    assert_leads_out,
    assert_told,
    binary,
    classes,
    line,
    numbers,
    raw,
    vectors,
)

CE, NLL = block("CrossEntropyLoss"), block("NLLLoss")
LOGITS = block("BCEWithLogitsLoss")
LOG, FLAT = ("log", block("LogSoftmax")), ("flat", block("Flatten"))
COSINE, CONTRASTIVE = block("CosineEmbeddingLoss"), block("ContrastiveLoss")


def pair(loss: Block, source: str = "BreastCancer", **target: str) -> Project:
    """Two uses of one encoder, and whether they are alike."""
    first, second, *_ = loss.input_ports()
    blocks = {
        "x1": block("Input", field="features"),
        "x2": block("Input", field="features"),
        "fc": block("Linear", out_features=4),
        "alike": block("Target", **target),
        "loss": loss,
    }
    project = draw(blocks, f"x1 -> fc -> loss.{first.name}", "alike -> loss.target", source=source)
    graph, other = project.graph.share("fc")
    project = project.edit(graph)
    return drawn_on(project, f"x2.y -> {other}.x", f"{other}.y -> loss.{second.name}")


def drawn_on(project: Project, *wires: str) -> Project:
    from engine.graph import Wire

    graph = project.graph
    for wire in wires:
        graph = graph.connect(Wire.parse(wire))
    return project.edit(graph)


def images(loss: Block) -> Project:
    """An autoencoder of images."""
    blocks = {
        "image": block("Input", field="image"),
        "conv": block("Conv2d", out_channels=1, kernel_size=1),
        "loss": loss,
    }
    return draw(blocks, "image -> conv -> loss.prediction", "image -> loss.target")


USE = ["Use MSELoss", "Use L1Loss"]
FEATURES = "Set features out of fc to 3"

TABLE: dict[str, tuple[Project, Expected]] = {
    "too few scores": (classes(loss=CE, scores=2), ("2 scores for 3 classes", ERROR, "fc", [FEATURES])),
    "one score": (classes(loss=CE, scores=1), ("1 score for 3 classes", ERROR, "fc", [FEATURES])),
    "too many scores": (classes(loss=CE, scores=10), ("10 scores for 3 classes", WARNING, "fc", [FEATURES])),
    "too few scores for a focal loss": (
        classes(loss=block("FocalLoss"), scores=2),
        ("2 scores for 3 classes", ERROR, "fc", [FEATURES]),
    ),
    "too few scores for margins": (
        classes(loss=block("MultiMarginLoss"), scores=2),
        ("2 scores for 3 classes", ERROR, "fc", [FEATURES]),
    ),
    "too few scores, an activation between": (
        classes(LOG, loss=NLL, scores=2),
        ("2 scores for 3 classes", ERROR, "fc", [FEATURES]),
    ),
    "too few scores, not from a Linear": (
        classes(FLAT, loss=CE, scores=2),
        ("2 scores for 3 classes", ERROR, "flat", []),
    ),
    "a yes-or-no loss on numbers": (
        numbers(loss=LOGITS),
        ("loss expects targets of 0 or 1", ERROR, "loss", USE),
    ),
    "a yes-or-no loss on numbers as they are": (
        raw(numbers(loss=LOGITS)),
        ("loss expects targets of 0 or 1", WARNING, "loss", USE),
    ),
    "a yes-or-no loss on vectors": (
        vectors(loss=LOGITS),
        ("loss expects targets of 0 or 1", ERROR, "loss", USE),
    ),
    "a yes-or-no loss on normalised images": (
        images(LOGITS),
        ("loss expects targets of 0 or 1", ERROR, "loss", ["Turn normalisation off", *USE]),
    ),
    "an overlap with normalised images": (
        images(block("DiceLoss")),
        ("loss expects targets of 0 or 1", ERROR, "loss", ["Turn normalisation off"]),
    ),
    "alike is not one of three": (
        pair(CONTRASTIVE, "Iris", field="species"),
        ("loss expects targets of 0 or 1", ERROR, "loss", []),
    ),
    "signs written as 0 and 1": (
        pair(COSINE, field=YES_OR_NO, encoding="number"),
        ("loss expects targets of -1 or 1", ERROR, "loss", ["Put Affine between alike and loss"]),
    ),
    "signs written as an index": (
        pair(COSINE, field=YES_OR_NO),
        ("loss expects targets of -1 or 1", ERROR, "loss", ["Put Affine between alike and loss"]),
    ),
    "a logistic loss on 0 and 1": (
        binary(loss=block("SoftMarginLoss")),
        ("loss expects targets of -1 or 1", ERROR, "loss", ["Put Affine between label and loss"]),
    ),
    "a logistic loss on one-hot": (
        classes(loss=block("SoftMarginLoss"), encoding="one-hot"),
        ("loss expects targets of -1 or 1", ERROR, "loss", ["Put Affine between label and loss"]),
    ),
    "a sign is not one of three": (
        pair(COSINE, "Iris", field="species"),
        ("loss expects targets of -1 or 1", ERROR, "loss", []),
    ),
    "a sign is no number": (
        numbers(loss=block("SoftMarginLoss")),
        ("loss expects targets of -1 or 1", ERROR, "loss", []),
    ),
    "counts brought to mean 0": (
        numbers(loss=block("PoissonNLLLoss")),
        ("loss expects counts", ERROR, "loss", ["Turn normalisation off"]),
    ),
    "probabilities brought to mean 0": (
        vectors(LOG, loss=block("KLDivLoss")),
        ("loss expects probabilities", ERROR, "loss", ["Turn normalisation off"]),
    ),
    "probabilities of classes brought to mean 0": (
        vectors(loss=CE),
        ("loss expects probabilities", ERROR, "loss", ["Turn normalisation off"]),
    ),
    "one score for yes or no": (
        binary(loss=CE),
        ("loss has nothing to choose from", ERROR, "loss", ["Use BCEWithLogitsLoss"]),
    ),
    "a number for a class": (
        numbers(loss=CE),
        ("loss has nothing to choose from", ERROR, "loss", USE),
    ),
    "nothing left of the target": (
        classes(loss=block("CrossEntropyLoss", label_smoothing=1.0)),
        ("loss leaves nothing of its target", ERROR, "loss", ["Set label smoothing of loss to 0.1"]),
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_tells(case: str) -> None:
    assert_told(*TABLE[case])


@pytest.mark.parametrize("case", TABLE)
def test_every_fix_leads_out(case: str) -> None:
    project, (title, *_) = TABLE[case]
    assert_leads_out(project, title)


def consistency(*before_target: tuple[str, Block], frozen: bool = False) -> Project:
    """Two networks of which one shall give what the other gives."""
    middle = dict(before_target)
    blocks = {
        "x": block("Input", field="features"),
        "a": block("Linear", out_features=4),
        "b": block("Linear", out_features=4),
        **middle,
        "loss": block("MSELoss"),
    }
    wires = ("x -> a -> loss.prediction", " -> ".join(["x", "b", *middle, "loss.target"]))
    project = draw(blocks, *wires, source="Iris")
    weights = project.graph.nodes["b"].weights.change(frozen=frozen)
    return project.edit(project.graph.treat("b", weights))


def denoiser() -> Project:
    """A network that tells the noise it was given."""
    blocks = {
        "x": block("Input", field="features"),
        "noise": block("RandomNormal"),
        "sum": block("Add"),
        "fc": block("Linear", out_features=4),
        "loss": block("MSELoss"),
    }
    return draw(
        blocks,
        "x -> noise -> sum.x2",
        "x -> sum.x1",
        "sum -> fc -> loss.prediction",
        "noise -> loss.target",
        source="Iris",
    )


def triplet() -> Project:
    """Three uses of one encoder, and no target."""
    blocks = {
        "a": block("Input", field="features"),
        "p": block("Input", field="features"),
        "n": block("Input", field="features"),
        "fc": block("Linear", out_features=4),
        "loss": block("TripletMarginLoss"),
    }
    project = draw(blocks, "a -> fc -> loss.anchor", source="Iris")
    graph, second = project.graph.share("fc")
    graph, third = graph.share("fc")
    return drawn_on(
        project.edit(graph),
        f"p.y -> {second}.x",
        f"n.y -> {third}.x",
        f"{second}.y -> loss.positive",
        f"{third}.y -> loss.negative",
    )


SIGN = ("sign", block("Affine", scale=2.0, offset=-1.0))

SOUND = {
    "a frozen teacher": consistency(frozen=True),
    "a target that is detached": consistency(("stop", block("Detach"))),
    "noise for a target": denoiser(),
    "three views and no target": triplet(),
    "a pair and whether it is alike": pair(CONTRASTIVE, field=YES_OR_NO),
    "a pair and whether it is alike, as a number": pair(CONTRASTIVE, field=YES_OR_NO, encoding="number"),
    "two views and no labels": drawn_on(
        pair(block("NTXentLoss"), field=YES_OR_NO).remove(["alike"]),
    ),
    "counts": raw(numbers(loss=block("PoissonNLLLoss"))),
    "images of 0 to 1": raw(images(LOGITS)),
    "yes or no for each of several": raw(vectors(loss=LOGITS)),
    "label smoothing": classes(loss=block("CrossEntropyLoss", label_smoothing=0.1)),
    "signs": binary(loss=block("MSELoss")),
}


def test_signs_made_of_0_and_1_are_left_in_peace() -> None:
    project = line("BreastCancer", block("Target", field=YES_OR_NO, encoding="number"), 1, (), block("SoftMarginLoss"))
    graph, key = project.graph.add(SIGN[1], SIGN[0])
    project = drawn_on(project.edit(graph), f"label.y -> {key}.x", f"{key}.y -> loss.target")
    assert [str(problem) for problem in check(project)] == []


@pytest.mark.parametrize("case", SOUND)
def test_leaves_sound_designs_in_peace(case: str) -> None:
    assert [str(problem) for problem in check(SOUND[case])] == []


def test_a_network_is_not_its_own_target() -> None:
    (problem,) = check(consistency())
    assert problem.title == "loss compares the network with itself"
    assert (problem.severity, problem.block, problem.port) == (WARNING, "loss", "target")


def test_a_layer_in_front_of_both_sides_counts_as_the_network() -> None:
    """The target is what an inner layer gives, which learns as well."""
    blocks = {
        "x": block("Input", field="features"),
        "hidden": block("Linear", out_features=4),
        "act": block("Tanh"),
        "out": block("Linear", out_features=4),
        "loss": block("MSELoss"),
    }
    wires = ("x -> hidden -> act -> out -> loss.prediction", "act -> loss.target")
    (problem,) = check(draw(blocks, *wires, source="Iris"))
    assert problem.title == "loss compares the network with itself"
