"""The item of one block: it paints its body, its texts and its ports itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGlyphRun, QPainter, QTextLayout
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.facts import NOTHING, Facts, Port
from designer.canvas.inks import Letters
from designer.canvas.looks import (
    SHEET,
    SIGN,
    Look,
    Pictures,
    badge_place,
    extent,
    paint_badge,
    paint_body,
    paint_glow,
    paint_ports,
    paint_spare,
    text_shift,
)
from designer.canvas.ports import port_places, sides_of
from engine.graph import Node
from engine.group import Group

LEFT, RIGHT = 15.0, 10.0  # between the card's sides and its text
NAMES_ONLY = 0.6  # below this scale a card shows its name alone, in larger letters
NAME_LINE, SUMMARY_LINE, SHAPE_LINE = 21.0, 40.0, 14.0  # base lines; the last one below the card
LABEL_LINE = 3.5  # from a port's centre to the base line of its name

# Laid out once, then drawn as they are. A QStaticText would be laid out anew whenever the scale changes,
# which makes it three times as slow while zooming; at rest the card is a pixmap either way.
Placed = tuple[list[QGlyphRun], QPointF, QColor]


class Card(QGraphicsItem):
    """A block on the canvas. It is told what to show and repaints only when that changes."""

    def __init__(self, key: str, node: Node, pictures: Pictures) -> None:
        super().__init__()
        self.key = key
        self.node = node
        self.pictures = pictures
        self.facts = NOTHING
        self._optional = frozenset(port.name for port in node.block.input_ports() if port.optional)
        self.wired: frozenset[str] = frozenset()  # those of the optional inputs that have a wire
        self.spare: frozenset[Port] = frozenset()  # the others
        self.shared = False  # whether another block uses the same weights
        self.selected = self.hovered = False
        self.marks: Mapping[Port, bool] | None = None  # while a wire is drawn: which ports it may go to
        self.hot: Port | None = None  # the port under the pointer
        self.elided = False  # whether a text had to be cut short
        self._texts: list[Placed] | None = None  # laid out when first painted
        self._name: Placed | None = None
        self._lay_out()

    # What is told

    def show_node(self, node: Node, wired: Collection[str] = (), shared: bool = False) -> bool:
        """Show a block, its optional inputs with a wire, and whether weights are shared; answers if that is new."""
        if node is self.node and shared == self.shared and not self._optional:
            return False
        before = (self.node, self.wired, self.shared)
        optional = frozenset(port.name for port in node.block.input_ports() if port.optional)
        self.node, self.wired, self.shared, self._optional = node, optional.intersection(wired), shared, optional
        if (self.node, self.wired, self.shared) == before:
            return False
        self._lay_out()
        self._fresh()
        return True

    def show_facts(self, facts: Facts) -> None:
        if facts != self.facts:
            self.facts = facts
            self._fresh()

    def show_pictures(self, pictures: Pictures) -> None:
        """The colours have changed."""
        self.pictures = pictures
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
    def telling(self) -> bool:
        """Whether there is more to tell than what can be read on it."""
        return self.elided or bool(self._signs) or bool(self._sheets)

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
        place = self._ports.get((self.key, side, name))  # type: ignore[call-overload]  # equals a Port
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
        if not self.facts.problems:
            return False
        return badge_place(self._look(small=False)).adjusted(-2, -2, 2, 2).contains(point - self.pos())

    def boundingRect(self) -> QRectF:
        return self._bounds

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        world = painter.worldTransform()
        small = world.m11() < NAMES_ONLY
        look = self._look(small)
        if self.marks is None and self.hot is None:
            self.pictures.paint(painter, world, look)
        else:
            paint_body(painter, self.pictures.inks, look)
            self._paint_marked_ports(painter)
            paint_badge(painter, self.pictures.inks, look)
        if small:
            if self._name is None:
                self._name = self._laid_name()
            _draw(painter, self._name)
        else:
            if self._texts is None:
                self._texts = self._laid_texts()
            for text in self._texts:
                _draw(painter, text)

    def _paint_marked_ports(self, painter: QPainter) -> None:
        inks = self.pictures.inks
        for port, place in self._ports.items():
            fits = self.marks.get(port, False) if self.marks is not None else None
            small = port in self.spare
            if fits or (port == self.hot and fits is not False):
                paint_glow(painter, inks, place, small=small)
            painter.setOpacity(0.35 if fits is False else 1.0)
            if small and not (fits or self.hovered or self.selected):
                paint_spare(painter, inks, place)
            else:
                paint_ports(painter, inks, self.category, (place,), inputs=port.side == "in", small=small)
        painter.setOpacity(1.0)

    # Layout

    def _fresh(self) -> None:
        self._texts = self._name = None
        self.update()

    def _look(self, small: bool) -> Look:
        facts = self.facts
        return Look(
            self.category,
            self._sides,
            small,
            self.selected,
            self.hovered,
            facts.severity,
            self._sheets,
            self._signs,
            facts.heat,
        )

    def _lay_out(self) -> None:
        node = self.node
        self._sides = sides_of(node.block, self.wired)
        group = isinstance(node.block, Group)
        self._sheets = (1 if node.block.repeat == 1 else 2) if group else 0  # type: ignore[attr-defined]
        told = {"note": bool(node.note), "frozen": node.weights.frozen, "shared": self.shared}
        self._signs = tuple(sign for sign, here in told.items() if here)
        self.prepareGeometryChange()
        self._body, self._bounds = extent(self._sides)
        places_in, places_out = port_places(self._sides)
        inputs = [Port(self.key, "in", port.name) for port in node.block.input_ports()]
        outputs = [Port(self.key, "out", name) for name in node.block.output_ports()][: self._sides.outputs]
        self._ports = dict(zip((*inputs, *outputs), (*places_in, *places_out), strict=True))
        self.spare = frozenset(port for port, full in zip(inputs, self._sides.inputs, strict=True) if not full)

    def _laid_texts(self) -> list[Placed]:
        inks, width = self.pictures.inks, self._body.width() - LEFT - RIGHT
        shift = text_shift(self._sides)
        name_line, right = NAME_LINE + shift, self._body.width() - RIGHT
        shape_line = self._body.height() + SHAPE_LINE + SHEET * self._sheets
        name, summary = self.node.name, self.node.block.summary()
        count = _placed_right(self.facts.count, inks.figure_letters, width, right, name_line, inks.muted)
        name_width = count[1].x() - LEFT - 8 if self.facts.count else width
        summary_width = width - (SIGN + 3) * len(self._signs)
        self.elided = not (
            _fits(name, inks.name_letters, name_width) and _fits(summary, inks.summary_letters, summary_width)
        )
        return [
            _placed(name, inks.name_letters, name_width, LEFT, name_line, inks.text),
            count,
            _placed(summary, inks.summary_letters, summary_width, LEFT, SUMMARY_LINE + shift, inks.muted),
            _placed_right(self.facts.shape, inks.figure_letters, width, right, shape_line, inks.link),
            *self._laid_labels(width, right),
        ]

    def _laid_labels(self, width: float, right: float) -> list[Placed]:
        """The names of the ports, beside them; small ones have none."""
        if not self._sides.labelled:
            return []
        letters, ink = self.pictures.inks.figure_letters, self.pictures.inks.muted
        shown = [(port, place.y() + LABEL_LINE) for port, place in self._ports.items() if port not in self.spare]
        if not isinstance(self.node.block, Group):  # whose ports alone have names that somebody chose
            counts = Counter(port.side for port, _ in shown)
            shown = [(port, base) for port, base in shown if counts[port.side] > 1]
        names = [port.name for port, _ in shown if port.side == "in"]
        left = min(max((letters[0][1].horizontalAdvance(name) for name in names), default=0.0), width / 2)
        return [
            _placed(port.name, letters, left + 1, LEFT, base, ink)
            if port.side == "in"
            else _placed_right(port.name, letters, width - left - 6, right, base, ink)
            for port, base in shown
        ]

    def _laid_name(self) -> Placed:
        """The name alone, in the largest letters that it fits in."""
        inks, width = self.pictures.inks, self._body.width() - LEFT - RIGHT
        letters = next((one for one in inks.large_letters if _fits(self.node.name, (one,), width)), None)
        metrics = (letters or inks.large_letters[-1])[1]
        base = (self._body.height() - metrics.height()) / 2 + metrics.ascent()
        return _placed(self.node.name, inks.large_letters, width, LEFT, base, inks.text)


def _fits(text: str, letters: Letters, width: float) -> bool:
    return letters[-1][1].horizontalAdvance(text) <= width


def _placed(text: str, letters: Letters, width: float, x: float, base: float, colour: QColor) -> Placed:
    """A text on its base line, in the largest letters that it fits in, else cut short."""
    fitting = (pair for pair in letters if pair[1].horizontalAdvance(text) <= width)
    font, metrics = next(fitting, letters[-1])
    layout = QTextLayout(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width), font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    ascent = line.ascent() if line.isValid() else 0.0
    return layout.glyphRuns(), QPointF(round(x), round(base - ascent)), colour


def _placed_right(text: str, letters: Letters, width: float, right: float, base: float, colour: QColor) -> Placed:
    """Likewise, in the first size, but ending at `right`."""
    metrics = letters[0][1]
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    x = right - metrics.horizontalAdvance(shown)
    return _placed(shown, letters[:1], width + 1, x, base, colour)


def _draw(painter: QPainter, placed: Placed) -> None:
    runs, place, colour = placed
    painter.setPen(colour)
    for run in runs:
        painter.drawGlyphRun(place, run)
