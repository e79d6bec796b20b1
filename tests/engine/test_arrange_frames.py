"""What stands in a frame stays together, frames never lie upon each other, and chains run straight through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrange import lay_out
from engine.arrange_frames import lay_out_framed
from engine.framing import Held, around
from engine.graph import Graph
from engine.places import Area, Position
from tests.engine.test_arrange import graph_of

SIZE = (150.0, 58.0)


def held(*numbers: int, notes: float = 0.0) -> Held:
    return Held(frozenset(f"b{number}" for number in numbers), notes)


def frame(places: Mapping[str, Position], blocks: Iterable[str]) -> Area:
    return around(Area(*places[key], *SIZE) for key in blocks)


def apart(one: Area, other: Area) -> bool:
    across = one.x + one.width <= other.x or other.x + other.width <= one.x
    return across or one.y + one.height <= other.y or other.y + other.height <= one.y


@st.composite
def drawings(draw: st.DrawFn) -> tuple[Graph, list[Held]]:
    count = draw(st.integers(2, 14))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    graph = graph_of(count, draw(st.lists(pairs, max_size=30)))
    colours = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))  # 0: in no frame
    return graph, [held(*(n for n in range(count) if colours[n] == colour)) for colour in (1, 2, 3)]


@given(drawings(), st.booleans())
def test_frames_hold_their_blocks_and_nothing_else(drawing: tuple[Graph, list[Held]], downwards: bool) -> None:
    graph, frames = drawing
    places, ways = lay_out_framed(graph, frames, lambda _key: SIZE, downwards, 10.0)
    assert places.keys() == graph.nodes.keys()
    cards = {key: Area(*place, *SIZE) for key, place in places.items()}
    assert all(apart(one, other) for one, other in combinations(cards.values(), 2))
    areas = {one.blocks: frame(places, one.blocks) for one in frames if one.blocks}
    assert all(apart(one, other) for one, other in combinations(areas.values(), 2))
    for blocks, area in areas.items():
        assert all(apart(area, card) for key, card in cards.items() if key not in blocks)
    assert set(ways) <= {(wire.source, wire.target) for wire in graph.wires}
    assert min(place.x for place in places.values()) == 0 == min(place.y for place in places.values())


@pytest.mark.parametrize("downwards", [False, True])
def test_two_chains_that_feed_each_other(downwards: bool) -> None:
    graph = graph_of(8, [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (1, 6), (5, 3)])
    places, _ = lay_out_framed(graph, [held(0, 1, 2, 3), held(4, 5, 6, 7)], lambda _key: SIZE, downwards, 10.0)
    assert apart(frame(places, ["b0", "b1", "b2", "b3"]), frame(places, ["b4", "b5", "b6", "b7"]))


def test_a_chain_runs_straight_through_frames_that_lie_in_each_other() -> None:
    graph = graph_of(6, [(n, n + 1) for n in range(5)])
    places, ways = lay_out_framed(graph, [held(2, 3), held(1, 2, 3)], lambda _key: SIZE, False, 10.0)
    assert len({place.y for place in places.values()}) == 1
    assert sorted(places, key=lambda key: places[key].x) == [f"b{n}" for n in range(6)]
    assert ways == {}


def test_notes_in_a_frame_find_room() -> None:
    graph = graph_of(4, [(0, 1), (0, 2), (1, 3), (2, 3)])

    def gap(notes: float) -> float:
        places, _ = lay_out_framed(graph, [held(1, notes=notes), held(2)], lambda _key: SIZE, False, 10.0)
        return abs(places["b1"].y - places["b2"].y)

    assert gap(200.0) >= gap(0.0) + 100


@pytest.mark.parametrize("frames", [[], [held()], [held(0, 99)], [held(*range(4), 5, 6)]])
def test_frames_that_do_not_count(frames: list[Held]) -> None:
    graph = graph_of(4, [(0, 1), (1, 2), (0, 3), (2, 3)])
    assert lay_out_framed(graph, frames, lambda _key: SIZE, False, 10.0) == lay_out(graph, lambda _key: SIZE, False, 10)


def test_of_frames_that_overlap_the_larger_counts() -> None:
    graph = graph_of(4, [(0, 1), (1, 2), (2, 3)])
    one, both = held(0, 1, 2), [held(0, 1, 2), held(2, 3)]
    assert lay_out_framed(graph, both, lambda _key: SIZE) == lay_out_framed(graph, [one], lambda _key: SIZE)
