"""Changes of a run while it goes: they count from the next step on, are told, and belong to the run's state."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch

import engine
from engine.project import Project
from engine.record import BadValue
from engine.training import diagnosis, trainer
from engine.training.changes import Changes, Standing, changeable, changed, value_of
from engine.training.events import Changed, Epoch, Event, Finished, Started, Step, from_json
from engine.training.remedies import go_on_with
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS, SCHEDULES, TrainingSettings
from engine.training.state import Saved, load_state
from engine.training.trainer import Trainer
from tests.engine.training.given import noisy, of_kind, run, same, scores, small, steps, weights

STEPS = 7  # of an epoch of `small` and `noisy`

Plan = dict[tuple[int, int], dict[str, Any]]  # what to ask for, by epoch and steps done in it


def follow(
    project: Project, folder: Path, plan: Plan, *, leave: tuple[int, int] | None = None, **more: Any
) -> list[Event]:
    """Train, asking for changes after certain steps, and leave after another."""
    changes, told = Changes(project.training), []
    with closing(engine.train(project, folder, changes=changes, **more)) as events:  # type: ignore[type-var]
        for event in events:
            told.append(event)
            if isinstance(event, Step):
                here = (event.epoch, event.step)
                if here in plan:
                    changes.ask(**plan[here])
                if here == leave:
                    break
    return told


# What may be changed


@pytest.mark.parametrize(
    ("optimizer", "own"),
    [
        ("Adam", ["lr", "weight_decay"]),
        ("LBFGS", ["lr"]),
        ("Muon", ["lr", "rest_lr", "weight_decay"]),
        ("Rprop", []),  # its rate is that of the first step alone
    ],
)
def test_what_may_be_changed_follows_the_optimizer(optimizer: str, own: list[str]) -> None:
    names = [described.name for described in changeable(TrainingSettings(optimizer=OPTIMIZERS[optimizer]()))]
    assert names == [*own, "epochs", "max_minutes", "patience", "max_steps", "target_loss", "min_delta"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"lr": 0}, "Learning rate must be more than 0, at most 100, not 0."),
        ({"weight_decay": -1}, "Weight decay must be at least 0, not -1."),
        ({"epochs": 0}, "Epochs must be at least 1, at most 1000000, not 0."),
        ({"epochs": 6}, "Epoch 7 is under way, so Epochs must be at least 7."),
        ({"max_steps": 40}, "40 steps are done, so Steps at most must be more. To end the run now, press Stop."),
        (
            {"max_minutes": 2.0},
            "It has been training for 2.5 minutes, so Minutes at most must be more. To end the run now, press Stop.",
        ),
        (
            {"batch_size": 8},
            "“batch_size” can't be changed while a run goes: only lr, weight_decay, epochs, max_minutes, patience, "
            "max_steps, target_loss, min_delta can.",
        ),
    ],
)
def test_what_can_not_be_taken_is_refused_in_words(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadValue) as refused:
        changed(TrainingSettings(), values, Standing(7, 40, 2.5))
    assert str(refused.value) == sentence
    assert list(refused.value.errors) == list(values)


def test_a_limit_that_is_not_reached_yet_can_be_set() -> None:
    after = changed(TrainingSettings(), {"epochs": 7, "max_steps": 41, "lr": 0.5}, Standing(7, 40))
    assert (after.epochs, after.max_steps, after.optimizer.lr) == (7, 41, 0.5)
    assert changed(after, {"max_steps": None}, Standing(7, 40)).max_steps is None


def test_what_can_not_be_taken_is_refused_when_it_is_asked_for() -> None:
    changes = Changes(TrainingSettings())
    with pytest.raises(BadValue):
        changes.ask(lr=-1.0)
    assert not changes.waiting


# When it counts


@pytest.mark.usefixtures("every_step")
def test_it_counts_from_the_next_step_on_and_is_told(tmp_path: Path) -> None:
    told = follow(small(), tmp_path / "run", {(2, 3): {"lr": 0.5, "epochs": 4}})
    change = [event for event in told if isinstance(event, Changed)]
    seen = 1 + 3 / STEPS
    assert change == [Changed("lr", 1e-3, 0.5, 2, 3, seen), Changed("epochs", 3, 4, 2, 3, seen)]
    rates = {(step.epoch, step.step): step.learning_rate for step in steps(told)}
    assert rates[2, 3] == 1e-3
    assert rates[2, 4] == 0.5
    assert of_kind(Epoch, told)[-1].epoch == 4
    assert [from_json(json.loads(json.dumps(each.json()))) for each in change] == change
    assert of_kind(Changed, RunFolder(tmp_path / "run").read_events()) == change
    metrics = RunFolder(tmp_path / "run").read_metrics()
    assert [(each["field"], each["after"]) for each in metrics["changes"]] == [("lr", 0.5), ("epochs", 4)]
    begun = RunFolder(tmp_path / "run").read_project().training
    assert begun == small().training.change(threads=begun.threads), "the project is that of the start"


@pytest.mark.usefixtures("no_step")
def test_it_does_not_wait_until_a_step_is_told_anyway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast the steps are: the one after that in which it was asked for has the new value."""
    project, rates = small(), []
    changes = Changes(project.training)
    plain = Trainer.step

    def step(self: Trainer, *arguments: Any) -> None:
        if (self.progress.epoch, self.progress.step) == (2, 3):
            changes.ask(lr=0.25)
        plain(self, *arguments)
        rates.append(self.learning_rate)

    monkeypatch.setattr(Trainer, "step", step)
    list(engine.train(project, tmp_path / "run", changes=changes))
    assert rates == [1e-3] * (STEPS + 4) + [0.25] * (2 * STEPS - 4)


