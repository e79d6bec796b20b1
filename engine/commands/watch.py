"""Follow a training in the terminal: a bar and a line an epoch for people, a JSON line an event for programs."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TextIO, cast

from tqdm import tqdm

from engine.commands.guard import ended_by
from engine.commands.output import DONE, PROBLEMS, complain, print_json, program
from engine.training.events import Compiled, Epoch, Event, Failed, Finished, Started, Step, WarmStarted, flat
from engine.training.run import RunFolder
from engine.training.warm_start import in_words

# what asks a program to end: Ctrl-C, `kill` and the end of the session, a terminal that is closed, Ctrl-Break
ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
OFTEN, SELDOM = 0.1, 2.0  # seconds between two states of a bar: on a terminal, in a file
WIDTH = 80  # of a bar where nobody tells how much room there is


def watch(events: Iterator[Event], file: Path, *, as_json: bool = False) -> int:
    """Show a training until it ends, or Ctrl-C or another signal stops it, which saves it; answers with the exit code.

    `file` is what a person would name to train the project again.
    """
    screen = _Lines() if as_json else _Screen()
    failure: Failed | None = None
    stopped, run_dir = 0, ""
    with _asked_to_stop() as asked, closing(cast(Generator[Event], events)), closing(screen):
        for event in events:
            screen.show(event)
            if isinstance(event, Started):
                run_dir = event.run_dir
            if isinstance(event, Failed):
                failure = event
            stopped = 0 if isinstance(event, (Finished, Failed)) else asked()
            if stopped:
                break
    if failure is not None:
        complain(" ".join(words for words in (failure.message, failure.remedy) if words))
        return PROBLEMS
    if stopped:
        ended = RunFolder(Path(run_dir)).read_end()
        if as_json and ended is not None:
            print_json(ended.json())
        _tell_stop(file, run_dir)
        return ended_by(stopped)
    return DONE


def _tell_stop(file: Path, run_dir: str) -> None:
    told = RunFolder(Path(run_dir)).read_metrics()
    scores = flat(told.get("validation") or {})
    best = f" Best epoch {told['best_epoch']}: validation {scores}." if scores else ""
    complain(
        f"Stopped and saved in {run_dir}.{best}\n"
        f"To go on: {program()} train {_quoted(file)} --resume --run-dir {_quoted(run_dir)}"
    )


def _quoted(place: str | Path) -> str:
    text = str(place)
    return f'"{text}"' if " " in text else text


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], int]]:
    """The signal that asked to stop, or 0: the step under way is ended first; asked again, it ends at once.

    An interrupt inside a step would leave nothing that can be saved. Only the main thread hears of signals, and those
    that whoever started us wants ignored, as `nohup` does, stay so.
    """
    heard: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: 0
        return

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        for asking in before:
            signal.signal(asking, signal.default_int_handler if asking == signal.SIGINT else signal.SIG_DFL)

    before = {asking: signal.getsignal(asking) for asking in ASKING}
    before = {asking: handler for asking, handler in before.items() if handler is not signal.SIG_IGN}
    for asking in before:
        signal.signal(asking, hear)
    try:
        yield lambda: heard[0] if heard else 0
    finally:
        for asking, handler in before.items():
            signal.signal(asking, handler)


class _Lines:
    """Every event as one line of JSON."""

    def show(self, event: Event) -> None:
        print_json(event.json())

    def close(self) -> None:
        """Nothing to put away."""


class _Bar(tqdm):  # type: ignore[type-arg]  # only the stubs know that it is generic
    """A bar with words of our own on both sides."""

    told = left = ""

    @property
    def format_dict(self) -> dict[str, Any]:
        return {**super().format_dict, "told": self.told, "left": self.left}


class _Screen:
    """A bar on stderr, the lines worth keeping on stdout."""

    def __init__(self) -> None:
        self._bar: _Bar | None = None
        self._started: Started | None = None
        self._epochs = 0

    def show(self, event: Event) -> None:
        if isinstance(event, Started):
            self._start(event)
        elif isinstance(event, WarmStarted):
            self._write(in_words(event))
        elif isinstance(event, Compiled):
            self._write(f"{event.words[0].upper()}{event.words[1:]}")
        elif isinstance(event, Step):
            self._move(event)
        elif isinstance(event, Epoch):
            self._end_epoch(event)
        elif isinstance(event, Finished):
            self._finish(event)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _start(self, event: Started) -> None:
        self._started = event
        samples = " / ".join(f"{count:,}" for count in event.samples.values())
        print(
            f"{'Resuming' if event.resumed else 'Training'} on {event.device}: {event.parameters:,} parameters, "
            f"{samples} samples to train, validate and test, {event.epochs} epochs"
        )
        sys.stdout.flush()
        self._bar = _Bar(
            total=event.epochs * event.steps_per_epoch,
            file=sys.stderr,
            leave=False,
            mininterval=OFTEN if sys.stderr.isatty() else SELDOM,
            bar_format="{told} {percentage:3.0f}% |{bar}| {left}",
            **({"dynamic_ncols": True} if _has_size(sys.stderr) else {"ncols": WIDTH}),
        )

    def _move(self, event: Step) -> None:
        assert self._bar is not None, "a step follows a start"
        self._bar.told = f"epoch {event.epoch}  {flat(event.train, 3)}"
        self._bar.left = f"{_time(event.remaining_seconds)} left"
        self._bar.update((event.epoch - 1) * event.steps + event.step - self._bar.n)

    def _end_epoch(self, event: Epoch) -> None:
        assert self._started is not None, "an epoch follows a start"
        self._epochs += 1
        number = f"{event.epoch:{len(str(self._started.epochs))}}/{self._started.epochs}"
        mark = " *" if event.best else ""
        self._write(f"epoch {number}  train {flat(event.train)}  validation {flat(event.validation)}{mark}")

    def _finish(self, event: Finished) -> None:
        self.close()
        scores: Mapping[str, Mapping[str, float]] = {
            "train": event.train,
            "validation": event.validation,
            "test": event.test,
        }
        ended = f"Done in {_time(event.seconds)}{f': {event.why}' if event.why else ''}."
        print(f"{ended} Best epoch {event.best_epoch} (*), by its validation {event.watched}:")
        for part, values in scores.items():
            if values:
                print(f"  {part.ljust(10)}  {flat(values)}")
        if self._started is not None and self._started.resumed and not self._epochs:
            print(f"There was nothing left to do: all {event.epochs} epochs had passed. For more, give --epochs.")
        print(f"The run lies in {event.run_dir}")

    def _write(self, line: str) -> None:
        """A line on stdout that does not run into the bar."""
        if self._bar is not None:
            self._bar.clear()
        print(line, flush=True)
        if self._bar is not None and sys.stderr.isatty():
            self._bar.refresh()


def _has_size(stream: TextIO) -> bool:
    """Whether a stream is a terminal that tells how wide it is; some within containers don't."""
    try:
        return os.get_terminal_size(stream.fileno()).columns > 0
    except (OSError, ValueError):
        return False


def _time(seconds: float) -> str:
    """`41 s`, `3 min 20 s`, `2 h 5 min`"""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
