"""Where name and values can be pointed at on a card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF

from designer.canvas import Canvas
from designer.canvas.spots import can_be_edited, line_of, spot_at, spots
from designer.together import NAME
from engine.blocks import CATALOGUE
from engine.project import Project
from tests.grouped import grouped

Show = Callable[[Project], Canvas]


@pytest.mark.parametrize("name", ["Conv2d", "Linear", "ReLU", "LSTM", "Add", "MultiheadAttention"])
def test_values_stand_side_by_side_on_their_line(show: Show, name: str) -> None:
    project, key = Project().add(CATALOGUE[name](), (40, 60))
    card = show(project).scene.cards[key]
    found = spots(card, 1.0)
    assert next(iter(found)) == NAME
    assert all(card.body.contains(area) for area in found.values())
    values = [area for what, area in found.items() if what != NAME]
    assert [area.left() for area in values] == sorted(area.left() for area in values)
    assert all(line_of(card).contains(area.center()) for area in values)
    assert [what for what in found if what != NAME] == [what for what, _ in card.node.block.told()][: len(values)]
    for what, area in found.items():
        assert spot_at(card, area.center(), 1.0) == what
    assert spot_at(card, card.body.bottomRight() - QPointF(2, 2), 1.0) is None


def test_spots_follow_the_card_and_its_values(canvas: Canvas) -> None:
    card = canvas.scene.cards["b"]
    before = spots(card, 1.0)["kernel_size"]
    canvas.document.change(canvas.document.project.move({"b": (190, 300)}), "Move")
    assert spots(card, 1.0)["kernel_size"].topLeft() - before.topLeft() == QPointF(0, 300)
    project = canvas.document.project
    canvas.document.change(project.edit(project.graph.change("b", out_channels=4096)), "Change")
    assert spots(card, 1.0)["kernel_size"].left() > before.left()


def test_from_far_away_and_on_groups_there_is_nothing_to_aim_at(show: Show) -> None:
    canvas = show(grouped())
    for card in canvas.scene.cards.values():
        assert spots(card, 0.4) == {NAME: card.body}
        assert not can_be_edited(card, 0.4)
        assert can_be_edited(card, 1.0) is not card.is_group
