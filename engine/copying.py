"""Edits that copy blocks, that use one several times with the same weights, and that part such uses again.

Each is a pure function on a project and works in whatever group the project is seen from.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.blocks.base import Loss, Source
from engine.blocks.inputs import Output
from engine.decor import Decor
from engine.decorating import inserted, taken
from engine.graph import NAME, Graph, Node
from engine.group import GroupInput, GroupOutput
from engine.places import inside_of, insides, put_into
from engine.problem import UserError
from engine.project import Position, Project
from engine.training import turn

WEIGHTLESS = (Source, Output, Loss, GroupInput, GroupOutput)  # kinds of blocks that never have weights


def duplicate(
    project: Project,
    ids: Iterable[str],
    offset: tuple[float, float],
    incoming: bool = False,
    decor: Iterable[str] = (),
) -> tuple[Project, tuple[str, ...]]:
    """The project with copies of these blocks and of the wires between them, and the ids of the copies.

    The copies have weights of their own; those of blocks that shared weights share theirs among each other. With
    `incoming`, the copies also receive what the blocks receive from others. The frames and notes named in `decor` are
    copied too.
    """
    asked = set(ids)
    chosen = [key for key in project.graph.nodes if key in asked]
    after, copies = insert(project, excerpt(project, chosen, decor), offset)
    if incoming:
        twins, graph = dict(zip(chosen, copies, strict=True)), after.graph
        wires = [
            wire._replace(target=twins[wire.target])
            for wire in project.graph.wires
            if wire.target in twins and wire.source not in twins
        ]
        after = after.edit(Graph(nodes=graph.nodes, wires=(*graph.wires, *wires)))
    return after, copies


def excerpt(project: Project, ids: Iterable[str], decor: Iterable[str] = ()) -> Project:
    """These blocks alone, with the wires between them and their places; settings are left out.

    Of frames and notes, those named in `decor` come along.

    Where blocks share the weights of one that is not among them, the first of them owns these weights from then on.
    """
    graph, asked = project.graph, set(ids)
    nodes: dict[str, Node] = {}
    layout: dict[str, Position] = {}
    inner: dict[str, Decor] = {}
    places, decorated = insides(project.layout), insides(project.decor)
    heirs: dict[str, str] = {}  # by the owner of weights: the block that owns them here
    for key, node in graph.nodes.items():
        if key not in asked:
            continue
        owner = graph.owner(key)
        heir = heirs.setdefault(owner, owner if owner in asked else key)
        nodes[key] = node.with_(same_as="" if heir == key else heir)
        if key in project.layout:
            layout[key] = project.layout[key]
        if heir == key:
            layout |= put_into(key, places.get(owner, {}))
            inner |= put_into(key, decorated.get(owner, {}))
    wires = tuple(wire for wire in graph.wires if wire.source in nodes and wire.target in nodes)
    along = inner | taken(project, wires, decor) if project.decor else inner
    return Project(graph=Graph(nodes=nodes, wires=wires), layout=layout, decor=along)


def insert(project: Project, part: Project, offset: tuple[float, float]) -> tuple[Project, tuple[str, ...]]:
    """The project with all blocks and decor of another one, moved by `offset`, and the ids of the blocks."""
    names = FreeNames(project.graph)
    titles = {key: names.name(node.name) for key, node in part.graph.nodes.items()}
    ids = {key: names.key(title) for key, title in titles.items()}
    nodes, layout = dict(project.graph.nodes), dict(project.layout)
    for key, node in part.graph.nodes.items():
        nodes[ids[key]] = node.with_(name=titles[key], same_as=ids.get(node.same_as, ""))
    for path, place in part.layout.items():
        first, slash, rest = path.partition("/")
        layout[f"{ids[first]}{slash}{rest}"] = place if slash else moved(place, *offset)
    wires = [
        wire._replace(source=ids[wire.source], target=ids[wire.target])
        for wire in part.graph.wires
        if wire.source in ids and wire.target in ids
    ]
    graph = Graph(nodes=nodes, wires=(*project.graph.wires, *wires))
    decor = inserted(project.decor, part.decor, ids, Position(*offset)) if part.decor else project.decor
    return project.with_(graph=graph, layout=layout, decor=decor), tuple(ids.values())


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
    decor = {**project.decor, **inside_of(project.decor, owner, heir)} if project.decor else project.decor
    training = project.with_turns(turn.moved(project.training.turns, {owner: (owner, heir)}))
    return project.with_(graph=graph.unshare(key), layout=layout, decor=decor, training=training)


class FreeNames:
    """Names and ids that no block of a graph has yet; each that is given counts as taken from then on."""

    def __init__(self, graph: Graph) -> None:
        self._keys = _Taken(graph.nodes)
        self._names = _Taken(node.name for node in graph.nodes.values())

    def name(self, wanted: str) -> str:
        """`wanted` itself, or with the smallest number that makes it new; `conv1` → `conv2`."""
        return self._names.take(wanted)

    def key(self, wanted: str) -> str:
        """The name as an id, where it can be one; a file may hold names that can't."""
        return self._keys.take(wanted if NAME.match(wanted) else "block")


class _Taken:
    def __init__(self, words: Iterable[str]) -> None:
        self._words = set(words)
        self._numbers: dict[str, int] = {}  # by the stem: the smallest that may still be free, as none is given back

    def take(self, wanted: str) -> str:
        found = wanted
        stem = (wanted.rstrip("0123456789") or wanted)[:56]  # with its number, a name must not be longer than 64
        while found in self._words:
            number = self._numbers.get(stem, 1)
            found, self._numbers[stem] = f"{stem}{number}", number + 1
        self._words.add(found)
        return found


def moved(place: tuple[float, float], across: float, down: float) -> Position:
    return Position(place[0] + across, place[1] + down)
