"""Faults of the drawing itself: names, circles, loose wires and loose ends, blocks in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.blocks.base import Block, Loss, Source
from engine.blocks.inputs import Output
from engine.blocks.unknown import Unknown
from engine.checks import edits
from engine.graph import Graph, Node, Wire, refused_name
from engine.group import Group, GroupInput, GroupOutput
from engine.muting import passage
from engine.problem import Fix, Problem
from engine.project import Project
from engine.repair import sound
from engine.scope import Scope

# what may not stand inside a group, and what may stand there in its place, with the same port
OUTSIDE_ONLY: tuple[tuple[type[Block], type[Block] | None], ...] = (
    (Source, GroupInput),
    (Output, GroupOutput),
    (Loss, None),
)


def names(scope: Scope) -> Iterator[Problem]:
    graph = scope.graph
    first: dict[str, str] = {}
    for key, node in graph.nodes.items():
        words = refused_name(node.name)
        if first.setdefault(node.name, key) == key and words is None:
            continue  # the first of several of one name keeps it
        free = graph.free_name(node.block.stem or "block") if words else graph.free_name(node.name)
        yield Problem(
            f"“{node.name}” can't be the name of a block",
            words or f"Another block has that name. Names tell blocks apart in the printed Python; “{free}” is free.",
            key,
            fixes=(edits.rename(key, free),),
        )


def cycles(scope: Scope) -> Iterator[Problem]:
    nodes = scope.graph.nodes
    for cycle in scope.plan.cycles:
        members = set(cycle)
        closing = [w for w in scope.graph.wires if w.source in members and w.target in members][-1]
        walked = " → ".join(nodes[key].name for key in cycle)
        ends = f"{nodes[closing.source].name} to {nodes[closing.target].name}"
        several = f"{walked} feed each other, so none can be computed first. Remove one of the wires between them."
        yield Problem(
            "The wires go round in a circle",
            several if len(cycle) > 1 else f"{walked} feeds itself, so it can't be computed. Remove that wire.",
            closing.target,
            closing.input,
            fixes=(edits.disconnect(closing, f"Remove the wire from {ends}"),),
        )


def wires(scope: Scope) -> Iterator[Problem]:
    """Wires that lead nowhere, and inputs that two wires enter; a file can hold them, a drawing can't."""
    graph = scope.graph
    entered: dict[tuple[str, str], Wire] = {}
    for wire in graph.wires:
        source, target = graph.nodes.get(wire.source), graph.nodes.get(wire.target)
        if source is None or wire.output not in source.block.output_ports():
            yield _from_nowhere(scope, wire, source, target)
        elif target is None or all(port.name != wire.input for port in target.block.input_ports()):
            yield _to_nowhere(scope, wire, target)
        elif (wire.target, wire.input) in entered:
            first = graph.nodes.get(entered[wire.target, wire.input].source)
            yield Problem(
                f"Two wires enter {target.name}",
                f"The input “{wire.input}” takes one value, but {first.name if first else '?'} and {source.name} feed "
                "it. Add or Concat can make one of several.",
                wire.target,
                wire.input,
                fixes=(edits.connect(wire, f"Keep only {source.name}"),),
            )
        entered[wire.target, wire.input] = wire


def _from_nowhere(scope: Scope, wire: Wire, source: Node | None, target: Node | None) -> Problem:
    remove = edits.disconnect(wire)
    if source is None or not isinstance(source.block, Group):
        text = f"“{wire}” starts at an output that does not exist."
        return Problem("A wire comes from nowhere", text, wire.target if target else None, fixes=(remove,))
    others = source.block.output_ports()
    reader = f"{target.name} still reads it" if target else "A wire still starts there"
    return Problem(
        f"{source.name} has no output “{wire.output}” any more",
        f"{reader}. {_ports_in_words(source.name, 'gives', others)}",
        wire.source,
        fixes=(remove, *_reattached(scope, wire, [wire._replace(output=name) for name in others])),
    )


