"""The session runs one training at a time in another process and tells where it stands, however that ends."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from designer.training.session import TrainingSession
from engine.project import Project
from engine.record import BadValue
from engine.training.changes import Standing
from engine.training.events import Changed, Event, Failed, Finished, Started, Step
from engine.training.remote import Crew
from engine.training.run import RunFolder
from tests.designer.training.gate import gated, until_it_stands
from tests.engine.training.stand_in import EPOCHS, MODULE, STATE


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    crew = Crew(MODULE)
    yield crew
    crew.close()


class Watched:
    """A session, what it told, and where it said it stood."""

    def __init__(self, crew: Crew, qtbot: QtBot, runs: Path) -> None:
        self.session, self.qtbot, self.runs = TrainingSession(), qtbot, runs
        self.session.crew = crew
        self.events: list[Event] = []
        self.states: list[str] = []
        self.session.events.connect(lambda _run, events: self.events.extend(events))
        self.session.state_changed.connect(self.states.append)

    def start(self, name: str) -> None:
        self.events.clear()
        self.states.clear()
        self.session.start(Project(name=name), self.runs)

    def wait_for(self, state: str) -> None:
        self.qtbot.waitUntil(lambda: self.session.state == state)

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]


@pytest.fixture
def watched(crew: Crew, qtbot: QtBot, tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(crew, qtbot, tmp_path / "a.runs")
    yield watched
    watched.session.close()


def test_a_run_from_start_to_end(watched: Watched, tmp_path: Path) -> None:
    watched.start("calm")
    assert watched.session.active
    watched.start("calm")  # one at a time: this one is not begun
    watched.wait_for("idle")
    assert watched.states == ["running", "idle"]
    assert watched.names == ["started", *["epoch"] * EPOCHS, "finished"]
    assert watched.session.folder == tmp_path / "a.runs" / "1"
    watched.start("calm")
    watched.wait_for("idle")
    assert watched.states == ["preparing", "running", "idle"]
    assert watched.session.folder == tmp_path / "a.runs" / "2"


def test_paused_it_tells_nothing_until_it_goes_on(watched: Watched) -> None:
    watched.start("endless")
    watched.wait_for("running")
    stream = watched.session._stream
    assert stream is not None
    gate = gated(stream)
    watched.session.pause()
    assert watched.session.state == "paused"
    until_it_stands(gate, stream, watched.qtbot)
    told = len(watched.events)
    watched.qtbot.wait(200)
    assert len(watched.events) == told
    watched.session.go_on()
    watched.qtbot.waitUntil(lambda: len(watched.events) > told)
    assert watched.states == ["preparing", "running", "paused", "running"]


@pytest.mark.parametrize("paused", [False, True])
def test_stopped_it_is_saved_and_says_what_it_came_to(watched: Watched, paused: bool, tmp_path: Path) -> None:
    watched.start("endless")
    watched.wait_for("running")
    if paused:
        watched.session.pause()
    watched.session.stop()
    assert watched.session.state == "stopping"
    watched.wait_for("idle")
    assert (tmp_path / "a.runs" / "1" / STATE).exists()
    assert watched.names.count("finished") == 1
    assert watched.events[-1] == Finished("stopped", 1, 1, {}, {}, {}, str(watched.session.folder), 0.0)
    epochs = [event.epoch for event in watched.events if event.name == "epoch"]
    assert epochs == list(range(1, len(epochs) + 1)), "what came after the stop is told too"


def test_closed_it_returns_when_all_is_saved(watched: Watched, tmp_path: Path) -> None:
    watched.start("endless")
    watched.wait_for("running")
    watched.session.close()
    assert (tmp_path / "a.runs" / "1" / STATE).exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("refused", "That can't be trained."),
        ("broken", "The training broke off: IndexError: ours"),
        ("killed", "The training broke off: its process was killed"),
    ],
)
def test_what_goes_wrong_is_told_and_the_next_run_works(watched: Watched, name: str, message: str) -> None:
    if name == "killed" and sys.platform == "win32":
        pytest.skip("signals are Unix's")
    watched.start(name)
    watched.wait_for("idle")
    failed = watched.events[-1]
    assert isinstance(failed, Failed)
    assert failed.message.startswith(message)
    watched.start("calm")
    watched.wait_for("idle")
    assert watched.names[-1] == "finished"


def test_a_run_that_ended_while_it_was_being_stopped_is_not_called_stopped(watched: Watched) -> None:
    done = Finished("done", 1, 1, {}, {}, {}, "", 0.0)
    stopped = threading.Event()

    class Ending:
        late: list[Event] = []

        def __iter__(self) -> Iterator[Event]:
            assert stopped.wait(20)
            yield Started(1, "", "cpu", 1, 0, {}, 1, 1, (), 0.1)
            yield Failed("never asked for", "")

        def close(self) -> None:
            self.late = [done]

    class Elsewhere:
        def train(self, *_: object, **__: object) -> Ending:
            return Ending()

    watched.session.crew = Elsewhere()
    watched.start("calm")
    watched.session.stop()
    stopped.set()
    watched.wait_for("idle")
    assert watched.events[1:] == [done]


def test_runs_in_line_begin_one_after_the_other(watched: Watched, tmp_path: Path) -> None:
    watched.session.put_in_line(Project(name="calm"), watched.runs)  # nothing is under way: it begins
    assert watched.session.active
    watched.session.put_in_line(Project(name="broken"), watched.runs)
    watched.session.put_in_line(Project(name="calm"), watched.runs)
    watched.session.put_in_line(Project(name="endless"), watched.runs)
    watched.session.take_out(2)
    assert [waiting.project.name for waiting in watched.session.queue] == ["broken", "calm"]
    watched.qtbot.waitUntil(lambda: watched.names.count("started") == 3)
    watched.wait_for("idle")
    assert watched.session.queue == ()
    assert [name for name in watched.names if name != "epoch"] == [
        *("started", "finished", "started", "failed", "started", "finished")
    ]
    assert watched.session.folder == tmp_path / "a.runs" / "3"


def test_stopped_by_the_user_the_line_waits(watched: Watched) -> None:
    watched.start("endless")
    watched.session.put_in_line(Project(name="calm"), watched.runs)
    watched.wait_for("running")
    watched.session.stop()
    watched.wait_for("idle")
    assert len(watched.session.queue) == 1
    watched.qtbot.wait(100)
    assert not watched.session.active
    watched.session.start_next()
    watched.wait_for("idle")
    assert watched.names[-1] == "finished"
    assert watched.session.queue == ()


def test_a_run_goes_on_in_its_folder(watched: Watched, tmp_path: Path) -> None:
    watched.start("endless")
    watched.wait_for("running")
    watched.session.stop()
    watched.wait_for("idle")
    folder = tmp_path / "a.runs" / "1"
    RunFolder(folder).write_project(Project(name="calm"))  # the one that stands in for torch writes none
    watched.events.clear()
    watched.session.resume(folder)
    watched.wait_for("idle")
    first = watched.events[0]
    assert isinstance(first, Started)
    assert (first.resumed, first.run_dir) == (True, str(folder))
    assert watched.names[-1] == "finished"
    watched.session.resume(tmp_path / "a.runs" / "8")
    watched.wait_for("idle")
    assert "There is no run" in watched.events[-1].message


def test_a_run_under_way_is_changed(watched: Watched) -> None:
    assert not watched.session.can_change
    watched.start("endless")
    watched.qtbot.waitUntil(lambda: watched.session.can_change)
    with pytest.raises(BadValue):
        watched.session.change({"lr": -1.0})
    watched.session.change({"lr": 0.25, "epochs": 999})
    watched.qtbot.waitUntil(lambda: "changed" in watched.names)
    changes = [(event.field, event.after) for event in watched.events if isinstance(event, Changed)]
    assert changes == [("lr", 0.25), ("epochs", 999)]
    assert watched.session.project is not None
    assert watched.session.project.training.epochs == 999
    assert [settings.epochs for _, settings in watched.session.course] == [10, 10, 999]
    watched.session.stop()
    watched.wait_for("idle")
    assert not watched.session.can_change
    watched.session.change({"lr": 0.5})  # nothing is under way, so nothing happens


def test_a_change_while_it_is_paused_is_told_at_once_and_only_once(watched: Watched) -> None:
    watched.start("endless")
    watched.qtbot.waitUntil(lambda: watched.session.can_change)
    watched.session.pause()
    watched.events.clear()
    watched.session.change({"lr": 0.25, "epochs": 10})  # the second is as it was
    assert [(event.field, event.before, event.after) for event in watched.events if isinstance(event, Changed)] == [
        ("lr", 1e-3, 0.25)
    ]
    assert [settings.optimizer.lr for _, settings in watched.session.course] == [1e-3, 0.25]
    watched.session.go_on()
    watched.qtbot.waitUntil(lambda: watched.names.count("changed") == 2)
    assert [event.field for event in watched.events if isinstance(event, Changed)] == ["lr", "epochs"]
    watched.session.change({"lr": 0.5})
    watched.qtbot.waitUntil(lambda: watched.names.count("changed") == 3)


def test_a_change_that_was_taken_as_the_run_was_stopped_is_told_too(watched: Watched) -> None:
    watched.start("endless")
    watched.qtbot.waitUntil(lambda: watched.session.can_change)
    session = watched.session
    assert session.folder is not None
    late = Changed("weight_decay", 0.0, 0.1, 3, 2, 2.5)
    session._live = None  # nobody tells of it
    session.course.append((0.0, session.course[-1][1].change(epochs=20)))
    known = Changed("epochs", 10, 20, 1, 0, 0.0)
    write = RunFolder.write_metrics
    stopped = Finished("stopped", 1, 1, {}, {}, {}, str(session.folder), 0.0)
    session._stream.stop()
    session._stream.wait()
    write(RunFolder(session.folder), {**stopped.json(), "changes": [asdict(known), asdict(late)]})
    watched.wait_for("idle")
    assert [event for event in watched.events if isinstance(event, Changed)] == [late]
    assert watched.names[-2:] == ["changed", "finished"]


def test_where_a_run_stands_is_known_in_minutes_too(watched: Watched) -> None:
    session = watched.session
    session.project = Project(name="calm")
    session._received([Step(3, 5, 10, 2.5, {"loss": 1.0}, 0.1, 1.0, 1.0, {}, seconds=90.0)])
    assert session.standing == Standing(3, 25, 1.5)
