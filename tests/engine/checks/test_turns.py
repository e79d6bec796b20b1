"""Steps of a batch that can do nothing, or leave something out, are told with a way out that was tried."""

from __future__ import annotations

import pytest

import engine
from engine.checks.turns import learning_blocks
from engine.plan import plan
from engine.problem import Problem
from engine.project import Project
from engine.training.turn import Turn
from tests.drawn.networks import gan
from tests.engine.drawing import block, draw
from tests.engine.training.given import small

JUDGE = Turn(name="judge", losses=("real_loss", "fake_loss"), blocks=("judge",))
GENERATOR = Turn(name="generator", losses=("generator_loss",), blocks=("generator",))


def adversarial(*turns: Turn) -> Project:
    project = gan()
    return project.with_(training=project.training.change(turns=turns))


def test_what_is_whole_is_not_told_of() -> None:
    assert engine.check(gan()) == []
    assert engine.check(adversarial()) == []  # one step over everything
    assert engine.check(adversarial(JUDGE.change(blocks=("judge_again",)), GENERATOR)) == []  # the same weights


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ((JUDGE, Turn(name="third"), GENERATOR), [("The step “third” does nothing yet", "error", None)]),
        ((JUDGE, GENERATOR.change(losses=())), [("The step “generator” has no loss", "error", None)]),
        ((JUDGE, GENERATOR.change(blocks=())), [("The step “generator” moves no weights", "error", None)]),
        ((JUDGE, GENERATOR.change(blocks=("noise",))), [("The step “generator” moves no weights", "error", None)]),
        (
            (JUDGE.change(losses=("real_loss", "old")), GENERATOR),
            [("The step “judge” names what is not there", "error", None)],
        ),
        (
            (JUDGE, GENERATOR.change(blocks=("generator", "generator/old"))),
            [("The step “generator” names what is not there", "error", None)],
        ),
        (
            (JUDGE, GENERATOR.change(losses=("generator_loss", "real_loss"))),
            [("real_loss can't move what the step “generator” moves", "warning", "real_loss")],
        ),
        (
            (JUDGE, GENERATOR.change(losses=("real_loss",))),
            [("real_loss can't move what the step “generator” moves", "error", "real_loss")],
        ),
        (
            (JUDGE.change(losses=("real_loss",)), GENERATOR),
            [("No step of a batch goes down fake_loss", "warning", "fake_loss")],
        ),
        ((JUDGE,), [("No step of a batch moves generator", "warning", "generator")]),
        (
            (JUDGE, GENERATOR.change(blocks=("generator/fc1", "generator/fc3"))),
            [("No step of a batch moves fc2", "warning", "generator/fc2")],
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(turns: tuple[Turn, ...], expected: list[tuple[str, str, str]]) -> None:
    problems = engine.check(adversarial(*turns))
    found = [(problem.title, problem.severity, problem.block) for problem in problems]
    assert [entry for entry in found if entry in expected] == expected
    assert all((problem.param or "").startswith("turns") for problem in problems)
    assert all(problem.severity == "warning" or problem.builds for problem in problems)


@pytest.mark.parametrize(
    "turns",
    [
        (JUDGE, GENERATOR.change(losses=())),
        (JUDGE.change(losses=("real_loss", "old")), GENERATOR),
        (JUDGE.change(losses=("real_loss",)), GENERATOR),
        (JUDGE, GENERATOR.change(blocks=("generator/fc1", "generator/fc3"))),
    ],
)
def test_what_mends_it_mends_it(turns: tuple[Turn, ...]) -> None:
    project = adversarial(*turns)
    problem = engine.check(project)[0]
    for fix in problem.fixes:
        assert not {problem.title} & {other.title for other in engine.check(fix.edit(project))}


def test_a_way_that_gradients_can_not_go_is_no_way() -> None:
    blocks = {
        "x": block("Input", field="features"),
        "fc": block("Linear", out_features=3),
        "detach": block("Detach"),
        "head": block("Linear", out_features=3),
        "y": block("Target", field="species"),
        "loss": block("CrossEntropyLoss"),
    }
    turns = (
        Turn(name="front", losses=("loss",), blocks=("fc",)),
        Turn(name="head", losses=("loss",), blocks=("head",)),
    )
    project = draw(
        blocks, "x -> fc -> detach -> head -> loss.prediction", "y -> loss.target", source="Iris", turns=turns
    )
    (problem,) = [p for p in engine.check(project) if p.param == "turns:front"]
    assert problem.title == "loss can't move what the step “front” moves"


def test_blocks_that_learn_are_known_by_path() -> None:
    project = gan()
    project = project.edit(
        project.graph.treat("generator", project.graph.nodes["generator"].weights.change(frozen=True))
    )
    planned = plan(project.graph, project.data.fields())
    assert list(learning_blocks(planned)) == ["judge/fc1", "judge/fc2", "judge/fc3"]


def test_a_drawing_that_is_not_done_is_not_told_of() -> None:
    project = small(turns=(Turn(name="all", losses=("loss",), blocks=("layer1",)),))
    cut = project.edit(project.graph.disconnect([wire for wire in project.graph.wires if wire.target == "loss"]))

    def about_turns(problem: Problem) -> bool:
        return (problem.param or "").startswith("turns")

    assert any(about_turns(problem) for problem in engine.check(project))  # the scores are moved by none
    assert not any(about_turns(problem) for problem in engine.check(cut))
