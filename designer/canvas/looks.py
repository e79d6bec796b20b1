"""How the body of a card looks; painted once for all cards that look alike, and kept while the scale stays."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF, QTransform

from designer.canvas.geometry import HEIGHT, PORT_RADIUS, SMALL_RADIUS, WIDTH
from designer.canvas.heat import LEVELS
from designer.canvas.inks import Inks
from designer.canvas.ports import Sides, card_size, port_places
from designer.icons import glyph

RADIUS = 8.0
EDGE = 5.0  # width of the coloured edge
BADGE = 8.0  # radius
HEAT_BAR = 4.0  # height of the bar on the heat map
RUNNING_ENDS = 18.0  # so far from the right side the line of a training ends; a badge has room there
SHEET = 3.0  # by which each sheet of a group's stack shows below the one above
SIGN = 12.0  # side of the little pictures that tell of shared and frozen weights
SIGNS = {"shared": "link-bold", "frozen": "snowflake-bold", "note": "note-fill"}
AROUND = (12.0, 14.0, 14.0, 27.0)  # room beside, above and below the body, for ports, badge, sheets and shape
PLAIN = QPen(Qt.PenStyle.NoPen)
IDENTITY = QTransform()


class Look(NamedTuple):
    """All that decides how a card without its texts looks."""

    category: str
    sides: Sides
    small: bool  # seen from so far that only its name can be read
    selected: bool = False
    hovered: bool = False
    severity: str | None = None
    sheets: int = 0  # below the card: one for a group, two for a group that is repeated
    signs: tuple[str, ...] = ()  # keys of SIGNS
    heat: int = 0  # level on the heat map
    inspected: bool = False  # selected alone
    running: bool = False
    muted: bool = False

    @property
    def body(self) -> QRectF:
        return extent(self.sides)[0]

    @property
    def bounds(self) -> QRectF:
        return extent(self.sides)[1]


@functools.cache
def extent(sides: Sides) -> tuple[QRectF, QRectF]:
    """The body of a card with these ports, and all that is painted around it."""
    body = QRectF(QPointF(0, 0), card_size(sides))
    left, top, right, bottom = AROUND
    return body, body.adjusted(-left, -top, right, bottom)


class Pictures:
    """Pixmaps of looks at one scale; at another scale they are made anew."""

    def __init__(self, inks: Inks) -> None:
        self.inks = inks
        self._scale = 0.0
        self._made: dict[Look, QPixmap] = {}

    def paint(self, painter: QPainter, world: QTransform, look: Look) -> None:
        """Paint a look at the origin of the painter's `world`, from a pixmap that is put on whole pixels."""
        ratio = painter.device().devicePixelRatioF()
        corner = world.map(look.bounds.topLeft()) * ratio
        picture = self._picture(look, world.m11() * ratio, ratio)
        painter.setWorldTransform(IDENTITY)
        painter.drawPixmap(QPointF(round(corner.x()) / ratio, round(corner.y()) / ratio), picture)
        painter.setWorldTransform(world)

    def _picture(self, look: Look, scale: float, ratio: float) -> QPixmap:
        if scale != self._scale:
            self._scale, self._made = scale, {}
        picture = self._made.get(look)
        if picture is None:
            bounds = look.bounds
            picture = QPixmap(round(bounds.width() * scale) + 2, round(bounds.height() * scale) + 2)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(scale, scale)
            painter.translate(-bounds.topLeft())
            paint_body(painter, self.inks, look)
            inputs, outputs = port_places(look.sides)
            for place, full in zip(inputs, look.sides.inputs, strict=True):
                if full or look.hovered or look.selected:
                    paint_ports(painter, self.inks, look.category, (place,), inputs=True, small=not full)
                elif not look.small:
                    paint_spare(painter, self.inks, place)
            paint_ports(painter, self.inks, look.category, outputs, inputs=False)
            paint_badge(painter, self.inks, look)
            painter.end()
            picture.setDevicePixelRatio(ratio)
            self._made[look] = picture
        return picture


