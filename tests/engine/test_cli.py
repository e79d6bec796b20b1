"""The command line as a whole: what it understands, what it refuses, how it starts and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import engine
from engine.cli import COMMANDS, main
from engine.templates import open_template

PYTHON = (sys.executable, "-m", "engine")


@pytest.fixture
def iris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the current folder, beside files that are none."""
    monkeypatch.chdir(tmp_path)
    engine.save(open_template("iris"), "iris.plexus")
    (tmp_path / "text.plexus").write_text("no JSON")
    (tmp_path / "other.plexus").write_text('{"name": "x"}')
    (tmp_path / "newer.plexus").write_text('{"plexus": 99}')
    (tmp_path / "binary.plexus").write_bytes(b"\xff\xfe\x00\x80")
    (tmp_path / "folder.plexus").mkdir()
    return tmp_path / "iris.plexus"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("chekc iris.plexus", "invalid choice: 'chekc'"),
        ("check", "the following arguments are required: FILE"),
        ("check iris.plexus text.plexus", "unrecognized arguments: text.plexus"),
        ("check iris.plexus --js", "unrecognized arguments: --js"),
        ("check nowhere.plexus", "nowhere.plexus can't be read"),
        ("check folder.plexus", "folder.plexus can't be read"),
        ("check text.plexus", "text.plexus is no Plexus project"),
        ("check other.plexus", "other.plexus is no Plexus project"),
        ("check newer.plexus", "was written by a newer Plexus"),
        ("check binary.plexus", "it is not a text file"),
        ("summary text.plexus", "text.plexus is no Plexus project"),
        ("train text.plexus", "text.plexus is no Plexus project"),
        ("train iris.plexus --epochs many", "Epochs must be a whole number, not “many”"),
        ("train iris.plexus --epochs 0", "Epochs must be at least 1"),
        ("train iris.plexus --epochs", "expected one argument"),
        ("train iris.plexus --seed -1", "Seed must be at least 0"),
        ("train iris.plexus --device gpu", "Device must be “auto” or “cpu” or “cuda”, not “gpu”"),
        ("export iris.plexus -o out", "the following arguments are required: --to"),
        ("export iris.plexus --to python", "the following arguments are required: -o"),
        ("export iris.plexus --to onnx -o out", "invalid choice: 'onnx' (choose from"),
        ("export text.plexus --to python -o out", "text.plexus is no Plexus project"),
        ("new", "the following arguments are required: TEMPLATE, -o"),
        ("new irsi -o out.plexus", "Did you mean “iris”?"),
        ("new ../iris -o out.plexus", "There is no template “../iris”"),
        ("new iris -o no/folder/here.plexus", "no/folder/here.plexus can't be written"),
        ("new iris -o folder.plexus", "folder.plexus exists already"),
        ("new iris -o folder.plexus --force", "folder.plexus can't be written"),
        ("--quickly", "unrecognized arguments: --quickly"),
    ],
)
def test_bad_usage_is_refused_in_one_sentence(
    iris: Path, line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(iris.parent.iterdir())
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.rstrip().endswith((".", "?"))
    assert sorted(iris.parent.iterdir()) == before


def test_without_a_command_the_help_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {command.name} " in out for command in COMMANDS)


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    out, err = capsys.readouterr()
    assert f" {command} " in out
    assert err == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"Plexus {engine.__version__}\n"


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PYTHON, *words], capture_output=True, text=True, timeout=120, **options)  # type: ignore


def test_it_runs_as_a_module(iris: Path) -> None:
    answer = run("check", "iris.plexus", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout) == {"file": "iris.plexus", "problems": []}


@pytest.mark.parametrize("line", ["blocks", "templates", "check iris.plexus", "new iris -o new.plexus"])
def test_what_needs_no_torch_does_not_load_it(iris: Path, line: str) -> None:
    ask = (
        "import sys; from engine.cli import main; code = main(sys.argv[1:]); "
        "print(code, [name for name in ('torch', 'sklearn', 'PySide6') if name in sys.modules], file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", ask, *line.split()], capture_output=True, text=True, timeout=120)
    assert answer.stderr == "0 []\n"


@pytest.mark.parametrize("line", ["blocks --json", "blocks", "new digits-cnn -o -"])
def test_a_reader_that_goes_away_is_no_reason_to_complain(line: str) -> None:
    process = subprocess.Popen([*PYTHON, *line.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) in (0, 141)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_stdout_is_told() -> None:
    with open("/dev/full", "w") as full:
        answer = subprocess.run([*PYTHON, "templates"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)


def test_a_terminal_without_our_letters_is_no_reason_to_fail() -> None:
    answer = run("templates", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "?" in answer.stdout  # in place of what it lacks


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't send Ctrl-C to one process")
def test_ctrl_c_saves_and_the_run_goes_on_to_the_same_end(iris: Path) -> None:
    project = engine.load(iris)
    engine.save(project.with_(training=project.training.change(epochs=1_000_000)), iris)
    process = subprocess.Popen(
        [*PYTHON, "train", "iris.plexus", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    told = []
    for line in process.stdout:
        told.append(json.loads(line))
        if told[-1]["event"] == "epoch":
            break
    process.send_signal(signal.SIGINT)
    told += [json.loads(line) for line in process.stdout]  # not by `communicate`, which forgets what was read ahead
    err = process.stderr.read()
    assert process.wait(timeout=120) == 130
    for stream in (process.stdout, process.stderr):
        stream.close()
    assert "Stopped and saved in iris.runs" in err
    assert "Traceback" not in err
    assert (told[-1]["event"], told[-1]["reason"]) == ("finished", "stopped")
    assert told[:-1] == [json.loads(line) for line in Path("iris.runs/1/events.jsonl").read_text().splitlines()]
    more = str(json.loads(Path("iris.runs/1/metrics.json").read_text())["epochs"] + 3)
    assert main(["train", "iris.plexus", "--resume", "--epochs", more]) == 0
    assert main(["train", "iris.plexus", "--run-dir", "whole", "--epochs", more]) == 0
    resumed, whole = (json.loads(Path(place, "metrics.json").read_text()) for place in ("iris.runs/1", "whole"))
    assert resumed["history"] == whole["history"]
    assert resumed["test"] == whole["test"]
