"""The ways out of a failed run: what each changes, when it has been taken, and what a run takes along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.project import Project
from engine.training import saving
from engine.training.events import Failed, Finished, Way
from engine.training.remedies import go_on_with, remedies, taken_along
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS, TrainingSettings
from engine.training.turn import Turn
from tests.engine.training.given import of_kind, regression, run

SGD = OPTIMIZERS["SGD"]


@pytest.mark.parametrize(
    ("way", "before", "label", "after"),
    [
        ("clip", {}, "Clip gradients at 1", {"clip_norm": 1.0}),
        ("clip", {"clip_norm": 1.0}, "Clip gradients at 0.1", {"clip_norm": 0.1}),
        ("lower_rate", {"optimizer": SGD(lr=0.3)}, "Learn at 0.03", {"optimizer": SGD(lr=0.03)}),
        ("use_cpu", {"device": "cuda"}, "Use the CPU", {"device": "cpu"}),
        ("smaller_batch", {"batch_size": 32}, "Use batches of 16", {"batch_size": 16, "accumulate": 2}),
        (
            "smaller_batch",
            {"batch_size": 8, "turns": (Turn(name="a"), Turn(name="b"))},
            "Use batches of 4",
            {"batch_size": 4},
        ),
        ("smaller_batch", {"batch_size": 7, "optimizer": OPTIMIZERS["LBFGS"]()}, "Use batches of 3", {"batch_size": 3}),
    ],
)
def test_a_remedy_is_one_edit_of_the_settings(
    way: Way, before: dict[str, Any], label: str, after: dict[str, Any]
) -> None:
    trained = TrainingSettings(**before)
    (remedy,) = remedies(Failed("It failed.", "Mend it.", ways=(way,)), trained)
    assert remedy.fix.label == label
    assert not remedy.used(trained)
    mended = remedy.fix.edit(Project(training=trained)).training
    assert mended == trained.change(**after)
    assert remedy.used(mended)


@pytest.mark.parametrize(
    ("way", "trained", "now", "label"),
    [  # the run was changed while it went, the project was not
        ("lower_rate", {"optimizer": SGD(lr=100.0)}, {"optimizer": SGD(lr=0.01)}, "Learn at 0.01"),
        ("clip", {}, {"clip_norm": 0.5}, "Clip gradients at 0.5"),
    ],
)
def test_a_remedy_makes_nothing_worse_that_the_project_has_better(
    way: Way, trained: dict[str, Any], now: dict[str, Any], label: str
) -> None:
    settings = TrainingSettings(**now)
    (remedy,) = remedies(Failed("It failed.", "Mend it.", ways=(way,)), TrainingSettings(**trained), settings)
    assert remedy.fix.label == label
    assert remedy.used(settings)
    assert remedy.fix.edit(Project(training=settings)).training == settings


def test_what_no_setting_mends_is_no_edit() -> None:
    failed = Failed("It failed.", "Mend it.", ways=("go_back", "free_disk", "check_data", "smaller_batch"))
    assert remedies(failed, TrainingSettings(batch_size=1)) == ()


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        ({"clip_norm": 1.0, "batch_size": 64, "seed": 5}, {"clip_norm": 1.0}),
        ({"optimizer": SGD(lr=0.5, momentum=0.5)}, {"optimizer": SGD(lr=0.5)}),
        ({"optimizer": OPTIMIZERS["Adam"](lr=0.5)}, {"optimizer": SGD(lr=0.1)}),
    ],
)
def test_a_run_takes_along_what_may_change_in_its_midst(wanted: dict[str, Any], after: dict[str, Any]) -> None:
    trained = TrainingSettings(optimizer=SGD(lr=0.1))
    assert taken_along(trained, trained.change(**wanted)) == trained.change(**after)


@pytest.mark.usefixtures("every_step")
def test_a_run_that_failed_goes_on_with_clipped_gradients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "EPOCH_EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))
    steep = regression(optimizer=SGD(lr=0.6, momentum=0.0), epochs=20)
    (failed,) = of_kind(Failed, run(steep, tmp_path / "run"))
    remedy = next(remedy for remedy in remedies(failed, steep.training) if remedy.way == "lower_rate")
    folder = RunFolder(tmp_path / "run")
    go_on_with(folder, remedy.fix.edit(steep).training)
    assert folder.read_project().training.optimizer == SGD(lr=0.06, momentum=0.0)
    events = run(steep, tmp_path / "run", resume=True)
    assert isinstance(events[-1], Finished)
    assert events[-1].epochs == 20
