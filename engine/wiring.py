"""Edits of the wires between blocks: a block set into a wire, blocks taken out of a chain, wires led elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from string import digits as DIGITS

from engine.check import refusal
from engine.fitting import Fit, arriving
from engine.graph import Graph, Wire
from engine.plan import Plan
from engine.problem import UserError
from engine.project import Project

Place = tuple[str, str]  # a block by id, and one of its ports


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


def move_refusals(project: Project, planned: Plan, start: Place) -> Callable[[Place], str | None]:
    """Tells for an output why the wires that leave by `start` can't all leave by it; None when they can."""
    leaving = wires_from(project.graph, *start)
    apart = project.edit(project.graph.disconnect(leaving))
    behind = {wire: _reached(apart.graph.followers, wire.target) for wire in leaving}

    def refused(goal: Place) -> str | None:
        reasons = (refusal(apart, planned, led, behind[wire]) for wire, led in led_from(leaving, goal).items())
        return next((reason for reason in reasons if reason), None)

    return refused


def entry_refusals(project: Project, planned: Plan, start: Place) -> Callable[[Place], str | None]:
    """Tells for an input why the wires that enter by `start` can't all enter by it; None when they can."""
    graph = project.graph
    entering = wires_into(graph, *start)
    apart = project.edit(graph.disconnect(entering))
    forerunners: dict[str, list[str]] = {}
    for wire in apart.graph.wires:
        forerunners.setdefault(wire.target, []).append(wire.source)
    before = {wire.source: _reached(forerunners, wire.source) for wire in entering}

    def refused(goal: Place) -> str | None:
        moved = led_into(graph, entering, goal)
        for wire, led in moved.items():
            reason = refusal(apart, planned, led, {wire.source} if goal[0] in before[wire.source] else ())
            if reason is not None:
                return reason
        if len(moved) == len(entering):
            return None
        name, room = graph.nodes[goal[0]].name, "one input" if len(moved) == 1 else f"{len(moved)} inputs"
        return f"{name} has {room} from {goal[1]} on, too few for {len(entering)} wires. Give it more inputs first."

    return refused


def misfit(graph: Graph, planned: Plan, wire: Wire) -> str | None:
    """Why the block that a wire leads to could not work with what arrives, in words; None when it could.

    Unlike one that is refused, such a wire may be drawn all the same: the block may be changed after.
    """
    reason = arriving(graph, planned, wire.target, wire.input, planned.leaving(wire.source, wire.output))
    return f"{graph.nodes[wire.target].name} {reason}." if reason else None


def led_from(wires: Iterable[Wire], goal: Place) -> dict[Wire, Wire]:
    """Each of these wires, and how it runs when it leaves by an output."""
    return {wire: wire._replace(source=goal[0], output=goal[1]) for wire in wires}


def led_into(graph: Graph, wires: Iterable[Wire], goal: Place) -> dict[Wire, Wire]:
    """Wires, and how they run when the first enters by an input and the others by those below; as many as there are."""
    names = [port.name for port in graph.nodes[goal[0]].block.input_ports()]
    below = names[names.index(goal[1]) :]
    return {wire: wire._replace(target=goal[0], input=name) for wire, name in zip(wires, below, strict=False)}


def move_wires(project: Project, moved: Mapping[Wire, Wire]) -> Project:
    """The project in which wires run otherwise; what entered before where they lead now makes way."""
    graph = project.graph.disconnect(moved)
    for wire in moved.values():
        graph = graph.connect(wire)
    return project.edit(graph)


def wires_from(graph: Graph, key: str, output: str) -> tuple[Wire, ...]:
    """All wires that leave a block by one of its outputs."""
    return tuple(wire for wire in graph.wires if (wire.source, wire.output) == (key, output))


def wires_into(graph: Graph, key: str, entry: str) -> tuple[Wire, ...]:
    """All wires that an input takes: it holds one; inputs that are numbered, such as x1 and x2, take them together."""
    stem = entry.rstrip(DIGITS)
    names = [port.name for port in graph.nodes[key].block.input_ports()]
    row = [name for name in names if name.rstrip(DIGITS) == stem != name] if stem != entry else [entry]
    found = (graph.into(key, name) for name in row)
    return tuple(wire for wire in found if wire is not None)


def _reached(onward: Mapping[str, Iterable[str]], key: str) -> set[str]:
    """All blocks that are reached from one by these steps, near and far."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        fresh = [other for other in onward.get(waiting.pop(), ()) if other not in found]
        found.update(fresh)
        waiting += fresh
    return found


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
