"""What is dragged stops in line with the cards around it, or else on the grid; lines show with what it is aligned."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.geometry import snapped
from designer.canvas.gestures.gesture import Point, Stage
from designer.canvas.scene import Scene
from designer.canvas.snapping import Box, Guide, Neighbours
from designer.canvas.wire import WireItem

REACH = 8.0  # pixels of the view within which a card is drawn to a line
TICK = 4.0  # half the length of the ends of a distance's mark
MOST_WIRES = 40  # that are looked at, to make one of them straight
FREE = Qt.KeyboardModifier.ControlModifier  # Cmd on a Mac: held, nothing snaps


def areas_of(scene: Scene, grabbed: str) -> list[QRectF]:
    """All that is selected, and the card that is held, where there are others."""
    held = scene.cards[grabbed].body
    return [scene.chosen_area(), held] if len(scene.selected) + len(scene.placed.selected) > 1 else [held]


class Alignment:
    """Holds the areas that are dragged as they were at first, the whole before its parts.

    `apart` are the ids of cards that are no neighbours, since they move too; `wires`, those that lead to the others.
    """

    def __init__(
        self, stage: Stage, areas: Sequence[QRectF], apart: Collection[str], wires: Sequence[WireItem] = ()
    ) -> None:
        self._stage, self._apart = stage, set(apart)
        self._boxes = [Box.of(area) for area in areas]
        self._corner = areas[-1].topLeft()  # of the part that is held: it is what comes onto the grid
        self._levels = [self._level(wire) for wire in wires[:MOST_WIRES]]
        self._seen: QRectF | None = None
        self._guide = QGraphicsPathItem()
        pen = QPen(stage.scene.inks.guide.color(), 1)
        pen.setCosmetic(True)
        self._guide.setPen(pen)
        self._guide.setZValue(3)
        stage.scene.add_guide(self._guide)

    def _level(self, wire: WireItem) -> tuple[float, float]:
        """The heights of a wire's ends: first that of the one which moves."""
        start, end = wire.ends
        return (start.y(), end.y()) if wire.wire.source in self._apart else (end.y(), start.y())

    def stop(self, by: QPointF, at: Point) -> QPointF:
        """How far to drag when the pointer went this far, and show why."""
        if at.keys & FREE:
            self.hide()
            return by
        moving = [box.moved(by.x(), by.y()) for box in self._boxes]
        in_line = self._stage.to_blocks and not self._stage.view.far  # from far, everything is near something
        shifts = self._shifts(moving, by) if in_line else (None, None)
        grid = snapped(self._corner + by, self._stage.grid) - self._corner
        across = grid.x() if shifts[0] is None else by.x() + shifts[0]
        down = grid.y() if shifts[1] is None else by.y() + shifts[1]
        self._show([box.moved(across, down) for box in self._boxes] if in_line else [])
        return QPointF(across, down)

    def hide(self) -> None:
        """Show no lines until the next move."""
        self._guide.setPath(QPainterPath())

    def end(self) -> None:
        self._stage.scene.remove_guide(self._guide)

    def _shifts(self, moving: Sequence[Box], by: QPointF) -> tuple[float | None, float | None]:
        self._look()
        reach = min(REACH / self._stage.view.zoom, 2 * REACH)
        across = self._neighbours.shift(moving, 0, reach)
        straight = [other - (own + by.y()) for own, other in self._levels]
        near = [shift for shift in straight if abs(shift) <= reach]
        down = min(near, key=abs) if near else self._neighbours.shift(moving, 1, reach)
        return across, down

    def _look(self) -> None:
        """Find the neighbours in view, again when the view has moved."""
        seen = self._stage.view.visible
        if seen != self._seen:
            self._seen = seen
            cards = self._stage.view.visible_cards()
            self._neighbours = Neighbours(card.body for card in cards if card.key not in self._apart)

    def _show(self, boxes: Sequence[Box]) -> None:
        path = QPainterPath()
        for guide in self._neighbours.guides(boxes) if boxes else ():
            _add(path, guide)
        if path != self._guide.path():
            self._guide.setPath(path)


def _add(path: QPainterPath, guide: Guide) -> None:
    def point(along: float, across: float) -> QPointF:
        return QPointF(along, across) if guide.axis == 0 else QPointF(across, along)

    path.moveTo(point(guide.start, guide.place))
    path.lineTo(point(guide.end, guide.place))
    for end in (guide.start, guide.end) if guide.gap else ():
        path.moveTo(point(end, guide.place - TICK))
        path.lineTo(point(end, guide.place + TICK))
