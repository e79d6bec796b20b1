"""Runs of earlier: read from their folders when a project is opened, and shown as if one had watched them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from engine.training.events import Epoch, Event, Failed, Finished, Started, Step
from engine.training.history import RunLabel, read_label
from engine.training.run import RunFolder

if TYPE_CHECKING:
    from designer.training.strip import TrainingStrip


@dataclass(frozen=True)
class PastRun:
    """What the folder of a run tells; `end` is None where it broke off, or still goes on elsewhere."""

    number: int
    label: RunLabel
    events: Sequence[Event]  # in their order, the end left out
    end: Finished | Failed | None


def read_past(path: Path) -> PastRun:
    """Read a run; this may take a while."""
    folder = RunFolder(path)
    events = folder.read_events()
    last = events[-1] if events else None
    if isinstance(last, (Finished, Failed)):
        return PastRun(folder.number, read_label(path), events[:-1], last)
    written = folder.read_end()  # a run that was stopped tells nobody any more
    stopped = written if written is not None and written.reason == "stopped" else None
    return PastRun(folder.number, read_label(path), events, stopped)


def show_past(strip: TrainingStrip, run: PastRun) -> None:
    """Let the strip show a run; its curves are taken over whole, since it may have told thousands of things."""
    for stretch in _stretches(run.events):
        steps = [event for event in stretch if isinstance(event, Step)]
        epochs = [event for event in stretch if isinstance(event, Epoch)]
        best = [event for event in epochs if event.best][-1:]
        strip.show_training(run.number, stretch[0])
        for charts in strip.charts:
            charts.extend(run.number, "train", [(event.seen, event.train) for event in steps[:-1]])
            charts.extend(run.number, "validation", [(event.epoch, event.validation) for event in epochs[:-1]])
        others = [event for event in stretch[1:] if not isinstance(event, (Step, Epoch))]
        strip.show_events(run.number, [*others, *steps[-1:], *epochs[-1:]])
        for epoch in best:
            strip.show_best(run.number, epoch)
    if any(isinstance(event, Started) for event in run.events):
        strip.show_unfinished(run.number) if run.end is None else strip.show_training(run.number, run.end)
    strip.show_label(run.number, run.label.name, run.label.tags, run.label.starred)


def _stretches(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """What was told each time the run was started, or resumed; what stands before the first start tells nothing."""
    starts = [place for place, event in enumerate(events) if isinstance(event, Started)]
    for first, after in pairwise([*starts, len(events)]):
        yield events[first:after]