def paint_body(painter: QPainter, inks: Inks, look: Look) -> None:
    """Body, sheets, frames of states and coloured edge; on small cards the frames are bolder, to stay visible."""
    body, small = look.body, look.small
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.selected:
        frame = (inks.large_selected, inks.selected) if look.inspected else (inks.large_several, inks.several)
        painter.setPen(frame[0] if small else frame[1])
        lower = 3 + SHEET * look.sheets
        painter.drawRoundedRect(body.adjusted(-3, -3, lower, lower), RADIUS + 3, RADIUS + 3)
    elif look.hovered:
        painter.setPen(inks.hovered)
        lower = 2 + SHEET * look.sheets
        painter.drawRoundedRect(body.adjusted(-2, -2, lower, lower), RADIUS + 2, RADIUS + 2)
    painter.setBrush(inks.card)
    for sheet in range(look.sheets, 0, -1):
        painter.setPen(inks.sheet)
        lower = SHEET * sheet
        painter.drawRoundedRect(body.adjusted(lower + 0.5, lower + 0.5, lower - 0.5, lower - 0.5), RADIUS, RADIUS)
    if look.severity:
        painter.setPen((inks.large_outlines if small else inks.outlines)[look.severity])
    elif look.muted:
        painter.setPen(inks.muted_edge)
    else:
        painter.setPen(inks.sheet if look.sheets else inks.edge)
    if look.heat:
        painter.setBrush(inks.heated(look.heat / LEVELS))
    painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.setPen(PLAIN)
    if look.heat:
        painter.setBrush(inks.heat)
        length = (body.width() - 2 * RADIUS) * look.heat / LEVELS
        painter.drawRect(QRectF(RADIUS, body.height() - HEAT_BAR, length, HEAT_BAR))
    painter.setBrush(inks.category(look.category))
    if not look.muted:
        painter.drawRoundedRect(QRectF(0, 0.5, EDGE, body.height() - 1), 2.5, 2.5)
    if look.running:
        painter.setPen(inks.running)
        height = 3.0 if small else 2.5
        painter.drawLine(QPointF(RADIUS + 2, height), QPointF(body.width() - RUNNING_ENDS, height))
        painter.setPen(PLAIN)
    if not small:
        _paint_signs(painter, inks, look)


def _paint_signs(painter: QPainter, inks: Inks, look: Look) -> None:
    """Little pictures at the right of the second line, the last one at the edge."""
    painter.setBrush(inks.muted)
    for place, sign in enumerate(reversed(look.signs)):
        painter.save()
        painter.translate(WIDTH - 9 - SIGN - place * (SIGN + 3), sign_top(look.sides))
        painter.scale(SIGN, SIGN)
        painter.drawPath(glyph(SIGNS[sign]))
        painter.restore()


def sign_top(sides: Sides) -> float:
    """How far below the upper edge of a card its signs begin; its texts stand in the middle of a tall one."""
    return 30.0 + text_shift(sides)


def text_shift(sides: Sides) -> float:
    """By how much the texts of a card stand lower than on the smallest one."""
    return 0.0 if sides.labelled else (card_size(sides).height() - HEIGHT) / 2


def paint_ports(
    painter: QPainter, inks: Inks, category: str, places: Iterable[QPointF], *, inputs: bool, small: bool = False
) -> None:
    """Inputs are hollow, outputs are filled."""
    painter.setPen(inks.ring if inputs else inks.gap)
    painter.setBrush(inks.hollow if inputs else inks.category(category))
    radius = (SMALL_RADIUS + 1 if small else PORT_RADIUS - 0.3) if inputs else PORT_RADIUS + 0.5
    for place in places:
        painter.drawEllipse(place, radius, radius)


def paint_spare(painter: QPainter, inks: Inks, place: QPointF) -> None:
    """An input that may stay without a wire, and has none: a dot, until one looks for it."""
    painter.setPen(inks.around_spare)
    painter.setBrush(inks.spare)
    painter.drawEllipse(place, SMALL_RADIUS + 0.5, SMALL_RADIUS + 0.5)


def paint_spot(painter: QPainter, inks: Inks, area: QRectF) -> None:
    """The ground of a value that the pointer is over: it can be edited."""
    painter.setPen(PLAIN)
    painter.setBrush(inks.hot_spot)
    painter.drawRoundedRect(area, 3, 3)


def paint_glow(painter: QPainter, inks: Inks, place: QPointF, *, small: bool = False) -> None:
    """The halo of a port that a wire may go to, or that the pointer is over."""
    painter.setPen(PLAIN)
    painter.setBrush(inks.glow)
    radius = SMALL_RADIUS + 3 if small else PORT_RADIUS + 5
    painter.drawEllipse(place, radius, radius)


def badge_place(look: Look) -> QRectF:
    room = BADGE + 3 if look.small else BADGE
    centre = QPointF(WIDTH - 4, 1)
    return QRectF(centre.x() - room, centre.y() - room, 2 * room, 2 * room)


def paint_badge(painter: QPainter, inks: Inks, look: Look) -> None:
    """A round badge for an error, a triangle for a warning: told apart without their colours too."""
    if look.severity is None:
        return
    place, lower = badge_place(look), 0.0
    painter.setPen(PLAIN)
    painter.setBrush(inks.badge[look.severity])
    if look.severity == "error":
        painter.drawEllipse(place)
    else:
        place.adjust(-2, -3, 2, 1)
        lower = place.height() / 7
        corners = [QPointF(place.center().x(), place.top()), place.bottomRight(), place.bottomLeft()]
        painter.drawPolygon(QPolygonF(corners))
    painter.setPen(inks.on_badge[look.severity])
    painter.setFont(inks.large_badge_font if look.small else inks.badge_font)
    painter.drawText(place.translated(0, lower), Qt.AlignmentFlag.AlignCenter, "!")
