"""What ends a run is told in a sentence, with ways out; what was saved is kept, and the run can go on from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.field import Field
from engine.project import Project
from engine.training import saving
from engine.training.events import Failed, Finished
from engine.training.trainer import Trainer
from tests.engine.training.given import given, of_kind, over, run, same, small, weights


@pytest.fixture
def saves_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "EPOCH_EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))


def failing_at(monkeypatch: pytest.MonkeyPatch, epoch: int, error: Exception) -> None:
    step = Trainer.step

    def fail(trainer: Trainer, samples: int, batch: dict[str, torch.Tensor]) -> None:
        if trainer.progress.epoch == epoch:
            raise error
        step(trainer, samples, batch)

    monkeypatch.setattr(Trainer, "step", fail)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be reported later."),
        torch.AcceleratorError("CUDA error: unspecified launch failure"),
    ],
    ids=["RuntimeError", "AcceleratorError"],
)
@pytest.mark.usefixtures("saves_often")
def test_a_gpu_that_fails_loses_nothing_that_was_saved(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(small(), tmp_path / "whole")
    with monkeypatch.context() as patched:
        failing_at(patched, 3, error)
        (failed,) = of_kind(Failed, run(small(), tmp_path / "run"))
    assert failed.message == "The GPU failed: CUDA error: unspecified launch failure"
    assert failed.remedy.startswith("Look whether it is still there, or use the CPU. What was saved last is unharmed")
    assert failed.ways == ("use_cpu", "go_back")
    assert isinstance(run(small(), tmp_path / "run", resume=True)[-1], Finished)
    assert isinstance(whole[-1], Finished)
    assert same(weights(tmp_path / "run"), weights(tmp_path / "whole"))


@pytest.mark.usefixtures("saves_often")
def test_a_memory_that_is_full_for_a_while_loses_nothing_that_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small(), tmp_path / "whole")
    with monkeypatch.context() as patched:
        failing_at(patched, 3, MemoryError())
        (failed,) = of_kind(Failed, run(small(), tmp_path / "run"))
    assert failed.remedy.endswith("With more of it free, the run can go on from what was saved last.")
    assert failed.ways == ("smaller_batch", "go_back")
    assert isinstance(run(small(), tmp_path / "run", resume=True)[-1], Finished)
    assert same(weights(tmp_path / "run"), weights(tmp_path / "whole"))


def test_a_bad_row_of_the_data_ends_the_run_with_its_number(tmp_path: Path) -> None:
    features = np.zeros((150, 4), "float32")
    features[41, 2] = np.nan
    fields = Field("features", "vector", (4,)), Field("species", "class", classes=("a", "b", "c"))
    source = given(fields, features=features, species=np.arange(150) % 3)
    project: Project = over(small(), source)
    (failed,) = of_kind(Failed, run(project, tmp_path / "run"))
    assert failed.message == (
        "Row 42 of the data has a missing or infinite value in the field “features”. Correct it, or leave the row out."
    )
    assert failed.ways == ("check_data",)
