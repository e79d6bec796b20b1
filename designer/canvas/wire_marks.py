"""What a wire shows besides its line: a dot at every bend, or a label at either end in place of the line."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.card import Card
from designer.canvas.inks import Inks

DOT, PICKED = 5.5, 8.5  # radius of a dot, and of the ring around the one that the keys are about
HEIGHT, APART = 18.0, 4.0  # of a label, and between two of them
BELOW = 2.0  # from what a card paints below itself to the first label
INSET = 6.0  # from a label's edge to its text
HOOK = 14.0  # how far the line from a port to its label swings out
BETWEEN = 6.0  # of two labels side by side


class Slot(NamedTuple):
    """Which of the places below its card a label takes: a row, over the whole width or over half of it."""

    row: int = 0
    wide: bool = True


class Dots(QGraphicsItem):
    """The dots of a wire, which are taken and moved one by one."""

    def __init__(self, wire: QGraphicsItem) -> None:
        super().__init__(wire)
        self.points: tuple[QPointF, ...] = ()
        self.picked: int | None = None
        self._pen, self._inks = QPen(), None

    def show_points(self, points: tuple[QPointF, ...], picked: int | None) -> None:
        self.prepareGeometryChange()
        self.points, self.picked = points, picked
        self.update()

    def show_inks(self, pen: QPen, inks: Inks) -> None:
        self._pen, self._inks = QPen(pen.color()), inks
        self.update()

    def boundingRect(self) -> QRectF:
        found = QRectF()
        for point in self.points:
            found |= QRectF(point, point).adjusted(-PICKED - 2, -PICKED - 2, PICKED + 2, PICKED + 2)
        return found

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._inks is None:
            return
        for place, point in enumerate(self.points):
            if place == self.picked:
                painter.setPen(self._inks.selected)
                painter.setBrush(self._inks.canvas)
                painter.drawEllipse(point, PICKED, PICKED)
            painter.setPen(QPen(self._inks.canvas, 1.5))
            painter.setBrush(self._pen.color())
            painter.drawEllipse(point, DOT, DOT)


class Labels(QGraphicsItem):
    """The two labels of a hidden wire, below the cards that it joins; the wire itself draws their outlines."""

    def __init__(self, wire: QGraphicsItem, source: Card, target: Card) -> None:
        super().__init__(wire)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)
        self._source, self._target = source, target
        self._inks: Inks | None = None
        self.hot = False
        self.areas: tuple[QRectF, QRectF] = (QRectF(), QRectF())  # at the output, and at the input
        self.texts: tuple[str, str] = ("", "")

    def lay(self, inks: Inks, slots: tuple[Slot, Slot]) -> None:
        """Find words and places for the cards as they are now."""
        self.prepareGeometryChange()
        self._inks = inks
        self.texts = f"→ {self._target.node.name}", f"← {self._source.node.name}"
        self.areas = self._area(self._source, 0, slots[0]), self._area(self._target, 1, slots[1])
        self.update()

    def show_hot(self, hot: bool) -> None:
        self.hot = hot
        self.update()

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        """What is drawn of the wire, from its output to its input: two hooks, each with the edge of a label."""
        first, last = self.areas
        path = QPainterPath(start)
        hook, side = QPointF(HOOK, 0), QPointF(first.right(), first.center().y())
        path.cubicTo(start + hook, side + hook, side)
        path.addRoundedRect(first, HEIGHT / 2, HEIGHT / 2)
        path.addRoundedRect(last, HEIGHT / 2, HEIGHT / 2)
        side = QPointF(last.left(), last.center().y())
        path.moveTo(side)
        path.cubicTo(side - hook, end - hook, end)
        return path

    def _area(self, card: Card, end: int, slot: Slot) -> QRectF:
        assert self._inks is not None
        body = card.body
        most = body.width() if slot.wide else (body.width() - BETWEEN) / 2
        width = min(most, self._inks.summary_letters[0][1].horizontalAdvance(self.texts[end]) + 2 * INSET + 1)
        top = card.pos().y() + card.boundingRect().bottom() + BELOW + slot.row * (HEIGHT + APART)
        return QRectF(body.left() if end else body.right() - width, top, width, HEIGHT)

    def boundingRect(self) -> QRectF:
        return (self.areas[0] | self.areas[1]).adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._inks is None:
            return
        font, metrics = self._inks.summary_letters[0]
        painter.setFont(font)
        for area, text in zip(self.areas, self.texts, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks.hot_spot if self.hot else self._inks.card)
            painter.drawRoundedRect(area, HEIGHT / 2, HEIGHT / 2)
            painter.setPen(self._inks.text)
            room = area.width() - 2 * INSET + 1
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(area.adjusted(INSET, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)
