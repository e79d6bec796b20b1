"""The item of one block: it paints its body, its texts and its ports itself."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QStaticText
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.facts import Facts, Port
from designer.canvas.geometry import PORT_RADIUS, card_size, port_heights
from designer.canvas.inks import Inks
from engine.graph import Node

RADIUS = 8.0
EDGE = 5.0  # width of the coloured edge
LEFT, RIGHT = 15.0, 10.0  # between the card's sides and its text
NAMES_ONLY = 0.6  # below this scale a card shows its name alone, in larger letters
NAME_LINE, SUMMARY_LINE, SHAPE_LINE = 21.0, 40.0, 14.0  # base lines; the last one below the card
BADGE = 8.0
PLAIN = QPen(Qt.PenStyle.NoPen)


class Card(QGraphicsItem):
    """A block on the canvas. It is told what to show and repaints only when that changes."""

    def __init__(self, key: str, node: Node, inks: Inks) -> None:
        super().__init__()
        self.key = key
        self.node = node
        self.inks = inks
        self.facts = Facts()
        self.selected = self.hovered = False
        self.marks: Mapping[Port, bool] | None = None  # while a wire is drawn: which ports it may go to
        self.hot: Port | None = None  # the port under the pointer
        self._texts: list[tuple[QStaticText, QPointF, QFont, QColor]] | None = None
        self._name: tuple[QStaticText, QPointF] | None = None
        self._lay_out()

    # What is told

    def show_node(self, node: Node) -> None:
        self.node = node
        self._lay_out()
        self._fresh()

    def show_facts(self, facts: Facts) -> None:
        if facts != self.facts:
            self.facts = facts
            self._fresh()

    def show_inks(self, inks: Inks) -> None:
        self.inks = inks
        self._fresh()

    def show_state(self, *, selected: bool | None = None, hovered: bool | None = None) -> None:
        before = self.selected, self.hovered
        self.selected = self.selected if selected is None else selected
        self.hovered = self.hovered if hovered is None else hovered
        if (self.selected, self.hovered) != before:
            self.setZValue(1 if self.selected else 0)
            self.update()

    def show_marks(self, marks: Mapping[Port, bool] | None) -> None:
        """While a wire is drawn: ports it may go to glow, all others are dimmed; None ends it."""
        if marks != self.marks:
            self.marks = marks
            self.update()

    def show_hot(self, port: Port | None) -> None:
        if port != self.hot:
            self.hot = port
            self.update()

    # What is asked

    @property
    def category(self) -> str:
        return self.node.block.category

    @property
    def body(self) -> QRectF:
        """The card without ports, badge and shape, in the scene."""
        return self._body.translated(self.pos())

    @property
    def ports(self) -> Mapping[Port, QPointF]:
        """The centre of each port, in the card's own coordinates."""
        return self._ports

    def port_place(self, side: str, name: str) -> QPointF:
        """The centre of a port in the scene; of a port the block does not have, the middle of that side."""
        place = self._ports.get(Port(self.key, side, name))  # type: ignore[arg-type]
        if place is None:
            place = QPointF(0 if side == "in" else self._body.width(), self._body.height() / 2)
        return self.pos() + place

    def port_at(self, point: QPointF, reach: float) -> Port | None:
        """The port whose centre is nearest to a point of the scene, within reach."""
        local = point - self.pos()
        near = [((local - place).manhattanLength(), port) for port, place in self._ports.items()]
        distance, port = min(near, default=(reach, None), key=lambda pair: pair[0])
        return port if distance < reach else None

    def badge_at(self, point: QPointF) -> bool:
        return bool(self.facts.problems) and self._badge().adjusted(-2, -2, 2, 2).contains(point - self.pos())

    @property
    def elided(self) -> bool:
        """Whether a text on the card had to be cut short."""
        return any(text.text().endswith("…") for text, *_ in self._texts or ())

    def boundingRect(self) -> QRectF:
        return self._bounds

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        self._paint_body(painter)
        if scale < NAMES_ONLY:
            self._paint_name(painter)
        else:
            self._paint_texts(painter)
        self._paint_ports(painter)
        if self.facts.severity is not None:
            self._paint_badge(painter, self.facts.severity)

    def _paint_body(self, painter: QPainter) -> None:
        inks, severity = self.inks, self.facts.severity
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.selected:
            painter.setPen(inks.selected)
            painter.drawRoundedRect(self._body.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
        painter.setPen(inks.outlines[severity] if severity else inks.hovered if self.hovered else inks.edge)
        painter.setBrush(inks.card)
        painter.drawRoundedRect(self._body.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(PLAIN)
        painter.setBrush(inks.category(self.category))
        painter.drawRoundedRect(QRectF(0, 0.5, EDGE, self._body.height() - 1), 2.5, 2.5)

    def _paint_texts(self, painter: QPainter) -> None:
        if self._texts is None:
            self._texts = self._laid_texts()
        for text, place, letters, colour in self._texts:
            painter.setFont(letters)
            painter.setPen(colour)
            painter.drawStaticText(place, text)

    def _paint_name(self, painter: QPainter) -> None:
        if self._name is None:
            metrics = self.inks.far_metrics
            top = (self._body.height() - metrics.height()) / 2
            self._name = (_static(self.node.name, metrics, self._body.width() - LEFT - RIGHT), QPointF(LEFT, top))
        painter.setFont(self.inks.far_font)
        painter.setPen(self.inks.text)
        painter.drawStaticText(self._name[1], self._name[0])

    def _paint_ports(self, painter: QPainter) -> None:
        inks = self.inks
        for port, place in self._ports.items():
            fits = self.marks.get(port, False) if self.marks is not None else None
            if fits or (port == self.hot and fits is not False):
                painter.setPen(PLAIN)
                painter.setBrush(inks.glow)
                painter.drawEllipse(place, PORT_RADIUS + 5, PORT_RADIUS + 5)
            painter.setOpacity(0.35 if fits is False else 1.0)
            if port.side == "out":
                painter.setPen(inks.gap)
                painter.setBrush(inks.category(self.category))
                painter.drawEllipse(place, PORT_RADIUS + 0.5, PORT_RADIUS + 0.5)
            else:
                painter.setPen(inks.ring)
                painter.setBrush(inks.hollow)
                painter.drawEllipse(place, PORT_RADIUS - 0.3, PORT_RADIUS - 0.3)
        painter.setOpacity(1.0)

    def _paint_badge(self, painter: QPainter, severity: str) -> None:
        inks, place = self.inks, self._badge()
        painter.setPen(PLAIN)
        painter.setBrush(inks.badge[severity])
        if severity == "error":
            painter.drawEllipse(place)
        else:  # another form too, so that it isn't told by colour alone
            painter.drawPolygon(
                QPolygonF([QPointF(place.center().x(), place.top() - 1), place.bottomRight(), place.bottomLeft()])
            )
        painter.setPen(inks.on_badge[severity])
        painter.setFont(inks.badge_font)
        painter.drawText(place.translated(0, 0 if severity == "error" else 1.5), Qt.AlignmentFlag.AlignCenter, "!")

    # Layout

    def _fresh(self) -> None:
        self._texts = self._name = None
        self.update()

    def _lay_out(self) -> None:
        inputs, outputs = self.node.block.input_ports(), self.node.block.output_ports()
        size = card_size(len(inputs), len(outputs))
        self.prepareGeometryChange()
        self._body = QRectF(QPointF(0, 0), size)
        self._bounds = self._body.adjusted(-12, -11, 12, 21)
        heights_in, heights_out = (port_heights(len(side), size.height()) for side in (inputs, outputs))
        self._ports = {
            Port(self.key, "in", port.name): QPointF(0, y) for port, y in zip(inputs, heights_in, strict=True)
        } | {
            Port(self.key, "out", name): QPointF(size.width(), y) for name, y in zip(outputs, heights_out, strict=True)
        }

    def _laid_texts(self) -> list[tuple[QStaticText, QPointF, QFont, QColor]]:
        inks, width = self.inks, self._body.width() - LEFT - RIGHT
        count_width = inks.figure_metrics.horizontalAdvance(self.facts.count)
        name_width = width - (count_width + 8 if self.facts.count else 0)
        shift = (self._body.height() - 58) / 2  # texts stay in the middle of a taller card
        right = self._body.width() - RIGHT
        return [
            _placed(self.node.name, inks.name_font, inks.name_metrics, name_width, LEFT, NAME_LINE + shift, inks.text),
            _placed(
                self.node.block.summary(), inks.summary_font, inks.summary_metrics, width, LEFT, SUMMARY_LINE + shift,
                inks.muted,
            ),
            _placed(
                self.facts.count, inks.figure_font, inks.figure_metrics, width, right - count_width,
                NAME_LINE + shift, inks.muted,
            ),
            _placed_right(self.facts.shape, inks, width, right, self._body.height() + SHAPE_LINE),
        ]  # fmt: skip

    def _badge(self) -> QRectF:
        centre = QPointF(self._body.width() - 4, 1)
        return QRectF(centre.x() - BADGE, centre.y() - BADGE, 2 * BADGE, 2 * BADGE)


def _static(text: str, metrics: QFontMetricsF, width: float) -> QStaticText:
    static = QStaticText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    return static


def _placed(
    text: str, letters: QFont, metrics: QFontMetricsF, width: float, x: float, base: float, colour: QColor
) -> tuple[QStaticText, QPointF, QFont, QColor]:
    return _static(text, metrics, width), QPointF(round(x), round(base - metrics.ascent())), letters, colour


def _placed_right(
    text: str, inks: Inks, width: float, right: float, base: float
) -> tuple[QStaticText, QPointF, QFont, QColor]:
    metrics = inks.figure_metrics
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    x = right - metrics.horizontalAdvance(shown)
    return _placed(shown, inks.figure_font, metrics, width + 1, x, base, inks.link)
