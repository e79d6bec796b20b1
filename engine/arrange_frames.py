"""Places for the blocks of a graph with frames: what stands in a frame stays together, and no frame lies upon another.

Each frame is put in order by itself and then stands among the other blocks as if it were one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from engine.arrange import Arrangement, Item, Link, Size, in_layers, links_of, ports_of
from engine.framing import MARGINS, Held
from engine.graph import Graph
from engine.places import Position
from engine.plan import order_of

UPRIGHT = max(MARGINS.above, MARGINS.below)  # the same above and below, so that a chain runs straight through a frame


class _Part(NamedTuple):
    places: dict[str, Position]
    ways: dict[Link, tuple[Position, ...]]
    extent: tuple[float, float]


def lay_out_framed(
    graph: Graph, frames: Sequence[Held], size: Size, downwards: bool = False, grid: float = 16.0
) -> Arrangement:
    """Places and ways as `arrange.lay_out` finds them. Frames may lie in each other.

    A frame that has only some of another's blocks is left out of account.
    """
    part = _part(graph, frames, size, downwards, grid)
    left, top = (min(place[axis] for place in part.places.values()) if part.places else 0.0 for axis in (0, 1))
    return Arrangement(
        {key: place.by(-left, -top) for key, place in part.places.items()},
        {link: tuple(point.by(-left, -top) for point in way) for link, way in part.ways.items()},
    )


def _part(graph: Graph, frames: Sequence[Held], size: Size, downwards: bool, grid: float) -> _Part:
    outer, inner = _outermost(graph, frames)
    parts = {
        f"\0{number}": _part(_within(graph, frame.blocks), inner[number], size, downwards, grid)
        for number, frame in enumerate(outer)
    }
    owner = {block: f"\0{number}" for number, frame in enumerate(outer) for block in frame.blocks}
    margin = {f"\0{number}": (MARGINS.beside, UPRIGHT + frame.notes) for number, frame in enumerate(outer)}

    def measure(key: str) -> tuple[float, float]:
        if key not in parts:
            return size(key)
        width, height = parts[key].extent
        return width + 2 * margin[key][0], height + 2 * margin[key][1]

    order, links = _seen_from_outside(graph, owner)
    ports: dict[Item, int] = {owner.get(str(key), key): place for key, place in ports_of(graph).items()}
    found = in_layers(order, links, ports, measure, downwards, grid)
    places = {key: place for key, place in found.places.items() if key not in parts}
    ways = {}
    for source, target in links_of(graph):
        way = found.ways.get((owner.get(source, source), owner.get(target, target)))
        if way:
            ways[source, target] = way
    for key, part in parts.items():
        corner = found.places[key].by(*margin[key])
        places |= {block: place.by(*corner) for block, place in part.places.items()}
        ways |= {link: tuple(point.by(*corner) for point in way) for link, way in part.ways.items()}
    ends = [(place.x + measure(key)[0], place.y + measure(key)[1]) for key, place in found.places.items()]
    extent = max((x for x, _ in ends), default=0.0), max((y for _, y in ends), default=0.0)
    return _Part(places, ways, extent)


def _outermost(graph: Graph, frames: Sequence[Held]) -> tuple[list[Held], list[list[Held]]]:
    """The frames that lie in no other, and for each of them those that lie in it."""
    outer: list[Held] = []
    inner: list[list[Held]] = []
    for frame in sorted(frames, key=lambda frame: -len(frame.blocks)):
        if not frame.blocks or not frame.blocks <= graph.nodes.keys():
            continue
        around = next((number for number, other in enumerate(outer) if other.blocks & frame.blocks), None)
        if around is None:
            outer.append(frame)
            inner.append([])
        elif frame.blocks < outer[around].blocks:
            inner[around].append(frame)
    return outer, inner


def _within(graph: Graph, blocks: Collection[str]) -> Graph:
    nodes = {key: node for key, node in graph.nodes.items() if key in blocks}
    return Graph(nodes=nodes, wires=tuple(w for w in graph.wires if w.source in nodes and w.target in nodes))


def _seen_from_outside(graph: Graph, owner: Mapping[str, str]) -> tuple[list[str], list[Link]]:
    """Blocks and frames in the order of the flow, and the links between them that follow it.

    Two frames may feed each other; then the one whose blocks run earlier in the mean comes first.
    """
    order = list(dict.fromkeys([*order_of(graph), *graph.nodes]))
    numbers: dict[str, list[int]] = {}
    for number, key in enumerate(order):
        numbers.setdefault(owner.get(key, key), []).append(number)
    sorted_keys = sorted(numbers, key=lambda key: sum(numbers[key]) / len(numbers[key]))
    place = {key: number for number, key in enumerate(sorted_keys)}
    pairs = dict.fromkeys((owner.get(a, a), owner.get(b, b)) for a, b in links_of(graph))
    return sorted_keys, [(a, b) for a, b in pairs if place[a] < place[b]]
