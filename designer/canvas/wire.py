"""The item of one wire: a plain path, so that Qt paints it without asking Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.card import Card
from designer.canvas.geometry import wire_lines, wire_path
from designer.canvas.inks import Inks
from designer.canvas.wire_marks import Dots, Labels, Slot
from designer.canvas.wire_ways import bent_lines, bent_path, leg_at
from engine.decor import Route
from engine.decorating import PLAIN
from engine.graph import Wire

End = Literal["in", "out"]
BELOW = Slot(), Slot()  # the labels of a wire that shares its cards with no other


class WireItem(QGraphicsPathItem):
    """A wire between two cards; `route` follows them, `show_way` leads it otherwise, `show_state` picks the pen."""

    __slots__ = ("_broad", "_inks", "_slots", "dots", "labels", "selected", "source", "target", "way", "wire")

    def __init__(self, wire: Wire, source: Card, target: Card, inks: Inks) -> None:
        super().__init__()
        self.wire = wire
        self.source, self.target = source, target
        self.selected = False
        self.way: Route = PLAIN
        self.dots: Dots | None = None  # while it has bends
        self.labels: Labels | None = None  # while it is hidden behind them
        self._slots = BELOW
        self._inks = inks
        self._broad: tuple[float, QPainterPath] | None = None  # the wire as wide as the pointer's reach
        self._rank()
        self.show_state(inks)

    @property
    def ends(self) -> tuple[QPointF, QPointF]:
        """Where the wire starts and ends in the scene."""
        return (
            self.source.port_place("out", self.wire.output),
            self.target.port_place("in", self.wire.input),
        )

    @property
    def points(self) -> list[QPointF]:
        """What it runs through: its start, its bends, its end; also while it is carried along by a drag."""
        start, end = self.ends
        return [start, *(QPointF(*bend) + self.pos() for bend in self.way.bends), end]

    @property
    def middle(self) -> QPointF:
        """The point half way along it; of a hidden one, half way between its ends."""
        if self.labels is not None:
            return (self.ends[0] + self.ends[1]) / 2
        return self.mapToScene(self.path().pointAtPercent(0.5))

    def part(self, point: QPointF) -> tuple[tuple[QPointF, QPointF], QRectF]:
        """The part of the wire nearest to a point: where it starts and ends, and the card it starts at, if any."""
        points = self.points
        place = leg_at(points, point) if self.dots is not None else 0
        ends = points[place], points[place + 1] if self.dots is not None else points[-1]
        return ends, self.source.body if place == 0 else QRectF(ends[0], ends[0])

    @property
    def refused(self) -> bool:
        """Whether its end can't take what it carries."""
        return self.wire.input in self.target.facts.refused

    def route(self) -> None:
        """Lead the wire from where its output is now to where its input is now."""
        self._broad = None
        self.setPos(0, 0)
        if self.labels is not None:
            self.labels.lay(self._inks, self._slots)
            self.setPath(self.labels.outline(*self.ends))
        elif self.dots is not None:
            points = self.points
            self.dots.show_points(tuple(points[1:-1]), self.dots.picked)
            self.setPath(bent_path(points))
        else:
            self.setPath(wire_path(*self.ends))

    def show_way(self, way: Route, slots: tuple[Slot, Slot] | None = None) -> None:
        """Run through other bends, or behind labels at these places, from now on."""
        self.way = way
        self._slots = slots or self._slots
        dots, labels = bool(way.bends) and not way.labelled, way.labelled
        if dots != (self.dots is not None):
            self.dots = Dots(self) if dots else self._without(self.dots)
        if labels != (self.labels is not None):
            self.labels = Labels(self, self.source, self.target) if labels else self._without(self.labels)
        self._rank()
        if self.dots is not None:
            self.dots.show_inks(self.pen(), self._inks)
            if self.dots.picked is not None and self.dots.picked >= len(way.bends):
                self.dots.picked = None
        self.route()

    def _without(self, marks: Dots | Labels | None) -> None:
        if marks is not None:
            marks.setParentItem(None)
            if marks.scene() is not None:
                marks.scene().removeItem(marks)

    def show_slots(self, slots: tuple[Slot, Slot]) -> None:
        """Put the labels where there is room for them beside those of other wires."""
        if slots != self._slots:
            self._slots = slots
            self.route()

    def show_selected(self, selected: bool) -> None:
        self.selected = selected
        self._rank()
        self.show_state(self._inks)

    def _rank(self) -> None:
        """Lie below the cards; what is selected lies above other wires, and labels do."""
        self.setZValue(-0.5 if self.selected else -0.8 if self.labels is not None else -1)

    def show_state(self, inks: Inks) -> None:
        fresh = inks is not self._inks
        self._inks = inks
        pen = inks.wire(self.source.category, selected=self.selected, refused=self.refused)
        if pen != self.pen():
            self.setPen(pen)
        if self.dots is not None:
            self.dots.show_inks(pen, inks)
        if self.labels is not None and fresh:
            self.route()

    def show_hot(self, hot: bool) -> None:
        """The pointer stands over one of its labels: both are marked."""
        if self.labels is not None and self.labels.hot != hot:
            self.labels.show_hot(hot)

    def lines(self) -> Sequence[QLineF]:
        if self.way.labelled:
            return []
        return bent_lines(self.points) if self.way.bends else wire_lines(*self.ends)

    def end_at(self, point: QPointF, reach: float) -> End | None:
        """Which of its ends lies within reach of a point: that at an output, or that at an input."""
        away = [(place - point).manhattanLength() for place in self.ends]
        near = min(away)
        if near > reach or near > 0.4 * sum(away):  # of a short wire, the middle is left to be clicked
            return None
        return "out" if away[0] == near else "in"

    def bend_at(self, point: QPointF, reach: float) -> int | None:
        """The bend whose dot lies nearest to a point, within reach."""
        if self.dots is None:
            return None
        away = [math.hypot(point.x() - bend.x, point.y() - bend.y) for bend in self.way.bends]
        nearest = min(away)
        return away.index(nearest) if nearest <= reach else None

    def label_at(self, point: QPointF) -> End | None:
        """The end whose label lies at a point."""
        if self.labels is None:
            return None
        first, last = self.labels.areas
        return "out" if first.contains(point) else "in" if last.contains(point) else None

    def label_area(self, end: End) -> QRectF:
        assert self.labels is not None
        return self.labels.areas[0 if end == "out" else 1]

    def passes(self, point: QPointF, reach: float) -> bool:
        """Whether the wire, or one of its labels, lies within reach of a point of the scene."""
        if self._broad is None or self._broad[0] != reach:
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * reach)
            self._broad = reach, stroker.createStroke(self.path())
        local = point - self.pos()
        return self._broad[1].contains(local) or self.label_at(local) is not None
