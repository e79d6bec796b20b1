"""Problems and refusals speak in whole sentences."""

from __future__ import annotations

from engine.problem import Fix, Misfit, Problem, UserError


def test_a_problem_reads_as_two_sentences() -> None:
    problem = Problem(
        "fc1 is missing an input", "Nothing is wired to fc1.", "fc1", fixes=(Fix("Wire it", lambda p: p),)
    )
    assert str(problem) == "fc1 is missing an input. Nothing is wired to fc1."
    assert problem.severity == "error"
    assert problem.fixes[0].edit(3) == 3


def test_a_misfit_knows_its_place() -> None:
    misfit = Misfit("needs more", "x", "kernel_size", "so says torch")
    assert (str(misfit), misfit.port, misfit.param) == ("needs more", "x", "kernel_size")
    assert (misfit.details, Misfit("needs more").details) == ("so says torch", "")
    assert isinstance(misfit, ValueError)
    assert isinstance(UserError("No."), ValueError)
