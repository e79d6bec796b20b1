"""How commands speak: what was asked for goes to stdout, complaints go to stderr."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from engine.graph import Node
from engine.problem import Problem
from engine.project import Project

DONE, PROBLEMS, REFUSED = 0, 1, 2  # exit codes: done; the project has problems; bad usage or unreadable input


def program() -> str:
    """What a person types to get this command line."""
    return "python -m engine" if Path(sys.argv[0]).name == "__main__.py" else "plexus-engine"


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One line of JSON, at once, so that a reader at the other end of a pipe can follow."""
    print(json.dumps(value, allow_nan=False), flush=True)


def problem_lines(project: Project, problem: Problem) -> str:
    """A problem for people: where, what, why, and what would mend it."""
    node = _node(project, problem)
    where = f"{node.name}: " if node else ""
    fixes = "".join(f"\n  → {fix.label}" for fix in problem.fixes)
    return f"{problem.severity}: {where}{problem.title}\n  {problem.text}{fixes}"


def problem_data(project: Project, problem: Problem) -> dict[str, Any]:
    """A problem for programs; a block is told by its name and by its id in the file."""
    node = _node(project, problem)
    return {
        "severity": problem.severity,
        "title": problem.title,
        "text": problem.text,
        "block": node.name if node else None,
        "id": problem.block,
        "port": problem.port,
        "parameter": problem.param,
        "fixes": [fix.label for fix in problem.fixes],
    }


def _node(project: Project, problem: Problem) -> Node | None:
    return project.graph.nodes.get(problem.block) if problem.block is not None else None
