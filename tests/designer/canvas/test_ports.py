"""Where ports stand, and how."""

from __future__ import annotations

import pytest

from designer.canvas.geometry import HEIGHT, WIDTH
from designer.canvas.ports import Sides, card_size, port_places, sides_of
from engine.blocks import CATALOGUE
from engine.group import Group, GroupInput, GroupOutput
from tests.engine.drawing import graph


@pytest.mark.parametrize(
    ("count", "expected"), [(0, []), (1, [29]), (2, [19, 39]), (3, [19, 39, 59])], ids=["none", "one", "two", "three"]
)
def test_ports_stand_evenly_around_the_middle(count: int, expected: list[float]) -> None:
    places, _ = port_places(Sides((True,) * count))
    assert [place.y() for place in places] == expected
    assert {place.x() for place in places} <= {0}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ((True, False), [22, 36]),
        ((True, False, False), [19, 33, 42]),
        ((True, False, False, True), [19, 33, 42, 56]),
        ((False, False), [24.5, 33.5]),
    ],
)
def test_optional_ports_without_a_wire_stand_close(inputs: tuple[bool, ...], expected: list[float]) -> None:
    sides = Sides(inputs)
    assert [place.y() for place in port_places(sides)[0]] == expected
    assert card_size(sides).height() == max(HEIGHT, expected[-1] - expected[0] + 38)


def test_ports_with_names_stand_below_the_texts() -> None:
    sides = Sides((True, True), 3, labelled=True)
    inputs, outputs = port_places(sides)
    assert [place.y() for place in inputs] == [64, 82]
    assert [place.y() for place in outputs] == [64, 82, 100]
    assert {place.x() for place in outputs} == {WIDTH}
    assert card_size(sides).height() == 114


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_port_of_every_block_has_a_place_on_its_card(name: str) -> None:
    block = CATALOGUE[name]()
    optional = [port.name for port in block.input_ports() if port.optional]
    for wired in ((), optional):
        sides = sides_of(block, wired)
        inputs, outputs = port_places(sides)
        assert len(inputs) == len(block.input_ports())
        assert len(outputs) == (0 if block.category == "Loss" else len(block.output_ports()))
        assert all(0 < place.y() < card_size(sides).height() for place in (*inputs, *outputs))
        assert len({place.y() for place in inputs}) == len(inputs)


@pytest.mark.parametrize(
    ("name", "labelled"),
    [("Linear", False), ("Add", False), ("CrossEntropyLoss", False), ("Concat", False), ("LSTM", True)],
)
def test_ports_that_their_order_does_not_tell_apart_are_named(name: str, labelled: bool) -> None:
    assert sides_of(CATALOGUE[name]()).labelled == labelled


@pytest.mark.parametrize(("inputs", "outputs", "labelled"), [(1, 1, False), (2, 1, True), (1, 2, True), (0, 1, False)])
def test_a_group_tells_its_ports_when_there_are_several(inputs: int, outputs: int, labelled: bool) -> None:
    ports = {f"in_{place}": GroupInput() for place in range(inputs)}
    ports |= {f"out_{place}": GroupOutput() for place in range(outputs)}
    assert sides_of(Group().with_graph(graph(ports))) == Sides((True,) * inputs, outputs, labelled)
