"""Problems are told alike everywhere, and JSON goes out a line at a time."""

from __future__ import annotations

import json
import sys

import pytest

from engine.commands.output import complain, print_json, problem_data, problem_lines, program
from engine.problem import Fix, Problem
from tests.engine.drawing import classifier

PROJECT = classifier()
FIX = Fix("Do it", lambda project: project)


@pytest.mark.parametrize(
    ("argv0", "typed"),
    [
        ("/somewhere/engine/__main__.py", "python -m engine"),
        ("/somewhere/bin/plexus-engine", "plexus-engine"),
        ("/somewhere/bin/plexus", "plexus-engine"),
        ("", "plexus-engine"),
    ],
)
def test_what_a_person_types(monkeypatch: pytest.MonkeyPatch, argv0: str, typed: str) -> None:
    monkeypatch.setattr(sys, "argv", [argv0])
    assert program() == typed


@pytest.mark.parametrize(
    ("problem", "lines"),
    [
        (Problem("Bad", "It is."), "error: Bad\n  It is."),
        (Problem("Bad", "It is.", "loss", fixes=(FIX, FIX)), "error: loss: Bad\n  It is.\n  → Do it\n  → Do it"),
        (Problem("Odd", "It is.", "gone", severity="warning"), "warning: Odd\n  It is."),
    ],
)
def test_a_problem_for_people(problem: Problem, lines: str) -> None:
    assert problem_lines(PROJECT, problem) == lines


def test_a_problem_for_programs_tells_name_and_id() -> None:
    project = PROJECT.edit(PROJECT.graph.rename("loss", "error"))
    told = problem_data(project, Problem("Bad", "It is.", "loss", "target", "weight", fixes=(FIX,)))
    assert (told["block"], told["id"], told["port"], told["parameter"]) == ("error", "loss", "target", "weight")
    assert told["fixes"] == ["Do it"]


def test_json_is_one_line_of_plain_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "3 × 3\n“x”"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1
    assert json.loads(out) == {"text": "3 × 3\n“x”"}


def test_complaints_leave_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    complain("Oh.")
    assert capsys.readouterr() == ("", "Oh.\n")
