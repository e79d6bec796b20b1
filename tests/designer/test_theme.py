"""Every text can be read on everything it stands on, in both themes."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re

import pytest
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from designer.theme import DARK, LIGHT, MARKS, SURFACES, TEXTS, Theme, contrast, current_theme, font
from engine.blocks import CATEGORIES
from engine.group import Group

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
READABLE, VISIBLE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what a control is known by
JUST_SEEN = 0.02  # the least distance of two colours in OKLab that is noticed side by side

ON_OTHER_GROUNDS = [
    ("text", "button"), ("text", "hover"), ("text", "pressed"), ("text", "selection"), ("text", "track"),
    ("muted", "button"), ("muted", "hover"), ("muted", "selection"),
    ("on_accent", "accent_fill"), ("on_danger", "danger_fill"),
    ("on_accent", "accent_hover"), ("on_danger", "danger_hover"),
]  # fmt: skip
SEEN = [("accent", surface) for surface in SURFACES] + [
    *(("control", surface) for surface in SURFACES),
    ("control", "button"), ("success_fill", "track"), ("bar", "track"), ("accent", "button"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#123456", "#123456", 1),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


@THEMES
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", SURFACES)
def test_text_can_be_read_on_every_surface(theme: Theme, text: str, ground: str) -> None:
    assert contrast(theme.role(text), theme.role(ground)) >= READABLE


@THEMES
@pytest.mark.parametrize(("text", "ground"), ON_OTHER_GROUNDS)
def test_text_can_be_read_on_controls(theme: Theme, text: str, ground: str) -> None:
    assert contrast(theme.role(text), theme.role(ground)) >= READABLE


@THEMES
@pytest.mark.parametrize(("shape", "ground"), SEEN)
def test_shapes_can_be_seen(theme: Theme, shape: str, ground: str) -> None:
    assert contrast(theme.role(shape), theme.role(ground)) >= VISIBLE


@THEMES
def test_curves_can_be_read_as_words_of_a_legend(theme: Theme) -> None:
    for colour in (*theme.curves, theme.validation):
        assert contrast(colour, theme.panel) >= READABLE, colour
    assert len({*theme.curves, theme.validation}) == len(theme.curves) + 1


@THEMES
def test_every_category_of_blocks_has_a_colour_that_can_be_read(theme: Theme) -> None:
    assert set(theme.categories) == {*CATEGORIES, Group.category, ""}
    for name, colour in theme.categories.items():
        for ground in SURFACES:
            assert contrast(colour, theme.role(ground)) >= READABLE, (name, ground)


@THEMES
def test_colours_of_categories_can_be_told_apart(theme: Theme) -> None:
    named = {name: oklab(colour) for name, colour in theme.categories.items() if name}
    for (one, here), (other, there) in itertools.combinations(named.items(), 2):
        assert math.dist(here, there) > 2 * JUST_SEEN, (one, other)


def oklab(colour: str) -> tuple[float, ...]:
    """Lightness and two colour axes in which distances are as they look (Ottosson 2020)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@THEMES
def test_a_theme_is_made_of_plain_colours(theme: Theme) -> None:
    for field in dataclasses.fields(theme):
        value = getattr(theme, field.name)
        if isinstance(value, str) and field.name != "name":
            assert re.fullmatch("#[0-9a-f]{6}", value), field.name


def test_roles() -> None:
    assert DARK.role("text") == DARK.text
    assert DARK.role("Linear") == DARK.category("Linear")
    assert DARK.category("no such category") == DARK.category("")
    assert DARK.curve(0) == DARK.curve(len(DARK.curves))
    assert DARK.dark
    assert not LIGHT.dark
    for missing in ("no_such_role", "name", "category", "curves"):
        with pytest.raises(ValueError, match="no colour for the role"):
            DARK.role(missing)


def test_fonts_are_the_platforms_own(qapp: QApplication) -> None:
    assert font().family() == qapp.font().family()
    assert font("code").family() == QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    sizes = [font(role).pointSizeF() for role in ("tiny", "small", "text", "heading", "title")]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 5
    assert font("strong").weight() == QFont.Weight.DemiBold
    assert font("text").weight() == qapp.font().weight()


def test_without_a_switch_the_theme_is_the_dark_one(qapp: QApplication) -> None:
    before = qapp.property("plexusTheme")
    try:
        qapp.setProperty("plexusTheme", None)
        assert current_theme() is DARK
        qapp.setProperty("plexusTheme", "light")
        assert current_theme() is LIGHT
    finally:
        qapp.setProperty("plexusTheme", before)


@THEMES
@pytest.mark.parametrize("mark", MARKS)
def test_notes_can_be_read_and_told_from_the_canvas(theme: Theme, mark: str) -> None:
    paper = theme.paper(mark)
    assert paper not in {theme.canvas, theme.card}
    assert paper != theme.paper("blue" if mark != "blue" else "red")
    for role in ("text", "muted", "link"):
        assert contrast(theme.role(role), paper) >= (READABLE if role != "muted" else VISIBLE), role
