"""Draw a line with a knife; the wires that it crosses are cut."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QCoreApplication, QLineF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.edits import cut
from designer.canvas.gestures.gesture import Gesture, Point
from designer.canvas.wire import WireItem
from engine.graph import Wire

translate = QCoreApplication.translate
CROSSING = QLineF.IntersectionType.BoundedIntersection


class CutWires(Gesture):
    """Wires that would be cut are shown dashed, as those are that can't stay, while the line is drawn."""

    cursor = Qt.CursorShape.CrossCursor
    drags_view = True

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from = at.scene
        self._crossed: dict[Wire, WireItem] = {}
        self._lines: dict[Wire, list[QLineF]] = {}
        self._knife, self._marked = QGraphicsPathItem(), QGraphicsPathItem()
        pen = QPen(scene.inks.severities["error"], 1.5)
        pen.setCosmetic(True)
        self._knife.setPen(pen)
        marked = scene.inks.wire("", refused=True)
        marked.setWidthF(2 * marked.widthF())
        self._marked.setPen(marked)
        for guide in (self._marked, self._knife):
            guide.setZValue(3)
            scene.add_guide(guide)

    def move(self, at: Point) -> None:
        knife = QLineF(self._from, at.scene)
        path = QPainterPath(knife.p1())
        path.lineTo(knife.p2())
        self._knife.setPath(path)
        self._crossed = {
            item.wire: item for item in self.stage.scene.wires_in(_around(knife)) if self._cuts(knife, item)
        }
        marked = QPainterPath()
        for item in self._crossed.values():
            marked.addPath(item.mapToScene(item.path()))
        self._marked.setPath(marked)
        if self._crossed:
            self.stage.say(translate("Canvas", "Cuts %n wire(s)", "", len(self._crossed)), at.screen, False)
        else:
            self.stage.hush(0.0)

    def end(self, at: Point) -> None:
        self.move(at)
        wires = tuple(self._crossed)
        self.cancel()
        if wires:
            here = self.stage.here
            here.change(*cut(here.project, wires))

    def cancel(self) -> None:
        for guide in (self._marked, self._knife):
            self.stage.scene.remove_guide(guide)
        self.stage.hush(0.0)

    def _cuts(self, knife: QLineF, item: WireItem) -> bool:
        if item.wire not in self._lines:  # wires stay where they are while the line is drawn
            self._lines[item.wire] = _straight(item)
        return any(line.intersects(knife)[0] == CROSSING for line in self._lines[item.wire])


def _straight(item: WireItem) -> list[QLineF]:
    """The wire in short straight lines."""
    shift = item.pos()
    return [
        QLineF(one + shift, other + shift)
        for part in item.path().toSubpathPolygons()
        for one, other in itertools.pairwise(part)
    ]


def _around(line: QLineF) -> QRectF:
    return QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1)
