"""Blocks stand in the direction of the wires, none upon another, chains in a straight line."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrange import COLUMN, STAND_INS, _filled, _layers, _short, arrange, lay_out, links_of
from engine.graph import Graph, Wire
from tests.drawn.composites import COMPOSITES
from tests.engine.drawing import block

SIZE = (144.0, 96.0)


def graph_of(count: int, links: list[tuple[int, int]]) -> Graph:
    graph = Graph()
    for number in range(count):
        graph, _ = graph.add(block("Add", inputs=16), f"b{number}")
    ports: dict[int, int] = {}
    for source, target in links:
        ports[target] = ports.get(target, 0) + 1
        if ports[target] <= 16:
            graph = graph.connect(Wire(f"b{source}", "y", f"b{target}", f"x{ports[target]}"))
    return graph


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 14))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    return graph_of(count, draw(st.lists(pairs, max_size=30)))


@given(graphs(), st.booleans())
def test_every_block_has_a_place_of_its_own(graph: Graph, downwards: bool) -> None:
    places = arrange(graph, lambda _key: SIZE, downwards)
    assert set(places) == set(graph.nodes)
    for one, other in combinations(places.values(), 2):
        assert abs(one.x - other.x) >= SIZE[0] or abs(one.y - other.y) >= SIZE[1]
    assert min(place.x for place in places.values()) == 0 == min(place.y for place in places.values())


@given(graphs())
def test_the_same_graph_is_always_arranged_alike(graph: Graph) -> None:
    assert arrange(graph) == arrange(graph)


@pytest.mark.parametrize("name", COMPOSITES)
def test_wires_run_forwards(name: str) -> None:
    graph = COMPOSITES[name][0]().graph
    for downwards in (False, True):
        places = arrange(graph, downwards=downwards)
        for wire in graph.wires:
            start, end = places[wire.source], places[wire.target]
            assert end[downwards] > start[downwards]


def test_a_chain_is_straight_even_beside_a_shortcut() -> None:
    graph = COMPOSITES["down-block"][0]().graph
    places = arrange(graph)
    chain = ("conv1", "bn1", "relu1", "conv2", "bn2")
    assert len({places[key].y for key in chain}) == 1
    assert [places[key].x for key in chain] == [COLUMN * (n + 1) for n in range(5)]
    assert places["x"].y == places["add"].y


def test_nothing_is_arranged_as_nothing() -> None:
    assert arrange(Graph()) == {}


def test_branches_do_not_cross() -> None:
    graph = graph_of(7, [(0, 1), (0, 2), (0, 3), (1, 6), (2, 6), (3, 6)])
    places = arrange(graph)
    assert places["b1"].y < places["b2"].y < places["b3"].y
    assert places["b0"].y == places["b6"].y == places["b2"].y


@pytest.mark.parametrize("first", ["digit", "scores"])
def test_wires_to_one_block_come_in_the_order_of_its_inputs(first: str) -> None:
    kinds = {"digit": block("Target"), "scores": block("Linear"), "loss": block("CrossEntropyLoss")}
    graph = Graph()
    for name in (first, *(other for other in kinds if other != first)):
        graph, _ = graph.add(kinds[name], name)
    graph = graph.connect(Wire("digit", "y", "loss", "target")).connect(Wire("scores", "y", "loss", "prediction"))
    places = arrange(graph, lambda _key: SIZE)
    assert places["scores"].y < places["digit"].y


def test_middles_stay_in_line_whatever_the_sizes() -> None:
    graph = graph_of(4, [(0, 1), (1, 2), (2, 3)])
    heights = {"b0": 58.0, "b1": 97.0, "b2": 58.0, "b3": 133.0}
    places = arrange(graph, lambda key: (150.0, heights[key]), grid=10.0)
    assert len({place.y + heights[key] / 2 for key, place in places.items()}) == 1
    assert all(b.x - a.x == 200 for a, b in pairwise(places.values()))


def test_thousand_blocks_need_no_more_stand_ins_than_there_is_time_for() -> None:
    links = [(n - 1, n) for n in range(1, 1000)] + [(n, 999 - n) for n in range(10)]
    graph = graph_of(1000, links)
    pairs = links_of(graph)
    layers = _layers([f"b{n}" for n in range(1000)], pairs)
    assert sum(map(len, _filled(layers, pairs))) > 10_000
    assert sum(map(len, _filled(layers, _short(pairs, layers)))) <= 1000 + STAND_INS * 1050
    assert len(arrange(graph, lambda _key: SIZE)) == 1000


@pytest.mark.parametrize("downwards", [False, True])
def test_ways_lead_past_the_blocks_of_the_layers_between(downwards: bool) -> None:
    graph = graph_of(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 3)])
    places, ways = lay_out(graph, lambda _key: SIZE, downwards)
    assert {link for link in ways if link in (("b0", "b4"), ("b1", "b3"))} == {("b0", "b4"), ("b1", "b3")}
    assert set(ways) == {("b0", "b4"), ("b1", "b3")} or downwards
    for link, crossed in ((("b0", "b4"), "b1 b2 b3"), (("b1", "b3"), "b2")):
        for point in ways[link]:
            for place in places.values():
                assert not (place.x < point.x < place.x + SIZE[0] and place.y < point.y < place.y + SIZE[1])
        along = [point[1 if downwards else 0] for point in ways[link]]
        cards = [places[key][1 if downwards else 0] for key in crossed.split()]
        assert along == sorted(along)
        assert (along[0], along[-1]) == (cards[0], cards[-1] + SIZE[1 if downwards else 0])


def test_a_straight_way_has_two_points() -> None:
    graph = graph_of(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)])
    (way,) = lay_out(graph, lambda _key: SIZE).ways.values()
    assert len(way) == 2
    assert way[0].y == way[1].y
