"""Places for the blocks of a graph: layers in the direction of the wires, few crossings, straight chains.

The way is that of Sugiyama, Tagawa and Toda (1981): layers by the longest path, stand-ins where a wire crosses a
layer, order by the mean place of the neighbours, and places pulled towards the neighbours without passing another.
"""

from __future__ import annotations

import bisect
import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from engine.graph import Graph
from engine.plan import order_of
from engine.project import Position

COLUMN, ROW = 192.0, 128.0  # from one layer to the next, and from one card to the next in a layer; multiples of 16
LANE = 32.0  # room for a wire that crosses a layer; twice as much downwards, where wires swing out beside the cards
SWING = 64.0  # between cards side by side where wires run downwards: so far they swing out of one, and into one
SWEEPS = 8
LARGE = 2500  # items; so many are swept over less often
STAND_INS = 8  # for each block, at most: beyond that, the longest wires cross the layers as they like

Size = Callable[[str], tuple[float, float]]
Link = tuple[str, str]  # from what feeds to what is fed
Item = str | tuple[str, str, int]  # a block, or a stand-in for the wire between two blocks in a layer


class Arrangement(NamedTuple):
    """A place for every block, and for links that cross layers the points by which they pass between the blocks."""

    places: dict[str, Position]
    ways: dict[Link, tuple[Position, ...]]


def arrange(graph: Graph, size: Size | None = None, downwards: bool = False, grid: float = 16.0) -> dict[str, Position]:
    """A place for every block, the upper left corner of all at 0, 0.

    `size` tells width and height of a block's card; `downwards` lets the wires run from top to bottom.
    """
    return lay_out(graph, size, downwards, grid).places


def lay_out(graph: Graph, size: Size | None = None, downwards: bool = False, grid: float = 16.0) -> Arrangement:
    """Likewise, with ways for the wires that cross layers."""
    order = list(dict.fromkeys([*order_of(graph), *graph.nodes]))
    measure = size or (lambda _key: (COLUMN - 48, ROW - 32))
    return in_layers(order, links_of(graph), ports_of(graph), measure, downwards, grid)


def in_layers(
    order: Sequence[str], links: Sequence[Link], ports: Mapping[Item, int], measure: Size, downwards: bool, grid: float
) -> Arrangement:
    """The same for anything with a size: `order` are its ids, and every link leads from an earlier to a later one.

    `ports` tells which input of what it feeds each comes to.
    """
    if not order:
        return Arrangement({}, {})
    layer = _layers(order, links)
    links = _short(links, layer)
    rows = _filled(layer, links)
    neighbours = _neighbours(rows, layer, links)
    _order(rows, neighbours, ports)
    breadth = {
        item: (measure(item)[0 if downwards else 1] + (SWING if downwards else ROW - 96))
        if isinstance(item, str)
        else LANE * (1 + downwards)
        for row in rows
        for item in row
    }
    across = _across(rows, neighbours, breadth)
    starts, ends = _along(rows, measure, downwards, grid)
    size_of = {key: measure(key)[0 if downwards else 1] for key in order}
    usual = statistics.mode(size_of.values())
    places = {}
    for key, own in size_of.items():
        # the middles of a chain's cards stay in one line; corners come onto the grid where cards are as large as most
        middle = across[key] - breadth[key] / 2 + own / 2
        side = round((middle - usual / 2) / grid) * grid + (usual - own) / 2
        places[key] = (side, starts[layer[key]]) if downwards else (starts[layer[key]], side)
    left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
    ways = {}
    for source, target in links:
        lane = []
        for number in range(layer[source] + 1, layer[target]):
            side = across[source, target, number]
            lane += [(starts[number], side), (ends[number], side)]
        if downwards and not lane:  # leaving at the right and entering at the left, wires run back in between
            between = (ends[layer[source]] + starts[layer[target]]) / 2
            lane = [(between, (across[source] + across[target]) / 2)]
        if lane:
            points = [(side, along) if downwards else (along, side) for along, side in _corners(lane)]
            ways[source, target] = tuple(Position(round(x - left), round(y - top)) for x, y in points)
    return Arrangement({key: Position(x - left, y - top) for key, (x, y) in places.items()}, ways)


