"""What an edit would do to the shapes of a project, found without planning all of it anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.graph import Graph, Wire
from engine.group import put_back
from engine.plan import Plan, Step, carry_out
from engine.scope import Scope
from engine.tensor import TensorSpec

MOST_WEIGHTS = 50_000_000  # that an edit may add: what it makes would fit, but not into anybody's memory


def amended(scope: Scope, graph: Graph, touched: Collection[str]) -> dict[str, Step]:
    """The steps of the scope if its graph were this one, in which only the `touched` blocks are others.

    A new block has to be one of those, and to stand on a wire into another one.
    """
    arriving = {(wire.target, wire.input): wire for wire in graph.wires if wire.target in touched}
    steps: dict[str, Step] = {}
    changed: set[str] = set()
    for key in _order(scope.plan, graph, touched):
        before = scope.plan.steps.get(key)
        wires: tuple[Wire | None, ...]
        if before is None or key in touched:
            wires = tuple(arriving.get((key, port.name)) for port in graph.nodes[key].block.input_ports())
        elif any(wire is not None and wire.source in changed for wire in before.wires):
            wires = before.wires
        else:
            steps[key] = before
            continue
        steps[key] = carry_out(graph, key, wires, steps, scope.fields, _entering(before), scope.probing)
        if before is None or steps[key].leaves != before.leaves:
            changed.add(key)
    return steps


def _order(plan: Plan, graph: Graph, touched: Collection[str]) -> Iterator[str]:
    """The order of the plan, a new block in front of what it is wired to."""
    new = [key for key in touched if key not in plan.steps and key in graph.nodes]
    readers = {wire.target: wire.source for wire in graph.wires if wire.source in new}
    for key in plan.steps:
        if key in readers:
            yield readers[key]
        yield key


def _entering(before: Step | None) -> TensorSpec | None:
    return before.leaves[0] if before is not None and before.leaves else None


def sound(scope: Scope, graph: Graph, touched: Collection[str]) -> bool:
    """Whether an edit leaves no misfit that was not there before, in all of the project."""
    return outcome(scope, graph, touched)[1] == 0


def outcome(scope: Scope, graph: Graph, touched: Collection[str]) -> tuple[Mapping[str, Step], int]:
    """The steps of the scope after an edit, and how many misfits it makes in all of the project.

    A design of absurd size counts as a misfit.
    """
    steps = amended(scope, graph, touched)
    if scope.outer is not None:
        outer = scope.outer.graph
        grown = put_back(outer, (scope.key,), graph)
        return steps, outcome(scope.outer, grown, outer.sharing(scope.key))[1]
    made = added = 0
    for key, step in steps.items():
        before = scope.plan.steps.get(key)
        if step is not before:
            made += max(0, _misfits(step) - (_misfits(before) if before else 0))
            added += step.parameters - (before.parameters if before else 0)
    return steps, made + (added > MOST_WEIGHTS)


def _misfits(step: Step) -> int:
    """Blocks that don't fit, in a group those inside it."""
    if step.trace.complete:
        return 0
    inner = step.trace.inner
    return (step.trace.misfit is not None) + (_inside(inner[0].steps) if inner else 0)


def _inside(steps: Mapping[str, Step]) -> int:
    return sum(_misfits(step) for step in steps.values())
