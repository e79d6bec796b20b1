"""What a trainer computes: it learns, scores as scikit-learn does, and never waits for the device without need."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score

import engine
from engine.data import prepare
from engine.field import Field
from engine.project import Project
from engine.training import trainer as trainers
from engine.training.batches import edges
from engine.training.events import Epoch, Finished, Started
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS
from engine.training.trainer import Trainer
from tests.engine.designs import branches
from tests.engine.drawing import block, classifier, draw
from tests.engine.training.given import given, noisy, of_kind, over, regression, run, same, scores, small, weights


def test_a_loss_that_compares_the_batch_is_scored_in_batches_like_those_of_the_training(tmp_path: Path) -> None:
    """So hot that all pairs look alike, it is the logarithm of how many others there are."""
    blocks = {
        "x1": block("Input", field="features"),
        "x2": block("Input", field="features"),
        "fc1": block("Linear", out_features=4),
        "fc2": block("Linear", out_features=4),
        "loss": block("NTXentLoss", temperature=1e6),
    }
    wires = ("x1 -> fc1 -> loss.z1", "x2 -> fc2 -> loss.z2")
    project = draw(blocks, *wires, source="Iris", batch_size=8, epochs=1)
    [epoch] = of_kind(Epoch, run(project, tmp_path / "run"))
    held = prepare(project.data).sizes["validation"]
    sizes = [last - first for first, last in edges(held, 8)]
    expected = sum(size * math.log(2 * size - 1) for size in sizes) / held
    assert len(sizes) > 1
    assert epoch.validation["loss"] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns(name: str, tmp_path: Path) -> None:
    rate = {"Adadelta": 1.0, "ASGD": 0.1, "RAdam": 0.05}.get(name, 0.01)
    events = run(small(optimizer=OPTIMIZERS[name](lr=rate), epochs=10), tmp_path / "run")
    epochs = of_kind(Epoch, events)
    assert epochs[-1].train["loss"] < 0.8 * epochs[0].train["loss"]
    assert of_kind(Started, events)[0].learning_rate == rate


# These count their steps in a tensor that torch keeps on the CPU, and read it there; the last two read the device.
READING = ("NAdam", "RAdam", "Adamax", "ASGD", "LBFGS", "Adafactor")
READERS = ("item", "tolist", "numpy", "cpu", "__bool__", "__float__", "__int__", "__index__")


def reads(project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a run reads a number from a tensor; each time a GPU would have to be waited for."""
    counted: Counter[str] = Counter()
    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "loss_is_finite", lambda _: True)  # which only reads where it costs nothing
        for reader in READERS:
            original = getattr(torch.Tensor, reader)

            def count(self: torch.Tensor, *args: Any, _name: str = reader, _original: Any = original) -> Any:
                counted[_name] += 1
                return _original(self, *args)

            patched.setattr(torch.Tensor, reader, count)
        run(project, folder)
    return counted


