"""Drag a bend of a wire; one undo step. Let go on the straight line between its neighbours, it is gone."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from designer.canvas.geometry import snapped
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.wire_ways import off_line
from engine import decorating
from engine.graph import Wire
from engine.places import Position

translate = QCoreApplication.translate
NEAR = 6.0  # pixels from the straight line within which a bend is taken away


class MoveBend(Gesture):
    """The wire follows while the dot is dragged; with Ctrl it does not snap to the grid."""

    cursor = Qt.CursorShape.SizeAllCursor
    drags_view = True

    def __init__(self, stage: Stage, wire: Wire, place: int) -> None:
        super().__init__(stage)
        self._wire, self._place = wire, place

    def start(self, at: Point) -> None:
        self._item = self.stage.scene.wires[self._wire]
        self._before = self._item.way
        self._from, self._anchor = at.scene, QPointF(*self._before.bends[self._place])
        self._gone = False

    def move(self, at: Point) -> None:
        place, wanted = self._place, self._anchor + at.scene - self._from
        points = self._item.points
        reach = min(NEAR / self.stage.view.zoom, 2 * NEAR)
        self._gone = off_line(wanted, points[place], points[place + 2]) <= reach
        free = bool(at.keys & Qt.KeyboardModifier.ControlModifier)
        stop = snapped(wanted, 0.0 if free else self.stage.grid)
        bends = list(self._before.bends)
        bends[place] = Position(stop.x(), stop.y())
        self._item.show_way(self._before.with_(bends=tuple(bends)))
        if self._gone:
            self.stage.say(translate("Canvas", "Let go to remove this bend"), at.screen, False)
        else:
            self.stage.hush(0.0)

    def end(self, at: Point) -> None:
        self.move(at)
        bends, here = list(self._item.way.bends), self.stage.here
        gone = self._gone
        self.cancel()
        if gone:
            del bends[self._place]
            here.change(decorating.bend(here.project, self._wire, bends), translate("Canvas", "Remove a bend"))
        elif tuple(bends) != self._before.bends:
            here.change(decorating.bend(here.project, self._wire, bends), translate("Canvas", "Move a bend"))

    def cancel(self) -> None:
        self._item.show_way(self._before)
        self.stage.hush(0.0)
