"""Faults of groups: nothing inside, nothing that leaves, inputs nobody reads, names and parameters that can't be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from engine.checks import edits
from engine.graph import RESERVED, Graph, Node, Wire
from engine.group import Exposed, Group, GroupInput, GroupOutput
from engine.problem import Fix, Problem
from engine.project import Project
from engine.scope import Scope

OWN = ("title", "repeat")  # parameters that every group has


def groups(scope: Scope) -> Iterator[Problem]:
    """What is wrong with each group; several uses of the same weights are one group."""
    for key, node in scope.graph.nodes.items():
        if isinstance(node.block, Group) and scope.graph.owner(key) == key:
            yield from _contents(scope.graph, key, node, node.block)
            yield from _title(key, node, node.block)
            yield from _exposed(key, node, node.block)


def _contents(graph: Graph, key: str, node: Node, group: Group) -> Iterator[Problem]:
    inner = group.graph
    if all(isinstance(other.block, (GroupInput, GroupOutput)) for other in inner.nodes.values()):
        yield Problem(
            f"Nothing is inside {node.name}",
            f"{node.name} holds no blocks, so it changes nothing. Enter it and draw what it stands for, or remove it.",
            key,
            fixes=(edits.remove(key, node.name),),
        )
        return
    if not group.output_ports():
        yield Problem(
            f"Nothing leaves {node.name}",
            f"{node.name} has no output. Enter it and add a GroupOutput behind the block whose values shall leave.",
            key,
            fixes=_first_output(key, inner),
        )
    read = {wire.source for wire in inner.wires if wire.target in inner.nodes}
    for port, entry in group.inputs_inside().items():
        if port not in read:
            yield Problem(
                f"{entry.name} is read by nobody",
                f"No block inside {node.name} is wired to its input “{entry.name}”, so what enters there is lost.",
                f"{key}/{port}",
                severity="warning",
                fixes=(Fix(f"Remove the input {entry.name}", partial(_remove_input, key=key, port=port)),),
            )


def _first_output(key: str, inner: Graph) -> tuple[Fix, ...]:
    """A port behind the one block inside whose values nobody reads."""
    read = {wire.source for wire in inner.wires}
    ends = [end for end, node in inner.nodes.items() if end not in read and len(node.block.output_ports()) == 1]
    if len(ends) != 1:
        return ()
    return (Fix(f"Let what {inner.nodes[ends[0]].name} gives leave", partial(_add_output, key=key, end=ends[0])),)


def _add_output(project: Project, key: str, end: str) -> Project:
    inner = project.inside((key,))
    x, y = inner.layout.get(end, (0.0, 0.0))
    grown, port = inner.add(GroupOutput(), (x, y + 120.0))
    wire = Wire(end, grown.graph.nodes[end].block.output_ports()[0], port, "x")
    return project.put_back((key,), grown.edit(grown.graph.connect(wire)))


def _remove_input(project: Project, key: str, port: str) -> Project:
    """The group without an input, and without the wires that ran there."""
    name = project.inside((key,)).graph.nodes[port].name
    slimmer = project.put_back((key,), project.inside((key,)).remove([port]))
    places = slimmer.graph.sharing(key)
    loose = [wire for wire in slimmer.graph.wires if wire.target in places and wire.input == name]
    return slimmer.edit(slimmer.graph.disconnect(loose))


def _title(key: str, node: Node, group: Group) -> Iterator[Problem]:
    title = group.title
    if title not in RESERVED:
        return
    better = f"{title[:50]}Block"
    yield Problem(
        f"“{title}” can't be the class of {node.name}",
        f"“{title}” means something else in the printed Python; “{better}” is free.",
        key,
        param="title",
        fixes=(edits.change(key, f"Rename the class to {better}", title=better),),
    )


def _exposed(key: str, node: Node, group: Group) -> Iterator[Problem]:
    """Parameters offered on the group that it can't set: gone, offered twice, or under a label that says two things."""
    nodes = group.graph.nodes
    live = [e for e in group.exposed if e.block in nodes and e.param in nodes[e.block].block.values()]
    gone = [entry for entry in group.exposed if entry not in live]
    if gone:
        told = ", ".join(f"“{entry.label}”" for entry in dict.fromkeys(gone))
        yield _useless(
            key,
            f"{node.name} offers parameters that are gone: {told}",
            "They can't be set any more, and need not be shown.",
            live,
        )
    places = Counter((entry.block, entry.param) for entry in live)
    once = list({(entry.block, entry.param): entry for entry in reversed(live)}.values())[::-1]
    for (block, name), count in places.items():
        if count > 1:
            yield _useless(
                key,
                f"{node.name} offers one parameter twice",
                f"{name} of {nodes[block].name} can be set in {count} places of {node.name}, of which one is enough.",
                once,
            )
    for label in dict.fromkeys(entry.label for entry in live):
        words = _label_refusal(group, label, [entry for entry in live if entry.label == label])
        if words:
            rest = [entry for entry in live if entry.label != label]
            yield _useless(key, f"“{label}” can't be set on {node.name}", words, rest, f"Hide “{label}”")


def _label_refusal(group: Group, label: str, entries: list[Exposed]) -> str:
    """Why a label can't stand for these parameters; empty when it can."""
    if not label.strip() or label in OWN:
        return (
            f"Every group has a {label} of its own; expose it under another label."
            if label.strip()
            else ("A parameter that is offered on a group needs a label.")
        )
    blocks = [group.graph.nodes[entry.block].block for entry in entries]
    described = [type(block).param(entry.param) for block, entry in zip(blocks, entries, strict=True)]
    kinds = {(one.kind, one.choices) for one in described}
    if len(kinds) > 1:
        told = " and ".join(f"{group.graph.nodes[e.block].name}.{e.param}" for e in entries)
        return f"It stands for {told}, which take different kinds of values. Give each a label of its own."
    return ""


def _useless(key: str, title: str, text: str, kept: list[Exposed], label: str = "Hide what can't be set") -> Problem:
    fix = Fix(label, partial(_expose, key=key, kept=tuple(kept)))
    return Problem(title, text, key, severity="warning", fixes=(fix,))


def _expose(project: Project, key: str, kept: tuple[Exposed, ...]) -> Project:
    group = project.graph.nodes[key].block
    return project.edit(project.graph.replace(key, group.model_copy(update={"exposed": kept})))


FINDERS = (groups,)
