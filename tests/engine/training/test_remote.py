"""Training in another process: the same events and numbers, and whatever happens to that process, ours goes on."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.problem import UserError
from engine.project import Project
from engine.training import remote
from engine.training.events import Changed, Epoch, Event, Failed, Finished, Started, Step
from engine.training.remote import Crew, Run
from engine.training.run import RunFolder
from tests.engine.training import strict_worker
from tests.engine.training.given import noisy, of_kind, run, same, scores, small, weights
from tests.engine.training.stand_in import EPOCHS, MODULE, STATE


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    """Processes that start fast, since they load no torch."""
    crew = Crew(MODULE)
    yield crew
    crew.close()


@pytest.fixture(scope="module")
def trainers() -> Iterator[Crew]:
    """Processes that do train, as far as they are looked at."""
    crew = Crew(strict_worker.MODULE)
    yield crew
    crew.close()


def named(name: str) -> Project:
    return Project(name=name)


def pid(run: Run) -> int:
    started = next(run)
    assert isinstance(started, Started)
    return started.run


def test_tells_the_same_as_training_here(trainers: Crew, tmp_path: Path) -> None:
    here, there = run(noisy(), tmp_path / "here"), list(trainers.train(noisy(), tmp_path / "there"))
    assert scores(there) == scores(here)
    (started, finished), (_, expected) = (there[0], there[-1]), (here[0], here[-1])
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert isinstance(expected, Finished)
    assert started == Started(**{**here[0].__dict__, "run_dir": str(tmp_path / "there")})
    assert (finished.reason, finished.test, finished.best_epoch) == ("done", expected.test, expected.best_epoch)
    last = [step for step in of_kind(Step, there) if step.step == step.steps]
    assert [step.epoch for step in last] == [1, 2, 3]
    assert same(weights(tmp_path / "here"), weights(tmp_path / "there"))


def test_stopped_and_resumed_it_ends_as_if_never_stopped(trainers: Crew, tmp_path: Path) -> None:
    whole = run(noisy(epochs=30), tmp_path / "whole")
    left = trainers.train(noisy(epochs=30), tmp_path / "left")
    assert {next(left).name for _ in range(3)} > {"started"}
    left.close()
    assert RunFolder(tmp_path / "left").read_metrics()["reason"] == "stopped"
    rest = list(trainers.train(noisy(epochs=30), tmp_path / "left", resume=True))
    assert rest[0].resumed
    assert scores(RunFolder(tmp_path / "left").read_events()) == scores(whole)
    assert same(weights(tmp_path / "left"), weights(tmp_path / "whole"))


def test_the_users_mistakes_are_refused_before_it_begins(trainers: Crew, tmp_path: Path) -> None:
    broken = small().edit(small().graph.disconnect([small().graph.wires[0]]))
    with pytest.raises(UserError, match=r"The design can't be trained yet\. layer1 is missing an input"):
        trainers.train(broken, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_one_process_serves_run_after_run(crew: Crew, tmp_path: Path) -> None:
    seen = set()
    for number in range(3):
        events = list(crew.train(named("calm"), tmp_path / str(number)))
        assert [event.name for event in events] == ["started", *["epoch"] * EPOCHS, "finished"]
        seen.add(events[0].run)
    with pytest.raises(UserError, match=r"That can't be trained\."):
        crew.train(named("refused"), tmp_path / "3")
    crew.start()  # is there already
    with pytest.raises(RuntimeError, match="IndexError: ours"):
        list(crew.train(named("broken"), tmp_path / "4"))
    last = crew.train(named("endless"), tmp_path / "5")
    seen.add(pid(last))
    last.close()
    assert len(seen) == 1
    assert os.getpid() not in seen


def test_runs_at_the_same_time_get_a_process_each(crew: Crew, tmp_path: Path) -> None:
    one, two = crew.train(named("calm"), tmp_path / "1"), crew.train(named("calm"), tmp_path / "2")
    assert pid(one) != pid(two)
    assert [len(list(events)) for events in (two, one)] == [EPOCHS + 1] * 2


def test_closing_returns_when_all_is_saved(crew: Crew, tmp_path: Path) -> None:
    events = crew.train(named("endless"), tmp_path)
    first = [next(events) for _ in range(5)]
    assert not (tmp_path / STATE).exists()
    events.close()
    assert (tmp_path / STATE).exists()
    assert [e.epoch for e in of_kind(Epoch, first + events.late)] == list(range(1, len(events.late) + 5))
    events.close()  # twice does no harm
    assert list(events) == []


def test_a_run_that_is_dropped_is_closed(crew: Crew, tmp_path: Path) -> None:
    next(crew.train(named("endless"), tmp_path))
    assert (tmp_path / STATE).exists()


def test_whoever_closes_hears_that_nothing_could_be_saved(crew: Crew, tmp_path: Path) -> None:
    events = crew.train(named("full"), tmp_path)
    next(events)
    with pytest.raises(UserError, match=r"The disk is full\."):
        events.close()


def test_what_libraries_print_does_no_harm(crew: Crew, tmp_path: Path) -> None:
    assert len(list(crew.train(named("loud"), tmp_path))) == EPOCHS + 2


@pytest.mark.parametrize(
    ("name", "words"),
    [("killed", "nothing of the run had been saved yet"), ("saved and killed", "the run can be resumed from")],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_process_that_is_killed_takes_nothing_with_it(crew: Crew, name: str, words: str, tmp_path: Path) -> None:
    events = list(crew.train(named(name), tmp_path / "1"))
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.message.startswith("The training broke off: its process was killed, as the system does when")
    assert words in failed.remedy
    if name == "killed":  # before anything was written, so no empty run stays behind
        assert not (tmp_path / "1").exists()
    else:
        assert RunFolder(tmp_path / "1").read_events()[-1] == failed
    assert [event.name for event in events[:-1]] == ["started", "epoch", "saved"][: len(events) - 1]
    assert len(list(crew.train(named("calm"), tmp_path / "2"))) == EPOCHS + 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_process_that_dies_between_two_runs_is_replaced(crew: Crew, tmp_path: Path) -> None:
    first = crew.train(named("endless"), tmp_path / "1")
    gone = pid(first)
    first.close()
    os.kill(gone, signal.SIGKILL)
    os.waitid(os.P_PID, gone, os.WEXITED | os.WNOWAIT)
    second = crew.train(named("calm"), tmp_path / "2")
    assert pid(second) != gone


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_process_that_is_asked_to_end_saves_and_trains_no_more(crew: Crew, tmp_path: Path) -> None:
    first = crew.train(named("endless"), tmp_path / "1")
    gone = pid(first)
    os.kill(gone, signal.SIGTERM)
    assert {event.name for event in first} <= {"epoch"}, "no failure"
    assert (tmp_path / "1" / STATE).exists()
    end = RunFolder(tmp_path / "1").read_end()
    assert end is not None
    assert end.reason == "stopped"
    assert pid(crew.train(named("calm"), tmp_path / "2")) != gone


def test_a_process_that_lost_its_gpu_trains_no_more(crew: Crew, tmp_path: Path) -> None:
    first = crew.train(named("lost"), tmp_path / "1")
    gone = pid(first)
    assert [event.name for event in first] == ["failed"]
    assert pid(crew.train(named("calm"), tmp_path / "2")) != gone


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_closing_a_run_that_is_dead_tells_so(crew: Crew, tmp_path: Path) -> None:
    events = crew.train(named("endless"), tmp_path)
    os.kill(pid(events), signal.SIGKILL)
    events.close()
    assert isinstance(events.late[-1], Failed)


def test_a_process_that_can_not_start_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="its process ended by itself, with the code 1"):
        Crew("tests.no_such_module").train(named("calm"), tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(UserError, match="The process that trains can't be started: No such file"):
        Crew().start()


ENDS = """
import sys
from engine.project import Project
from engine.training.remote import Crew

