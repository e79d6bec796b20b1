"""The pens, brushes and fonts of the canvas, made once for a theme and shared by all that is painted."""

from __future__ import annotations

import functools
import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen

from designer.theme import FontRole, Theme, font

WIRE_WIDTH = 2.0
HOTTEST = 0.12  # share of the heat's colour in the hottest card
Letters = tuple[tuple[QFont, QFontMetricsF], ...]  # one text in several sizes


class Inks:
    """What the canvas is painted with. Fonts have sizes in scene pixels, so that cards scale as a whole."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.canvas = QColor(theme.canvas)
        self.dot = QColor(theme.dot)
        self.card = QBrush(QColor(theme.card))
        self.hollow = QBrush(QColor(theme.canvas))
        self.text, self.muted, self.link = QColor(theme.text), QColor(theme.muted), QColor(theme.link)
        self.edge = QPen(QColor(theme.card_border), 1)
        self.hovered = QPen(QColor(theme.control), 1)
        self.sheet = QPen(QColor(theme.control), 1)  # a group is seen by its edges
        self.spare, self.around_spare = QBrush(QColor(theme.control)), QPen(QColor(theme.canvas), 1)
        self.selected = QPen(QColor(theme.accent), 2)
        self.ring = QPen(QColor(theme.control), 1.6)
        self.gap = QPen(QColor(theme.canvas), 2)
        self.severities = {"error": QColor(theme.danger), "warning": QColor(theme.warning)}
        self.outlines = {key: QPen(colour, 1.4) for key, colour in self.severities.items()}
        self.several = _dashed(self.selected)
        self.large_several = _dashed(QPen(self.selected.color(), 4))
        self.muted_edge = _dashed(QPen(QColor(theme.control), 1.2))
        self.strike = QPen(QColor(theme.muted), 1.2)  # through the name of a muted block
        self.running = QPen(QColor(theme.success), 2, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        self.running.setDashPattern([4.0, 2.0])
        self.hot_spot = QColor(theme.hover)
        self.large_selected = QPen(self.selected.color(), 4)
        self.large_outlines = {key: QPen(colour, 3) for key, colour in self.severities.items()}
        self.guide = QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine)
        self.tint = QColor(theme.accent)
        self.tint.setAlpha(36)
        self.badge = {"error": QColor(theme.danger_fill), "warning": QColor(theme.warning)}
        self.on_badge = {"error": QColor(theme.on_danger), "warning": QColor(theme.canvas)}

        # sizes in the order in which they are tried; a text too long for the last one is cut short
        self.name_letters = _letters("strong", 13, 12, 11)
        self.summary_letters = _letters("text", 11, 10)
        self.figure_letters = _letters("text", 10)
        self.large_letters = _letters("strong", 20, 17, 15)  # on small cards, which hold name and kind alone
        self.large_kind_letters = _letters("text", 17, 15, 13)
        self.badge_font = _sized("strong", 11)
        self.large_badge_font = _sized("strong", 18)

    @functools.cached_property
    def glow(self) -> QColor:
        """The halo of a port that a wire may go to."""
        colour = QColor(self.theme.accent)
        colour.setAlpha(96)
        return colour

    def category(self, name: str) -> QColor:
        return _colour(self.theme.category(name))

    @property
    def heat(self) -> QColor:
        """What is hottest on the heat map."""
        return _colour(self.theme.heat)

    def heated_far(self, share: float) -> QColor:
        """A card with so much heat, as it is seen from far away, where there is no text on it."""
        return _mixed(self.theme.track, self.theme.heat, math.sqrt(share))

    def heated(self, share: float) -> QColor:
        """The ground of a card with so much heat; warm enough to be seen, and texts stay readable on it."""
        return _mixed(self.theme.card, self.theme.heat, HOTTEST * math.sqrt(share))

    def wire(self, category: str, *, selected: bool = False, refused: bool = False) -> QPen:
        """The pen of a wire, for the caller to change; one that carries what its end can't take is dashed."""
        return QPen(_wire_pen(self._wire_colour(category, selected, refused), selected, refused))

    def _wire_colour(self, category: str, selected: bool, refused: bool) -> str:
        if selected:
            return self.theme.accent
        return self.theme.danger if refused else self.theme.category(category)


@functools.cache
def _colour(name: str) -> QColor:
    return QColor(name)


@functools.cache
def _mixed(ground: str, over: str, share: float) -> QColor:
    """`ground` with a share of `over` in it."""
    one, other = QColor(ground), QColor(over)
    pairs = zip(one.getRgbF()[:3], other.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in pairs))


@functools.cache
def _wire_pen(colour: str, wide: bool, dashed: bool) -> QPen:
    pen = QPen(QColor(colour), WIRE_WIDTH * (1.5 if wide else 1))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
    if dashed:
        pen.setDashPattern([4, 2.5])
    return pen


def _letters(role: FontRole, *sizes: int) -> Letters:
    fonts = [_sized(role, pixels) for pixels in sizes]
    return tuple((one, QFontMetricsF(one)) for one in fonts)


def _sized(role: FontRole, pixels: int) -> QFont:
    found = font(role)
    found.setPixelSize(pixels)
    return found


def _dashed(pen: QPen) -> QPen:
    pen = QPen(pen)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([4.0, 2.5])
    return pen
