"""TensorBoard's files hold what our events tell, each point once, also when a run was stopped and went on."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.problem import UserError
from engine.training.events import Epoch, Failed, Step
from engine.training.tensorboard import FOLDER
from tests.engine.training.given import of_kind, run, small

Scalars = dict[str, list[tuple[int, float]]]


@pytest.fixture
def read() -> Any:
    if importlib.util.find_spec("tensorboard") is None:
        pytest.skip("tensorboard is not installed")

    def scalars(folder: Path) -> Scalars:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

            board = EventAccumulator(str(folder), size_guidance={"scalars": 0})
            board.Reload()
        tags = board.Tags()["scalars"]
        return {tag: [(point.step, point.value) for point in board.Scalars(tag)] for tag in tags}

    return scalars


@pytest.mark.usefixtures("every_step")
def test_they_hold_what_the_events_tell(read: Any, tmp_path: Path) -> None:
    events = run(small(), tmp_path / "run", tensorboard=True)
    by_step, by_epoch = (read(tmp_path / "run" / FOLDER / name) for name in ("steps", "epochs"))
    steps, epochs = of_kind(Step, events), of_kind(Epoch, events)
    assert set(by_step) == {"loss/train", "accuracy/train", "learning_rate"}
    assert [place for place, _ in by_step["loss/train"]] == list(range(1, len(steps) + 1))
    assert [value for _, value in by_step["loss/train"]] == pytest.approx([step.train["loss"] for step in steps])
    for tag, values in by_epoch.items():
        name, part = tag.split("/")
        told = [(epoch.epoch, getattr(epoch, part)[name]) for epoch in epochs]
        assert values == [(place, pytest.approx(value)) for place, value in told]
    assert set(by_epoch) == {f"{name}/{part}" for name in ("loss", "accuracy") for part in ("train", "validation")}


@pytest.mark.usefixtures("every_step")
def test_a_run_that_goes_on_doubles_nothing(read: Any, tmp_path: Path) -> None:
    running = engine.train(small(), tmp_path / "run", tensorboard=True)
    for event in running:
        if isinstance(event, Step) and (event.epoch, event.step) == (2, 3):
            running.close()
    run(small(), tmp_path / "run", resume=True)
    run(small(), tmp_path / "whole", tensorboard=True)
    for name in ("steps", "epochs"):
        whole = read(tmp_path / "whole" / FOLDER / name)
        gone_on = read(tmp_path / "run" / FOLDER / name)
        places = {tag: [place for place, _ in values] for tag, values in whole.items()}
        assert {tag: [place for place, _ in values] for tag, values in gone_on.items()} == places


def test_nothing_is_written_unless_asked_for(tmp_path: Path) -> None:
    run(small(epochs=1), tmp_path / "run")
    assert not (tmp_path / "run" / FOLDER).exists()


def test_a_missing_package_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="need the package tensorboard, which is not installed"):
        engine.train(small(tensorboard=True), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("method", ["__init__", "add_scalar"])
def test_a_full_disk_ends_the_run_in_words(method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"torch.utils.tensorboard.SummaryWriter.{method}", full)
    failed = run(small(), tmp_path / "run", tensorboard=True)[-1]
    assert isinstance(failed, Failed)
    assert failed.message == f"{tmp_path / 'run' / FOLDER} can't be written: No space left on device."
    assert failed.ways[0] == "free_disk"
