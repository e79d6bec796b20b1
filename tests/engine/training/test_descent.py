"""Each setting changes the steps in the way that it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.problem import UserError
from engine.training.descent import Compute, Descent
from engine.training.events import Failed, Started
from engine.training.precision import Precision
from engine.training.schedules import SCHEDULES
from engine.training.settings import OPTIMIZERS, TrainingSettings
from engine.training.treatment import Treated
from engine.weight_settings import WeightSettings
from tests.engine.training.given import run, small, steps, weights

LR = 0.1
BEGIN = (1.0, -2.0, 3.0)


def started(treated: dict[str, Any] | None = None, **settings: Any) -> tuple[Descent, torch.nn.Parameter]:
    weight = torch.nn.Parameter(torch.tensor(BEGIN))
    chosen = TrainingSettings().change(**{"optimizer": OPTIMIZERS["SGD"](lr=LR, momentum=0.0), **settings})
    return Descent(chosen, [Treated(weight, **(treated or {}))], 4, Precision(chosen, "cpu")), weight


def steep(weight: torch.Tensor, slopes: tuple[float, ...] = (3.0, 4.0, 0.0)) -> Compute:
    """A loss with these slopes everywhere."""

    def compute() -> Callable[[], torch.Tensor]:
        gradient = weight.grad = torch.tensor(slopes)
        return lambda: (weight * gradient).sum()

    return compute


def moved(treated: dict[str, Any] | None = None, **settings: Any) -> list[float]:
    """How far one step goes, in learning rates."""
    descent, weight = started(treated, **settings)
    descent.go(steep(weight), 0)
    return ((torch.tensor(BEGIN) - weight.detach()) / LR).tolist()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (3, 4, 0)),
        ({"clip_norm": 10.0}, (3, 4, 0)),
        ({"clip_norm": 1.0}, (0.6, 0.8, 0)),
        ({"clip_value": 3.5}, (3, 3.5, 0)),
        ({"clip_value": 3.0, "clip_norm": 1.0}, (0.5**0.5, 0.5**0.5, 0)),
        ({"l1": 0.5}, (3.5, 3.5, 0.5)),
        ({"l2": 0.5}, (4, 2, 3)),
        ({"optimizer": OPTIMIZERS["SGD"](lr=LR, momentum=0.0, weight_decay=1.0)}, (4, 2, 3)),
        ({"schedule": SCHEDULES["OneCycle"](div_factor=10)}, (0.3, 0.4, 0)),
        ({"warmup": 1, "warmup_start": 0.5}, (1.5, 2, 0)),
    ],
)
def test_a_step_goes_where_the_settings_say(settings: dict[str, Any], expected: tuple[float, ...]) -> None:
    assert moved(**settings) == pytest.approx(list(expected), abs=1e-4)


@pytest.mark.parametrize(
    ("treated", "settings", "expected"),
    [
        ({"learning_rate": 0.5}, {}, (1.5, 2, 0)),
        ({"l1": 0.0}, {"l1": 0.5}, (3, 4, 0)),
        ({"l1": 1.0}, {"l1": 0.5}, (4, 3, 1)),
        ({"weight_decay": 1.0}, {}, (4, 2, 3)),
        ({"learning_rate": 0.5}, {"warmup": 1, "warmup_start": 0.5}, (0.75, 1, 0)),
    ],
)
def test_a_block_has_its_own_way(treated: dict[str, Any], settings: dict[str, Any], expected: tuple[float]) -> None:
    assert moved(treated, **settings) == pytest.approx(list(expected), abs=1e-4)


@pytest.mark.parametrize(
    ("settings", "factors"),
    [
        ({"epochs": 2, "schedule": SCHEDULES["Step"](step_size=1, gamma=0.5)}, [1] * 4 + [0.5] * 4),
        ({"epochs": 2, "schedule": SCHEDULES["Cosine"]()}, [1, 0.9619, 0.8536, 0.6913, 0.5, 0.3087, 0.1464, 0.0381]),
        ({"epochs": 2, "accumulate": 2, "warmup": 1, "warmup_start": 0.5}, [0.5, 0.75, 1, 1]),
    ],
)
def test_the_rate_follows_its_schedule(settings: dict[str, Any], factors: list[float]) -> None:
    descent, weight = started(**settings)
    found = []
    for done in range(len(factors)):
        before = weight.detach().clone()
        descent.go(steep(weight), done)
        found.append(float(before[0] - weight.detach()[0]) / 3 / LR)
        assert descent.learning_rate == pytest.approx(LR * factors[done], abs=1e-5)
    assert found == pytest.approx(factors, abs=1e-3)


@pytest.mark.parametrize(("optimizer", "where"), [("SGD", "momentum"), ("Adam", "betas")])
def test_one_cycle_moves_the_momentum(optimizer: str, where: str) -> None:
    descent, weight = started(optimizer=OPTIMIZERS[optimizer](lr=LR), schedule=SCHEDULES["OneCycle"](), epochs=10)
    found = []
    for done in (0, 11, 39):
        descent.go(steep(weight), done)
        found.append(descent.optimizers[0].param_groups[0][where])
    assert [value if where == "momentum" else value[0] for value in found] == pytest.approx([0.95, 0.85, 0.95])


def test_the_rate_falls_on_a_plateau() -> None:
    descent, weight = started(schedule=SCHEDULES["ReduceOnPlateau"](patience=1, gamma=0.5))
    for expected in (1, 1, 1, 0.5, 0.5, 0.25):
        descent.go(steep(weight), 0)
        assert descent.factor == expected
        descent.end_epoch(1.0, higher_is_better=False)


def test_several_batches_share_a_step() -> None:
    """Two batches of 3 and 1 samples give the step of one batch of 4."""
    descent, weight = started()
    descent.go(steep(weight, (4.0, 0.0, 0.0)), 0, share=0.75, last=False)
    assert weight.tolist() == list(BEGIN)
    descent.go(steep(weight, (0.0, 8.0, 0.0)), 0, share=0.25)
    assert ((torch.tensor(BEGIN) - weight.detach()) / LR).tolist() == pytest.approx([3, 2, 0], abs=1e-5)


@pytest.mark.parametrize("batch_size", [16, 20])  # 105 samples: a shorter batch and a shorter step at the end
def test_accumulated_batches_train_as_a_large_one(batch_size: int, tmp_path: Path) -> None:
    optimizer = OPTIMIZERS["SGD"](lr=0.1)
    settings = {"l2": 0.01, "clip_norm": 1.0, "schedule": SCHEDULES["Cosine"](), "optimizer": optimizer}
    run(small(batch_size=3 * batch_size, **settings), tmp_path / "large")
    run(small(batch_size=batch_size, accumulate=3, **settings), tmp_path / "parts")
    large, parts = weights(tmp_path / "large"), weights(tmp_path / "parts")
    assert all(torch.allclose(large[name], parts[name], atol=1e-6) for name in large)


@pytest.mark.usefixtures("every_step")
def test_a_run_tells_its_rates(tmp_path: Path) -> None:
    schedule = SCHEDULES["Exponential"](gamma=0.5)
    events = run(small(schedule=schedule, warmup=1, warmup_start=0.5, epochs=3), tmp_path / "run")
    assert isinstance(events[0], Started)
    assert events[0].learning_rate == 0.0005
    rates = [step.learning_rate for step in steps(events)]
    assert rates[:7] == pytest.approx([0.001 * (0.5 + 0.5 * step / 7) for step in range(7)])
    assert rates[7:] == pytest.approx([0.001] * 7 + [0.0005] * 7)


@pytest.mark.parametrize(
    ("treated", "optimizer", "words"),
    [
        ({"weight_decay": 0.1}, "Rprop", "Rprop has no weight decay"),
        ({"weight_decay": 0.1}, "LBFGS", "LBFGS has no weight decay"),
        ({"learning_rate": 0.1}, "LBFGS", "LBFGS moves all weights at one rate"),
    ],
)
def test_refuses_what_an_optimizer_can_not(treated: dict[str, Any], optimizer: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        started(treated, optimizer=OPTIMIZERS[optimizer]())


def test_a_run_says_what_its_optimizer_can_not(tmp_path: Path) -> None:
    project = small(optimizer=OPTIMIZERS["Rprop"]())
    graph = project.graph.treat("layer1", WeightSettings(weight_decay=0.1))
    (failed,) = run(project.edit(graph), tmp_path / "run")
    assert isinstance(failed, Failed)
    assert failed.message.startswith("Rprop has no weight decay")