@pytest.mark.usefixtures("every_step")
def test_what_stays_as_it_is_is_not_told(tmp_path: Path) -> None:
    assert not of_kind(Changed, follow(small(), tmp_path / "run", {(1, 1): {"lr": 1e-3, "patience": None}}))


# What it does


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "Rprop"])
@pytest.mark.parametrize("setting", ["lr", "weight_decay"])
def test_the_steps_of_every_optimizer_follow(name: str, setting: str, tmp_path: Path) -> None:
    optimizer = OPTIMIZERS[name]()
    if setting not in optimizer.values():
        return
    project = small(optimizer=optimizer, epochs=2)
    asked = {setting: optimizer.lr * 3 if setting == "lr" else 0.3}
    other = follow(project, tmp_path / "other", {(1, 4): asked})
    same_start = follow(project, tmp_path / "same", {})
    losses = [[step.train["loss"] for step in steps(events)] for events in (other, same_start)]
    assert losses[0][:4] == losses[1][:4]
    assert losses[0][7:] != losses[1][7:]


@pytest.mark.parametrize("setting", [{"lr": 0.02}, {"weight_decay": 0.2}])
def test_the_next_step_is_that_of_torch_with_the_new_number(setting: dict[str, float], tmp_path: Path) -> None:
    """From the same weight and averages; steps here go straight on, as recorded before the change."""
    trainer = Trainer(small(), RunFolder.create(tmp_path / "run"), resume=False)
    batches = list(trainer.batches.epoch(1))
    for batch in batches[:3]:
        trainer.step(*batch)
        trainer.progress.step += 1
    (weight,) = trainer.course.strides[0].descent.weights
    twin = torch.nn.Parameter(weight.detach().clone())
    reference = torch.optim.Adam([twin], fused=True, **setting)
    kept = trainer.course.strides[0].descent.optimizers[0].state[weight]
    reference.state[twin] = {name: tensor.clone() for name, tensor in kept.items()}
    trainer.change(setting)
    trainer.step(*batches[3])
    assert weight.grad is not None
    twin.grad = weight.grad.clone()
    reference.step()
    trainer.restore_surroundings()
    assert trainer.course.traced
    assert torch.equal(twin, weight)


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize(
    "schedule",
    [SCHEDULES["Constant"](), SCHEDULES["Cosine"](), SCHEDULES["OneCycle"](), SCHEDULES["Step"](step_size=1)],
)
@pytest.mark.parametrize("warmup", [0.0, 1.5])
def test_schedule_and_warm_up_go_on_relative_to_the_new_rate(schedule: Any, warmup: float, tmp_path: Path) -> None:
    project = small(schedule=schedule, warmup=warmup)
    plain = [step.learning_rate for step in steps(run(project, tmp_path / "plain"))]
    told = follow(project, tmp_path / "changed", {(1, 5): {"lr": 4e-3}})
    rates = [step.learning_rate for step in steps(told)]
    assert rates[:5] == plain[:5]
    assert rates[5:] == pytest.approx([4 * rate for rate in plain[5:]])


