"""The demonstration without a display: it says so in one line, trains with a bar, and tells where the run lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import engine
from engine.demo import run_in_terminal
from engine.templates import open_template
from engine.training.run import RunFolder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two epochs are enough here."""

    def opened(name: str) -> object:
        project = open_template(name)
        return project.with_(training=project.training.change(epochs=2))

    monkeypatch.setattr("engine.demo.open_template", opened)


@pytest.mark.usefixtures("short")
def test_the_digits_train_in_the_current_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_in_terminal() == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "There is no display, so digits-cnn trains here in the terminal."
    assert lines[-1] == f"The run lies in {Path('digits-cnn.runs') / '1'}"
    assert any(line.split()[:2] == ["validation", "loss"] for line in lines)
    assert "0% |" in err
    assert RunFolder(Path("digits-cnn.runs/1")).read_best()


@pytest.mark.usefixtures("short")
def test_where_nothing_can_be_written_the_run_goes_to_the_user_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("digits-cnn.runs").write_text("in the way")
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / "data" / name)
    assert run_in_terminal() == 0
    place = tmp_path / "data" / "plexus" / "digits-cnn.runs" / "1"
    assert capsys.readouterr().out.splitlines()[-1] == f"The run lies in {place}"
    assert place.is_dir()


def test_a_file_trains_beside_itself(tmp_path: Path) -> None:
    project = open_template("iris")
    engine.save(project.with_(training=project.training.change(epochs=1)), "mine.plexus")
    assert run_in_terminal("mine.plexus") == 0
    assert os.listdir("mine.runs") == ["1"]


def test_what_is_neither_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_in_terminal("nowhere.plexus") == 2
    assert "nowhere.plexus can't be read" in capsys.readouterr().err
