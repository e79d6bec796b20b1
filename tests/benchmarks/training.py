"""The models that trainings are measured on, and the measure: `engine.train` and its peers beside a hand-written loop.

Each side works in a process of its own (`_training_sides`), with one thread, and they take turns. What counts is the
work done in a second of processor time, so other programs on the machine do little harm. The reference is the loop
that one writes by hand over preloaded tensors, with torch's own Adam. All learn from the same number of batches, each
of 32 samples; only ours scores a validation part after each epoch, tells events and writes what it has learned.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import engine
from engine.blocks import CATALOGUE
from engine.data.base import Source
from engine.field import Field
from engine.graph import Wire
from engine.group import Group
from engine.project import Project
from engine.record import param
from engine.training.settings import Adam, TrainingSettings

BATCH = 32
ROUNDS = 5
VALIDATION = 0.01  # share of the samples that ours scores, on top of those that all learn from
OURS = "engine.train"
HALF = "engine.train in bf16"
COMPILED = "engine.train, compiled"


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
            "M4": (Field("x", "vector", (100,)), digit),
            "ResNet-18": (Field("x", "image", (3, 32, 32)), digit),
            "GPT small": (Field("x", "vector", (128,)), digit),
        }[self.kind]

    def read(self) -> dict[str, Any]:
        random = np.random.default_rng(0)
        x = random.standard_normal((self.samples, *self.fields()[0].shape)).astype("float32")
        if self.kind == "M1":
            return {"x": x, "y": x.sum(1, keepdims=True).astype("float32")}
        if self.kind in ("M4", "GPT small"):
            x = random.integers(0, 10_000, x.shape).astype("float32")
        return {"x": x, "y": random.integers(0, 10, self.samples)}


@dataclass(frozen=True)
class Model:
    name: str
    words: str
    samples: int  # whole batches that are learned from in an epoch
    goal: float  # of work in a second of processor time, against the hand-written loop
    blocks: tuple[tuple[str, dict[str, Any]] | Group, ...]  # one behind the other
    loss: str


LINEAR = "Linear"
MODELS = (
    Model(
        "M1",
        "MLP 10-64-64-1",
        6400,
        3.0,
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
        "M2",
        "MLP 784-128-10",
        3200,
        1.6,
        ((LINEAR, {"out_features": 128}), ("ReLU", {}), (LINEAR, {"out_features": 10})),
        "CrossEntropyLoss",
    ),
    Model(
        "M3",
        "CNN on 28×28 pixels",
        640,
        1.6,
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
    Model(
        "M4",
        "LSTM over 100 words",
        640,
        1.2,
        (
            ("Cast", {"dtype": "int64"}),
            ("Embedding", {"num_embeddings": 10_000, "embedding_dim": 64}),
            ("LSTM", {"hidden_size": 64}),
            ("Select", {"dim": 1, "index": -1}),
            (LINEAR, {"out_features": 64}),
            ("ReLU", {}),
            (LINEAR, {"out_features": 10}),
        ),
        "CrossEntropyLoss",
    ),
)


def project_of(model: Model, epochs: int, device: str = "cpu") -> Project:
    data = engine.load(Path(__file__).parents[2] / "resources/templates/digits-mlp.plexus").data
    made = Made(kind=model.name, samples=round(model.samples / (1 - VALIDATION)))
    data = data.change(source=made, validation=VALIDATION, test=0.0, normalise=False)
    training = TrainingSettings(epochs=epochs, batch_size=BATCH, optimizer=Adam(), device=device, threads=1)
    project = Project(name=model.name, data=data, training=training)
    project, before = project.add(CATALOGUE["Input"](field="x"), (0, 0), "image")
    for block in model.blocks:
        project, key = project.add(block if isinstance(block, Group) else CATALOGUE[block[0]](**block[1]), (0, 0))
        project = project.edit(project.graph.connect(Wire(before, "y", key, "x")))
        before = key
    project, target = project.add(CATALOGUE["Target"](field="y"), (0, 0), "label")
    project, loss = project.add(CATALOGUE[model.loss](), (0, 0), "loss")
    graph = project.graph.connect(Wire(before, "y", loss, "prediction")).connect(Wire(target, "y", loss, "target"))
    return project.edit(graph)


class Side:
    """One way to train one model, in a process of its own that trains when it is told to."""

    def __init__(self, side: str, model: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks._training_sides", side, model]
        environment = {**os.environ, **ONE_THREAD}
        # what libraries have to say, shown only if the side fails; closed with the side
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True, env=environment
        )

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._said.close()

    def seconds(self) -> tuple[float, float]:
        """Processor seconds for a thousand samples, and those before the first step."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("{"):
                told = json.loads(line)
                return told["seconds"], told["before"]
        self._said.seek(0)
        raise RuntimeError(f"A side of the benchmark has ended, and said: {self._said.read()[-2000:]}")


ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"),
    "OMP_WAIT_POLICY": "PASSIVE",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}
