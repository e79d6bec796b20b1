"""`train` runs, resumes and refuses; what it prints is tested with the presenter."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import engine
from engine.training.run import RunFolder
from engine.training.state import load_state
from tests.engine.commands.conftest import Answer
from tests.engine.training.given import small


def events(answer: Answer, name: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in answer.out.splitlines()]
    return [line for line in lines if line["event"] == name]


def test_runs_are_numbered_beside_the_file(command: Callable[..., Answer], iris: Path) -> None:
    for number in (1, 2):
        answer = command("train", iris, "--epochs", "1")
        assert answer.code == 0
        assert answer.out.splitlines()[-1] == f"The run lies in {Path('iris.runs') / str(number)}"
    assert RunFolder(Path("iris.runs/2")).read_metrics()["reason"] == "done"


def test_runs_lie_beside_the_file_wherever_one_stands(
    command: Callable[..., Answer], iris: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert command("train", Path("..") / iris, "--epochs", "1").code == 0
    assert (tmp_path / "iris.runs" / "1" / "best.safetensors").exists()


def test_what_is_given_overrides_the_project(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("train", iris, "--epochs", "2", "--seed", "5", "--device", "cpu", "--run-dir", "here", "--json")
    (started,) = events(answer, "started")
    assert (started["epochs"], started["device"], started["run_dir"]) == (2, "cpu", "here")
    assert [epoch["epoch"] for epoch in events(answer, "epoch")] == [1, 2]
    assert engine.load("here/project.plexus").training.seed == 5


def test_a_resumed_run_ends_like_one_that_never_stopped(command: Callable[..., Answer], iris: Path) -> None:
    command("train", iris, "--epochs", "4", "--run-dir", "whole")
    command("train", iris, "--epochs", "2")
    engine.save(engine.load(iris).with_(name="edited"), iris)  # the run goes on with the project it began with
    assert command("train", iris, "--epochs", "4", "--resume").code == 0
    whole, resumed = (RunFolder(Path(place)).read_metrics()["history"] for place in ("whole", "iris.runs/1"))
    assert resumed == whole
    assert len(whole) == 4


def test_a_design_with_errors_has_them_listed_and_leaves_no_folder(
    command: Callable[..., Answer], faulty: Path, folder: Path
) -> None:
    answer = command("train", faulty)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: layer1: layer1 does not fit")
    assert list(folder.iterdir()) == [folder / faulty]


def test_a_design_with_warnings_trains(command: Callable[..., Answer], warned: Path) -> None:
    assert command("train", warned, "--epochs", "1").code == 0


def test_a_training_that_fails_says_why(command: Callable[..., Answer], iris: Path) -> None:
    project = engine.load(iris)
    optimizer = project.training.optimizer.change(lr=100.0)
    graph = project.graph.replace("loss", project.graph.nodes["loss"].block.change(weight=1e38))
    settings = project.training.change(optimizer=optimizer)
    engine.save(project.edit(graph).with_(training=settings), iris)
    answer = command("train", iris, "--json")
    assert answer.code == 1
    assert "The weights of fc1 grow beyond all numbers" in answer.err
    assert "Lower the learning rate" in answer.err
    assert "Lower the learning rate" in answer.err
    assert json.loads(answer.out.splitlines()[-1])["event"] == "failed"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--resume",), "has not been trained yet"),
        (("--resume", "--run-dir", "nowhere"), "There is no run in nowhere"),
        (("--resume", "--seed", "3"), "goes on with its own seed"),
        (("--resume", "--from", "3"), "goes on with its own weights"),
        (("--from", "3"), "There is no run in"),
        (("--from", "nowhere"), "There is no run in nowhere"),
        (("--run-dir", "iris.plexus"), "iris.plexus can't be made"),
        (("--run-dir", "taken"), "taken holds a run already"),
    ],
)
def test_refusals(command: Callable[..., Answer], iris: Path, words: tuple[str, ...], told: str) -> None:
    RunFolder.create(Path("taken")).write_project(engine.load(iris))
    answer = command("train", iris, *words)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_missing_gpu_leaves_no_folder(
    command: Callable[..., Answer], iris: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    answer = command("train", iris, "--device", "cuda")
    assert answer.code == 2
    assert "Choose the device “cpu”" in answer.err
    assert not Path("iris.runs").exists()


def test_a_run_begins_with_the_weights_of_another(command: Callable[..., Answer], iris: Path) -> None:
    assert command("train", iris, "--epochs", "1").code == 0
    for name in ("1", "iris.runs/1"):
        answer = command("train", iris, "--epochs", "1", "--from", name)
        assert answer.code == 0
        assert "Begins with the best weights of run 1, epoch 1: all blocks kept." in answer.out
    lines = command("train", iris, "--epochs", "1", "--from", "1", "--json").out.splitlines()
    assert [json.loads(line)["event"] for line in lines[:2]] == ["started", "warm_started"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
@pytest.mark.parametrize(
    ("number", "times", "codes"),
    [
        (signal.SIGTERM, 1, {143}),
        (signal.SIGINT, 2, {130}),
    ],
)
def test_asked_to_end_it_saves_and_stops_and_asked_again_it_stops_at_once(
    number: signal.Signals, times: int, codes: set[int], tmp_path: Path
) -> None:
    """A process of its own, as in a terminal; its lines are those of the run's log, which the window shows."""
    place, folder = tmp_path / "long.plexus", tmp_path / "run"
    engine.save(small(epochs=1_000_000, save_every=0.0), place)
    words = [sys.executable, "-m", "engine", "train", str(place), "--run-dir", str(folder), "--json"]
    complaints = (tmp_path / "complaints.txt").open("w+")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=complaints, text=True)
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(json.loads(line))
        if told[-1]["event"] == "saved" and not process.poll():
            for _ in range(times):
                process.send_signal(number)
            break
    told += [json.loads(line) for line in process.stdout]  # not by `communicate`, which forgets what was read ahead
    assert process.wait(timeout=120) in codes
    process.stdout.close()
    with complaints:
        complaints.seek(0)
        complaint = complaints.read()
    assert "Traceback" not in complaint
    assert load_state(folder / "last").progress.epoch >= 1
    logged = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    if times == 1:
        assert "Stopped and saved in" in complaint
        assert (told[-1]["event"], told[-1]["reason"]) == ("finished", "stopped")
        assert told[:-1] == logged
    else:
        assert told[: len(logged)] == logged[: len(told)]
