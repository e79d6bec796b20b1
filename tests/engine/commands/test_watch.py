"""The presenter shows what a training tells; Ctrl-C ends it between two events, so that it can be saved."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from engine.commands.watch import ASKING, watch
from engine.training.events import Compiled, Epoch, Event, Failed, Finished, Saved, Started, Step
from engine.training.run import RunFolder

FILE = Path("my net.plexus")
STARTED = Started(
    run=1,
    run_dir="my net.runs/1",
    device="cpu",
    threads=1,
    parameters=1234,
    samples={"train": 70, "validation": 20, "test": 10},
    epochs=2,
    steps_per_epoch=4,
    metrics=("accuracy",),
    learning_rate=0.1,
)
STEP = Step(1, 2, 4, 0.5, {"loss": 1.5, "accuracy": 0.25}, 0.1, 100.0, 200.0, {"fc": 1.0})
EPOCH = Epoch(1, {"loss": 1.0, "accuracy": 0.5}, {"loss": 0.5, "accuracy": 0.75}, 0.1, True)
SAVED = Saved(1, "my net.runs/1/last")
FINISHED = Finished("done", 2, 1, EPOCH.train, EPOCH.validation, {"loss": 0.25}, "my net.runs/1", 75.0)


class Training:
    """Events one after the other; notes whether it was closed before its end."""

    def __init__(self, *events: Event) -> None:
        self.events, self.closed = events, False

    def __call__(self) -> Generator[Event, None, None]:
        try:
            yield from self.events
        except GeneratorExit:
            self.closed = True
            raise


def test_people_read_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert watch(Training(STARTED, STEP, EPOCH, SAVED, FINISHED)(), FILE) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Training on cpu: 1,234 parameters, 70 / 20 / 10 samples to train, validate and test, 2 epochs",
        "epoch 1/2  train loss 1, accuracy 0.5  validation loss 0.5, accuracy 0.75 *",
        "Done in 1 min 15 s. Best epoch 1 (*), by its validation loss:",
        "  train       loss 1, accuracy 0.5",
        "  validation  loss 0.5, accuracy 0.75",
        "  test        loss 0.25",
        "The run lies in my net.runs/1",
    ]


def test_people_see_a_bar_with_what_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.watch.SELDOM", 0.0)
    watch(Training(STARTED, STEP, FINISHED)(), FILE)
    shown = capsys.readouterr().err
    assert "epoch 1  loss 1.5, accuracy 0.25  25% |█" in shown
    assert "| 3 min 20 s left" in shown


def test_programs_read_a_json_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert watch(Training(STARTED, STEP, EPOCH, SAVED, FINISHED)(), FILE, as_json=True) == 0
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["event"] for line in lines] == ["started", "step", "epoch", "saved", "finished"]
    assert (lines[2]["epoch"], lines[2]["validation"]) == (1, {"loss": 0.5, "accuracy": 0.75})
    assert err == ""


@pytest.mark.parametrize("as_json", [True, False])
def test_a_failure_is_told_with_its_remedy(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    events = Training(STARTED, STEP, Failed("The loss is nan.", "Lower the learning rate.", "fc"))
    assert watch(events(), FILE, as_json=as_json) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("The loss is nan. Lower the learning rate.")


class Asked(Training):
    """A signal comes once the first events have passed."""

    def __init__(self, number: int, *events: Event) -> None:
        super().__init__(*events)
        self.number = number

    def __call__(self) -> Generator[Event, None, None]:
        try:
            for event in self.events:
                if event is EPOCH:
                    os.kill(os.getpid(), self.number)
                yield event
        except GeneratorExit:
            self.closed = True
            raise


CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("name", CODES)
def test_asked_to_end_it_closes_the_training_and_says_how_to_go_on(
    name: str, capsys: pytest.CaptureFixture[str], folder: Path, as_json: bool
) -> None:
    RunFolder.create(folder / STARTED.run_dir).write_metrics({"best_epoch": 1, "validation": {"loss": 0.5}})
    training = Asked(getattr(signal, name), STARTED, STEP, EPOCH, STEP, FINISHED)
    before = [signal.getsignal(number) for number in ASKING]
    assert watch(training(), FILE, as_json=as_json) == CODES[name]
    assert training.closed
    assert [signal.getsignal(number) for number in ASKING] == before
    told = capsys.readouterr().err
    assert "Stopped and saved in my net.runs/1. Best epoch 1: validation loss 0.5." in told
    assert 'train "my net.plexus" --resume --run-dir "my net.runs/1"' in told


def test_ctrl_c_pressed_again_interrupts_at_once() -> None:
    def stubborn() -> Generator[Event, None, None]:
        yield STARTED
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        yield EPOCH

    with pytest.raises(KeyboardInterrupt):
        watch(stubborn(), FILE, as_json=True)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


STUBBORN = """
import os, pathlib, signal
from engine.commands.watch import watch

def stubborn():
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
    yield

watch(stubborn(), pathlib.Path("a.plexus"), as_json=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_asked_again_to_end_it_ends_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", STUBBORN], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGTERM, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_what_whoever_started_it_wants_ignored_stays_so() -> None:
    """As with `nohup`, when the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        training = Asked(signal.SIGHUP, STARTED, STEP, EPOCH, FINISHED)
        assert watch(training(), FILE, as_json=True) == 0
        assert not training.closed
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_off_the_main_thread_signals_are_left_alone() -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(watch(Training(STARTED, FINISHED)(), FILE, as_json=True)))
    thread.start()
    thread.join()
    assert codes == [0]


def test_a_run_that_was_complete_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    resumed = Started(**{**vars(STARTED), "resumed": True})
    watch(Training(resumed, FINISHED)(), FILE)
    out = capsys.readouterr().out
    assert out.startswith("Resuming on cpu")
    assert "all 2 epochs had passed. For more, give --epochs." in out


def test_how_compiled_steps_stand_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    watch(Training(STARTED, Compiled("refused", "not compiled: no compiler"))(), FILE)
    assert "Not compiled: no compiler\n" in capsys.readouterr().out
