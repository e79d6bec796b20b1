"""The command `check`: what keeps a project from training well."""

from __future__ import annotations

from engine.check import review
from engine.commands.output import DONE, PROBLEMS, print_json, problem_data, problem_lines
from engine.storage import load


def run(file: str, as_json: bool) -> int:
    project = load(file)
    problems = review(project).problems
    if as_json:
        print_json({"file": file, "problems": [problem_data(project, problem) for problem in problems]})
    elif not problems:
        print(f"{file} has no problems.")
    else:
        print("\n".join(problem_lines(project, problem) for problem in problems))
    return PROBLEMS if problems else DONE