@pytest.mark.usefixtures("every_step")
def test_a_schedule_follows_the_new_number_of_epochs(tmp_path: Path) -> None:
    project = small(schedule=SCHEDULES["Cosine"](), epochs=4)
    told = follow(project, tmp_path / "run", {(1, 6): {"epochs": 2}})
    rates = [step.learning_rate for step in steps(told)]
    expected = [1e-3 * (1 + math.cos(math.pi * done / (2 * STEPS))) / 2 for done in range(2 * STEPS)]
    assert len(rates) == 2 * STEPS
    assert rates[6:] == pytest.approx(expected[6:])


@pytest.mark.usefixtures("every_step")
def test_a_plateau_remembers_and_falls_from_the_new_rate(tmp_path: Path) -> None:
    falling = SCHEDULES["ReduceOnPlateau"](patience=0, threshold=0.9, gamma=0.5)
    told = follow(small(schedule=falling, epochs=4), tmp_path / "run", {(3, 2): {"lr": 8e-3}})
    rates = {(step.epoch, step.step): step.learning_rate for step in steps(told)}
    assert rates[3, 2] == pytest.approx(5e-4)
    assert rates[3, 3] == pytest.approx(4e-3)
    assert rates[4, 1] == pytest.approx(2e-3)


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize(
    ("asked", "epochs", "why"),
    [
        ({"epochs": 2}, 2, ""),
        ({"epochs": 5}, 5, ""),
        ({"max_steps": 9}, 2, "9 steps done"),
        ({"target_loss": 1e9}, 2, "the loss has fallen to"),
        ({"patience": 1, "min_delta": 1e9}, 2, "loss has not got better for 1 epoch"),
        ({"max_minutes": 1e-9}, 2, "1e-09 minutes are over"),
    ],
)
def test_the_run_ends_by_the_new_rules(asked: dict[str, Any], epochs: int, why: str, tmp_path: Path) -> None:
    told = follow(small(), tmp_path / "run", {(2, 1): asked})
    assert isinstance(told[-1], Finished)
    assert told[-1].epochs == epochs
    assert told[-1].why.startswith(why)
    assert bool(told[-1].why) == bool(why)


