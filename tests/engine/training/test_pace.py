"""The learning rate over a run: a warm-up in front of a schedule, as torch's `SequentialLR` joins them."""

from __future__ import annotations

import pytest
import torch
from torch.optim import lr_scheduler as theirs

from engine.training.optimizers import Adam
from engine.training.pace import Pace, course
from engine.training.schedules import SCHEDULES
from engine.training.settings import TrainingSettings

LR = 0.5


def test_a_warm_up_goes_in_front_of_a_schedule() -> None:
    settings = TrainingSettings(schedule=SCHEDULES["Cosine"](), epochs=6, warmup=1.5, warmup_start=0.1)
    pace = Pace.of(settings, batches=4)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=LR)
    warmup = theirs.LinearLR(optimizer, start_factor=0.1, total_iters=6)
    scheduler = theirs.SequentialLR(optimizer, [warmup, theirs.CosineAnnealingLR(optimizer, 18)], [6])
    for done in range(24):
        assert LR * pace.factor(done) == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-9), done
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize(
    ("settings", "batches", "expected"),
    [
        ({"epochs": 3}, 10, (10, 30, 0)),
        ({"epochs": 3, "accumulate": 4}, 10, (3, 9, 0)),
        ({"epochs": 3, "warmup": 0.5}, 10, (10, 30, 5)),
        ({"epochs": 3, "warmup": 100}, 10, (10, 30, 30)),
    ],
)
def test_counts_steps(settings: dict[str, object], batches: int, expected: tuple[int, int, int]) -> None:
    pace = Pace.of(TrainingSettings().change(**settings), batches)
    assert (pace.per_epoch, pace.total, pace.warmup) == expected


@pytest.mark.parametrize("name", SCHEDULES)
def test_is_drawn_from_the_first_step_to_the_last(name: str) -> None:
    pace = Pace.of(TrainingSettings(schedule=SCHEDULES[name](), epochs=20, warmup=2), batches=100)
    curve = pace.curve(50)
    assert len(curve) == 50
    assert curve[0] == (0.0, 0.01)
    assert curve[-1][0] == 19.99
    assert curve == sorted(curve)
    assert curve[-1][1] == pace.factor(1999)


def test_is_drawn_even_when_there_is_but_one_step() -> None:
    assert Pace.of(TrainingSettings(epochs=1), batches=1).curve() == [(0.0, 1.0)]


def test_a_course_goes_by_each_of_its_settings_in_turn() -> None:
    slow, fast = TrainingSettings(epochs=4), TrainingSettings(epochs=6).change(optimizer=Adam(lr=0.1))
    told = course([(0.0, slow), (1.5, fast)], batches=10)
    assert told[0] == (0.0, 1e-3)
    assert {rate for epoch, rate in told if epoch < 1.5} == {1e-3}
    assert {rate for epoch, rate in told if epoch > 1.5} == {0.1}
    assert [epoch for epoch, _ in told] == sorted(epoch for epoch, _ in told)
    assert told[-1][0] == 6.0


def test_a_course_of_one_part_is_the_curve_of_its_pace() -> None:
    settings = TrainingSettings(epochs=3, schedule=SCHEDULES["Cosine"]())
    curve = [(epoch, settings.optimizer.lr * share) for epoch, share in Pace.of(settings, 5).curve()]
    assert course([(0.0, settings)], 5)[1:-1] == curve
