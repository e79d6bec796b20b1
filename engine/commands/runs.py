"""Which run of a project a command means when it is not told."""

from __future__ import annotations

from pathlib import Path

from engine.problem import UserError
from engine.training.run import RunFolder, run_numbers, runs_of


def named(file: Path, name: str) -> RunFolder:
    """The run of a project file with a number, or the one in a folder.

    Raises:
        UserError: when there is none.
    """
    numbered = runs_of(file) / name
    return RunFolder.existing(numbered if name.isdecimal() and not Path(name).is_dir() else Path(name))


def run_of(file: Path, run_dir: str | None) -> RunFolder:
    """The run in `run_dir`, or else the latest run of a project file.

    Raises:
        UserError: when there is none.
    """
    if run_dir is not None:
        return RunFolder.existing(Path(run_dir))
    parent = runs_of(file)
    for number in reversed(run_numbers(parent)):
        if (parent / str(number) / "project.plexus").is_file():
            return RunFolder.existing(parent / str(number))
    raise UserError(f"{file} has not been trained yet: there is no run in {parent}.")
