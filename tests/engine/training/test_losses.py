"""Every loss trains: on data that fit it, the number that it gives goes down and the scores beside it are told."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from engine.blocks import CATALOGUE, Block
from engine.check import check
from engine.field import Field
from engine.graph import Wire
from engine.project import Project
from engine.training.events import Epoch, Finished
from engine.training.scores import ALONE
from engine.training.settings import OPTIMIZERS
from tests.engine.drawing import block, draw
from tests.engine.training.given import given, of_kind, over, run

SAMPLES = 60
FIELDS = (
    Field("x", "vector", (6,)),
    Field("near", "vector", (6,)),  # much like x
    Field("far", "vector", (6,)),
    Field("image", "image", (1, 4, 5)),
    Field("kind", "class", classes=("a", "b", "c")),
    Field("yes", "class", classes=("no", "yes")),
    Field("amount", "number"),
    Field("count", "number"),
    Field("truths", "vector", (3,)),
    Field("signs", "vector", (3,)),
    Field("shares", "vector", (3,)),
    Field("listed", "vector", (3,)),  # indices of the classes that apply, then -1
    Field("labels", "vector", (2,)),  # a row of labels from 1 to 3
    Field("mask", "image", (1, 4, 5)),
)


def data() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=(SAMPLES, 6))
    kind = x[:, :3].argmax(1)
    truths = x[:, :3] > 0
    shares = np.exp(x[:, :3]) / np.exp(x[:, :3]).sum(1, keepdims=True)
    image = random.uniform(size=(SAMPLES, 1, 4, 5))
    listed = np.stack([kind, np.where(truths[:, 0], (kind + 1) % 3, -1), np.full(SAMPLES, -1)], axis=1)
    return {
        "x": x,
        "near": x + 0.1 * random.normal(size=x.shape),
        "far": random.normal(size=x.shape),
        "image": image,
        "kind": kind,
        "yes": (x[:, 0] > 0).astype(int),
        "amount": x[:, :1] * 2 + 1,
        "count": random.poisson(np.exp(x[:, :1])),
        "truths": truths,
        "signs": np.where(truths, 1, -1),
        "shares": shares,
        "listed": listed,
        "labels": np.stack([1 + kind, 1 + (kind + 1) % 3], axis=1),
        "mask": image > 0.5,
    }


ARRAYS = {name: values.astype("int64" if name in ("kind", "yes") else "float32") for name, values in data().items()}

X, NEAR, FAR = (block("Input", field=name) for name in ("x", "near", "far"))
IMAGE = block("Input", field="image")


def target(field: str, encoding: str = "index") -> Block:
    return block("Target", field=field, encoding=encoding)


def predicted(loss: Block, what: Block, *last: Block, scores: int = 3) -> Project:
    """x → hidden → scores → … → loss, against a target."""
    layers = {f"last{number}": one for number, one in enumerate(last)}
    blocks = {"x": X, "hidden": block("Linear", out_features=8), "act": block("Tanh")}
    blocks |= {"fc": block("Linear", out_features=scores), **layers, "y": what, "loss": loss}
    return draw(blocks, " -> ".join(["x", "hidden", "act", "fc", *layers, "loss.prediction"]), "y -> loss.target")


def segmented(loss: Block, channels: int = 1) -> Project:
    """A mask of an image."""
    blocks = {"image": IMAGE, "conv": block("Conv2d", out_channels=channels, kernel_size=3, padding=1)}
    blocks |= {"mask": target("mask"), "loss": loss}
    return draw(blocks, "image -> conv -> loss.prediction", "mask -> loss.target")


def compared(
    loss: Block, *inputs: Block, what: Block | None = None, between: tuple[Block, ...] = (), width: int = 4
) -> Project:
    """One encoder, used once for each input, and a target where the loss asks for one."""
    blocks = {f"x{number}": one for number, one in enumerate(inputs)}
    blocks |= {"fc": block("Linear", out_features=width)}
    layers = {f"way{number}": one for number, one in enumerate(between)}
    blocks |= {"y": what, **layers} if what is not None else {}
    blocks["loss"] = loss
    wires = [" -> ".join(["y", *layers, "loss.target"])] if what is not None else []
    graph = draw(blocks, *wires).graph
    ports = [port.name for port in loss.input_ports() if port.name != "target"]
    for number, port in enumerate(ports):
        graph, encoder = graph.share("fc") if number else (graph, "fc")
        graph = graph.connect(Wire(f"x{number}", "y", encoder, "x")).connect(Wire(encoder, "y", "loss", port))
    return draw({}).edit(graph)


def gaussian(loss: Block) -> Project:
    """A mean and a variance of the amount."""
    blocks = {"x": X, "mean": block("Linear", out_features=1), "wide": block("Linear", out_features=1)}
    blocks |= {"positive": block("Softplus"), "y": target("amount"), "loss": loss}
    wires = ("x -> mean -> loss.prediction", "x -> wide -> positive -> loss.var", "y -> loss.target")
    return draw(blocks, *wires)


def autoencoder(divergence: Block) -> Project:
    """A variational one: code by mean and log-variance, noise, and two losses."""
    blocks = {"x": X, "mu": block("Linear", out_features=2), "log_variance": block("Linear", out_features=2)}
    blocks |= {"halved": block("Affine", scale=0.5), "sigma": block("Exp"), "noise": block("RandomNormal")}
    blocks |= {"spread": block("Multiply"), "z": block("Add"), "decode": block("Linear", out_features=6)}
    blocks |= {"mse": block("MSELoss", reduction="batchmean"), "loss": divergence}
    return draw(
        blocks,
        "x -> mu -> z.x1",
        "x -> log_variance -> halved -> sigma -> spread.x1",
        "sigma -> noise -> spread.x2",
        "spread -> z.x2",
        "z -> decode -> mse.prediction",
        "x -> mse.target",
        "mu -> loss.mu",
        "log_variance -> loss.log_variance",
    )


def spelled(loss: Block) -> Project:
    """A row of labels somewhere in a sequence of eight steps."""
    blocks = {"x": X, "fc": block("Linear", out_features=32), "steps": block("Reshape", sample_shape=(8, 4))}
    blocks |= {"log": block("LogSoftmax"), "labels": target("labels"), "whole": block("Cast", dtype="int64")}
    blocks["loss"] = loss
    return draw(blocks, "x -> fc -> steps -> log -> loss.prediction", "labels -> whole -> loss.target")


def listed(loss: Block) -> Project:
    project = predicted(loss, block("Cast", dtype="int64"))
    graph, key = project.graph.add(target("listed"), "listed")
    return project.edit(graph.connect(Wire(key, "y", "y", "x")))


def penalised(loss: Block) -> Project:
    """A squared error and a penalty on the scores."""
    blocks = {"x": X, "fc": block("Linear", out_features=1), "square": block("Square"), "y": target("amount")}
    blocks |= {"mse": block("MSELoss"), "loss": loss}
    return draw(blocks, "x -> fc -> mse.prediction", "y -> mse.target", "fc -> square -> loss.value")


CLASSES, PIXELS, NUMBERS, NOTHING = ("accuracy",), ("accuracy", "iou"), ("mae", "r2"), ()
KIND, YES, AMOUNT = target("kind"), target("yes", "number"), target("amount")
LOG, SIGMOID = block("LogSoftmax"), block("Sigmoid")
SIGN = (block("Affine", scale=2.0, offset=-1.0),)

TABLE: dict[str, list[tuple[Project, tuple[str, ...]]]] = {
    "CrossEntropyLoss": [
        (predicted(block("CrossEntropyLoss", label_smoothing=0.1), KIND), CLASSES),
        (predicted(block("CrossEntropyLoss", ignore_index=2), KIND), CLASSES),
        (predicted(block("CrossEntropyLoss", class_weights=(1, 2, 3)), KIND), CLASSES),
        (predicted(block("CrossEntropyLoss", class_weights=(1, 2, 3)), target("shares")), CLASSES),
    ],
    "BCEWithLogitsLoss": [
        (predicted(block("BCEWithLogitsLoss", pos_weight=(2,)), YES, scores=1), CLASSES),
        (predicted(block("BCEWithLogitsLoss", pos_weight=(1, 2, 3)), target("truths")), CLASSES),
        (segmented(block("BCEWithLogitsLoss")), PIXELS),
    ],
    "BCELoss": [(predicted(block("BCELoss"), YES, SIGMOID, scores=1), CLASSES)],
    "NLLLoss": [(predicted(block("NLLLoss", class_weights=(1, 2, 3)), KIND, LOG), CLASSES)],
    "MSELoss": [
        (predicted(block("MSELoss"), AMOUNT, scores=1), NUMBERS),
        (predicted(block("MSELoss", reduction="batchmean"), target("x"), scores=6), NUMBERS),
    ],
    "L1Loss": [(predicted(block("L1Loss"), AMOUNT, scores=1), NUMBERS)],
    "SmoothL1Loss": [(predicted(block("SmoothL1Loss", beta=0.5), AMOUNT, scores=1), NUMBERS)],
    "HuberLoss": [(predicted(block("HuberLoss", delta=0.5), AMOUNT, scores=1), NUMBERS)],
    "MeanLoss": [(penalised(block("MeanLoss", weight=0.1)), tuple(f"mse_{name}" for name in NUMBERS))],
    "FocalLoss": [
        (predicted(block("FocalLoss", class_weights=(1, 2, 3)), KIND), CLASSES),
        (predicted(block("FocalLoss", alpha=0.25, gamma=0.5), YES, scores=1), CLASSES),
    ],
    "DiceLoss": [(segmented(block("DiceLoss")), PIXELS)],
    "TverskyLoss": [(segmented(block("TverskyLoss")), PIXELS)],
    "KLDivLoss": [(predicted(block("KLDivLoss"), target("shares"), LOG), NOTHING)],
    "GaussianKLLoss": [
        (autoencoder(block("GaussianKLLoss", weight=0.1)), tuple(f"mse_{name}" for name in NUMBERS)),
    ],
    "GaussianNLLLoss": [(gaussian(block("GaussianNLLLoss")), NUMBERS)],
    "PoissonNLLLoss": [
        (predicted(block("PoissonNLLLoss"), target("count"), scores=1), NOTHING),
        (predicted(block("PoissonNLLLoss", log_input=False), target("count"), block("Exp"), scores=1), NUMBERS),
    ],
    "MultiMarginLoss": [(predicted(block("MultiMarginLoss"), KIND), CLASSES)],
    "MultiLabelMarginLoss": [(listed(block("MultiLabelMarginLoss")), NOTHING)],
    "MultiLabelSoftMarginLoss": [(predicted(block("MultiLabelSoftMarginLoss"), target("truths")), CLASSES)],
    "SoftMarginLoss": [(predicted(block("SoftMarginLoss"), target("signs")), CLASSES)],
    "HingeEmbeddingLoss": [(predicted(block("HingeEmbeddingLoss"), target("signs"), block("Abs")), NOTHING)],
    "MarginRankingLoss": [
        (compared(block("MarginRankingLoss", margin=1.0), X, FAR, what=target("signs"), width=3), NOTHING),
    ],
    "TripletMarginLoss": [(compared(block("TripletMarginLoss"), X, NEAR, FAR), NOTHING)],
    "TripletMarginWithDistanceLoss": [(compared(block("TripletMarginWithDistanceLoss"), X, NEAR, FAR), NOTHING)],
    "CosineEmbeddingLoss": [(compared(block("CosineEmbeddingLoss"), X, FAR, what=YES, between=SIGN), NOTHING)],
    "ContrastiveLoss": [
        (compared(block("ContrastiveLoss"), X, FAR, what=YES), NOTHING),
        (compared(block("ContrastiveLoss"), X, FAR, what=target("yes")), NOTHING),
    ],
    "NTXentLoss": [(compared(block("NTXentLoss"), X, NEAR), NOTHING)],
    "CTCLoss": [(spelled(block("CTCLoss")), NOTHING)],
}
CASES = [
    pytest.param(project, metrics, id=f"{name}-{number}")
    for name, rows in TABLE.items()
    for number, (project, metrics) in enumerate(rows)
]


def test_every_loss_is_trained() -> None:
    assert set(TABLE) == {name for name, cls in CATALOGUE.items() if cls.category == "Loss"}


@pytest.mark.parametrize(("project", "metrics"), CASES)
def test_it_learns(project: Project, metrics: tuple[str, ...], tmp_path: Path) -> None:
    project = over(project, given(FIELDS, **ARRAYS), normalise=False)
    project = project.with_(
        training=project.training.change(epochs=5, batch_size=10, optimizer=OPTIMIZERS["Adam"](lr=0.02))
    )
    assert [str(problem) for problem in check(project)] == []
    events = run(project, tmp_path / "run")
    epochs, (finished,) = of_kind(Epoch, events), of_kind(Finished, events)
    assert epochs[-1].train["loss"] < epochs[0].train["loss"]
    told = dict(finished.test)
    assert all(math.isfinite(value) for value in told.values())
    losses = {
        "loss",
        ALONE,
        *(step for step in project.graph.nodes if project.graph.nodes[step].block.category == "Loss"),
    }
    assert tuple(name for name in told if name not in losses) == metrics
