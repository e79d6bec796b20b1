"""Edits of the wires between blocks: a block set into a wire, blocks taken out of a chain, wires led elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from engine.check import refusal
from engine.fitting import Fit, arriving
from engine.graph import Graph, Wire
from engine.plan import Plan
from engine.problem import UserError
from engine.project import Project


def splice(project: Project, wire: Wire, key: str, fit: Fit) -> Project:
    """The project in which a block stands in the middle of a wire, by the ports that fit."""
    first, second = spliced(wire, key, fit)
    return project.edit(project.graph.disconnect([wire]).connect(first).connect(second))


def spliced(wire: Wire, key: str, fit: Fit) -> tuple[Wire, Wire]:
    """The two wires that take the place of one."""
    return Wire(wire.source, wire.output, key, fit.input), Wire(key, fit.output, wire.target, wire.input)


def remove_and_reconnect(
    project: Project, planned: Plan, ids: Collection[str], wires: Collection[Wire], plan_of: Callable[[Project], Plan]
) -> tuple[Project, tuple[Wire, ...]]:
    """The project without these blocks, what entered them led on to what they fed; and the wires that do so.

    Of a block with several inputs, the first that can be led on takes its place. Blocks that nothing entered, or that
    fed nothing, simply go.

    Raises:
        UserError: when one of the chains can't be closed; it tells why.
    """
    gone, graph = set(ids), project.graph
    healing = []
    for wire in graph.wires:
        if wire.source in gone and wire.target not in gone:
            entering = list(_entering(graph, wire.source, gone))
            refused = [refusal(project, planned, _led_on(source, wire)) for source in entering]
            fitting = [source for source, reason in zip(entering, refused, strict=True) if reason is None]
            if entering and not fitting:
                raise UserError(_unhealed(graph, entering[0], wire, refused[0] or ""))
            healing += [_led_on(source, wire) for source in fitting[:1]]
    removed = project.remove(gone, wires)
    healed = removed.graph
    for wire in healing:
        healed = healed.connect(wire)
    after = removed.edit(healed)
    if healing:
        plan_after = plan_of(after)
        for wire in healing:
            reason = _worse(planned, plan_after, after.graph, wire)
            if reason is not None:
                raise UserError(_unhealed(graph, wire, wire, reason))
    return after, tuple(healing)


def move_refusals(project: Project, planned: Plan, start: tuple[str, str]) -> Callable[[tuple[str, str]], str | None]:
    """Tells for an output why the wires that leave by `start` can't all leave by it; None when they can."""
    leaving = wires_from(project.graph, *start)
    apart = project.edit(project.graph.disconnect(leaving))
    behind = {wire: _behind(apart.graph, wire.target) for wire in leaving}

    def refused(goal: tuple[str, str]) -> str | None:
        pairs = zip(leaving, _moved(leaving, goal), strict=True)
        reasons = (refusal(apart, planned, moved, behind[wire]) for wire, moved in pairs)
        return next((reason for reason in reasons if reason), None)

    return refused


def move_wires(project: Project, start: tuple[str, str], goal: tuple[str, str]) -> Project:
    """The project in which all wires that left a block by an output (its id and the port) leave by another one."""
    leaving = wires_from(project.graph, *start)
    graph = project.graph.disconnect(leaving)
    for wire in _moved(leaving, goal):
        graph = graph.connect(wire)
    return project.edit(graph)


def wires_from(graph: Graph, key: str, output: str) -> tuple[Wire, ...]:
    """All wires that leave a block by one of its outputs."""
    return tuple(wire for wire in graph.wires if (wire.source, wire.output) == (key, output))


def _behind(graph: Graph, key: str) -> set[str]:
    """All blocks that a block feeds, near and far."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        fed = [other for other in graph.followers.get(waiting.pop(), ()) if other not in found]
        found.update(fed)
        waiting += fed
    return found


def _moved(wires: Iterable[Wire], goal: tuple[str, str]) -> Iterator[Wire]:
    return (wire._replace(source=goal[0], output=goal[1]) for wire in wires)


def _entering(graph: Graph, key: str, gone: Collection[str]) -> Iterator[Wire]:
    """The wires by which something enters the blocks that go, on the way to this one; the first input first."""
    waiting, seen = [key], set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        deeper = []
        for port in graph.nodes[here].block.input_ports():
            wire = graph.into(here, port.name)
            if wire is not None and wire.source in gone:
                deeper.append(wire.source)
            elif wire is not None:
                yield wire
        waiting += reversed(deeper)


def _led_on(entering: Wire, leaving: Wire) -> Wire:
    return Wire(entering.source, entering.output, leaving.target, leaving.input)


def _worse(before: Plan, after: Plan, graph: Graph, wire: Wire) -> str | None:
    """What a healed block says is wrong now that was not wrong before."""
    step = before.steps.get(wire.target)
    if step is not None and not step.complete:
        return None
    reason = arriving(graph, after, wire.target, wire.input, after.leaving(wire.source, wire.output))
    now = after.steps.get(wire.target)
    if reason is None and now is not None and now.trace.misfit is not None:
        reason = now.trace.misfit.message
    return f"{graph.nodes[wire.target].name} {reason}." if reason else None


def _unhealed(graph: Graph, entering: Wire, leaving: Wire, reason: str) -> str:
    source, target = graph.nodes[entering.source].name, graph.nodes[leaving.target].name
    remedy = f"Delete without reconnecting, or change {target} first."
    return f"{source} can't be wired to {target} instead: {reason} {remedy}"
