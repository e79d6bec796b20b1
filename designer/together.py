"""What can be edited of one block, or of several of one kind together: its name and its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.blocks import Block
from engine.graph import Graph
from engine.group import Group
from engine.project import Project
from engine.record import BadValue, Param

translate = QCoreApplication.translate
NAME = "name of the block"  # no parameter is called so: it isn't an identifier
EXPOSED = "exposed "  # what stands before the label of a parameter inside a group


@dataclass(frozen=True)
class Value:
    """Something that can be edited, as it is now; `mixed` when the blocks that are edited together differ in it."""

    key: str  # NAME, the parameter's name, or a label behind EXPOSED
    described: Param
    now: Any
    mixed: bool = False


def alike(blocks: Sequence[Block]) -> bool:
    """Whether blocks are of one kind, so that they have the same parameters."""
    return len({type(block) for block in blocks}) == 1


def values_of(graph: Graph, keys: Sequence[str]) -> tuple[Value, ...]:
    """What can be edited of blocks that are alike; the name first, where there is but one."""
    blocks = [graph.nodes[key].block for key in keys]
    found = [
        Value(described.name, described, getattr(blocks[0], described.name), _differ(blocks, described.name))
        for described in type(blocks[0]).params()
    ]
    if len(keys) > 1:
        return tuple(found)
    if isinstance(blocks[0], Group):
        group = blocks[0]
        found += [
            Value(EXPOSED + label, group.exposed_param(label), group.exposed_value(label))
            for label in group.exposed_labels()
        ]
    return (Value(NAME, _name_param(), graph.nodes[keys[0]].name), *found)


def changed(graph: Graph, keys: Sequence[str], what: str, value: Any) -> Graph:
    """The graph with another value in all of these blocks.

    Raises:
        ValueError: with a sentence when one of them can't take it; of several, it names the first that can't.
    """
    for key in keys:
        try:
            graph = _changed(graph, key, what, value)
        except BadValue as error:
            if len(keys) == 1:
                raise
            raise ValueError(f"{graph.nodes[key].name}: {error}") from None
    return graph


def taken(graph: Graph, keys: Sequence[str], what: str, typed: Any) -> Any:
    """What the first of these blocks would hold, were this typed.

    Raises:
        ValueError: as `changed` does.
    """
    after = changed(graph, keys, what, typed)
    return next(value.now for value in values_of(after, keys) if value.key == what)


def step_text(project: Project, keys: Sequence[str], what: str, value: Any) -> str:
    """What the undo step is called."""
    node = project.graph.nodes[keys[0]]
    if what == NAME:
        return translate("Together", "Rename {0} to {1}").format(node.name, value)
    label = what.removeprefix(EXPOSED) if what.startswith(EXPOSED) else type(node.block).param(what).label
    if len(keys) == 1:
        return translate("Together", "Change {0} of {1}").format(label, node.name)
    return translate("Together", "Change {0} of {1} blocks").format(label, len(keys))


def _changed(graph: Graph, key: str, what: str, value: Any) -> Graph:
    if what == NAME:
        return graph.rename(key, value)
    block = graph.nodes[key].block
    if what.startswith(EXPOSED) and isinstance(block, Group):
        return graph.replace(key, block.set_exposed(what.removeprefix(EXPOSED), value))
    return graph.change(key, **{what: value})


def _differ(blocks: Sequence[Block], name: str) -> bool:
    return any(getattr(block, name) != getattr(blocks[0], name) for block in blocks)


def _name_param() -> Param:
    doc = translate("Together", "Name of the block, in the printed Python too.")
    label = translate("Together", "Name")
    nothing: dict[str, Any] = dict.fromkeys(("default", "ge", "le", "gt", "lt"))
    return Param(NAME, label, doc, "", "text", choices=(), optional=False, **nothing)
