"""Edits that copy blocks, that use one several times with the same weights, and that part such uses again.

Each is a pure function on a project and works in whatever group the project is seen from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.blocks.base import Loss, Source
from engine.blocks.inputs import Output
from engine.graph import NAME, Graph, Wire
from engine.group import GroupInput, GroupOutput
from engine.problem import UserError
from engine.project import Position, Project

WEIGHTLESS = (Source, Output, Loss, GroupInput, GroupOutput)  # kinds of blocks that never have weights


def duplicate(project: Project, ids: Iterable[str], offset: tuple[float, float]) -> tuple[Project, tuple[str, ...]]:
    """The project with copies of these blocks and of the wires between them, and the ids of the copies.

    The copies have weights of their own; those of blocks that shared weights share theirs among each other.
    """
    graph, asked = project.graph, set(ids)
    names = FreeNames(graph)
    copies: dict[str, str] = {}
    nodes, layout = dict(graph.nodes), dict(project.layout)
    heirs: dict[str, str] = {}  # by the owner of the weights that were copied: the copy that owns them now
    for key in [key for key in graph.nodes if key in asked]:
        name = names.name(graph.nodes[key].name)
        copy = copies[key] = names.key(name)
        heir = heirs.setdefault(graph.owner(key), copy)
        nodes[copy] = graph.nodes[key].with_(name=name, same_as="" if heir == copy else heir)
        if key in layout:
            layout[copy] = moved(layout[key], *offset)
        if heir == copy:
            layout |= inside_of(project.layout, graph.owner(key), copy)
    wires = [
        Wire(copies[wire.source], wire.output, copies[wire.target], wire.input)
        for wire in graph.wires
        if wire.source in copies and wire.target in copies
    ]
    after = project.with_(graph=Graph(nodes=nodes, wires=(*graph.wires, *wires)), layout=layout)
    return after, tuple(copies.values())


def share(project: Project, key: str, position: tuple[float, float]) -> tuple[Project, str]:
    """The project with one more block at a place that uses the weights of `key`, and the id it got.

    Raises:
        UserError: when it is a block that never has weights.
    """
    node = project.graph.nodes[key]
    if isinstance(node.block, WEIGHTLESS):
        raise UserError(f"{node.name} has no weights that could be shared.")
    graph, other = project.graph.share(key)
    return project.with_(graph=graph, layout={**project.layout, other: Position(*position)}), other


def unshare(project: Project, key: str) -> Project:
    """The project in which a block has weights of its own; one that has them already stays as it is."""
    graph = project.graph
    owner, others = graph.owner(key), [other for other in graph.sharing(key) if other != key]
    if not others:
        return project
    heir = others[0] if owner == key else key  # its inside had the owner's layout till now
    layout = {**project.layout, **inside_of(project.layout, owner, heir)}
    return project.with_(graph=graph.unshare(key), layout=layout)


class FreeNames:
    """Names and ids that no block of a graph has yet; each that is given counts as taken from then on."""

    def __init__(self, graph: Graph) -> None:
        self._keys = set(graph.nodes)
        self._names = {node.name for node in graph.nodes.values()}

    def name(self, wanted: str) -> str:
        """`wanted` itself, or with the smallest number that makes it new; `conv1` → `conv2`."""
        return _free(wanted, self._names)

    def key(self, wanted: str) -> str:
        """The name as an id, where it can be one; a file may hold names that can't."""
        return _free(wanted if NAME.match(wanted) else "block", self._keys)


def _free(wanted: str, taken: set[str]) -> str:
    found, number = wanted, 1
    stem = (wanted.rstrip("0123456789") or wanted)[:56]  # with its number, a name must not be longer than 64
    while found in taken:
        found, number = f"{stem}{number}", number + 1
    taken.add(found)
    return found


def moved(place: tuple[float, float], across: float, down: float) -> Position:
    return Position(place[0] + across, place[1] + down)


def inside_of(layout: Mapping[str, Position], group: str, other: str) -> dict[str, Position]:
    """The places of all that is inside a group, for the inside of another one that is like it."""
    front = f"{group}/"
    return {f"{other}/{key.removeprefix(front)}": place for key, place in layout.items() if key.startswith(front)}