def been_training(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let a run that is resumed have been at it for so long."""

    def load(folder: Path) -> Saved:
        saved = load_state(folder)
        saved.progress.seconds = seconds
        return saved

    monkeypatch.setattr(trainer, "load_state", load)


@pytest.mark.usefixtures("every_step")
def test_the_time_of_a_run_goes_on_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = steps(follow(small(max_minutes=10.0, epochs=99), tmp_path / "run", {}, leave=(2, 3)))
    assert [step.seconds for step in told] == sorted(step.seconds for step in told)
    assert told[0].seconds > 0
    been_training(monkeypatch, 590.0)
    told = follow(small(), tmp_path / "run", {(3, 1): {"max_minutes": 9.8}}, resume=True)
    assert steps(told)[0].seconds > 590.0
    assert isinstance(told[-1], Finished)
    assert (told[-1].why, told[-1].epochs) == ("9.8 minutes are over", 3)


@pytest.mark.usefixtures("every_step")
def test_a_run_that_is_resumed_when_its_time_is_over_says_so_and_takes_no_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(small(max_minutes=10.0, epochs=99), tmp_path / "run", {}, leave=(2, 3))
    been_training(monkeypatch, 700.0)
    told = follow(small(), tmp_path / "run", {}, resume=True)
    assert steps(told) == []
    assert isinstance(told[-1], Finished)
    assert told[-1].why == "10 minutes are over"


@pytest.mark.usefixtures("every_step")
def test_the_latest_change_of_each_setting_can_be_read(tmp_path: Path) -> None:
    follow(small(), tmp_path / "run", {(1, 2): {"lr": 0.5}, (1, 3): {"lr": 0.1, "epochs": 4}}, leave=(2, 1))
    assert RunFolder(tmp_path / "run").read_last_changes() == [
        Changed("lr", 0.5, 0.1, 1, 3, pytest.approx(3 / STEPS)),
        Changed("epochs", 3, 4, 1, 3, pytest.approx(3 / STEPS)),
    ]


@pytest.mark.usefixtures("every_step")
def test_what_is_left_follows_the_number_of_epochs(tmp_path: Path) -> None:
    told = follow(small(), tmp_path / "run", {(1, 3): {"epochs": 300}})
    before, after = steps(told)[2], steps(told)[3]
    assert after.remaining_seconds > 20 * before.remaining_seconds


# Exactness

MANY: Plan = {(1, 3): {"lr": 0.01}, (2, 2): {"weight_decay": 0.1, "epochs": 4}, (3, 5): {"lr": 2e-3}}


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("leave", [(1, 3), (1, 4), (2, 2), (2, 7), (3, 6)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"schedule": SCHEDULES["OneCycle"](), "warmup": 0.5},
        {"schedule": SCHEDULES["Cosine"](), "averaging": "ema", "accumulate": 2},
        {"averaging": "swa", "swa_start": 0.5, "optimizer": OPTIMIZERS["SGD"](lr=0.05)},
        {"optimizer": OPTIMIZERS["Muon"]()},
    ],
)
def test_stopped_and_resumed_it_ends_as_the_same_changes_without_a_stop(
    leave: tuple[int, int], settings: dict[str, Any], tmp_path: Path
) -> None:
    project = noisy(**settings)
    whole = follow(project, tmp_path / "whole", MANY)
    follow(project, tmp_path / "left", MANY, leave=leave)
    rest = {here: asked for here, asked in MANY.items() if here > leave}  # also what was asked for at the very end
    told = follow(project, tmp_path / "left", rest, resume=True)
    assert told[-1].epochs == 4  # type: ignore[attr-defined]
    log = RunFolder(tmp_path / "left").read_events()
    assert scores(log) == scores(whole)
    assert of_kind(Changed, log) == of_kind(Changed, whole)
    assert same(weights(tmp_path / "left"), weights(tmp_path / "whole"))


@pytest.mark.usefixtures("every_step")
def test_resumed_with_more_epochs_the_run_remembers_them(tmp_path: Path) -> None:
    run(small(), tmp_path / "run")
    told = follow(small(), tmp_path / "run", {}, leave=(5, 2), resume=True, epochs=6)
    assert isinstance(told[0], Started)
    assert told[0].epochs == 6
    assert told[1] == Changed("epochs", 3, 6, 4, 0, 3.0)
    assert of_kind(Finished, run(small(), tmp_path / "run", resume=True))[0].epochs == 6


@pytest.mark.usefixtures("every_step")
def test_what_is_set_anew_to_go_on_after_a_failure_counts_more(tmp_path: Path) -> None:
    follow(small(), tmp_path / "run", {(1, 2): {"lr": 0.5}, (1, 3): {"epochs": 4}}, leave=(1, 5))
    folder, wanted = RunFolder(tmp_path / "run"), small(optimizer=OPTIMIZERS["Adam"](lr=0.01)).training
    go_on_with(folder, wanted)
    told = follow(small(), tmp_path / "run", {(2, 1): {"lr": 0.02}}, leave=(2, 3), resume=True)
    assert isinstance(told[0], Started)
    assert (told[0].learning_rate, told[0].epochs) == (0.01, 4)
    (started, *_) = run(small(), tmp_path / "run", resume=True)
    assert isinstance(started, Started)
    assert (started.learning_rate, started.epochs) == (0.02, 4)


def test_a_state_from_before_there_were_changes_can_be_resumed(tmp_path: Path) -> None:
    from dataclasses import asdict

    from engine.training.state import Progress

    old = {name: value for name, value in asdict(Progress()).items() if name != "changes"}
    assert Progress(**old).changes == []


@pytest.mark.usefixtures("every_step")
def test_the_search_for_a_bad_number_repeats_the_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate that explodes only since it was raised: the very step is found again."""
    found: list[Any] = []
    plain: Callable[..., Any] = diagnosis.retrace

    def retrace(*arguments: Any) -> Any:
        answer = yield from plain(*arguments)
        found.append(answer)
        return answer

    monkeypatch.setattr(diagnosis, "retrace", retrace)
    project = small(optimizer=OPTIMIZERS["SGD"](lr=1e-3))
    told = follow(project, tmp_path / "run", {(1, 2): {"lr": 50.0}, (1, 4): {"weight_decay": 1e30}})
    assert told[-1].name == "failed"
    assert found[0] is not None


def test_values_by_name() -> None:
    settings = TrainingSettings(optimizer=OPTIMIZERS["SGD"](lr=0.2), patience=4)
    assert (value_of(settings, "lr"), value_of(settings, "patience")) == (0.2, 4)
