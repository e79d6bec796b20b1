"""The item of one wire: a plain path, so that Qt paints it without asking Python."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.card import Card
from designer.canvas.geometry import wire_lines, wire_path
from designer.canvas.inks import Inks
from engine.graph import Wire


class WireItem(QGraphicsPathItem):
    """A wire between two cards; `route` follows them, `show_state` picks the pen."""

    def __init__(self, wire: Wire, source: Card, target: Card) -> None:
        super().__init__()
        self.wire = wire
        self.source, self.target = source, target
        self.selected = False
        self._broad: tuple[float, QPainterPath] | None = None  # the wire as wide as the pointer's reach
        self.setZValue(-1)

    @property
    def ends(self) -> tuple[QPointF, QPointF]:
        """Where the wire starts and ends in the scene."""
        return (
            self.source.port_place("out", self.wire.output),
            self.target.port_place("in", self.wire.input),
        )

    @property
    def refused(self) -> bool:
        """Whether its end can't take what it carries."""
        return self.wire.input in self.target.facts.refused

    def route(self) -> None:
        """Lead the wire from where its output is now to where its input is now."""
        self._broad = None
        self.setPos(0, 0)
        self.setPath(wire_path(*self.ends))

    def show_state(self, inks: Inks) -> None:
        pen = inks.wire(self.source.category, selected=self.selected, refused=self.refused)
        if pen != self.pen():
            self.setPen(pen)

    def lines(self) -> list[QLineF]:
        return wire_lines(*self.ends)

    def end_at(self, point: QPointF, reach: float) -> Literal["in", "out"] | None:
        """Which of its ends lies within reach of a point: that at an output, or that at an input."""
        away = [(place - point).manhattanLength() for place in self.ends]
        near = min(away)
        if near > reach or near > 0.4 * sum(away):  # of a short wire, the middle is left to be clicked
            return None
        return "out" if away[0] == near else "in"

    def passes(self, point: QPointF, reach: float) -> bool:
        """Whether the wire runs within reach of a point of the scene."""
        if self._broad is None or self._broad[0] != reach:
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * reach)
            self._broad = reach, stroker.createStroke(self.path())
        return self._broad[1].contains(point - self.pos())
