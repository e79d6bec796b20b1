"""Our step and our loop against a hand-written loop over preloaded tensors, on one thread, in turns."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import engine
from engine.blocks import CATALOGUE
from engine.data.base import Source
from engine.field import Field
from engine.graph import Wire
from engine.project import Project
from engine.record import param
from engine.training.settings import Adam, TrainingSettings

BATCH = 32
ROUNDS = 7


class Made(Source):
    """Random numbers of the shapes that the models want."""

    kind: str = param("number", doc="Which model they are for.")
    samples: int = param(3200, doc="Number of samples.")

    def fields(self) -> tuple[Field, ...]:
        digit = Field("y", "class", classes=tuple("0123456789"))
        return {
            "M1": (Field("x", "vector", (10,)), Field("y", "number")),
            "M2": (Field("x", "vector", (784,)), digit),
            "M3": (Field("x", "image", (1, 28, 28)), digit),
        }[self.kind]

    def read(self) -> dict[str, Any]:
        random = np.random.default_rng(0)
        x = random.standard_normal((self.samples, *self.fields()[0].shape)).astype("float32")
        if self.kind == "M1":
            return {"x": x, "y": x.sum(1, keepdims=True).astype("float32")}
        return {"x": x, "y": random.integers(0, 10, self.samples)}


@dataclass(frozen=True)
class Model:
    name: str
    samples: int
    blocks: tuple[tuple[str, dict[str, Any]], ...]
    loss: str


LINEAR = "Linear"
MODELS = (
    Model(
        "M1",
        6400,
        (
            (LINEAR, {"out_features": 64}),
            ("ReLU", {}),
            (LINEAR, {"out_features": 64}),
            ("ReLU", {}),
            (LINEAR, {"out_features": 1}),
        ),
        "MSELoss",
    ),
    Model(
        "M2", 3200, ((LINEAR, {"out_features": 128}), ("ReLU", {}), (LINEAR, {"out_features": 10})), "CrossEntropyLoss"
    ),
    Model(
        "M3",
        640,
        (
            ("Conv2d", {"out_channels": 32}),
            ("ReLU", {}),
            ("MaxPool2d", {}),
            ("Conv2d", {"out_channels": 64}),
            ("ReLU", {}),
            ("MaxPool2d", {}),
            ("Flatten", {}),
            (LINEAR, {"out_features": 64}),
            ("ReLU", {}),
            (LINEAR, {"out_features": 10}),
        ),
        "CrossEntropyLoss",
    ),
)


def project_of(model: Model, epochs: int) -> Project:
    data = engine.load(Path(__file__).parents[2] / "resources/templates/digits-mlp.plexus").data
    data = data.change(source=Made(kind=model.name, samples=model.samples), validation=0.01, test=0.0)
    training = TrainingSettings(epochs=epochs, batch_size=BATCH, optimizer=Adam(), device="cpu")
    project = Project(name=model.name, data=data, training=training)
    project, before = project.add(CATALOGUE["Input"](field="x"), (0, 0), "image")
    for name, values in model.blocks:
        project, key = project.add(CATALOGUE[name](**values), (0, 0))
        project = project.edit(project.graph.connect(Wire(before, "y", key, "x")))
        before = key
    project, target = project.add(CATALOGUE["Target"](field="y"), (0, 0), "label")
    project, loss = project.add(CATALOGUE[model.loss](), (0, 0), "loss")
    graph = project.graph.connect(Wire(before, "y", loss, "prediction")).connect(Wire(target, "y", loss, "target"))
    return project.edit(graph)


def _hand_written(model: Model) -> Any:
    """The network as one would write it without Plexus."""
    from torch import nn

    return {
        "M1": lambda: nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)),
        "M2": lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
        "M3": lambda: nn.Sequential(
            *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, 10)),
        ),
    }[model.name]()


def _cpu_seconds(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _median_ratio(ours: Callable[[], Any], reference: Callable[[], Any]) -> tuple[float, float, float]:
    """Seconds of ours and of the reference, and the median of the ratios of each round, in turns."""
    ours(), reference()
    rounds = [(_cpu_seconds(ours), _cpu_seconds(reference)) for _ in range(ROUNDS)]
    mine, theirs = zip(*rounds, strict=True)
    return statistics.median(mine), statistics.median(theirs), statistics.median(t / m for m, t in rounds)


def _row(name: str, result: tuple[float, float, float], unit: str) -> dict[str, Any]:
    return {"name": name, "ours": result[0], "reference": result[1], "ratio": result[2], "unit": unit}


def _steps(network: Any, loss: Any, x: Any, y: Any, optimizer: Any) -> None:
    for first in range(0, len(x) - BATCH + 1, BATCH):
        optimizer.zero_grad()
        loss(network(x[first : first + BATCH]), y[first : first + BATCH]).backward()
        optimizer.step()


def _hand_loop(network: Any, loss: Any, x: Any, y: Any, optimizer: Any, epochs: int) -> None:
    """The loop to compare with: shuffled, preloaded tensors, nothing read back but once an epoch."""
    import torch

    for _ in range(epochs):
        order = torch.randperm(len(x))
        total = torch.zeros(())
        for first in range(0, len(x), BATCH):
            rows = order[first : first + BATCH]
            optimizer.zero_grad()
            value = loss(network(x[rows]), y[rows])
            value.backward()
            optimizer.step()
            total += value.detach()
        total.item()


def measure() -> list[dict[str, Any]]:
    """A step of the compiled network against the hand-written one, and the whole loop against a hand-written loop."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    from engine.data.preparation import prepare

    torch.set_num_threads(1)
    rows = []
    for model in MODELS:
        project = project_of(model, epochs=1)
        train = prepare(project.data).train
        x, y = torch.from_numpy(train["x"]), torch.from_numpy(train["y"])
        loss = torch.nn.MSELoss() if model.loss == "MSELoss" else torch.nn.CrossEntropyLoss()
        compiled, plain = engine.compile(project), _hand_written(model)
        steps = [
            partial(_steps, network, loss, x, y, torch.optim.Adam(network.parameters()))
            for network in (compiled, plain)
        ]
        rows.append(_row(f"{model.name} step of the compiled network against hand-written", _median_ratio(*steps), "s"))

        epochs = 3
        project = project.with_(training=project.training.change(epochs=epochs))
        optimizer = torch.optim.Adam(plain.parameters())
        loops = (partial(_ours, project), partial(_hand_loop, plain, loss, x, y, optimizer, epochs))
        rows.append(_row(f"{model.name} engine.train against hand loop", _median_ratio(*loops), "s"))
    return rows


def _ours(project: Project) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for _ in engine.train(project, Path(folder) / "run"):
            continue
