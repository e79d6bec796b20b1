"""The demonstration for a machine without a display: the example trains in the terminal."""

from __future__ import annotations

from pathlib import Path

from engine.commands.guard import guarded
from engine.commands.watch import watch
from engine.problem import UserError
from engine.project import Project
from engine.storage import load
from engine.templates import names, open_template
from engine.training.loop import train
from engine.training.run import RunFolder, runs_of


def run_in_terminal(example: str | Path = "digits-cnn") -> int:
    """Train a template, or a project file, with a progress bar; answers with the exit code.

    The run goes into the current folder, or where that can't be written, into the user's data folder.
    """
    return guarded(lambda: _trained(example))


def _trained(example: str | Path) -> int:
    template = str(example) in names()
    project: Project = open_template(str(example)) if template else load(example)
    print(f"There is no display, so {project.name} trains here in the terminal.", flush=True)
    folder = _folder(runs_of(Path(f"{project.name}.plexus") if template else Path(example)))
    return watch(train(project, folder.path), folder.path / "project.plexus" if template else Path(example))


def _folder(parent: Path) -> RunFolder:
    import platformdirs

    try:
        return RunFolder.next_in(parent)
    except UserError:
        return RunFolder.next_in(platformdirs.user_data_path("plexus") / parent.name)
