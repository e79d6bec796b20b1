"""The training of the open project: starts, pauses and stops it, in a process of its own, and hands its events on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from designer.background import Stream
from engine.problem import UserError
from engine.project import Project
from engine.training.changes import Standing, changed, value_of
from engine.training.events import Changed, Event, Failed, Finished, Started, Step, Way
from engine.training.history import settings_of
from engine.training.remote import CREW, Run
from engine.training.run import RunFolder
from engine.training.settings import TrainingSettings

State = Literal["idle", "preparing", "running", "paused", "stopping"]


@dataclass(frozen=True)
class Waiting:
    """A run that begins when those before it are over, with the project as it was when it was put in line."""

    project: Project
    runs: Path


class TrainingSession(QObject):
    """One run at a time, the others in line. A run keeps the project it was started with; editing goes on meanwhile.

    The next in line begins when a run ends, however it ends, unless the user stopped it: then the line waits.
    """

    events = Signal(int, list)  # number of the run, which is that of its folder, and what it told
    state_changed = Signal(str)
    queue_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: State = "idle"
        self.run = 0  # number of the latest run
        self.folder: Path | None = None  # of the latest run
        self.project: Project | None = None  # as the latest run trains it, changes on its way among it
        self.course: list[tuple[float, TrainingSettings]] = []  # its settings, each from so many epochs on
        self.batches = 0  # of an epoch of the latest run
        self.seen = 0.0  # epochs that it has gone through
        self.standing = Standing()
        self._place = (1, 0)  # the epoch under way, and steps in it
        self._told_ahead: list[tuple[str, Any]] = []  # changes that were told before the run told of them
        self.crew = CREW
        self._stream: Stream | None = None
        self._live: Run | None = None
        self._told_end = False
        self._stopped_by_user = False
        self.queue: tuple[Waiting, ...] = ()

    @property
    def active(self) -> bool:
        return self.state != "idle"

    @property
    def can_change(self) -> bool:
        """Whether there is a run under way that takes other settings."""
        return self._live is not None and bool(self.batches) and self.state in ("running", "paused")

    def change(self, values: Mapping[str, Any]) -> None:
        """Let the run under way go on with other settings, by name; see `engine.training.changes`.

        Raises:
            BadValue: when they can't be taken, or not any more.
        """
        if self._live is None or self.project is None:
            return
        before = self.project.training
        settings = changed(before, values, self.standing)
        self.project = self.project.with_(training=settings)
        self._live.change(**values)
        if self.state == "paused":  # it tells of nothing before it goes on
            self._tell_ahead(
                Changed(name, value_of(before, name), value_of(settings, name), *self._place, self.seen)
                for name in values
                if value_of(before, name) != value_of(settings, name)
            )

    def _tell_ahead(self, changes: Iterable[Changed]) -> None:
        """Tell of changes now that the run will make with its next step."""
        told = list(changes)
        self._told_ahead += [(change.field, change.after) for change in told]
        for change in told:
            self._follow(change)
        self.events.emit(self.run, told)

    def start(self, project: Project, runs: Path, start_from: Path | None = None) -> None:
        """Train `project`; the run goes into the next numbered folder in `runs`.

        With `start_from`, it begins with the weights of the run in that folder, where they still fit.
        """
        if self.active:
            return

        def events() -> Run:
            folder = RunFolder.next_in(runs)
            self.folder, self.project = folder.path, project
            self.course = [(0.0, project.training)]
            self._live = self.crew.train(project, folder.path, start_from=start_from)
            return self._live

        self._begin(events)

    def resume(self, folder: Path) -> None:
        """Go on with a run that was stopped, from where it stands."""
        if self.active:
            return

        def events() -> Run:
            run = RunFolder.existing(folder)
            project, settings = run.read_project(), settings_of(folder)
            self.folder, self.project = folder, project.with_(training=settings)
            self.course = [(0.0, settings)]
            self._live = self.crew.train(project, folder, resume=True)
            return self._live

        self._begin(events)

    def put_in_line(self, project: Project, runs: Path) -> None:
        """Train `project` as it is now after all that is under way or waits."""
        if not self.active and not self.queue:
            self.start(project, runs)
            return
        self.queue = (*self.queue, Waiting(project, runs))
        self.queue_changed.emit()
        if not self.active:
            self.start_next()

    def take_out(self, place: int) -> None:
        """Take one out of the line, counted from 0."""
        self.queue = (*self.queue[:place], *self.queue[place + 1 :])
        self.queue_changed.emit()

    def start_next(self) -> None:
        """Begin with the first in line, if there is one and nothing is under way."""
        if self.active or not self.queue:
            return
        first, *rest = self.queue
        self.queue = tuple(rest)
        self.queue_changed.emit()
        self.start(first.project, first.runs)

    def _begin(self, make: Callable[[], Run]) -> None:
        self._told_end, self._stopped_by_user, self.folder = False, False, None
        self._live, self.batches, self.seen, self.standing = None, 0, 0.0, Standing()
        self._place, self._told_ahead = (1, 0), []
        self._stream = Stream(self, make)
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
            self._stopped_by_user = True
            self._set("stopping")
            self._stream.stop()

    def close(self) -> None:
        """Stop and wait until the run's state is saved; what is in line is given up."""
        self.queue = ()
        if self._stream is not None:
            self._stopped_by_user = True
            self._set("stopping")
            self._stream.stop()
            self._stream.wait()

    def _received(self, events: list[Event]) -> None:
        if self.state == "preparing":
            self._set("running")
        self.run = next((event.run for event in events if isinstance(event, Started)), self.run)
        events = [event for event in events if not self._knows(event)]
        for event in events:
            self._follow(event)
        self._told_end = self._told_end or any(isinstance(event, (Finished, Failed)) for event in events)
        self.events.emit(self.run, events)

    def _knows(self, event: Event) -> bool:
        """Whether this was told ahead."""
        if not isinstance(event, Changed) or (event.field, event.after) not in self._told_ahead:
            return False
        self._told_ahead.remove((event.field, event.after))
        return True

    def _follow(self, event: Event) -> None:
        """Keep in mind where the run stands."""
        if isinstance(event, Started):
            self.batches = event.steps_per_epoch
        elif isinstance(event, Step) and self.project is not None:
            together = self.project.training.accumulate
            done = (event.epoch - 1) * -(-event.steps // together) + event.step // together
            self.seen, self._place = event.seen, (event.epoch, event.step)
            self.standing = Standing(event.epoch, done, event.seconds / 60)
        elif isinstance(event, Changed):
            self.course.append((event.seen, changed(self.course[-1][1], {event.field: event.after})))

    def _ended(self, error: BaseException | None) -> None:
        self._stream = self._live = None
        if isinstance(error, UserError):
            self.events.emit(self.run, [Failed(str(error), "", ways=(*error.ways, *self._way_back()))])
        elif error is not None:
            words = f"The training broke off: {error}"
            self.events.emit(self.run, [Failed(words, "The design is unharmed.", ways=self._way_back())])
        elif not self._told_end and self.folder is not None:
            self.events.emit(self.run, [*self._unheard(), self._stopped()])
        self._set("idle")
        if not self._stopped_by_user:
            self.start_next()

    def _unheard(self) -> list[Changed]:
        """Changes that the run took as it was being stopped, when it told of nothing any more."""
        if self.folder is None or not self.course:
            return []
        known = self.course[-1][1]
        taken = RunFolder(self.folder).read_last_changes()
        return [change for change in taken if value_of(known, change.field) != change.after]

    def _way_back(self) -> tuple[Way, ...]:
        saved = self.folder is not None and (self.folder / "last" / "state.safetensors").is_file()
        return ("go_back",) if saved else ()

    def _stopped(self) -> Event:
        """What a stopped run came to, as it was written when it was closed."""
        ended = RunFolder(self.folder).read_end() if self.folder else None
        return ended or Failed("The run was stopped before its first step.", "")

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
