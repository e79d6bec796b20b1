"""A run's folder: what may be one, what lies in it, and what is said when it can't be read."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
import torch

from engine.problem import UserError
from engine.project import Project
from engine.training.events import Failed, Scoring
from engine.training.run import EventLog, RunFolder, read_tensors, run_numbers, runs_of, write_tensors
from tests.engine.designs import chain


def test_runs_are_numbered_upwards(tmp_path: Path) -> None:
    parent = tmp_path / "digits.runs"
    assert run_numbers(parent) == []
    assert [RunFolder.next_in(parent).number for _ in range(3)] == [1, 2, 3]
    (parent / "7").mkdir()
    (parent / "notes").mkdir()
    (parent / "٣").mkdir()  # a digit, but not one of ours
    assert RunFolder.next_in(parent).path == parent / "8"
    assert run_numbers(parent) == [1, 2, 3, 7, 8]


def test_runs_lie_beside_the_project() -> None:
    assert runs_of(Path("a/digits.plexus")) == Path("a/digits.runs")


def test_a_folder_holds_one_run(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "deep" / "run")
    assert folder.number == 0
    assert RunFolder.create(tmp_path / "deep" / "run") == folder  # nothing in it yet
    folder.write_project(chain())
    assert folder.read_project() == chain()
    assert RunFolder.existing(folder.path) == folder
    with pytest.raises(UserError, match=r"holds a run already. Choose another folder, or resume that run\."):
        RunFolder.create(folder.path)


def test_says_when_there_is_no_run_or_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no run in"):
        RunFolder.existing(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"can't be made: .* Choose another folder"):
        RunFolder.create(tmp_path / "file" / "run")
    with pytest.raises(UserError, match="can't be written to"):
        RunFolder.next_in(tmp_path / "file")


def test_metrics_come_and_go(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.read_metrics() == {}
    folder.write_metrics({"loss": 0.5})
    assert folder.read_metrics() == {"loss": 0.5}


def test_weights_survive_to_the_last_bit(tmp_path: Path) -> None:
    weights = {"fc.weight": torch.randn(3, 4), "bn.num_batches_tracked": torch.tensor(7), "t": torch.randn(4, 3).T}
    folder = RunFolder(tmp_path)
    folder.write_best(weights)
    again = folder.read_best()
    assert again.keys() == weights.keys()
    assert all(torch.equal(again[name], weights[name]) for name in weights)
    assert all(again[name].dtype == weights[name].dtype for name in weights)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80" * 100, b"\xff" * 8 + b"{}", None])
def test_says_that_weights_are_missing_or_damaged(content: bytes | None, tmp_path: Path) -> None:
    place = tmp_path / "best.safetensors"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(UserError, match=r"is missing: the run was stopped before|is damaged and can't be read"):
        read_tensors(place)


def test_weights_that_were_cut_short_are_refused(tmp_path: Path) -> None:
    place = tmp_path / "best.safetensors"
    write_tensors(place, {"w": torch.randn(100)})
    whole = place.read_bytes()
    for length in (4, 50, len(whole) - 1):
        place.write_bytes(whole[:length])
        with pytest.raises(UserError, match="is damaged"):
            read_tensors(place)


def lines(place: Path) -> list[int]:
    return [json.loads(line)["done"] for line in place.read_text().splitlines()]


def test_the_log_goes_on_from_a_place_and_forgets_what_came_after(tmp_path: Path) -> None:
    place = tmp_path / "events.jsonl"
    log = EventLog(place)
    log.write(Scoring(1, 1, 9))
    position = log.position()
    log.write(Scoring(1, 2, 9))
    log.write(Scoring(1, 3, 9))
    log.close()
    assert lines(place) == [1, 2, 3]
    again = EventLog(place, position)
    again.write(Scoring(1, 4, 9))
    again.close()
    assert lines(place) == [1, 4]


def test_a_failure_is_kept_but_for_a_run_of_which_there_is_nothing(tmp_path: Path) -> None:
    failed = Failed("It failed.", "Mend it.")
    kept, empty = RunFolder.create(tmp_path / "kept"), RunFolder.create(tmp_path / "empty")
    kept.write_project(Project())
    for folder in (kept, empty):
        folder.add_failure(failed)
    assert kept.read_events() == [failed]
    assert not empty.path.exists()


class Full:
    """A file on a full disk."""

    def write(self, *_: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    flush = close = write


def test_the_log_speaks_of_a_full_disk(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    log.close()
    log._file = Full()
    for attempt in (lambda: log.write(Scoring(1, 1, 9)), log.position):
        with pytest.raises(UserError, match=r"events.jsonl can't be written: No space left on device. Make room"):
            attempt()
    with pytest.raises(UserError, match="can't be written"):
        EventLog(tmp_path / "no folder" / "events.jsonl")
