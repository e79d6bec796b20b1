"""Where the number of threads is left open it is timed before the run, kept by it, and 1 for all that is small."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.training import threads
from engine.training.events import Failed, Finished, Started
from engine.training.run import RunFolder
from engine.training.settings import TrainingSettings
from engine.training.threads import chosen_threads, fastest, with_threads
from tests.engine.training.given import of_kind, run, same, small, weights


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({1: 1.0, 2: 0.5, 4: 0.3, 6: 0.29}, 4),
        ({1: 1.0, 2: 0.9, 4: 0.1}, 1),
        ({1: 1.0, 2: 0.5, 4: 0.25, 8: 0.2}, 8),
        ({1: 1.0}, 1),
    ],
)
def test_more_are_taken_while_they_are_clearly_faster(seconds: dict[int, float], chosen: int) -> None:
    assert fastest(iter(seconds), seconds.__getitem__) == chosen


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache"


def test_a_small_network_takes_one_without_timing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_seconds", lambda *_timed: pytest.fail("it was timed"))
    assert chosen_threads(small(threads=None), cores=8) == 1
    assert with_threads(small(threads=3)) == small(threads=3)
    assert TrainingSettings().threads is None


def test_a_core_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "SMALL", 0)
    monkeypatch.setattr(threads, "_timed", lambda project, cores: pytest.fail("it was timed"))
    monkeypatch.setattr(threads, "_cores", lambda: 2)
    assert chosen_threads(small(threads=None)) == 1


def test_the_machine_remembers_what_it_has_timed(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "SMALL", 0)
    times = iter([1.0, 0.5, 0.1, 1.0, 0.9])
    monkeypatch.setattr(threads, "_seconds", lambda *_timed: next(times))
    assert chosen_threads(small(threads=None), cores=4) == 4
    assert chosen_threads(small(threads=None, epochs=9, seed=3), cores=4) == 4  # what changes no step changes nothing
    assert chosen_threads(small(threads=None, batch_size=7), cores=4) == 1  # and 0.9 is not clearly faster
    assert next(times, None) is None


@pytest.mark.usefixtures("cache")
def test_a_run_whose_threads_can_not_be_timed_is_a_run_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(threads, "SMALL", 0)
    monkeypatch.setattr(threads, "_cores", lambda: 3)
    monkeypatch.setattr(threads, "_seconds", full)
    (failed,) = run(small(threads=None), tmp_path / "run")
    assert isinstance(failed, Failed)
    assert failed.message == "The memory is full."
    folder = RunFolder(tmp_path / "run")
    assert folder.read_project() == small(threads=None)
    assert folder.read_events() == [failed]


@pytest.mark.usefixtures("cache")
def test_a_run_keeps_its_number_and_timing_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "SMALL", 0)
    monkeypatch.setattr(threads, "_cores", lambda: 3)
    monkeypatch.setattr(threads, "GAIN", 1e-9)  # whatever the clock says, two are taken
    before = torch.get_rng_state()
    events = run(small(threads=None), tmp_path / "timed")
    assert torch.equal(torch.get_rng_state(), before)
    assert of_kind(Started, events)[0].threads == 2
    assert RunFolder(tmp_path / "timed").read_project().training.threads == 2
    given = run(small(threads=2), tmp_path / "given")
    assert isinstance(given[-1], Finished)
    assert same(weights(tmp_path / "timed"), weights(tmp_path / "given"))
