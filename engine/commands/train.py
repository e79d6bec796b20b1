"""The command `train`: train a project's network and show how it goes."""

from __future__ import annotations

from pathlib import Path

from engine.check import review
from engine.commands.output import PROBLEMS, complain, problem_lines
from engine.commands.runs import named, run_of
from engine.commands.watch import watch
from engine.problem import UserError
from engine.storage import load
from engine.training.device import available_device
from engine.training.loop import train
from engine.training.run import RunFolder, runs_of
from engine.training.tensorboard import refuse_without_package
from engine.training.warm_start import origin_in


def run(
    file: str,
    epochs: int | None,
    device: str | None,
    seed: int | None,
    run_dir: str | None,
    resume: bool,
    start_from: str | None,
    tensorboard: bool,
    as_json: bool,
) -> int:
    place = Path(file)
    if resume:
        if seed is not None:
            raise UserError("A run that is resumed goes on with its own seed: leave out --seed, or --resume.")
        if start_from is not None:
            raise UserError("A run that is resumed goes on with its own weights: leave out --from, or --resume.")
        folder, origin = run_of(place, run_dir).path, None
        project = RunFolder(folder).read_project()
    else:
        project = load(file)
        errors = [problem for problem in review(project).problems if problem.severity == "error"]
        if errors:
            complain("\n".join(problem_lines(project, problem) for problem in errors))
            return PROBLEMS
        available_device(device or project.training.device)  # before a folder is made for nothing
        if tensorboard or project.training.tensorboard:
            refuse_without_package()
        origin = None if start_from is None else origin_in(named(place, start_from).path)
        folder = Path(run_dir) if run_dir is not None else RunFolder.next_in(runs_of(place)).path
    events = train(
        project,
        folder,
        epochs=epochs,
        seed=seed,
        device=device,
        tensorboard=tensorboard or None,
        resume=resume,
        start_from=origin,
    )
    return watch(events, place, as_json=as_json)
