"""The process that trains, talked to over its pipes: it waits to be looked at, stops when asked, and always saves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.commands.watch import watch
from engine.project import Project
from engine.storage import dumps
from engine.training import worker
from engine.training.events import KINDS, Event, from_json
from engine.training.run import RunFolder
from tests.engine.training.given import noisy, run, same, scores, small, steps, weights
from tests.engine.training.stand_in import EPOCHS, MODULE, STATE
from tests.engine.training.test_events import EVENTS

ROOT = Path(__file__).parents[3]


class Talk:
    """Both ends of the pipes; the other side serves on a thread, since here torch is loaded already."""

    def __init__(self, load: Callable[[], None] = lambda: None) -> None:
        asked, ask = os.pipe()
        hear, told = os.pipe()
        self.ask, self.hear = os.fdopen(ask, "wb", buffering=0), os.fdopen(hear, "rb")
        self.commands = os.fdopen(asked, "rb")

        def serve() -> None:
            with os.fdopen(told, "wb", buffering=0) as answers:
                worker.serve(self.commands, answers, load)

        self.thread = threading.Thread(target=serve, daemon=True)
        self.thread.start()

    def say(self, do: str, **values: Any) -> None:
        self.ask.write(json.dumps({"do": do, **values}).encode() + b"\n")

    def next(self) -> Any:
        return json.loads(self.hear.readline())

    def train(self, project: Project | str, folder: Path, *, resume: bool = False) -> Any:
        """What it answers when it is asked for a run."""
        text = project if isinstance(project, str) else dumps(project)
        self.say("train", project=text, run_dir=str(folder), resume=resume, start_from=None)
        return self.next()

    def begin(self, project: Project, folder: Path, *, resume: bool = False) -> None:
        assert self.train(project, folder, resume=resume) == {"answer": "begun"}

    def names(self, count: int) -> list[str]:
        """The names of the next events, or what ended the run before there were so many."""
        names: list[str] = []
        while len(names) < count and "closed" not in names:
            message = self.next()
            names.append(message["event"] if "event" in message else message["answer"])
            assert names[-1] not in ("refused", "broken"), message
        return names

    def until_end(self, *, stop_after: int | None = None) -> list[Event]:
        """The events up to "closed", each looked at as it comes, with a stop after some of them."""
        events: list[Event] = []
        while "answer" not in (message := self.next()):
            event = from_json(message)
            assert event is not None
            events.append(event)
            self.say("seen", events=len(events))
            if len(events) == stop_after:
                self.say("stop")
        assert message == {"answer": "closed"}
        return events

    def close(self) -> None:
        self.ask.close()
        self.thread.join(120)
        assert not self.thread.is_alive()
        self.commands.close()
        self.hear.close()


@pytest.fixture
def talk() -> Iterator[Talk]:
    talk = Talk()
    yield talk
    talk.close()


@pytest.mark.usefixtures("every_step")
def test_tells_what_training_tells(talk: Talk, tmp_path: Path) -> None:
    here = run(noisy(), tmp_path / "here")
    talk.begin(noisy(), tmp_path / "there")
    there = talk.until_end()
    assert [event.name for event in there if event.name != "saved"] == [e.name for e in here if e.name != "saved"]
    assert [step.train for step in steps(there)] == [step.train for step in steps(here)]
    assert scores(there) == scores(here)
    assert same(weights(tmp_path / "here"), weights(tmp_path / "there"))


def plainly(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what differs from run to run: its times, and its folder."""
    times = {"seconds", "samples_per_second", "remaining_seconds"}
    return {name: value for name, value in event.items() if name not in times | {"run", "run_dir", "path"}}