@pytest.mark.usefixtures("no_step")
@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in READING])
def test_reads_from_the_device_do_not_grow_with_the_steps(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many, few = (small(optimizer=OPTIMIZERS[name](), batch_size=size) for size in (3, 21))
    counts = [reads(project, tmp_path / str(index), monkeypatch) for index, project in enumerate((many, few))]
    assert counts[0] == counts[1]
    assert counts[0].total() > 0  # the counting works


def plane(labels: np.ndarray, points: np.ndarray) -> Project:
    """Points of the plane in two classes, given by hand."""
    fields = (Field("features", "vector", (2,)), Field("species", "class", classes=("a", "b", "c")))
    return over(small(), given(fields, features=points.astype("float32"), species=labels))


def test_validation_does_not_leak_into_the_training(tmp_path: Path) -> None:
    """Whatever the validation and test samples are, training ends with the same weights and scores."""
    generator = np.random.default_rng(0)
    points, labels = generator.normal(size=(100, 2)), np.arange(100) % 3
    before = plane(labels, points)
    rows = prepare(before.data).rows
    unseen = np.concatenate([rows["validation"], rows["test"]])
    points[unseen] = 50 + 20 * points[unseen]
    after = plane(labels, points)
    folders = [tmp_path / "before", tmp_path / "after"]
    first, second = (run(project, folder) for project, folder in zip((before, after), folders, strict=True))
    assert [train for _, train, _, _ in scores(first)] == [train for _, train, _, _ in scores(second)]
    assert [validation for _, _, validation, _ in scores(first)] != [v for _, _, v, _ in scores(second)]
    states = [engine.training.run.read_tensors(folder / "last" / "state.safetensors") for folder in folders]
    trained = [{k: v for k, v in state.items() if k.startswith(("network.", "learning."))} for state in states]
    assert same(*trained)


def by_hand(project: Project, folder: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Prediction and target of a part, computed with the saved weights and nothing of the training's own."""
    network = engine.compile(project)
    network.load_state_dict(weights(folder))
    prepared = prepare(project.data)
    entry = next(n.block.field for n in project.graph.nodes.values() if type(n.block).__name__ == "Input")
    goal = next(n.block.field for n in project.graph.nodes.values() if type(n.block).__name__ == "Target")
    values = prepared.parts[part]
    with torch.no_grad():
        prediction = network.eval()(torch.from_numpy(values[entry])).numpy()
    if goal in prepared.scaling:
        return prepared.scaling[goal].undo(prediction), prepared.scaling[goal].undo(values[goal])
    return prediction, values[goal]


def overshooting() -> Project:
    """Its best epoch is not its last."""
    return small(optimizer=OPTIMIZERS["SGD"](lr=0.3), epochs=8)


def test_the_scores_at_the_end_are_those_of_the_best_weights(tmp_path: Path) -> None:
    finished = run(overshooting(), tmp_path / "run")[-1]
    assert isinstance(finished, Finished)
    assert finished.best_epoch < finished.epochs


@pytest.mark.parametrize("part", ["validation", "test"])
@pytest.mark.parametrize("make", [noisy, overshooting], ids=lambda make: make.__name__)
def test_accuracy_is_that_of_scikit_learn(make: Any, part: str, tmp_path: Path) -> None:
    project = make()
    finished = run(project, tmp_path / "run")[-1]
    prediction, target = by_hand(project, tmp_path / "run", part)
    assert getattr(finished, part)["accuracy"] == pytest.approx(accuracy_score(target, prediction.argmax(1)))
    loss = torch.nn.functional.cross_entropy(torch.from_numpy(prediction), torch.from_numpy(target))
    assert getattr(finished, part)["loss"] == pytest.approx(loss.item(), rel=1e-5)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_errors_of_numbers_are_in_their_own_units(part: str, tmp_path: Path) -> None:
    project = regression(epochs=5)
    finished = run(project, tmp_path / "run")[-1]
    prediction, target = by_hand(project, tmp_path / "run", part)
    assert 20 < getattr(finished, part)["mae"] < 200  # the disease's own scale runs from 25 to 346
    assert getattr(finished, part)["mae"] == pytest.approx(mean_absolute_error(target, prediction), rel=1e-4)
    assert getattr(finished, part)["r2"] == pytest.approx(r2_score(target, prediction), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("layer", ["BatchNorm1d", "LayerNorm"])
def test_a_last_batch_of_one_sample_trains(layer: str, tmp_path: Path) -> None:
    project = classifier(block("Linear", out_features=4), block(layer), epochs=2, batch_size=8)  # 105 = 13 · 8 + 1
    events = run(project, tmp_path / "run")
    assert isinstance(events[0], Started)
    assert events[0].steps_per_epoch == 13
    assert isinstance(events[-1], Finished)


def trainer_of(project: Project, folder: Path) -> Trainer:
    made = Trainer(project, RunFolder.create(folder), resume=False)
    made.restore_surroundings()
    return made


def test_gradients_are_told_block_by_block(tmp_path: Path) -> None:
    trainer = trainer_of(small(), tmp_path / "run")
    trainer.step(*next(iter(trainer.batches.epoch(1))))
    named = dict(trainer.network.named_parameters())
    assert trainer.gradients() == {
        block: pytest.approx(
            sum(float((w.grad**2).sum()) for name, w in named.items() if name.startswith(block) and w.grad is not None)
            ** 0.5
        )
        for block in ("layer1", "scores")
    }


def test_steps_go_down_the_weighted_sum_of_losses(tmp_path: Path) -> None:
    trainer = trainer_of(branches(), tmp_path / "run")
    count, batch = next(iter(trainer.batches.epoch(1)))
    predictions = trainer.network(batch["a"], batch["b"])
    losses = trainer.objective(predictions["fc"], batch["label"], batch["whole"], predictions["size"])
    weights = list(trainer.network.parameters())
    expected = torch.autograd.grad(losses["ce"] + 0.5 * losses["mse"], weights)
    trainer.step(count, batch)
    assert all(torch.equal(weight.grad, gradient) for weight, gradient in zip(weights, expected, strict=True))


def test_large_predictions_are_not_piled_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trainer_of(small(), tmp_path / "run")
    monkeypatch.setattr(trainers, "ASIDE_AT_MOST", 100)
    aside = []
    for count, batch in trainer.batches.epoch(1):
        trainer.step(count, batch)
        aside.append(sum(kept.size for kept in trainer._aside))
    assert max(aside) <= 100
    assert trainer.window()["loss"] == trainer.epoch_tally.values()["loss"]
    assert list(trainer.epoch_tally.over.values()) == [105]


def test_names_the_first_block_that_broke(tmp_path: Path) -> None:
    trainer = trainer_of(small(), tmp_path / "run")
    assert trainer.first_not_finite() is None
    with torch.no_grad():
        dict(trainer.network.named_parameters())["scores.bias"][1] = float("nan")
    assert trainer.first_not_finite() == "scores"


def test_an_error_leads_back_to_its_block(tmp_path: Path) -> None:
    trainer = trainer_of(small(), tmp_path / "run")
    with pytest.raises(RuntimeError) as error:
        trainer.network(torch.zeros(2, 9))
    assert trainer.block_of(error.value) == "layer1"
    with pytest.raises(ZeroDivisionError) as other:
        _ = 1 / 0
    assert trainer.block_of(other.value) is None