# side → what must be installed for it
PEERS = {
    "Keras on TensorFlow": ("keras", "tensorflow"),
    "Keras on TensorFlow, many steps at once": ("keras", "tensorflow"),
    "Lightning": ("lightning",),
    "skorch": ("skorch",),
}


def missing() -> list[str]:
    """What the peers need and isn't there."""
    return sorted({name for needs in PEERS.values() for name in needs if importlib.util.find_spec(name) is None})


def knows_half_precision() -> bool:
    """Whether the processor computes in bf16; on others float32 stands in for it, and it only costs."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def measure() -> Iterator[dict[str, Any]]:
    """Work in a second of processor time against the hand-written loop: a row for `engine.train`, and one a peer."""
    peers = [side for side, needs in PEERS.items() if not set(needs) & set(missing())]
    for model in MODELS:
        ours = [OURS, HALF] if model.name == "M3" and knows_half_precision() else [OURS]
        with ExitStack() as stack:
            sides = {name: stack.enter_context(Side(name, model.name)) for name in ("hand", *ours, *peers)}
            rounds = [{name: side.seconds() for name, side in sides.items()} for _ in range(ROUNDS + 1)]
        first, *counted = rounds
        for name in (*ours, *peers):
            yield compared(f"{model.name} {name} against hand loop", counted, name, "hand")
        if peers:
            best = min(peers, key=lambda name: statistics.median(each[name][0] for each in counted))
            yield compared(f"{model.name} {OURS} against {best}", counted, OURS, best)
        before = first[OURS][1]
        yield _row(f"{model.name} made ready against 2 s", before, 2.0, 2.0 / before, "s")


def compared(name: str, rounds: list[dict[str, tuple[float, float]]], ours: str, theirs: str) -> dict[str, Any]:
    seconds = [statistics.median(each[side][0] for each in rounds) for side in (ours, theirs)]
    ratio = statistics.median(each[theirs][0] / each[ours][0] for each in rounds)
    return _row(name, *seconds, ratio, "s/1000 samples")


def _row(name: str, ours: float, reference: float, ratio: float, unit: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": ratio, "unit": unit}


def summary(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table, a column a model, with the goals and what could not be measured."""
    ratios = {row["name"]: row["ratio"] for row in rows}
    lines = [["", *(f"{model.name}: {model.words}" for model in MODELS)], ["---"] * (1 + len(MODELS))]
    lines.append(["hand-written loop", *["1.00"] * len(MODELS)])
    for side in (OURS, HALF, *PEERS):
        told = [ratios.get(f"{model.name} {side} against hand loop") for model in MODELS]
        if any(ratio is not None for ratio in told):
            lines.append([side, *("–" if ratio is None else f"{ratio:.2f}" for ratio in told)])
    lines.append(["goal", *(f"{model.goal:.2f}" for model in MODELS)])
    reached = [ratios.get(f"{model.name} {OURS} against hand loop", 0.0) >= model.goal for model in MODELS]
    lines.append(["reached", *("yes" if each else "no" for each in reached)])
    notes = [f"Not installed, so not measured: {', '.join(missing())}. They come with the extra “benchmark”."]
    notes = notes if missing() else []
    if not knows_half_precision():
        notes.append("bf16 is not measured: this processor has no instructions for it (AVX-512 BF16 or AMX).")
    return "\n".join([*("| " + " | ".join(line) + " |" for line in lines), "", *notes])
