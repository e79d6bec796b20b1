"""What the folders of runs tell of them, also where something is missing or damaged, and what users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import templates
from engine.problem import UserError
from engine.training.events import Epoch, Failed, Finished
from engine.training.history import RunLabel, history, read_label, record, write_label
from engine.training.run import RunFolder

FIRST = Epoch(1, {"loss": 1.0}, {"loss": 0.5, "accuracy": 0.8}, 1.5, True)
SECOND = Epoch(2, {"loss": 0.5}, {"loss": 0.6, "accuracy": 0.9}, 2.0, False)


def run(parent: Path, number: int, *events: object, saved: bool = False, **metrics: object) -> Path:
    path = parent / str(number)
    path.mkdir(parents=True)
    folder = RunFolder(path)
    folder.write_project(templates.open_template("iris"))
    folder.events.write_text("".join(json.dumps(event.json()) + "\n" for event in events))
    if metrics:
        folder.write_metrics(metrics)
    if saved:
        (path / "last").mkdir()
        (path / "last" / "state.safetensors").write_bytes(b"")
    return path


def test_the_latest_stands_first_with_all_that_its_folder_tells(tmp_path: Path) -> None:
    done = Finished("done", 2, 1, {}, {"loss": 0.5, "accuracy": 0.8}, {"loss": 0.4}, "", 9.5)
    run(tmp_path, 2, FIRST, SECOND, saved=True, **done.json())
    run(tmp_path, 10, FIRST, SECOND, saved=True)
    latest, before = history(tmp_path)
    assert (latest.number, latest.end, latest.resumable) == (10, "unfinished", True)
    assert (latest.epochs, latest.best_epoch, latest.seconds) == (2, 1, 3.5)
    assert latest.validation == {"loss": 0.5, "accuracy": 0.8}, "those of the best epoch, not of the last"
    assert (before.number, before.end, before.resumable) == (2, "finished", False)
    assert (before.test, before.seconds) == ({"loss": 0.4}, 9.5)
    settings = templates.open_template("iris").training
    assert (before.optimizer, before.learning_rate) == (type(settings.optimizer).__name__, settings.optimizer.lr)
    assert (before.batch_size, before.wanted) == (settings.batch_size, settings.epochs)
    assert before.started is not None


@pytest.mark.parametrize(
    ("events", "metrics", "end"),
    [
        ((FIRST,), {}, "unfinished"),
        ((FIRST,), {"reason": "stopped"}, "stopped"),
        ((FIRST,), {"reason": "done"}, "finished"),
        ((FIRST, Failed("full", "")), {}, "failed"),
        ((), {"reason": "something new"}, "unfinished"),
    ],
)
def test_how_it_ended(tmp_path: Path, events: tuple, metrics: dict, end: str) -> None:
    assert record(run(tmp_path, 1, *events, **metrics)).end == end


@pytest.mark.parametrize("name", ["project.plexus", "events.jsonl", "metrics.json", "label.json"])
@pytest.mark.parametrize("content", [b"", b"[1, 2]", b'{"training": 3, "epochs": "x", "validation": []}', b"\xff\xfe{"])
def test_damaged_files_are_told_as_far_as_they_can_be_read(tmp_path: Path, name: str, content: bytes) -> None:
    path = run(tmp_path, 1, FIRST, reason="stopped", seconds=2.5)
    (path / name).write_bytes(content)
    told = record(path)
    assert told.number == 1
    assert told.end == ("unfinished" if name == "metrics.json" else "stopped")


def test_no_folder_no_runs(tmp_path: Path) -> None:
    assert history(tmp_path / "none") == ()


def test_labels_are_kept_beside_the_run(tmp_path: Path) -> None:
    path = run(tmp_path, 1)
    assert read_label(path) == RunLabel()
    label = RunLabel(name="  base\n line ", tags=("small", " small", "", "a b"), starred=True)
    assert (label.name, label.tags) == ("base line", ("small", "a b"))
    write_label(path, label)
    assert read_label(path) == label == record(path).label
    assert len(RunLabel(name="x" * 500).name) == 80


def test_a_label_for_a_run_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is gone"):
        write_label(tmp_path / "7", RunLabel(name="x"))
