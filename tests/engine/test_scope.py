"""The scopes of a project: its canvas and the inside of each group, and problems lifted out of them."""

from __future__ import annotations

from engine.group import Group, GroupInput, GroupOutput
from engine.plan import plan
from engine.problem import Fix, Problem
from engine.project import Position, Project
from engine.scope import Scope, lift
from tests.engine.drawing import block, graph

INNER = Group(graph=graph({"x": GroupInput(), "fc": block("Linear"), "y": GroupOutput()}, "x -> fc -> y"))
OUTER = Group(graph=graph({"x": GroupInput(), "inner": INNER, "y": GroupOutput()}, "x -> inner -> y"))
DRAWN = graph(
    {"data": block("Input", sample_shape=(4,)), "outer": OUTER, "loose": INNER, "out": block("Output")},
    "data -> outer",
    "outer -> out",
)


def canvas() -> Scope:
    return Scope(DRAWN, plan(DRAWN, {}), {})


def test_every_group_is_a_scope_of_its_own() -> None:
    outer, loose = canvas().groups()
    (inner,) = outer.groups()
    assert [scope.path for scope in (canvas(), outer, loose, inner)] == [(), ("outer",), ("loose",), ("outer", "inner")]
    assert [scope.grouped for scope in (canvas(), outer, inner)] == [False, True, True]
    assert inner.graph is INNER.graph
    assert str(inner.plan.leaving("x", "y")) == "4"
    assert loose.plan.leaving("x", "y") is None, "nothing is wired to it"


def test_a_group_that_has_no_plan_is_a_scope_all_the_same() -> None:
    """One on a circle has no place in the order of the steps, but what is inside can be looked at."""
    circle = graph({"a": OUTER, "b": block("ReLU")}, "a -> b -> a")
    (scope,) = Scope(circle, plan(circle, {}), {}).groups()
    assert [*scope.plan.steps] == ["x", "inner", "y"]


def test_a_problem_is_lifted_with_its_fixes() -> None:
    fix = Fix("Widen fc", lambda project: project.edit(project.graph.change("fc", out_features=9)))
    problem = Problem("fc is narrow", "It is.", "fc", param="out_features", fixes=(fix,), details="so says torch")
    lifted = lift(problem, ("outer", "inner"))
    assert (lifted.block, lifted.param, lifted.details) == ("outer/inner/fc", "out_features", "so says torch")
    project = Project(graph=DRAWN, layout={"outer/inner/fc": Position(1, 2)})
    widened = lifted.fixes[0].edit(project)
    assert widened.inside(("outer", "inner")).graph.nodes["fc"].block == block("Linear", out_features=9)
    assert widened.layout == project.layout
    assert lift(problem, ()) is problem
    assert lift(Problem("All is narrow", "It is."), ("outer",)).block == "outer"