def _corners(lane: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The first and the last point, and those between at which the lane moves aside."""
    inner = [
        here
        for before, here, after in zip(lane, lane[1:], lane[2:], strict=False)
        if abs(before[1] - here[1]) > 1 or abs(after[1] - here[1]) > 1
    ]
    return [lane[0], *inner, lane[-1]][: len(lane)]


def links_of(graph: Graph) -> list[Link]:
    """Pairs of blocks with a wire between them, each once; wires that close a circle are left out."""
    place = {key: number for number, key in enumerate(order_of(graph))}
    pairs = dict.fromkeys((wire.source, wire.target) for wire in graph.wires)
    return [(a, b) for a, b in pairs if a in place and b in place and place[a] < place[b]]


def _layers(order: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """The layer of each block: one behind the last that feeds it; what nothing feeds stands next to what it feeds."""
    feeding: dict[str, list[str]] = {key: [] for key in order}
    fed: dict[str, list[str]] = {key: [] for key in order}
    for source, target in links:
        feeding[target].append(source)
        fed[source].append(target)
    layer: dict[str, int] = {}
    for key in order:
        layer[key] = 1 + max((layer[other] for other in feeding[key] if other in layer), default=-1)
    for key in reversed(order):
        if not feeding[key] and fed[key]:
            layer[key] = max(0, min(layer[other] for other in fed[key]) - 1)
    return layer


def _short(links: Sequence[Link], layer: Mapping[str, int]) -> list[Link]:
    """All links but the longest, where these would need more stand-ins than there is time for."""
    room = STAND_INS * (len(layer) + 50)
    kept = set()
    for length, link in sorted((layer[target] - layer[source], (source, target)) for source, target in links):
        room -= length - 1
        if room >= 0:
            kept.add(link)
    return [link for link in links if link in kept]


def _filled(layer: Mapping[str, int], links: Iterable[Link]) -> list[list[Item]]:
    """The blocks of each layer, and a stand-in for every wire that crosses it."""
    rows: list[list[Item]] = [[] for _ in range(max(layer.values()) + 1)]
    for key, number in layer.items():
        rows[number].append(key)
    for source, target in links:
        for number in range(layer[source] + 1, layer[target]):
            rows[number].append((source, target, number))
    return rows


def _neighbours(
    rows: Sequence[Sequence[Item]], layer: Mapping[str, int], links: Iterable[Link]
) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    """What each item touches in the layer before it and in the one behind it."""
    before: dict[Item, list[Item]] = {item: [] for row in rows for item in row}
    behind: dict[Item, list[Item]] = {item: [] for row in rows for item in row}
    for source, target in links:
        way: list[Item] = [source, *((source, target, n) for n in range(layer[source] + 1, layer[target])), target]
        for near, far in pairwise(way):
            behind[near].append(far)
            before[far].append(near)
    return before, behind


def ports_of(graph: Graph) -> dict[Item, int]:
    """Which input of what it feeds each block comes to, so that wires to one block do not cross before it."""
    place = {key: [port.name for port in node.block.input_ports()] for key, node in graph.nodes.items()}
    return {
        wire.source: place[wire.target].index(wire.input)
        for wire in reversed(graph.wires)
        if wire.input in place.get(wire.target, ())
    }


def _order(
    rows: list[list[Item]],
    neighbours: tuple[dict[Item, list[Item]], dict[Item, list[Item]]],
    ports: Mapping[Item, int],
) -> None:
    """Sort every layer by the mean place of what its items touch, forwards and backwards in turn."""
    for row in rows:
        row.sort(key=lambda item: ports.get(item, 0))
    best, fewest = [list(row) for row in rows], _crossings(rows, neighbours[1])
    place = {item: number for row in rows for number, item in enumerate(row)}
    for sweep in range(SWEEPS):
        touching = neighbours[sweep % 2]
        for row in rows if sweep % 2 == 0 else reversed(rows):

            def wanted(item: Item, touching: Mapping[Item, list[Item]] = touching) -> tuple[float, int]:
                near = touching[item]
                return sum(place[other] for other in near) / len(near) if near else place[item], ports.get(item, 0)

            row.sort(key=wanted)
            place.update((item, number) for number, item in enumerate(row))
        count = _crossings(rows, neighbours[1])
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
        if not fewest:
            break
    rows[:] = best


def _crossings(rows: Sequence[Sequence[Item]], behind: Mapping[Item, list[Item]]) -> int:
    count = 0
    for row, following in pairwise(rows):
        place = {item: number for number, item in enumerate(following)}
        ends = [sorted(place[other] for other in behind[item]) for item in row]
        seen: list[int] = []  # in order
        for entry in ends:
            count += sum(len(seen) - bisect.bisect_right(seen, end) for end in entry)
            for end in entry:
                bisect.insort(seen, end)
    return count


def _across(
    rows: Sequence[Sequence[Item]],
    neighbours: tuple[dict[Item, list[Item]], dict[Item, list[Item]]],
    breadth: Mapping[Item, float],
) -> dict[Item, float]:
    """The middle of each item across the layers: near the middle of what it touches, in order, without overlap."""
    across: dict[Item, float] = {}
    for row in rows:
        edge = 0.0
        for item in row:
            across[item] = edge + breadth[item] / 2
            edge += breadth[item]
    both = {item: [*before, *neighbours[1][item]] for item, before in neighbours[0].items()}
    sweeps = SWEEPS if len(both) < LARGE else SWEEPS // 4
    for sweep in range(4 * sweeps):
        # first one side at a time, which finds the lie of the whole; then both, which makes chains straight
        touching = neighbours[sweep % 2] if sweep < 2 * sweeps else both
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = {item: _median([across[other] for other in touching[item]], across[item]) for item in row}
            _settle(row, wanted, breadth, across)
    chains = _chains(rows, neighbours)
    for _ in range(2 * sweeps):
        wanted = {}
        for chain in chains:
            mean = sum(across[member] for member in chain) / len(chain)
            wanted.update(dict.fromkeys(chain, mean))
        for row in rows:
            _settle(row, wanted, breadth, across)
    return across


def _chains(
    rows: Sequence[Sequence[Item]], neighbours: tuple[dict[Item, list[Item]], dict[Item, list[Item]]]
) -> list[list[Item]]:
    """Runs of items each of which touches only the next, and is all that the next touches."""
    before, behind = neighbours
    chains: dict[Item, list[Item]] = {}
    for row in rows:
        for item in row:
            alone = len(before[item]) == 1 and len(behind[before[item][0]]) == 1
            chain = chains[before[item][0]] if alone else []
            chain.append(item)
            chains[item] = chain
    return list({id(chain): chain for chain in chains.values()}.values())


def _median(values: list[float], otherwise: float) -> float:
    if not values:
        return otherwise
    values = sorted(values)
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _settle(
    row: Sequence[Item], wanted: Mapping[Item, float], breadth: Mapping[Item, float], across: dict[Item, float]
) -> None:
    """Put a layer's items as near to where they want to be as their order and breadth allow.

    Items that would overlap move as one, to the mean of what they want (pool adjacent violators).
    """
    if len(row) == 1:
        across[row[0]] = wanted[row[0]]
        return
    # mean of where the first wants to be, how many, which, and how far it is from the first to the last
    groups: list[tuple[float, int, list[Item], float]] = []
    for item in row:
        groups.append((wanted[item], 1, [item], 0.0))
        while len(groups) > 1:
            (first, many, left, span), (second, few, right, rest) = groups[-2:]
            reach = span + (breadth[left[-1]] + breadth[right[0]]) / 2
            if first + reach <= second:
                break
            mean = (first * many + (second - reach) * few) / (many + few)
            groups[-2:] = [(mean, many + few, left + right, reach + rest)]
    for start, _, members, _ in groups:
        place = start
        for member, follower in zip(members, [*members[1:], None], strict=True):
            across[member] = place
            if follower is not None:
                place += (breadth[member] + breadth[follower]) / 2


def _along(
    rows: Sequence[Sequence[Item]], measure: Size, downwards: bool, grid: float
) -> tuple[list[float], list[float]]:
    """Where each layer begins, on the grid, and where its longest item ends."""
    starts, ends, edge = [], [], 0.0
    for row in rows:
        starts.append(edge)
        longest = max((measure(item)[1 if downwards else 0] for item in row if isinstance(item, str)), default=0.0)
        ends.append(edge + longest)
        edge += math.ceil((longest + 48) / grid) * grid
    return starts, ends
