"""The command `export`: take the network away, as Python or as weights that fit it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.check import review
from engine.commands.output import DONE, PROBLEMS, complain, problem_lines
from engine.commands.runs import run_of
from engine.compile import compile, source_of
from engine.export.python import export_python
from engine.export.weights import export_weights
from engine.problem import UserError
from engine.project import Project
from engine.storage import load, write_whole

STDOUT = "-"


def run(file: str, target: str, output: str, run_dir: str | None) -> int:
    """Write what EXPORTERS make of a project; a design that can't be built has its errors listed instead."""
    project = load(file)
    try:
        source_of(project)
    except UserError as refusal:
        errors = [problem for problem in review(project).problems if problem.severity == "error"]
        complain("\n".join(problem_lines(project, problem) for problem in errors) or str(refusal))
        return PROBLEMS
    if output != STDOUT and os.path.exists(output) and os.path.samefile(file, output):
        raise UserError(f"{output} is the project itself. Choose another name for what is exported.")
    EXPORTERS[target](project, Path(file), output, run_dir)
    return DONE


def _python(project: Project, file: Path, output: str, run_dir: str | None) -> None:
    if run_dir is not None:
        raise UserError(
            "--run goes with --to weights. For the Python of a network as a run trained it, name that run's "
            f"project: {Path(run_dir) / 'project.plexus'}"
        )
    source = export_python(project)
    if output == STDOUT:
        sys.stdout.write(source)
    else:
        write_whole(Path(output), source.encode())
        print(f"Wrote {output}.")


def _weights(project: Project, file: Path, output: str, run_dir: str | None) -> None:
    """The best weights of a run, refused unless they fit the Python of the same file."""
    if output == STDOUT:
        raise UserError("Weights are no text for a terminal. Name a file, such as -o weights.safetensors.")
    folder = run_of(file, run_dir)
    misfit = _misfit(folder.read_best(), _expected(project))
    if misfit:
        raise UserError(
            f"The weights in {folder.path} don't fit {file}, which was changed after that run: {misfit}. "
            f"What was trained is kept as {folder.path / 'project.plexus'}; export that file instead."
        )
    export_weights(folder, Path(output))
    epoch = folder.read_metrics().get("best_epoch")
    print(f"Wrote {output}: the best weights of {folder.path}{f', from epoch {epoch}' if epoch else ''}.")


def _expected(project: Project) -> Mapping[str, Any]:
    """The module's `state_dict`, without memory behind its tensors."""
    import torch

    with torch.device("meta"):
        return compile(project).state_dict()


def _misfit(weights: Mapping[str, Any], expected: Mapping[str, Any]) -> str | None:
    """The first tensor that is in only one of the two, or has another shape in each."""
    for name in (*expected, *weights):
        if name not in weights:
            return f"the run has no {name}"
        if name not in expected:
            return f"the project has no {name}"
        trained, drawn = (" × ".join(map(str, tensors[name].shape)) or "scalar" for tensors in (weights, expected))
        if trained != drawn:
            return f"{name} is {trained} there and {drawn} here"
    return None


Exporter = Callable[[Project, Path, str, str | None], None]
EXPORTERS: Mapping[str, Exporter] = {"python": _python, "weights": _weights}
