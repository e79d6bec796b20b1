"""The item of one block: it paints its body, its texts and its ports itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.facts import NOTHING, Facts, Port, kind_of, translate
from designer.canvas.lettering import Placed, chosen, draw, fits, placed, placed_right, strike
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
    paint_spot,
    text_shift,
)
from designer.canvas.ports import face_of
from engine.graph import Node
from engine.group import Group
from engine.muting import passage

LEFT, RIGHT = 15.0, 10.0  # between the card's sides and its text
NAMES_ONLY = 0.6  # below this scale a card shows its name and its kind alone, in larger letters
NAME_LINE, SUMMARY_LINE, SHAPE_LINE = 21.0, 40.0, 14.0  # base lines; the last one below the card
BELOW_NAME = 1.0  # from the name to the kind, where they stand alone
NONE: frozenset[str] = frozenset()
NOWHERE = QRectF()
LABEL_LINE = 3.5  # from a port's centre to the base line of its name


class Line(NamedTuple):
    """How the line of values stands on a card: its letters, its room from LEFT on, and its base line."""

    metrics: QFontMetricsF
    width: float
    base: float


class Card(QGraphicsItem):
    """A block on the canvas. It is told what to show and repaints only when that changes."""

    # there are thousands of them
    __slots__ = (
        "_body",
        "_bounds",
        "_face",
        "_large",
        "_sheets",
        "_signs",
        "_texts",
        "elided",
        "facts",
        "hot",
        "hot_spot",
        "hovered",
        "inspected",
        "key",
        "marks",
        "node",
        "pictures",
        "running",
        "selected",
        "shared",
        "spots",
        "wired",
    )

    def __init__(self, key: str, node: Node, pictures: Pictures) -> None:
        super().__init__()
        self.key = key
        self.node = node
        self.pictures = pictures
        self.facts = NOTHING
        self.wired = NONE  # those of the optional inputs that have a wire
        self.shared = False  # whether another block uses the same weights
        self.selected = self.hovered = self.inspected = self.running = False
        self.marks: Mapping[Port, bool] | None = None  # while a wire is drawn: which ports it may go to
        self.hot: Port | None = None  # the port under the pointer
        self.hot_spot = NOWHERE  # in the card's own coordinates: the value under the pointer
        self.elided = False  # whether a text had to be cut short
        self._texts: list[Placed] | None = None  # laid out when first painted
        self._large: list[Placed] | None = None
        self.spots: dict[str, QRectF] | None = None  # what `spots` has found on it, until it looks otherwise
        self._lay_out()

    # What is told

    def show_node(self, node: Node, wired: Collection[str] = (), shared: bool = False) -> bool:
        """Show a block, its optional inputs with a wire, and whether weights are shared; answers if that is new."""
        if node is self.node and shared == self.shared and not self._face.optional:
            return False
        before = (self.node, self.wired, self.shared)
        self.node, self.wired, self.shared = node, face_of(node.block).optional.intersection(wired) or NONE, shared
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

    def show_state(
        self,
        *,
        selected: bool | None = None,
        inspected: bool | None = None,
        hovered: bool | None = None,
        running: bool | None = None,
    ) -> None:
        """`inspected` is the one that is selected alone; `running`, while a training works on it."""
        before = self.selected, self.inspected, self.hovered, self.running
        told = (selected, inspected, hovered, running)
        after = tuple(old if new is None else new for old, new in zip(before, told, strict=True))
        if after != before:
            self.selected, self.inspected, self.hovered, self.running = after
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

    def show_hot_spot(self, area: QRectF) -> None:
        """Show what a double click would edit: an area of the scene, or none."""
        spot = area.translated(-self.pos()) if not area.isNull() else QRectF()
        if spot != self.hot_spot:
            self.hot_spot = spot
            self.update()

    # What is asked

    @property
    def category(self) -> str:
        return self.node.block.category

    @property
    def is_group(self) -> bool:
        return isinstance(self.node.block, Group)

    @property
    def muted(self) -> bool:
        """Whether data passes it by."""
        return passage(self.node) is not None

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
        return {Port(self.key, *name): QPointF(*place) for name, place in self._face.places.items()}

    @property
    def spare(self) -> frozenset[Port]:
        """The optional inputs without a wire."""
        return frozenset(Port(self.key, *name) for name in self._face.spare)

    def port_place(self, side: Literal["in", "out"], name: str) -> QPointF:
        """The centre of a port in the scene; of a port the block does not have, the middle of that side."""
        place = self._face.places.get((side, name))
        if place is None:
            place = (0 if side == "in" else self._body.width(), self._body.height() / 2)
        return QPointF(self.x() + place[0], self.y() + place[1])

    def port_at(self, point: QPointF, reach: float) -> Port | None:
        """The port whose centre is nearest to a point of the scene, within reach."""
        x, y = point.x() - self.x(), point.y() - self.y()
        near = [(abs(x - place[0]) + abs(y - place[1]), name) for name, place in self._face.places.items()]
        distance, name = min(near, default=(reach, ("in", "")), key=lambda pair: pair[0])
        return Port(self.key, *name) if distance < reach else None

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
            if self._large is None:
                self._large = self._laid_large()
            texts = self._large
        else:
            if not self.hot_spot.isNull():
                paint_spot(painter, self.pictures.inks, self.hot_spot)
            if self._texts is None:
                self._texts = self._laid_texts()
            texts = self._texts
        for text in texts:
            draw(painter, text)
        if self.muted:
            strike(painter, self.pictures.inks.strike, texts[0])

    def _paint_marked_ports(self, painter: QPainter) -> None:
        inks = self.pictures.inks
        spare = self.spare
        for port, place in self.ports.items():
            fits = self.marks.get(port, False) if self.marks is not None else None
            small = port in spare
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
        self._texts = self._large = self.spots = None
        self.update()

    def _look(self, small: bool) -> Look:
        facts = self.facts
        return Look(
            self.category,
            self._face.sides,
            small,
            self.selected,
            self.hovered,
            facts.severity,
            self._sheets,
            self._signs,
            facts.heat,
            self.inspected,
            self.running,
            self.muted,
        )

    def _lay_out(self) -> None:
        node = self.node
        self._face = face_of(node.block, self.wired)
        group = isinstance(node.block, Group)
        self._sheets = (1 if node.block.repeat == 1 else 2) if group else 0  # type: ignore[attr-defined]
        told = {"note": bool(node.note), "frozen": node.weights.frozen, "shared": self.shared}
        self._signs = tuple(sign for sign, here in told.items() if here)
        self.prepareGeometryChange()
        self._body, self._bounds = extent(self._face.sides)

    def line(self) -> Line:
        """Where the line of values stands, and in which letters."""
        width = self._body.width() - LEFT - RIGHT - (SIGN + 3) * len(self._signs)
        _, metrics = chosen(self.node.block.summary(), self.pictures.inks.summary_letters, width)
        return Line(metrics, width, SUMMARY_LINE + self.shift)

    @property
    def shift(self) -> float:
        """By how much the texts stand lower than on the smallest card."""
        return text_shift(self._face.sides)

    def name_length(self) -> float:
        """How long the name is, as it is shown."""
        width = self.name_width()
        _, metrics = chosen(self.node.name, self.pictures.inks.name_letters, width)
        return min(metrics.horizontalAdvance(self.node.name), width)

    def name_width(self) -> float:
        """How much room there is for the name."""
        inks, width = self.pictures.inks, self._body.width() - LEFT - RIGHT
        count = self._count()
        return width - inks.figure_letters[0][1].horizontalAdvance(count) - 8 if count else width

    def _count(self) -> str:
        return translate("Canvas", "muted") if self.muted else self.facts.count

    def _laid_texts(self) -> list[Placed]:
        inks, width = self.pictures.inks, self._body.width() - LEFT - RIGHT
        name_line, right = NAME_LINE + self.shift, self._body.width() - RIGHT
        shape_line = self._body.height() + SHAPE_LINE + SHEET * self._sheets
        name, summary, line = self.node.name, self.node.block.summary(), self.line()
        self.elided = not (
            fits(name, inks.name_letters, self.name_width()) and fits(summary, inks.summary_letters, line.width)
        )
        name_ink = inks.muted if self.muted else inks.text
        return [
            placed(name, inks.name_letters, self.name_width(), LEFT, name_line, name_ink),
            placed_right(self._count(), inks.figure_letters, width, right, name_line, inks.muted),
            placed(summary, inks.summary_letters, line.width, LEFT, line.base, inks.muted),
            placed_right(self.facts.shape, inks.figure_letters, width, right, shape_line, inks.link),
            *self._laid_labels(width, right),
        ]

    def _laid_labels(self, width: float, right: float) -> list[Placed]:
        """The names of the ports, beside them; small ones have none."""
        if not self._face.sides.labelled:
            return []
        letters, ink = self.pictures.inks.figure_letters, self.pictures.inks.muted
        shown = [
            (Port(self.key, *name), place[1] + LABEL_LINE)
            for name, place in self._face.places.items()
            if name not in self._face.spare
        ]
        if not isinstance(self.node.block, Group):  # whose ports alone have names that somebody chose
            counts = Counter(port.side for port, _ in shown)
            shown = [(port, base) for port, base in shown if counts[port.side] > 1]
        names = [port.name for port, _ in shown if port.side == "in"]
        left = min(max((letters[0][1].horizontalAdvance(name) for name in names), default=0.0), width / 2)
        return [
            placed(port.name, letters, left + 1, LEFT, base, ink)
            if port.side == "in"
            else placed_right(port.name, letters, width - left - 6, right, base, ink)
            for port, base in shown
        ]

    def _laid_large(self) -> list[Placed]:
        """Name and kind in the largest letters that they fit in, as the two lines of a card seen from some way off."""
        inks, width = self.pictures.inks, self._body.width() - LEFT - RIGHT
        kind = kind_of(self.node.block)
        if self.muted:
            kind = translate("Canvas", "muted · {0}").format(kind)
        _, name = chosen(self.node.name, inks.large_letters, width)
        _, below = chosen(kind, inks.large_kind_letters, width)
        top = (self._body.height() - name.height() - BELOW_NAME - below.height()) / 2
        base = top + name.height() + BELOW_NAME + below.ascent()
        ink = inks.muted if self.muted else inks.text
        return [
            placed(self.node.name, inks.large_letters, width, LEFT, top + name.ascent(), ink),
            placed(kind, inks.large_kind_letters, width, LEFT, base, inks.muted),
        ]