def _to_nowhere(scope: Scope, wire: Wire, target: Node | None) -> Problem:
    remove = edits.disconnect(wire)
    if target is None or not isinstance(target.block, Group):
        text = f"“{wire}” ends at an input that does not exist."
        return Problem("A wire leads nowhere", text, wire.source, fixes=(remove,))
    others = tuple(port.name for port in target.block.input_ports())
    taken = {w.input for w in scope.graph.wires if w.target == wire.target}
    free = [wire._replace(input=name) for name in others if name not in taken]
    return Problem(
        f"{target.name} has no input “{wire.input}” any more",
        f"{scope.graph.nodes[wire.source].name} is still wired to it. {_ports_in_words(target.name, 'takes', others)}",
        wire.target,
        fixes=(remove, *_reattached(scope, wire, free)),
    )


def _ports_in_words(name: str, does: str, ports: tuple[str, ...]) -> str:
    told = ", ".join(f"“{port}”" for port in ports)
    return f"{name} {does} {told} now." if told else f"{name} {does} nothing now."


def _reattached(scope: Scope, old: Wire, places: list[Wire]) -> tuple[Fix, ...]:
    """The wire at the only other port, if that is sound."""
    if len(places) != 1 or not sound(scope, scope.graph.disconnect([old]).connect(places[0]), {places[0].target}):
        return ()
    port = places[0].input if places[0].input != old.input else places[0].output
    return (edits.rewire(old, places[0], f"Wire it to “{port}”"),)


def unknown(scope: Scope) -> Iterator[Problem]:
    for key, node in scope.graph.nodes.items():
        if isinstance(node.block, Unknown) and passage(node) is None:
            yield Problem(
                f"{node.name} can't be read",
                f"{node.block.reason} It is kept as it is; update Plexus, or replace or mute the block.",
                key,
            )


def misplaced(scope: Scope) -> Iterator[Problem]:
    """Blocks that belong outside of groups, or inside of one."""
    if not scope.grouped:
        yield from _ports_outside(scope.graph)
        return
    for key, node in scope.graph.nodes.items():
        for kind, instead in OUTSIDE_ONLY:
            if not isinstance(node.block, kind):
                continue
            fixes: tuple[Fix, ...] = (edits.remove(key, node.name),)
            if instead is not None:
                port = "an input" if instead is GroupInput else "an output"
                fixes = (Fix(f"Make it {port} of the group", partial(_replace, key=key, block=instead())), *fixes)
            told = type(node.block).__name__
            yield Problem(
                f"{node.name} can't stand inside a group",
                f"A group is part of the network, which its values enter and leave by the group's ports. "
                f"{told} stands outside and is wired to one of them.",
                key,
                fixes=fixes,
            )


def _ports_outside(graph: Graph) -> Iterator[Problem]:
    for key, node in graph.nodes.items():
        if isinstance(node.block, (GroupInput, GroupOutput)):
            yield Problem(
                f"{node.name} stands outside of a group",
                f"{type(node.block).__name__} is a port of the group that it stands in, and here is none. Input and "
                "Output are the ends of the network itself.",
                key,
                fixes=(edits.remove(key, node.name),),
            )


def _replace(project: Project, key: str, block: Block) -> Project:
    return project.edit(project.graph.replace(key, block))


def loose_ends(scope: Scope) -> Iterator[Problem]:
    """Blocks whose work nobody uses, told at the end of each dead chain."""
    read = {wire.source for wire in scope.graph.wires if wire.target in scope.graph.nodes}
    ends = (Loss, Output, GroupOutput, GroupInput)
    for key, node in scope.graph.nodes.items():
        if key in read or isinstance(node.block, ends):
            continue
        if isinstance(node.block, Group) and not node.block.output_ports():
            continue  # told as a group without outputs
        reaches, use = "no loss and no Output", "it takes no part in training"
        if scope.grouped:
            reaches, use = "no output of the group", "it is computed for nothing"
        yield Problem(
            f"{node.name} leads nowhere",
            f"What {node.name} gives reaches {reaches}, so {use}.",
            key,
            severity="warning",
            fixes=(edits.remove(key, node.name),),
        )


FINDERS = (names, cycles, wires, unknown, misplaced, loose_ends)
