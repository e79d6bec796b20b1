"""The training of the open project: starts, pauses and stops it, in a process of its own, and hands its events on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from designer.background import Stream
from engine.problem import UserError
from engine.project import Project
from engine.training.events import Event, Failed, Finished, Started
from engine.training.remote import CREW, Run
from engine.training.run import RunFolder

State = Literal["idle", "preparing", "running", "paused", "stopping"]


class TrainingSession(QObject):
    """One run at a time. The run keeps the project it was started with; editing goes on meanwhile."""

    events = Signal(int, list)  # number of the run, which is that of its folder, and what it told
    state_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: State = "idle"
        self.run = 0  # number of the latest run
        self.folder: Path | None = None  # of the latest run
        self.crew = CREW
        self._stream: Stream | None = None
        self._told_end = False

    @property
    def active(self) -> bool:
        return self.state != "idle"

    def start(self, project: Project, runs: Path) -> None:
        """Train `project`; the run goes into the next numbered folder in `runs`."""
        if self.active:
            return
        self._told_end, self.folder = False, None

        def events() -> Run:
            folder = RunFolder.next_in(runs)
            self.folder = folder.path
            return self.crew.train(project, folder.path)

        self._stream = Stream(self, events)
        self._stream.received.connect(self._received)
        self._stream.ended.connect(self._ended)
        self._set("preparing")
        self._stream.start()

    def pause(self) -> None:
        if self._stream is not None and self.state in ("running", "preparing"):
            self._stream.pause()
            self._set("paused")

    def go_on(self) -> None:
        if self._stream is not None and self.state == "paused":
            self._stream.go_on()
            self._set("running")

    def stop(self) -> None:
        if self._stream is not None and self.state != "stopping":
            self._set("stopping")
            self._stream.stop()

    def close(self) -> None:
        """Stop and wait until the run's state is saved."""
        if self._stream is not None:
            self._stream.stop()
            self._stream.wait()

    def _received(self, events: list[Event]) -> None:
        if self.state == "preparing":
            self._set("running")
        self.run = next((event.run for event in events if isinstance(event, Started)), self.run)
        self._told_end = self._told_end or any(isinstance(event, (Finished, Failed)) for event in events)
        self.events.emit(self.run, events)

    def _ended(self, error: BaseException | None) -> None:
        self._stream = None
        if isinstance(error, UserError):
            self.events.emit(self.run, [Failed(str(error), "")])
        elif error is not None:
            self.events.emit(self.run, [Failed(f"The training broke off: {error}", "The design is unharmed.")])
        elif not self._told_end and self.folder is not None:
            self.events.emit(self.run, [self._stopped()])
        self._set("idle")

    def _stopped(self) -> Event:
        """What a stopped run came to, as it was written when it was closed."""
        metrics = RunFolder(self.folder).read_metrics() if self.folder else {}
        names = ("epochs", "best_epoch", "train", "validation", "test", "run_dir", "seconds")
        if not all(name in metrics for name in names):
            return Failed("The run was stopped before its first step.", "")
        return Finished(reason="stopped", **{name: metrics[name] for name in names})

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
