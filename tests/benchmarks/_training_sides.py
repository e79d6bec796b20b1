"""One way to train one of the models, in a process of its own: `python -m tests.benchmarks._training_sides SIDE MODEL`.

For each line that comes in it trains once and answers with its processor seconds for a thousand samples.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.training import BATCH, COMPILED, HALF, MODELS, OURS, Made, Model, project_of

EPOCHS = {"M1": 4, "M2": 4, "M3": 3, "M4": 4}
Side = Callable[[], tuple[float, float]]  # seconds of training, and before its first step


def network_of(model: Model) -> Any:
    """The network as one would write it without Plexus."""
    import torch
    from torch import nn

    class LastOfLSTM(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(64, 64, batch_first=True)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.lstm(x)[0][:, -1]

    return {
        "M1": lambda: nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)),
        "M2": lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
        "M3": lambda: nn.Sequential(
            *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, 10)),
        ),
        "M4": lambda: nn.Sequential(
            *(nn.Embedding(10_000, 64), LastOfLSTM(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
        ),
    }[model.name]()


def data_of(model: Model) -> tuple[Any, Any]:
    read = Made(kind=model.name, samples=model.samples).read()
    return read["x"].astype("int64") if model.name == "M4" else read["x"], read["y"]


def hand(model: Model) -> Side:
    """Shuffled, preloaded tensors; nothing read back but once an epoch."""
    import torch

    torch.set_num_threads(1)
    x, y = (torch.from_numpy(values) for values in data_of(model))
    network = network_of(model)
    loss = torch.nn.MSELoss() if model.loss == "MSELoss" else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters())

    def train() -> tuple[float, float]:
        start = time.process_time()
        for _ in range(EPOCHS[model.name]):
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
        return time.process_time() - start, 0.0

    return train


def ours(model: Model, **settings: Any) -> Side:
    import engine
    from engine.loading import load_heavy

    load_heavy()
    project = project_of(model, EPOCHS[model.name])
    project = project.with_(training=project.training.change(**settings))

    def train() -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            events = engine.train(project, Path(folder) / "run")
            started = next(events)
            assert started.samples["train"] == model.samples
            ready = time.process_time()
            for _ in events:
                continue
            return time.process_time() - ready, ready - start

    return train


def compiled(model: Model) -> Side:
    """A run that goes on and on; what is before is the time by the clock until its steps are compiled."""
    import engine
    from engine.loading import load_heavy
    from engine.training.events import Compiled, Epoch

    load_heavy()
    project = project_of(model, 1_000_000)
    project = project.with_(training=project.training.change(compile="on"))
    events = engine.train(project, Path(tempfile.mkdtemp()) / "run")
    began = time.perf_counter()
    told = next(event for event in events if isinstance(event, Compiled) and event.state != "begun")
    before = time.perf_counter() - began
    print(f"{model.name}: {told.words}, after {before:.0f} s", file=sys.stderr, flush=True)
    epochs = (event for event in events if isinstance(event, Epoch))
    next(epochs)

    def train() -> tuple[float, float]:
        start = time.process_time()
        for _ in range(EPOCHS[model.name]):
            next(epochs)
        return time.process_time() - start, before

    return train


def skorch(model: Model) -> Side:
    import torch
    from skorch import NeuralNetClassifier, NeuralNetRegressor

    torch.set_num_threads(1)
    x, y = data_of(model)
    kind = NeuralNetRegressor if model.loss == "MSELoss" else NeuralNetClassifier
    options: dict[str, Any] = {"train_split": None, "verbose": 0, "optimizer": torch.optim.Adam, "batch_size": BATCH}
    if kind is NeuralNetClassifier:
        options["criterion"] = torch.nn.CrossEntropyLoss
    net = kind(network_of(model), max_epochs=EPOCHS[model.name], iterator_train__shuffle=True, lr=1e-3, **options)
    net.initialize()

    def train() -> tuple[float, float]:
        start = time.process_time()
        net.partial_fit(x, y)
        return time.process_time() - start, 0.0

    return train


def lightning(model: Model) -> Side:
    import lightning
    import torch

    torch.set_num_threads(1)

    class Whole(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.network = network_of(model)
            self.loss = torch.nn.MSELoss() if model.loss == "MSELoss" else torch.nn.CrossEntropyLoss()

        def training_step(self, batch: Any, _: int) -> Any:
            return self.loss(self.network(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters())

    data = torch.utils.data.TensorDataset(*(torch.from_numpy(values) for values in data_of(model)))
    module = Whole()

    def train() -> tuple[float, float]:
        loader = torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True)
        quiet = dict.fromkeys(("logger", "enable_checkpointing", "enable_progress_bar"), False)
        trainer = lightning.Trainer(
            max_epochs=EPOCHS[model.name], accelerator="cpu", enable_model_summary=False, **quiet
        )
        start = time.process_time()
        trainer.fit(module, loader)
        return time.process_time() - start, 0.0

    return train


def keras(model: Model, steps_at_once: int) -> Side:
    import os

    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras as k
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    x, y = data_of(model)
    x = x.transpose(0, 2, 3, 1) if model.name == "M3" else x
    layer = k.layers
    layers = {
        "M1": lambda: [layer.Dense(64, "relu"), layer.Dense(64, "relu"), layer.Dense(1)],
        "M2": lambda: [layer.Dense(128, "relu"), layer.Dense(10)],
        "M3": lambda: [
            *(layer.Conv2D(32, 3, activation="relu"), layer.MaxPool2D(), layer.Conv2D(64, 3, activation="relu")),
            *(layer.MaxPool2D(), layer.Flatten(), layer.Dense(64, "relu"), layer.Dense(10)),
        ],
        "M4": lambda: [
            *(layer.Embedding(10_000, 64), layer.LSTM(64), layer.Dense(64, "relu"), layer.Dense(10)),
        ],
    }[model.name]()
    network = k.Sequential([k.Input(x.shape[1:]), *layers])
    loss = "mse" if model.loss == "MSELoss" else k.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("adam", loss, steps_per_execution=steps_at_once, jit_compile=False)

    def train() -> tuple[float, float]:
        start = time.process_time()
        network.fit(x, y, batch_size=BATCH, epochs=EPOCHS[model.name], verbose=0)
        return time.process_time() - start, 0.0

    return train


SIDES: dict[str, Callable[[Model], Side]] = {
    "hand": hand,
    OURS: ours,
    COMPILED: compiled,
    HALF: lambda model: ours(model, precision="bf16"),
    "skorch": skorch,
    "Lightning": lightning,
    "Keras on TensorFlow": lambda model: keras(model, 1),
    "Keras on TensorFlow, many steps at once": lambda model: keras(model, 10),
}


def main() -> None:
    side, name = sys.argv[1:]
    model = next(model for model in MODELS if model.name == name)
    train = SIDES[side](model)
    samples = model.samples * EPOCHS[name] / 1000
    for _ in sys.stdin:
        seconds, before = train()
        print(json.dumps({"seconds": seconds / samples, "before": before}), flush=True)


if __name__ == "__main__":
    main()
