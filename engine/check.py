"""Find what keeps a project from training, and say it like a colleague: where, what was expected, what helps."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine.checks import drawing, grouping, muting, purpose, shapes, treatment
from engine.checks.turns import turns
from engine.graph import Graph, Wire
from engine.parts import split
from engine.plan import NO_FIELDS, Plan, plan
from engine.problem import Problem
from engine.project import Project
from engine.scope import Scope, lift
from engine.traps import find_traps

# what is asked of every drawing, inside groups as well; of all but the misfits, the drawing alone decides
FINDERS = (*drawing.FINDERS, *shapes.FINDERS, *grouping.FINDERS, *treatment.FINDERS, *muting.FINDERS)


@dataclass(frozen=True)
class Review:
    """What is known about a project after an edit: the plan with its shapes and counts, and the problems."""

    plan: Plan
    problems: tuple[Problem, ...]

    @property
    def pending(self) -> bool:
        """Whether a review with `probing` would tell more."""
        return self.plan.pending


def review(project: Project, probing: bool = True) -> Review:
    """Plan the project's graph and check it.

    Few blocks need torch for their shapes; without `probing` it is neither loaded nor asked, and what hangs on it is
    pending.
    """
    fields = project.data.fields()
    planned = plan(project.graph, fields, probing=probing)
    scope, parts = Scope(project.graph, planned, fields, probing), split(planned)
    problems = [*_problems(scope)]
    for find in purpose.FINDERS:
        problems += find(scope, parts)
    problems += turns(project, planned, parts)
    problems += find_traps(project, planned.living, parts)
    return Review(planned, tuple(problems))


def check(project: Project) -> list[Problem]:
    """What keeps a project from training well; empty when nothing does."""
    return list(review(project).problems)


def _problems(scope: Scope) -> Iterator[Problem]:
    """The problems of a drawing and of the groups in it, as problems of the project."""
    path = scope.path
    known = _of_a_group(scope.graph, scope.plan, scope.probing) if scope.grouped else _of_the_drawing(scope)
    for problem in (*known, *shapes.misfits(scope)):
        yield lift(problem, path)
    told: dict[str, set[tuple[str, str]]] = {}
    looked: dict[tuple[str, int], Plan] = {}  # each plan is kept, so that no other takes its place in the memory
    for inner in scope.groups():
        owner = scope.graph.owner(inner.key)
        if (owner, id(inner.plan)) in looked:
            continue  # the same weights at work on the same shapes
        looked[owner, id(inner.plan)] = inner.plan
        for problem in _problems(inner):
            what = problem.title, _place_in(problem, inner)
            if what not in told.get(owner, ()):  # uses of the same weights are one drawing
                told.setdefault(owner, set()).add(what)
                yield problem


def _place_in(problem: Problem, scope: Scope) -> str:
    return (problem.block or "").removeprefix("/".join(scope.path))


def _of_the_drawing(scope: Scope) -> Iterator[Problem]:
    for find in FINDERS:
        yield from find(scope)


@functools.lru_cache(maxsize=1024)
def _of_a_group(graph: Graph, planned: Plan, probing: bool) -> tuple[Problem, ...]:
    """What is wrong inside a group, which stays as it is while the rest of the project is edited."""
    return tuple(_of_the_drawing(Scope(graph, planned, NO_FIELDS, probing, grouped=True)))


def refusal(project: Project, planned: Plan | None, wire: Wire, behind: Collection[str] | None = None) -> str | None:
    """Why `wire` may not be drawn, in words; None when it may.

    `behind` are the blocks that the wire's target feeds, near and far, for a caller that asks for many sources.
    Inside a group, both are as seen from there: `project.inside(path)` and `plan.inside(path)`.
    """
    graph = project.graph
    if wire.source == wire.target:
        return "A block can't feed itself."
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    if wire.output not in source.block.output_ports():
        return f"{source.name} has no output “{wire.output}”."
    port = next((port for port in target.block.input_ports() if port.name == wire.input), None)
    if port is None:
        return f"{target.name} has no input “{wire.input}”."
    if wire.source in behind if behind is not None else _reaches(graph, wire.target, wire.source):
        return f"{target.name} feeds {source.name} already; the wire would close a circle."
    spec = planned.leaving(wire.source, wire.output) if planned is not None else None
    words = port.kind.refusal(spec) if spec is not None else None
    return f"{target.name} {words}." if words else None


def _reaches(graph: Graph, start: str, goal: str) -> bool:
    followers = graph.followers
    seen, waiting = set(), [start]
    while waiting:
        key = waiting.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            waiting += followers.get(key, ())
    return False


__all__ = ["Review", "check", "refusal", "review"]
