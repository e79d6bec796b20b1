"""Training on a GPU beside a plain PyTorch loop over the same network, with all data on the GPU in both.

What counts is the time that passes, since the processor mostly waits. Without a GPU there is nothing to measure.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engine
from tests.benchmarks.training import BATCH, LINEAR, MODELS, Made, Model, project_of
from tests.drawn.composites import down, residual, transformer

ROUNDS = 5
EPOCHS = 4
SMALL_GOAL, LARGE_GOAL = 3.0, 1.0
RESNET = Model(
    "ResNet-18",
    "images of 32×32 pixels",
    3200,
    LARGE_GOAL,
    (
        ("Conv2d", {"out_channels": 64, "padding": 1, "bias": False}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        residual(64).change(repeat=2),
        *(part for channels in (128, 256, 512) for part in (down(channels), residual(channels))),
        ("AdaptiveAvgPool2d", {"output_size": 1}),
        ("Flatten", {}),
        (LINEAR, {"out_features": 10}),
    ),
    "CrossEntropyLoss",
)
GPT = Model(
    "GPT small",
    "its twelve blocks of 768, over 128 words, behind them a choice of ten",
    640,
    LARGE_GOAL,
    (
        ("Cast", {"dtype": "int64"}),
        ("Embedding", {"num_embeddings": 50_257, "embedding_dim": 768}),
        ("LearnedPositionalEncoding", {"max_length": 128}),
        transformer(768, 12, causal=True, repeat=12),
        ("LayerNorm", {}),
        ("Select", {"dim": 1, "index": -1}),
        (LINEAR, {"out_features": 10}),
    ),
    "CrossEntropyLoss",
)
GPU_MODELS = (*MODELS, RESNET, GPT)


def measure(models: tuple[Model, ...] = GPU_MODELS, device: str = "cuda") -> Iterator[dict[str, Any]]:
    """Samples a second, `engine.train` against the plain loop, taking turns."""
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        print("There is no GPU that PyTorch can use here, so none is measured.", file=sys.stderr)
        return
    for model in models:
        sides = (ours(model, device), plain(model, device))
        for side in sides:
            side()  # to get warm
        rounds = [[side() for side in sides] for _ in range(ROUNDS)]
        yield {
            "name": f"{model.name} engine.train against a plain loop on the GPU",
            "ours": statistics.median(mine for mine, _ in rounds),
            "reference": statistics.median(theirs for _, theirs in rounds),
            "ratio": statistics.median(mine / theirs for mine, theirs in rounds),
            "unit": "samples/s",
        }


def ours(model: Model, device: str) -> Callable[[], float]:
    """Samples a second from the first step to the last; a run tells on standard error why its steps aren't captured."""
    project = project_of(model, EPOCHS, device)

    def train() -> float:
        with tempfile.TemporaryDirectory() as folder:
            events = engine.train(project, Path(folder) / "run")
            started = next(events)
            if not started.traced:
                print(f"{model.name} goes the plain way: {started.reason}.", file=sys.stderr)
            begun = time.perf_counter()
            for _ in events:
                continue
            return EPOCHS * model.samples / (time.perf_counter() - begun)

    return train


def plain(model: Model, device: str) -> Callable[[], float]:
    """The loop that one writes by hand, over the very network, with torch's own Adam."""
    import torch

    network = engine.compile(project_of(model, EPOCHS, device)).to(device)
    read = Made(kind=model.name, samples=model.samples).read()
    x, y = (torch.from_numpy(read[name]).to(device) for name in ("x", "y"))
    loss = torch.nn.MSELoss() if model.loss == "MSELoss" else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters())

    def train() -> float:
        begun = time.perf_counter()
        for _ in range(EPOCHS):
            order = torch.randperm(len(x), device=device)
            total = torch.zeros((), device=device)
            for first in range(0, len(x), BATCH):
                rows = order[first : first + BATCH]
                optimizer.zero_grad()
                value = loss(network(x[rows]), y[rows])
                value.backward()
                optimizer.step()
                total += value.detach()
            total.item()
        return EPOCHS * len(x) / (time.perf_counter() - begun)

    return train


def summary(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table."""
    if not rows:
        return "No GPU, no table."
    lines = [["model", "samples a second", "plain loop", "ratio", "goal"], ["---"] * 5]
    for model, row in zip(GPU_MODELS, rows, strict=True):
        goal = SMALL_GOAL if model in MODELS else LARGE_GOAL
        figures = (f"{row['ours']:.0f}", f"{row['reference']:.0f}", f"{row['ratio']:.2f}", f"{goal:.1f}")
        lines.append([f"{model.name}: {model.words}", *figures])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
