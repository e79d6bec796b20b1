"""What ends a run before its last epoch, which epoch is best, and what is promised of ways of computing."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import torch

import engine
from engine.training import loop
from engine.training.events import Epoch, Event, Failed, Finished
from engine.training.run import RunFolder
from engine.training.scores import higher_is_better
from engine.training.settings import OPTIMIZERS
from engine.training.trainer import Trainer
from tests.engine.training.given import of_kind, run, small, steps


def ended(project: Any, folder: Path) -> tuple[Finished, list[Event]]:
    events = run(project, folder)
    assert isinstance(events[-1], Finished)
    return events[-1], events


def test_stops_when_the_watched_score_gets_no_better(tmp_path: Path) -> None:
    steep = OPTIMIZERS["SGD"](lr=0.9)
    finished, events = ended(small(optimizer=steep, epochs=60, patience=2), tmp_path / "run")
    losses = [epoch.validation["loss"] for epoch in of_kind(Epoch, events)]
    assert finished.epochs == len(losses) < 60
    assert finished.best_epoch == len(losses) - 2 == 1 + losses.index(min(losses))
    assert finished.why == "loss has not got better for 2 epochs"
    assert finished.reason == "done"


def test_the_best_epoch_is_that_of_the_watched_score(tmp_path: Path) -> None:
    finished, events = ended(small(epochs=12, watch="accuracy", optimizer=OPTIMIZERS["SGD"](lr=0.3)), tmp_path / "run")
    scores = [epoch.validation["accuracy"] for epoch in of_kind(Epoch, events)]
    assert finished.best_epoch == 1 + scores.index(max(scores))
    assert finished.watched == "accuracy"


def test_small_gains_do_not_count(tmp_path: Path) -> None:
    finished, _ = ended(small(epochs=9, patience=3, min_delta=1000.0), tmp_path / "run")
    assert (finished.best_epoch, finished.epochs) == (1, 4)


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize(("most", "epochs", "done"), [(7, 1, 7), (10, 2, 10), (1, 1, 1)])
def test_stops_after_so_many_steps(most: int, epochs: int, done: int, tmp_path: Path) -> None:
    finished, events = ended(small(max_steps=most, epochs=9), tmp_path / "run")
    assert len(steps(events)) == done
    assert finished.epochs == len(of_kind(Epoch, events)) == epochs  # what was begun is scored
    assert finished.why == f"{most} step{'s' if most > 1 else ''} done"


def test_stops_when_the_loss_is_low_enough(tmp_path: Path) -> None:
    finished, events = ended(small(target_loss=0.9, epochs=99, optimizer=OPTIMIZERS["Adam"](lr=0.01)), tmp_path / "run")
    losses = [epoch.validation["loss"] for epoch in of_kind(Epoch, events)]
    assert losses[-1] <= 0.9 < min(losses[:-1])
    assert finished.why.startswith("the loss has fallen to")


def test_stops_when_the_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(10**9))
    monkeypatch.setattr(loop.time, "perf_counter", lambda: float(next(ticks)))  # a second a look
    finished, _ = ended(small(max_minutes=0.5, epochs=99), tmp_path / "run")
    assert finished.epochs < 99
    assert finished.why == "0.5 minutes are over"


def test_the_time_of_a_run_that_goes_on_is_counted_from_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a pause, also while it scores, nor the time between stop and resume is part of it."""
    now = itertools.count()
    passed = [0.0]  # while nobody pulled
    monkeypatch.setattr(loop.time, "perf_counter", lambda: next(now) + passed[0])  # a second a look
    project, folder = small(max_minutes=2.0, epochs=99), tmp_path / "run"
    paused: set[str] = set()
    resumed, left, finished = False, 0, None
    while finished is None:
        events = engine.train(project, folder, resume=resumed)
        for event in events:
            paused.add(event.name)
            passed[0] += 1000.0
            finished = event if isinstance(event, (Finished, Failed)) else None
            if event.name == "epoch" and left < 2:
                left += 1
                break
        events.close()  # type: ignore[attr-defined]
        resumed = True
    assert isinstance(finished, Finished)
    assert finished.why == "2 minutes are over"
    assert 120 <= finished.seconds < 200, "one epoch beyond it at most"
    assert {"step", "epoch", "scoring"} <= paused


def test_a_score_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (failed,) = run(small(watch="mae"), tmp_path / "run")
    assert isinstance(failed, Failed)
    assert failed.message == (
        "The watched score “mae” is none of this training's: it has loss, accuracy. Choose one of them."
    )


@pytest.mark.parametrize(
    ("name", "higher"),
    [("loss", False), ("accuracy", True), ("ce_accuracy", True), ("mae", False), ("r2", True), ("mse", False)],
)
def test_knows_which_way_is_better(name: str, higher: bool) -> None:
    assert higher_is_better(name) == higher


def test_deterministic_ways_are_asked_for_and_given_back(tmp_path: Path) -> None:
    assert not torch.are_deterministic_algorithms_enabled()
    trainer = Trainer(small(deterministic=True), RunFolder.create(tmp_path / "run"), resume=False)
    assert torch.are_deterministic_algorithms_enabled()
    with trainer.put_aside():
        assert not torch.are_deterministic_algorithms_enabled()
    assert torch.are_deterministic_algorithms_enabled()
    trainer.restore_surroundings()
    assert not torch.are_deterministic_algorithms_enabled()


def test_label_smoothing_is_a_matter_of_the_loss(tmp_path: Path) -> None:
    """It is a setting of the block, so that what is printed is what was trained."""
    project = small()
    key = next(key for key, node in project.graph.nodes.items() if node.name == "loss")
    block = project.graph.nodes[key].block
    smooth = project.edit(project.graph.replace(key, block.change(label_smoothing=0.3)))
    plain, smoothed = (list(engine.train(p, tmp_path / n)) for p, n in ((project, "plain"), (smooth, "smooth")))
    assert smoothed[-1].train["loss"] != plain[-1].train["loss"]
