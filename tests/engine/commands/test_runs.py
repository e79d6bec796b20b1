"""Without a folder, the latest run that was really begun is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.runs import named, run_of
from engine.problem import UserError
from engine.project import Project
from engine.training.run import RunFolder

FILE = Path("iris.plexus")


@pytest.fixture
def runs(folder: Path) -> Path:
    for number in (1, 9, 10):
        RunFolder.create(Path(f"iris.runs/{number}")).write_project(Project())
    Path("iris.runs/11").mkdir()  # begun, and stopped before anything was written
    return Path("iris.runs")


def test_the_latest_by_number_not_by_spelling(runs: Path) -> None:
    assert run_of(FILE, None).path == runs / "10"


def test_the_one_that_is_named(runs: Path) -> None:
    assert run_of(FILE, "iris.runs/9").path == runs / "9"


@pytest.mark.parametrize(
    ("run_dir", "words"), [(None, "other.plexus has not been trained yet"), ("iris.runs/3", "There is no run in iris")]
)
def test_none(runs: Path, run_dir: str | None, words: str) -> None:
    with pytest.raises(UserError, match=words):
        run_of(Path("other.plexus"), run_dir)


@pytest.mark.parametrize("name", ["9", "iris.runs/9"])
def test_by_number_or_by_folder(runs: Path, name: str) -> None:
    assert named(FILE, name).path == runs / "9"


@pytest.mark.parametrize("name", ["3", "nowhere"])
def test_one_that_is_not_there(runs: Path, name: str) -> None:
    with pytest.raises(UserError, match="There is no run in"):
        named(FILE, name)
