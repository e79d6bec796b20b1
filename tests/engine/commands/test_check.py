"""`check` lists what keeps a project from training well, and tells by its exit code whether there is anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.engine.commands.conftest import Answer


def test_nothing_is_wrong(command: Callable[..., Answer], iris: Path) -> None:
    assert command("check", iris) == Answer(0, "iris.plexus has no problems.\n", "")


def test_nothing_is_wrong_in_json(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("check", iris, "--json")
    assert (answer.code, answer.json) == (0, {"file": "iris.plexus", "problems": []})


def test_an_error_names_the_block(command: Callable[..., Answer], faulty: Path) -> None:
    answer = command("check", faulty)
    assert answer.code == 1
    assert answer.out.startswith("error: layer1: layer1 does not fit\n  layer1 expects channels × height × width")


def test_an_error_in_json(command: Callable[..., Answer], faulty: Path) -> None:
    answer = command("check", faulty, "--json")
    (problem,) = answer.json["problems"]
    assert answer.code == 1
    assert {key: problem[key] for key in ("severity", "block", "id", "port", "parameter", "fixes")} == {
        "severity": "error",
        "block": "layer1",
        "id": "layer1",
        "port": "x",
        "parameter": None,
        "fixes": [],
    }
    assert set(problem) - {"severity", "block", "id", "port", "parameter", "fixes"} == {"title", "text"}


def test_a_warning_is_a_problem_too_and_tells_what_mends_it(command: Callable[..., Answer], warned: Path) -> None:
    answer = command("check", warned)
    assert answer.code == 1
    assert answer.out.startswith("warning: softmax: Softmax feeds CrossEntropy")
    assert "\n  → Rewire loss to fc" in answer.out
