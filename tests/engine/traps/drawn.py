"""Designs with a loss at their end, as tests of the traps draw them, and what is told of them."""

from __future__ import annotations

from engine.blocks import Block
from engine.check import check
from engine.problem import Problem
from engine.project import Project
from tests.engine.drawing import block, draw

ERROR, WARNING = "error", "warning"
Expected = tuple[str, str, str, list[str]]  # title, severity, block, labels of the fixes
YES_OR_NO = next(
    field.name for field in draw({}, source="BreastCancer").data.fields().values() if field.kind == "class"
)


def line(source: str, target: Block, scores: int, middle: tuple[tuple[str, Block], ...], loss: Block) -> Project:
    """features → fc → … → loss, against the target."""
    blocks = {
        "x": block("Input", field="features"),
        "fc": block("Linear", out_features=scores),
        **dict(middle),
        "label": target,
        "loss": loss,
    }
    first = loss.input_ports()[0].name
    wires = " -> ".join(["x", "fc", *dict(middle), f"loss.{first}"])
    return draw(blocks, wires, "label -> loss.target", source=source)


def classes(*before_loss: tuple[str, Block], loss: Block, scores: int = 3, **label: str) -> Project:
    """Against the kind of iris."""
    return line("Iris", block("Target", field="species", **label), scores, before_loss, loss)


def binary(*before_loss: tuple[str, Block], loss: Block) -> Project:
    """Against yes or no, written as 0 or 1."""
    return line("BreastCancer", block("Target", field=YES_OR_NO, encoding="number"), 1, before_loss, loss)


def numbers(*before_loss: tuple[str, Block], loss: Block) -> Project:
    return line("Diabetes", block("Target", field="progression"), 1, before_loss, loss)


def vectors(*before_loss: tuple[str, Block], loss: Block) -> Project:
    """Against four measures of the flower."""
    return line("Iris", block("Target", field="features"), 4, before_loss, loss)


def raw(project: Project) -> Project:
    """The same without normalisation."""
    return project.with_(data=project.data.change(normalise=False))


def the_one(project: Project, title: str) -> Problem:
    found = [problem for problem in check(project) if problem.title == title]
    assert len(found) == 1, [str(problem) for problem in check(project)]
    return found[0]


def assert_told(project: Project, expected: Expected) -> None:
    title, severity, where, labels = expected
    problem = the_one(project, title)
    assert (problem.severity, problem.block) == (severity, where)
    assert [fix.label for fix in problem.fixes] == labels
    assert problem.builds or severity == WARNING


def assert_leads_out(project: Project, title: str) -> None:
    """Every fix leaves nothing to complain about."""
    for fix in the_one(project, title).fixes:
        assert [str(problem) for problem in check(fix.edit(project))] == [], fix.label
