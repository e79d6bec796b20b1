"""A process that trains, as far as its pipes can tell: it needs no torch, and does what the project's name says."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from engine.problem import UserError
from engine.project import Project
from engine.training import worker
from engine.training.changes import Changes
from engine.training.events import Changed, Epoch, Event, Failed, Finished, Saved, Started
from engine.training.run import RunFolder

MODULE = "tests.engine.training.stand_in"
STATE = Path("last") / "state.safetensors"
EPOCHS = 200


def train(project: Project, run_dir: str, *, resume: bool, start_from: str | None, changes: Changes) -> Iterator[Event]:
    """Epochs without any work; the state is written at the end, or when the run is left."""
    if project.name == "refused":
        raise UserError("That can't be trained.")
    Path(run_dir).mkdir(exist_ok=True)
    return _with_changes(_events(project.name, Path(run_dir), resume), changes)


def _with_changes(events: Generator[Event], changes: Changes) -> Iterator[Event]:
    """Tells each change that is asked for behind the event before it."""
    with closing(events):
        for event in events:
            yield event
            for values in changes.take():
                yield from (Changed(name, None, value, 1, 0, 0.0) for name, value in values.items())


def _events(name: str, folder: Path, resume: bool) -> Generator[Event]:
    try:
        yield Started(os.getpid(), str(folder), "cpu", 1, 0, {"train": 1}, EPOCHS, 1, (), 0.1, resume)
        for epoch in itertools.count(1) if name in ("endless", "full") else range(1, EPOCHS + 1):
            if name == "loud":
                _print_everywhere()
            if name == "broken":
                raise IndexError("ours")
            if name == "lost":
                yield Failed("The GPU failed.", "Use the CPU.", None, ("use_cpu",))
                return
            if name == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            yield Epoch(epoch, {"loss": 1 / epoch}, {"loss": float("inf")}, 0.0, False)
            if name == "saved and killed":
                _save(folder)
                yield Saved(epoch, str(folder))
                os.kill(os.getpid(), signal.SIGKILL)
    except GeneratorExit:
        if name == "full":
            raise UserError("The disk is full.") from None
        _save(folder)
        RunFolder(folder).write_metrics(Finished("stopped", 1, 1, {}, {}, {}, str(folder), 0.0).json())
        raise
    _save(folder)
    yield Finished("done", EPOCHS, 1, {}, {}, {}, str(folder), 0.0)


def _save(folder: Path) -> None:
    (folder / STATE).parent.mkdir(exist_ok=True)
    (folder / STATE).write_text("saved")


def _print_everywhere() -> None:
    print('{"answer": "closed"}', flush=True)
    os.write(1, b"garbage")
    os.system("echo more of it")


if __name__ == "__main__":
    worker.train = train
    worker.main(lambda: print("a greeting from a library"))
