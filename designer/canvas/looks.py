"""How the body of a card looks; painted once for all cards that look alike, and kept while the scale stays."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF, QTransform

from designer.canvas.geometry import PORT_RADIUS, WIDTH, card_size, port_heights
from designer.canvas.inks import Inks

RADIUS = 8.0
EDGE = 5.0  # width of the coloured edge
BADGE = 8.0  # radius
AROUND = (12.0, 14.0, 14.0, 21.0)  # room beside, above and below the body, for ports, badge and shape
PLAIN = QPen(Qt.PenStyle.NoPen)
IDENTITY = QTransform()


class Look(NamedTuple):
    """All that decides how a card without its texts looks."""

    category: str
    inputs: int
    outputs: int
    small: bool  # seen from so far that only its name can be read
    selected: bool = False
    hovered: bool = False
    severity: str | None = None

    @property
    def body(self) -> QRectF:
        return extent(self.inputs, self.outputs)[0]

    @property
    def bounds(self) -> QRectF:
        return extent(self.inputs, self.outputs)[1]


@functools.cache
def extent(inputs: int, outputs: int) -> tuple[QRectF, QRectF]:
    """The body of a card with so many ports, and all that is painted around it."""
    body = QRectF(QPointF(0, 0), card_size(inputs, outputs))
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
            ports = port_places(look.inputs, look.outputs)
            paint_ports(painter, self.inks, look.category, ports[0], inputs=True)
            paint_ports(painter, self.inks, look.category, ports[1], inputs=False)
            paint_badge(painter, self.inks, look)
            painter.end()
            picture.setDevicePixelRatio(ratio)
            self._made[look] = picture
        return picture


@functools.cache
def port_places(inputs: int, outputs: int) -> tuple[tuple[QPointF, ...], tuple[QPointF, ...]]:
    """Centres of the input ports and of the output ports, in the card's own coordinates."""
    height = card_size(inputs, outputs).height()
    return (
        tuple(QPointF(0, y) for y in port_heights(inputs, height)),
        tuple(QPointF(WIDTH, y) for y in port_heights(outputs, height)),
    )


def paint_body(painter: QPainter, inks: Inks, look: Look) -> None:
    """Body, frames of states and coloured edge; on small cards the frames are bolder, to stay visible."""
    body, small = look.body, look.small
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.selected:
        painter.setPen(inks.large_selected if small else inks.selected)
        painter.drawRoundedRect(body.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
    if look.severity:
        painter.setPen((inks.large_outlines if small else inks.outlines)[look.severity])
    else:
        painter.setPen(inks.hovered if look.hovered else inks.edge)
    painter.setBrush(inks.card)
    painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.setPen(PLAIN)
    painter.setBrush(inks.category(look.category))
    painter.drawRoundedRect(QRectF(0, 0.5, EDGE, body.height() - 1), 2.5, 2.5)


def paint_ports(painter: QPainter, inks: Inks, category: str, places: Iterable[QPointF], *, inputs: bool) -> None:
    """Inputs are hollow, outputs are filled."""
    painter.setPen(inks.ring if inputs else inks.gap)
    painter.setBrush(inks.hollow if inputs else inks.category(category))
    radius = PORT_RADIUS - 0.3 if inputs else PORT_RADIUS + 0.5
    for place in places:
        painter.drawEllipse(place, radius, radius)


def paint_glow(painter: QPainter, inks: Inks, place: QPointF) -> None:
    """The halo of a port that a wire may go to, or that the pointer is over."""
    painter.setPen(PLAIN)
    painter.setBrush(inks.glow)
    painter.drawEllipse(place, PORT_RADIUS + 5, PORT_RADIUS + 5)


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
