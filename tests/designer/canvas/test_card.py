"""The item of one block."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from designer.canvas.card import Card
from designer.canvas.facts import Facts
from designer.canvas.inks import Inks
from designer.canvas.looks import Pictures
from designer.theme import DARK
from engine.blocks import CATALOGUE
from engine.graph import Node
from engine.problem import Problem


def card(name: str, **values: object) -> Card:
    return Card("k", Node(name="k", block=CATALOGUE[name](**values)), Pictures(Inks(DARK)))


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_block_has_a_card_with_its_ports(qapp: object, name: str) -> None:
    made = card(name)
    block = made.node.block
    ports = set(made.ports)
    assert {port.name for port in ports if port.side == "in"} == {port.name for port in block.input_ports()}
    outputs = set(block.output_ports()) if block.category != "Loss" else set()
    assert {port.name for port in ports if port.side == "out"} == outputs
    for port, place in made.ports.items():
        assert place.x() == (0 if port.side == "in" else made.body.width())
        assert 0 < place.y() < made.body.height()
        assert made.port_at(place + QPointF(3, -3), 10) == port
    assert made.port_at(made.body.center(), 10) is None


def test_ports_of_a_tall_card_lie_inside_it(qapp: object) -> None:
    made = card("Add", inputs=8)
    heights = [place.y() for port, place in made.ports.items() if port.side == "in"]
    assert len(heights) == 8
    assert min(heights) > 8
    assert max(heights) < made.body.height() - 8


def test_a_port_that_is_not_there_is_the_middle_of_its_side(qapp: object) -> None:
    made = card("Linear")
    made.setPos(100, 10)
    assert made.port_place("out", "nothing") == QPointF(250, 39)
    assert made.port_place("in", "nothing") == QPointF(100, 39)


def test_the_badge_is_there_only_with_a_problem(qapp: object) -> None:
    made = card("Linear")
    spot = QPointF(146, 1)
    assert not made.badge_at(spot)
    made.show_facts(Facts(problems=(Problem("t", "t"),)))
    assert made.badge_at(spot)


def test_long_texts_are_cut_short_and_that_is_known(qapp: object) -> None:
    made = card("Conv2d", out_channels=1024, kernel_size=(7, 5), stride=(2, 2), padding="same", bias=False)
    made._laid_texts()
    assert made.elided
    made = card("ReLU")
    made._laid_texts()
    assert not made.elided
