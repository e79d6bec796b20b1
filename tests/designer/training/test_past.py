"""A run of earlier looks as it did when it ended, however long its curves are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from designer.theme import DARK
from designer.training.past import read_past, show_past
from designer.training.strip import TrainingStrip
from engine.training.events import Changed, Epoch, Event, Failed, Finished, Started, Step
from engine.training.history import RunLabel, write_label
from engine.training.run import RunFolder

STEPS = 4


def started(resumed: bool = False) -> Started:
    return Started(1, "", "cpu", 1, 100, {"train": 8}, 9, STEPS, ("accuracy",), 1e-3, resumed)


def epoch(number: int, steps: int = STEPS) -> list[Event]:
    """An epoch of a run, or as much of it as there was."""
    told: list[Event] = [
        Step(number, step, STEPS, number - 1 + step / STEPS, {"loss": 1 / number, "accuracy": 0.5}, 1e-3, 1.0, 2.0, {})
        for step in range(1, steps + 1)
    ]
    scores = {"loss": 2 / number, "accuracy": 0.25 * number}
    return [*told, Epoch(number, scores, scores, 1.0, number < 3)] if steps == STEPS else told


def written(path: Path, events: Sequence[Event], end: Finished | None = None) -> Path:
    path.mkdir()
    (path / "events.jsonl").write_text("".join(json.dumps(event.json()) + "\n" for event in events))
    if end is not None:
        RunFolder(path).write_metrics(end.json())
    return path


@pytest.fixture
def strip(qtbot: QtBot) -> TrainingStrip:
    made = TrainingStrip(DARK)
    made.resize(1400, 226)
    qtbot.addWidget(made)
    made.show()
    return made


def ended(reason: str) -> Finished:
    return Finished(reason, 2, 2, {}, {"loss": 1.0, "accuracy": 0.5}, {}, "", 90.0)  # type: ignore[arg-type]


WHOLE = [started(), *epoch(1), *epoch(2), *epoch(3)]


BEST = ("1.00", "50.0 %")  # of the second epoch, though the third was scored


@pytest.mark.parametrize(
    ("events", "end", "state", "words", "figures"),
    [
        ([*WHOLE, ended("done")], None, "finished", "2 epochs in 1 min 30 s · best after epoch 2", BEST),
        (WHOLE, ended("stopped"), "stopped", "2 epochs in 1 min 30 s · best after epoch 2", BEST),
        (WHOLE, None, "unfinished", "epoch 3 of 9", BEST),
        (WHOLE, ended("done"), "unfinished", "epoch 3 of 9", BEST),  # it was gone on with since
        ([*WHOLE, Failed("Ouch.", "Rest.")], None, "failed", "Ouch. Rest.", BEST),
    ],
)
def test_it_is_told_how_it_ended(
    events: list[Event],
    end: Finished | None,
    state: str,
    words: str,
    figures: tuple[str, str],
    strip: TrainingStrip,
    tmp_path: Path,
) -> None:
    show_past(strip, read_past(written(tmp_path / "7", events, end)))
    assert strip._progress.headline == f"Run 7 · {state}"
    assert strip._progress.words.startswith(words)
    line = strip._runs[7].line
    assert not line.now
    assert (line.loss, line.score) == figures


def test_curves_are_those_that_one_would_have_watched(strip: TrainingStrip, qtbot: QtBot, tmp_path: Path) -> None:
    change = Changed("lr", 1e-3, 1e-4, 2, 3, 1.75)
    events = [started(), *epoch(1), *epoch(2, 3), started(resumed=True), change, *epoch(2)[3:], *epoch(3)]
    watched = TrainingStrip(DARK)
    qtbot.addWidget(watched)
    watched.show_events(7, events)
    show_past(strip, read_past(written(tmp_path / "7", events)))
    for mine, theirs in zip(strip.charts, watched.charts, strict=True):
        for name in theirs._charts:
            one, two = (charts.chart(name)._curves.runs[7] for charts in (mine, theirs))
            assert (one.best, one.changes) == (two.best, two.changes)
            for part in ("train", "validation"):
                assert one.parts[part].x.tolist() == two.parts[part].x.tolist()
                assert one.parts[part].y.tolist() == two.parts[part].y.tolist()
    assert strip._runs[7].line.notes == watched._runs[7].line.notes


def test_what_it_is_called_is_shown_and_an_empty_folder_is_passed_over(strip: TrainingStrip, tmp_path: Path) -> None:
    path = written(tmp_path / "7", WHOLE)
    write_label(path, RunLabel(name="wide", tags=("a",), starred=True))
    show_past(strip, read_past(path))
    assert asdict(strip._runs[7].line) | {"name": "wide", "tags": ("a",), "starred": True} == asdict(
        strip._runs[7].line
    )
    show_past(strip, read_past(written(tmp_path / "8", [])))
    assert list(strip._runs) == [7]


def test_a_long_run_is_taken_over_whole(strip: TrainingStrip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much it told, the charts are told a few times."""
    told: list[str] = []
    append = type(strip.charts[0]).extend
    monkeypatch.setattr(type(strip.charts[0]), "extend", lambda *given: (told.append(given[2]), append(*given)))
    single: list[object] = []
    monkeypatch.setattr(TrainingStrip, "show_step", lambda self, *given: single.append(given))
    show_past(strip, read_past(written(tmp_path / "7", [started(), *(e for n in range(1, 200) for e in epoch(n))])))
    assert told == ["train", "validation"] * 2
    assert len(single) == 1