@pytest.mark.usefixtures("every_step")
def test_the_window_hears_what_the_command_line_prints(
    talk: Talk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch(engine.train(noisy(), tmp_path / "here"), Path("a.plexus"), as_json=True) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    talk.begin(noisy(), tmp_path / "there")
    heard = [json.loads(json.dumps(event.json())) for event in talk.until_end()]
    logged = [json.loads(line) for line in (tmp_path / "there" / "events.jsonl").read_text().splitlines()]
    assert heard == logged
    seldom = ("saved",)  # by the clock
    printed, heard = ([plainly(each) for each in told if each["event"] not in seldom] for told in (printed, heard))
    assert printed == heard
    assert [each["event"] for each in heard] == ["started", *([*["step"] * 7, "epoch"] * 3), "finished"]


def test_every_kind_of_event_is_the_same_line_on_both_ways(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [event for event, _ in EVENTS]
    assert {event.name for event in events} == set(KINDS)
    watch((event for event in events), Path("a.plexus"), as_json=True)
    monkeypatch.setattr(worker, "train", lambda *_, **__: (event for event in events))
    monkeypatch.setattr(worker, "PATIENCE", 0.0)
    talk.begin(small(), tmp_path / "run")
    lines = []
    for number in range(len(events)):
        lines.append(talk.hear.readline().decode().rstrip("\n"))
        talk.say("seen", events=number + 1)
    assert talk.next() == {"answer": "closed"}
    assert lines == capsys.readouterr().out.splitlines()
    assert [from_json(json.loads(line)) for line in lines] == events


@pytest.mark.usefixtures("every_step")
def test_waits_until_it_is_looked_at(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.0)
    talk.begin(small(), tmp_path / "run")
    assert talk.names(2) == ["started", "step"]
    talk.say("seen", events=1)
    assert talk.names(1) == ["step"]
    talk.say("stop")
    assert talk.names(1) == ["closed"], "the third step waits for a look at the first"
    assert RunFolder(tmp_path / "run").read_metrics()["reason"] == "stopped"


@pytest.mark.usefixtures("no_step")
def test_short_epochs_do_not_wait_for_every_look(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PATIENCE", float("inf"))
    talk.begin(small(), tmp_path / "run")
    assert talk.names(10) == ["started", *["step", "epoch"] * 3, "saved", "finished", "closed"]


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("stop_after", [1, 3, 9, 17])
def test_stopped_and_resumed_it_ends_as_if_never_stopped(
    talk: Talk, stop_after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.0)  # else it could be through before it hears of the stop
    whole = run(noisy(), tmp_path / "whole")
    talk.begin(noisy(), tmp_path / "left")
    assert len(talk.until_end(stop_after=stop_after)) < len(whole)
    talk.begin(noisy(), tmp_path / "left", resume=True)
    rest = talk.until_end()
    assert rest[0].resumed
    assert scores(RunFolder(tmp_path / "left").read_events()) == scores(whole)
    assert same(weights(tmp_path / "left"), weights(tmp_path / "whole"))


def test_a_stop_that_came_too_late_does_not_stop_the_next_run(talk: Talk, tmp_path: Path) -> None:
    talk.begin(small(), tmp_path / "1")
    talk.until_end()
    talk.say("stop")
    talk.begin(small(), tmp_path / "2")
    assert talk.until_end()[-1].reason == "done"


def test_the_users_mistakes_come_in_words(talk: Talk, tmp_path: Path) -> None:
    run(small(epochs=1), tmp_path / "run")
    broken = small().edit(small().graph.disconnect([small().graph.wires[0]]))
    for project, folder, words in (
        (small(), tmp_path / "run", "holds a run already"),
        (broken, tmp_path / "new", "The design can't be trained yet"),
        ("no project", tmp_path / "new", "is no Plexus project"),
    ):
        answer = talk.train(project, folder)
        assert (answer["answer"], words in answer["text"]) == ("refused", True), answer


def test_our_mistakes_are_told_and_the_next_run_goes_on(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.training.trainer import Trainer

    def wrong(*_: object) -> None:
        raise IndexError("ours")

    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "window", wrong)
        talk.begin(small(), tmp_path / "1")
        assert talk.names(1) == ["started"]
        assert talk.next() == {"answer": "broken", "text": "IndexError: ours"}
    assert "Traceback" in capsys.readouterr().err
    talk.begin(small(), tmp_path / "2")
    assert talk.until_end()[-1].reason == "done"


def test_what_can_not_be_loaded_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ImportError("no such library")

    talk = Talk(fail)
    answer = talk.next()
    assert answer["answer"] == "refused"
    assert answer["text"].startswith("PyTorch can't be loaded (no such library)")
    talk.close()
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["ask", "hear"])
@pytest.mark.usefixtures("every_step")
def test_whoever_goes_away_leaves_a_saved_run(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.0)
    talk = Talk()
    talk.begin(small(), tmp_path / "run")
    assert talk.names(2) == ["started", "step"]
    getattr(talk, end).close()
    if end == "hear":
        talk.say("seen", events=2)  # so that it goes on and finds that nobody reads
    talk.thread.join(120)
    assert not talk.thread.is_alive()
    assert (tmp_path / "run" / STATE).exists()
    talk.close()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-P", "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[bytes], do: str, **values: Any) -> dict[str, Any]:
    """What the process answers."""
    process.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def trained(process: subprocess.Popen[bytes], name: str, folder: Path) -> list[str]:
    """The names of the events of a run."""
    text = dumps(Project(name=name))
    assert said(process, "train", project=text, run_dir=str(folder), resume=False, start_from=None) == {
        "answer": "begun"
    }
    return [said(process, "seen", events=number)["event"] for number in range(EPOCHS + 2)]


WHOLE = ["started", *["epoch"] * EPOCHS, "finished"]


def test_what_libraries_print_is_no_answer(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert trained(process, "loud", tmp_path) == WHOLE


def test_it_goes_when_its_input_ends(process: subprocess.Popen[bytes]) -> None:
    process.stdin.close()
    assert process.wait(120) == 0
    assert process.stdout.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_an_interrupt_at_the_terminal_does_not_touch_it(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert trained(process, "calm", tmp_path) == WHOLE
    process.send_signal(signal.SIGINT)
    assert said(process, "stop") == {"answer": "closed"}
    assert trained(process, "calm", tmp_path) == WHOLE


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
@pytest.mark.parametrize("amidst_a_run", [True, False])
def test_asked_to_end_by_the_system_it_saves_and_leaves(
    process: subprocess.Popen[bytes], amidst_a_run: bool, tmp_path: Path
) -> None:
    if amidst_a_run:  # which waits to be looked at
        text = dumps(Project(name="endless"))
        said(process, "train", project=text, run_dir=str(tmp_path), resume=False, start_from=None)
    else:
        assert trained(process, "calm", tmp_path) == WHOLE
        assert said(process, "seen", events=0) == {"answer": "closed"}
    told: list[bytes] = []
    reader = threading.Thread(target=lambda: told.extend(process.stdout))  # else the pipe might be full
    reader.start()
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    reader.join()
    assert (tmp_path / STATE).exists()
    if amidst_a_run:
        assert json.loads(told[-1]) == {"answer": "left"}


def test_a_change_is_told_at_once_and_the_run_goes_no_further_by_it(talk: Talk, tmp_path: Path) -> None:
    """Also while nobody looks at what was told, as when the run is paused; a stop after it keeps it."""
    talk.begin(small(epochs=10_000), tmp_path / "run")
    told = [talk.next() for _ in range(2)]
    talk.say("change", values={"lr": 0.25, "patience": 7})
    while told[-1]["event"] != "changed":
        told.append(talk.next())
    told.append(talk.next())
    changes = told[-2:]
    assert [(each["event"], each["field"], each["after"]) for each in changes] == [
        ("changed", "lr", 0.25),
        ("changed", "patience", 7),
    ]
    talk.say("change", values={"epochs": 20_000})
    talk.say("stop")
    while "answer" not in (message := talk.next()):
        told.append(message)
    log = [event for event in RunFolder(tmp_path / "run").read_events() if event.name == "changed"]
    assert [(event.field, event.after) for event in log] == [  # type: ignore[attr-defined]
        ("lr", 0.25),
        ("patience", 7),
        ("epochs", 20_000),
    ]
