"""The heat map tells each block's share in a count, by a tint, a bar and in figures."""

from __future__ import annotations

import pytest

from designer.canvas.heat import LEVELS, Quantity, heat_of
from designer.canvas.inks import Inks
from designer.theme import DARK, LIGHT, Theme, contrast
from engine import templates
from engine.check import review


@pytest.mark.parametrize(
    ("quantity", "hottest", "text", "cold"),
    [
        ("parameters", "conv2", "18.5 k · 52 %", {"image", "relu1", "flatten", "loss"}),
        ("multiply_adds", "conv2", "295 k · 89 %", {"image", "relu1", "flatten", "loss"}),
        ("activations", "conv1", "8 KiB · 28 %", {"loss"}),
    ],
)
def test_the_hottest_block_has_the_largest_share(quantity: Quantity, hottest: str, text: str, cold: set[str]) -> None:
    heat = heat_of(review(templates.open_template("digits-cnn")).plan, quantity)
    assert heat[hottest] == (LEVELS, text)
    assert not cold & set(heat)
    assert all(0 <= one.level <= LEVELS for one in heat.values())


def test_without_a_quantity_or_blocks_nothing_is_hot() -> None:
    planned = review(templates.open_template("iris")).plan
    assert heat_of(planned, None) == {}
    assert heat_of(type(planned)({}), "parameters") == {}


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_texts_can_be_read_on_the_hottest_card(theme: Theme, qapp: object) -> None:
    ground = Inks(theme).heated(1.0).name()
    for role in (theme.text, theme.muted):
        assert contrast(role, ground) >= 4.5
