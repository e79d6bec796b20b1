"""Trials before a run find what they look for, and leave everything as it was."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import torch

from engine.problem import UserError
from engine.project import Project
from engine.training.events import Event, RatePoint
from engine.training.remote import Crew
from engine.training.settings import OPTIMIZERS, SCHEDULES
from engine.training.trials import find_rate, overfit_one_batch, suggested_rate, verdict
from engine.weight_settings import WeightSettings
from tests.drawn.networks import gan
from tests.engine.training.given import regression, small


def test_the_rate_rises_until_the_loss_explodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    points = list(find_rate(regression(optimizer=OPTIMIZERS["SGD"]()), steps=60))
    rates = [point.rate for point in points]
    assert rates[0] == 1e-6
    assert rates == sorted(rates)
    assert len(points) < 60  # steps of 10 along the slope of a square explode
    assert all(math.isfinite(point.loss) for point in points)
    rate = suggested_rate(points)
    assert rate is not None
    assert 1e-4 < rate < 1
    assert list(tmp_path.iterdir()) == []


def test_a_schedule_does_not_disturb_it() -> None:
    plain, planned = (
        list(find_rate(small(schedule=SCHEDULES[name](), warmup=0.0 if name == "Constant" else 2.0), steps=20))
        for name in ("Constant", "OneCycle")
    )
    assert plain == planned


def test_surroundings_stay() -> None:
    before = torch.get_rng_state()
    for _ in find_rate(small(), steps=5):
        assert torch.equal(torch.get_rng_state(), before)
    watched = overfit_one_batch(small())
    next(watched)
    watched.close()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([1, 1, 0.9, 0.5, 0.3, 0.3, 2], 1e-3),
        ([1, 1, 1, 1, 1], None),
        ([1, 2, 3, 4], None),
        ([1, 0.5], None),
    ],
)
def test_suggests_where_the_loss_falls_fastest(losses: list[float], expected: float | None) -> None:
    points = [RatePoint(10.0 ** (index - 6), loss) for index, loss in enumerate(losses)]
    assert suggested_rate(points) == expected


def test_a_sound_network_learns_one_batch_by_heart() -> None:
    told = list(overfit_one_batch(small(optimizer=OPTIMIZERS["Adam"](lr=0.05)), steps=150))
    assert [step.step for step in told] == list(range(1, 151))
    assert told[-1].loss < 0.1 * told[0].loss


def test_one_that_is_frozen_does_not() -> None:
    project = small()
    for name in ("layer1", "scores"):
        project = project.edit(project.graph.treat(name, WeightSettings(learning_rate=1e-6)))
    told = list(overfit_one_batch(project, steps=50))
    assert told[-1].loss > 0.9 * told[0].loss


def test_refuses_a_design_with_errors() -> None:
    broken = small().edit(small().graph.disconnect([small().graph.wires[0]]))
    for trial in (find_rate, overfit_one_batch):
        with pytest.raises(UserError, match="can't be trained yet"):
            next(trial(broken))


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([2.0, 0.1], "by heart"),
        ([2.0, 1.0], "slowly"),
        ([2.0, 1.9], "not at all"),
        ([2.0, 5.0], "not at all"),
        ([0.0, 0.0], "not at all"),
        ([2.0, math.nan], "exploded"),
        ([], "exploded"),
    ],
)
def test_what_one_batch_tells(losses: list[float], expected: str) -> None:
    assert verdict(losses) == expected


def test_a_trial_elsewhere_tells_the_same() -> None:
    crew = Crew()
    try:
        project = small()
        with closing(crew.attempt(project, "find_rate")) as told:
            assert list(told) == list(find_rate(project))
    finally:
        crew.close()


@pytest.mark.parametrize("trial", [find_rate, overfit_one_batch])
def test_losses_against_each_other_are_no_matter_for_a_trial(trial: Callable[[Project], Iterator[Event]]) -> None:
    with pytest.raises(UserError, match="Remove all but one under “Steps of a batch” to try it"):
        next(trial(gan()))
