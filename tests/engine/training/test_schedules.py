"""Each schedule gives the rates that torch's own scheduler gives, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler as theirs

from engine.record import BadValue
from engine.training.schedules import SCHEDULES, Plateau, ReduceOnPlateau

LR, PER_EPOCH, EPOCHS = 0.5, 4, 12
TOTAL = PER_EPOCH * EPOCHS
Make = Callable[[torch.optim.Optimizer], Any]

# what we choose → torch's, and whether it is told of each step or of each epoch
CASES: list[tuple[str, dict[str, Any], Make, bool]] = [
    ("Constant", {}, lambda o: theirs.ConstantLR(o, factor=1.0), False),
    ("Step", {"step_size": 3, "gamma": 0.5}, lambda o: theirs.StepLR(o, 3, 0.5), False),
    ("MultiStep", {"milestones": (2, 7), "gamma": 0.3}, lambda o: theirs.MultiStepLR(o, [2, 7], 0.3), False),
    ("Exponential", {"gamma": 0.8}, lambda o: theirs.ExponentialLR(o, 0.8), False),
    ("Cosine", {}, lambda o: theirs.CosineAnnealingLR(o, TOTAL), True),
    ("Cosine", {"lowest": 0.1}, lambda o: theirs.CosineAnnealingLR(o, TOTAL, eta_min=0.1 * LR), True),
    ("OneCycle", {}, lambda o: theirs.OneCycleLR(o, LR, TOTAL), True),
    (
        "OneCycle",
        {"pct_start": 0.5, "div_factor": 5, "final_div_factor": 100, "anneal": "linear"},
        lambda o: theirs.OneCycleLR(o, LR, TOTAL, None, None, 0.5, "linear", True, 0.85, 0.95, 5, 100),
        True,
    ),
    (
        "CosineWarmRestarts",
        {"period": 3},
        lambda o: theirs.CosineAnnealingWarmRestarts(o, 3 * PER_EPOCH),
        True,
    ),
    (
        "CosineWarmRestarts",
        {"period": 2, "growth": 2, "lowest": 0.2},
        lambda o: theirs.CosineAnnealingWarmRestarts(o, 2 * PER_EPOCH, 2, eta_min=0.2 * LR),
        True,
    ),
]


def optimizer(**options: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=LR, momentum=0.9, **options)


def test_all_are_tried() -> None:
    assert {name for name, *_ in CASES} == set(SCHEDULES) - {"ReduceOnPlateau"}


@pytest.mark.parametrize(("name", "values", "make", "each_step"), CASES)
def test_follows_the_formula_of_torch(name: str, values: dict[str, Any], make: Make, each_step: bool) -> None:
    schedule, reference = SCHEDULES[name].build(values), optimizer()
    scheduler = make(reference)
    for done in range(TOTAL):
        (group,) = reference.param_groups
        assert LR * schedule.factor(done, TOTAL, PER_EPOCH) == pytest.approx(group["lr"], rel=1e-9, abs=1e-12), done
        momentum = schedule.momentum(done, TOTAL)
        assert (0.9 if momentum is None else momentum) == pytest.approx(group["momentum"]), done
        reference.step()
        if each_step or (done + 1) % PER_EPOCH == 0:
            scheduler.step()


@pytest.mark.parametrize("higher", [False, True])
@pytest.mark.parametrize("values", [{}, {"gamma": 0.5, "patience": 1, "cooldown": 2, "threshold": 0.1, "lowest": 0.2}])
def test_a_plateau_is_seen_as_torch_sees_it(values: dict[str, Any], higher: bool) -> None:
    schedule, reference = ReduceOnPlateau(**values), optimizer()
    scheduler = theirs.ReduceLROnPlateau(
        reference,
        "max" if higher else "min",
        schedule.gamma,
        schedule.patience,
        schedule.threshold,
        cooldown=schedule.cooldown,
        min_lr=schedule.lowest * LR,
    )
    plateau = Plateau(schedule)
    generator = torch.Generator().manual_seed(1)
    factors = set()
    for step in range(60):
        score = float(torch.rand((), generator=generator)) + (1 if higher else 30 / (step + 1))
        plateau.see(score, higher)
        scheduler.step(score)
        assert plateau.factor * LR == pytest.approx(reference.param_groups[0]["lr"], abs=1e-7)
        factors.add(plateau.factor)
        again = Plateau(schedule)
        again.restore(plateau.state())
        plateau = again  # as if the run had been stopped here and gone on
    assert len(factors) > 2


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_says_what_it_is(name: str) -> None:
    cls = SCHEDULES[name]
    assert cls.title
    assert cls.doc()
    assert (name == "Constant") is not hasattr(theirs, cls.reference.rpartition(".")[2])


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("total", [1, 2, 3])
def test_the_shortest_runs_have_rates_too(name: str, total: int) -> None:
    assert all(0 <= SCHEDULES[name]().factor(done, total, 1) <= 1 for done in range(total))


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("Step", {"step_size": 0}, "Every must be at least 1, not 0."),
        ("Step", {"gamma": 1}, "Factor must be more than 0, less than 1, not 1."),
        ("MultiStep", {"milestones": (0,)}, "After epochs must be at least 1"),
        ("MultiStep", {"milestones": "soon"}, "After epochs must be numbers"),
        ("OneCycle", {"pct_start": 1}, "Share of the rise must be more than 0, less than 1"),
        ("Cosine", {"lowest": 1}, "Lowest must be at least 0, less than 1"),
    ],
)
def test_schedules_refuse(name: str, values: dict[str, Any], words: str) -> None:
    with pytest.raises(BadValue) as refused:
        SCHEDULES[name].build(values)
    assert words in str(refused.value)