crew = Crew(sys.argv[1])
events = crew.train(Project(name="endless"), sys.argv[2])
next(events)
if sys.argv[3] == "crash":
    import os
    os._exit(1)
"""


@pytest.mark.parametrize("end", ["exit", "crash"])
def test_it_ends_with_the_program_and_saves(end: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS, MODULE, str(tmp_path), end], capture_output=True, text=True, cwd=remote_root()
    )
    assert done.stderr == "a greeting from a library\n"  # a pipe that ends when all that hold it have ended
    assert (tmp_path / STATE).exists()


def remote_root() -> Path:
    return Path(remote.__file__).parents[2]


class Scripted:
    """A process that says what it was told to say, and remembers what was said to it."""

    alive = True

    def __init__(self, *answers: list[dict[str, Any]]) -> None:
        self.answers, self.heard = list(answers), []

    def send(self, message: dict[str, Any]) -> None:
        self.heard.append(message)

    def receive(self) -> list[dict[str, Any]]:
        return self.answers.pop(0) if self.answers else []

    def end(self, _patience: float) -> int:
        return -9


def epochs(*numbers: int) -> list[dict[str, Any]]:
    return [Epoch(number, {}, {}, 0.0, False).json() for number in numbers]


def scripted(folder: Path, *answers: list[dict[str, Any]]) -> tuple[Scripted, Run]:
    process = Scripted([{"answer": "begun"}], *answers)
    run = Run(process, folder, lambda: None)
    run.begin({})
    process.heard.clear()
    return process, run


def test_an_event_counts_as_seen_when_the_next_is_asked_for(tmp_path: Path) -> None:
    process, events = scripted(tmp_path, epochs(1), epochs(2, 3), epochs(4), [{"answer": "closed"}])
    told: list[tuple[int, list[int]]] = []
    for event in events:
        told.append((event.epoch, [message["events"] for message in process.heard]))
    assert told == [(1, []), (2, [1]), (3, [1]), (4, [1, 3])]


def test_what_comes_after_the_stop_is_kept(tmp_path: Path) -> None:
    process, events = scripted(tmp_path, epochs(1, 2), epochs(3), [{"answer": "closed"}])
    next(events)
    events.close()
    assert process.heard == [{"do": "stop"}]
    assert [event.epoch for event in events.late] == [2, 3]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-9, "was killed, as the system does when the memory is full"),
        (-11, "was ended by the signal SIGSEGV"),
        (-63, "was ended by the signal 63"),
        (0, "ended by itself, with the code 0"),
        (3221225477, "ended by itself, with the code 0xc0000005"),
    ],
)
def test_how_it_ended_in_words(code: int, words: str) -> None:
    assert remote._how_it_ended(code) == words


def test_a_library_of_the_same_name_in_the_current_folder_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('loaded by mistake')")
    monkeypatch.chdir(tmp_path)
    crew = Crew(MODULE)
    assert len(list(crew.train(named("calm"), tmp_path / "run"))) == EPOCHS + 2
    crew.close()


def test_events_cross_whole() -> None:
    started = Started(1, "r", "cpu", 1, 2, {"train": 3}, 4, 5, ("accuracy",), 0.1)
    crossed: Event | None = remote.from_json(json.loads(json.dumps(started.json())))
    assert crossed == started


def test_a_change_reaches_the_run_and_is_kept_when_it_is_resumed(trainers: Crew, tmp_path: Path) -> None:
    run = trainers.train(small(epochs=10_000), tmp_path / "run")
    next(run)
    run.change(lr=0.125, epochs=20_000)
    told = []
    while len(told) < 2:
        event = next(run)
        told += [event] if isinstance(event, Changed) else []
    assert [(event.field, event.before, event.after) for event in told] == [
        ("lr", 1e-3, 0.125),
        ("epochs", 10_000, 20_000),
    ]
    rates = [event.learning_rate for event in itertools.islice(run, 20) if isinstance(event, Step)]
    assert set(rates) == {0.125}
    run.close()
    again = trainers.train(small(epochs=10_000), tmp_path / "run", resume=True)
    started = next(again)
    assert isinstance(started, Started)
    assert (started.learning_rate, started.epochs) == (0.125, 20_000)
    again.close()


def test_begins_with_the_weights_of_another_run(trainers: Crew, tmp_path: Path) -> None:
    list(trainers.train(noisy(), tmp_path / "1"))
    told = list(trainers.train(noisy(seed=4), tmp_path / "2", start_from=tmp_path / "1"))
    assert told[1].name == "warm_started"
    with pytest.raises(UserError, match="There is no run in"):
        trainers.train(noisy(), tmp_path / "3", start_from=tmp_path / "gone")
    assert not (tmp_path / "3").exists()
