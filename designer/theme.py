"""Colours, sizes and fonts by the role they play, in a dark and a light theme.

Text roles (`text`, `muted`, `link`, `danger`, `warning`, `success`, the curve colours) and the colours of
categories stand at 4.5 : 1 or better on every surface named in `SURFACES`; the tests hold them to it. Code asks for a
role and never spells out a colour, so that a theme is exchanged in one place.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

FontRole = Literal["text", "small", "tiny", "strong", "heading", "title", "code"]

SURFACES: Final = ("window", "canvas", "panel", "raised", "card")
THEME_PROPERTY: Final = "plexusTheme"  # of the application: the name of the theme it wears
TEXTS: Final = ("text", "muted", "link", "danger", "warning", "success")


@dataclass(frozen=True)
class Sizes:
    """Lengths in device-independent pixels."""

    gap: int = 8  # between neighbours
    margin: int = 12  # between a panel's edge and what it holds
    radius: int = 6  # of cards, buttons and fields
    small_radius: int = 4
    bar: int = 42  # height of the bar at the top
    field: int = 26  # height of a form's field
    icon: int = 16
    header: int = 22  # of a panel's title row


SIZES: Final = Sizes()
PICTURE: Final = QSize(SIZES.icon + 8, SIZES.icon)  # of a button's icon; wider, so that the text stays clear of it


PAPER: Final[Mapping[str, float]] = {"dark": 0.15, "light": 0.25}  # of a note's colour in its ground, by the theme
# Colours of frames and notes: each is that of a category of blocks.
MARKS: Final[Mapping[str, str]] = {
    "grey": "",
    "blue": "Inputs & targets",
    "green": "Activation",
    "yellow": "Linear",
    "orange": "Convolution",
    "red": "Loss",
    "violet": "Recurrent",
}


@dataclass(frozen=True)
class Theme:
    """What every role looks like; colours are `#rrggbb`."""

    name: Literal["dark", "light"]

    # Surfaces, from the ground up.
    canvas: str  # where the network is drawn
    window: str  # bars and panels at the sides
    panel: str  # a card inside them, such as a chart
    raised: str  # fields, menus, tooltips, floating editors
    card: str  # a block on the canvas
    button: str
    hover: str  # a button or row under the pointer
    pressed: str
    selection: str  # the ground of a chosen row or of marked text

    # Lines.
    border: str
    card_border: str
    line: str  # between rows
    grid: str  # in a chart
    dot: str  # of the canvas's grid
    heat: str  # what is hottest on the heat map
    track: str  # the ground of a progress bar or of a gradient's bar
    control: str  # edges and arrows by which a control is recognised: 3 : 1 on what lies around it

    # Text and states.
    text: str
    muted: str
    disabled: str
    link: str  # also shapes and other figures that the program found out
    danger: str
    warning: str
    success: str

    # Filled shapes, and what is written on them.
    accent: str  # focus ring, frame of the selection
    accent_fill: str
    accent_hover: str  # the same under the pointer, and while it is pressed
    on_accent: str
    danger_fill: str
    danger_hover: str
    on_danger: str
    success_fill: str
    bar: str  # of a gradient's norm

    categories: Mapping[str, str] = field(hash=False)  # by category of blocks; `""` is any other
    curves: tuple[str, ...]  # one a run, then over again
    validation: str  # the curve of the validation part while only one run is shown

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def category(self, name: str) -> str:
        """The colour of a category of blocks."""
        return self.categories.get(name, self.categories[""])

    def mark(self, name: str) -> str:
        """The colour of a frame or a note; of one that this version does not know, grey."""
        return self.category(MARKS.get(name, ""))

    def paper(self, name: str) -> str:
        """What a note of a colour is written on: a card with a tint of that colour, which is bright in both themes."""
        parts = [int(self.mark(name)[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        hue, saturation, value = colorsys.rgb_to_hsv(*parts)
        tint = colorsys.hsv_to_rgb(hue, saturation, value + (1 - value) * saturation)
        ground = [int(self.card[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        share = PAPER[self.name]
        mixed = [share * one + (1 - share) * other for one, other in zip(tint, ground, strict=True)]
        return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)

    def curve(self, index: int) -> str:
        """The colour of the run that was begun as number `index`, counted from 0."""
        return self.curves[index % len(self.curves)]

    def role(self, name: str) -> str:
        """The colour of a role that is only known by its name: a field of this class or a category.

        Raises:
            ValueError: when there is no such role.
        """
        value = getattr(self, name, None)
        if isinstance(value, str) and value.startswith("#"):
            return value
        if name in self.categories:
            return self.categories[name]
        raise ValueError(f"the theme has no colour for the role “{name}”")


DARK: Final = Theme(
    name="dark",
    canvas="#16181d",
    window="#1e2127",
    panel="#1b1e24",
    raised="#252931",
    card="#262a32",
    button="#252931",
    hover="#2d323c",
    pressed="#313743",
    selection="#263653",
    border="#333945",
    card_border="#30353f",
    line="#2b303a",
    grid="#262b34",
    dot="#2a2f38",
    heat="#f0883e",
    track="#2a2f38",
    control="#7f8897",
    text="#e6e9ef",
    muted="#98a1b3",
    disabled="#626a79",
    link="#7fb0ff",
    danger="#f47067",
    warning="#e0a63a",
    success="#4fb286",
    accent="#4c8dff",
    accent_fill="#2f6fe4",
    accent_hover="#2760cb",
    on_accent="#ffffff",
    danger_fill="#d13f37",
    danger_hover="#b8342d",
    on_danger="#ffffff",
    success_fill="#3fb27f",
    bar="#4db6c4",
    categories=MappingProxyType(
        {
            "Inputs & targets": "#5b9bd5",
            "Linear": "#e0b84c",
            "Convolution": "#d9824b",
            "Pooling": "#4db6c4",
            "Padding": "#f0b09a",
            "Resampling": "#f0a04a",
            "Recurrent": "#9483ec",
            "Attention": "#b982e6",
            "Embedding": "#9ab545",
            "Normalisation": "#7590f0",
            "Activation": "#4fb286",
            "Dropout": "#a5a8ad",
            "Arithmetic": "#a39a5c",
            "Reduce": "#c9cda6",
            "Combine": "#c9a27e",
            "Shape": "#8194b2",
            "Select": "#92cdee",
            "Compare": "#90c6b6",
            "Create": "#8cdc78",
            "Distance": "#ec88cd",
            "Loss": "#e06c84",
            "Function": "#cdb2d3",
            "Groups": "#45bbfb",
            "": "#9aa3b2",
        }
    ),
    curves=("#5a96ff", "#9d8ef0", "#4fb286", "#e57b93", "#4db6c4", "#de8d58", "#a9b665", "#c98bd8"),
    validation="#e0a63a",
)

LIGHT: Final = Theme(
    name="light",
    canvas="#f7f8fa",
    window="#eff1f5",
    panel="#fbfcfd",
    raised="#ffffff",
    card="#ffffff",
    button="#e2e6ed",
    hover="#d8dde6",
    pressed="#cbd2dd",
    selection="#d3e2fd",
    border="#ccd2dc",
    card_border="#cfd5df",
    line="#dde1e8",
    grid="#e6e9ef",
    dot="#d5dae2",
    heat="#d9480f",
    track="#dfe3ea",
    control="#7a8496",
    text="#1b1f27",
    muted="#515b6b",
    disabled="#9199a6",
    link="#1a5cc8",
    danger="#b92c26",
    warning="#855600",
    success="#17704a",
    accent="#1f66e0",
    accent_fill="#1f66e0",
    accent_hover="#1955bd",
    on_accent="#ffffff",
    danger_fill="#cf3a33",
    danger_hover="#b12f29",
    on_danger="#ffffff",
    success_fill="#23915d",
    bar="#1f8a99",
    categories=MappingProxyType(
        {
            "Inputs & targets": "#2a6cab",
            "Linear": "#876500",
            "Convolution": "#b0510d",
            "Pooling": "#087684",
            "Padding": "#824434",
            "Resampling": "#6b420f",
            "Recurrent": "#6e5acf",
            "Attention": "#8f48c4",
            "Embedding": "#5d6b10",
            "Normalisation": "#4a62cf",
            "Activation": "#167b50",
            "Dropout": "#6a6b6e",
            "Arithmetic": "#665f3c",
            "Reduce": "#414f31",
            "Combine": "#8e6445",
            "Shape": "#566b8d",
            "Select": "#23505f",
            "Compare": "#24675b",
            "Create": "#0a660f",
            "Distance": "#97146a",
            "Loss": "#bc405e",
            "Function": "#5f405c",
            "Groups": "#175f88",
            "": "#646e7e",
        }
    ),
    curves=("#1f60d6", "#6a50cc", "#17704a", "#b03455", "#0f6b79", "#9e4a17", "#5c6614", "#913aa6"),
    validation="#8f5600",
)


def current_theme() -> Theme:
    """The theme that the application wears; `ThemeSwitch` puts it on."""
    application = QApplication.instance()
    return LIGHT if application is not None and application.property(THEME_PROPERTY) == LIGHT.name else DARK


_SCALES: Final[Mapping[FontRole, float]] = {"small": 0.92, "tiny": 0.85, "heading": 1.12, "title": 1.6}
_BOLD: Final = ("strong", "heading", "title")


def font(role: FontRole = "text") -> QFont:
    """The platform's interface font (its fixed one for "code") in the size and weight of a role."""
    found = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if role == "code" else QApplication.font()
    size = QApplication.font().pointSizeF() * _SCALES.get(role, 1.0)
    if size > 0:  # a platform may give its font in pixels; then its size stays as it is
        found.setPointSizeF(size)
    if role in _BOLD:
        found.setWeight(QFont.Weight.DemiBold)
    return found


def contrast(one: str, other: str) -> float:
    """Contrast of two `#rrggbb` colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
