"""The command `summary`: shapes and counts of a network, block by block."""

from __future__ import annotations

from engine.check import review
from engine.commands.output import DONE, PROBLEMS, complain, print_json, problem_lines
from engine.storage import load
from engine.summary import as_table, summary


def run(file: str, as_json: bool) -> int:
    """What can be known is told even of a design with errors, which are then listed beside it."""
    project = load(file)
    told = summary(project)
    if as_json:
        print_json(told)
    else:
        print(as_table(told))
    errors = [problem for problem in review(project).problems if problem.severity == "error"]
    for problem in errors:
        complain(problem_lines(project, problem))
    return PROBLEMS if errors else DONE
