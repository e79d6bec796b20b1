"""What is wrong with a muted block is told at it, with a way out that was tried."""

from __future__ import annotations

import pytest

import engine
from engine.project import Project
from tests.engine.designs import branches, chain
from tests.engine.drawing import block, draw


def told(project: Project, key: str) -> list[str]:
    return [problem.title for problem in engine.check(project) if problem.block == key]


@pytest.mark.parametrize(
    ("project", "key"), [(chain(), "image"), (chain(), "loss"), (branches(), "sum"), (branches(), "both")]
)
def test_a_mute_that_can_not_work_is_told_and_changes_nothing(project: Project, key: str) -> None:
    muted = project.edit(project.graph.mute([key]))
    problem = next(problem for problem in engine.check(muted) if problem.block == key)
    assert problem.title == f"{key} can't be muted"
    assert problem.severity == "error"
    assert engine.review(muted).plan.steps[key].leaves == engine.review(project).plan.steps[key].leaves
    assert problem.fixes[0].label == f"Unmute {key}"
    assert problem.fixes[0].edit(muted) == project


def memory() -> Project:
    return draw(
        {
            "x": block("Input", sample_shape=(5, 4)),
            "lstm": block("LSTM", hidden_size=4),
            "last": block("Output"),
            "all": block("Output"),
        },
        "x -> lstm -> all",
        "lstm.h -> last",
    )


def test_more_than_passes_through_can_not_be_read() -> None:
    project = memory()
    assert "h" in project.graph.nodes["lstm"].block.output_ports()
    muted = project.edit(project.graph.mute(["lstm"]))
    problem = next(problem for problem in engine.check(muted) if problem.block == "lstm")
    assert "“h”" in problem.text
    assert problem.fixes[0].edit(muted) == project
    lone = muted.remove(["last"])
    assert told(lone, "lstm") == []


def test_weights_of_a_muted_block_are_left_alone() -> None:
    project = chain()
    node = project.graph.nodes["conv1"]
    graph = project.graph.treat("conv1", node.weights.change(frozen=True)).mute(["conv1"])
    assert told(project.edit(graph), "conv1") == []
