"""Drop a block that is dragged from the palette."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from designer.available import offer
from designer.canvas.adding import Adding
from designer.canvas.geometry import snapped
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.looks import RADIUS
from designer.canvas.ports import card_size, sides_of
from designer.canvas.splice_preview import SplicePreview

MIME = "application/x-plexus-block"  # holds the name of a block in the catalogue, as UTF-8


class DropBlock(Gesture):
    """Shows where the card will lie; over a wire, how it will be set into it."""

    def __init__(self, stage: Stage, name: str, adding: Adding) -> None:
        super().__init__(stage)
        self._name, self._adding = name, adding
        self._size = card_size(sides_of(offer(name).block))

    def start(self, at: Point) -> None:
        self._ghost = QGraphicsPathItem()
        self._ghost.setPen(self.stage.scene.inks.guide)
        self._ghost.setBrush(self.stage.scene.inks.tint)
        self._ghost.setZValue(3)
        path = QPainterPath()
        path.addRoundedRect(QRectF(QPointF(0, 0), self._size), RADIUS, RADIUS)
        self._ghost.setPath(path)
        self.stage.scene.add_guide(self._ghost)
        self._splice = SplicePreview(self.stage, offer(self._name).block, offer(self._name).label)
        self.move(at)

    def move(self, at: Point) -> None:
        self._splice.show(at.scene, at)
        landed = self._splice.landing
        self._ghost.setPos(landed.corner if landed is not None else self._corner(at.scene))

    def end(self, at: Point) -> None:
        self.move(at)
        wire, landed = self._splice.wire, self._splice.landing
        self.cancel()
        if wire is not None and landed is not None:
            self._adding.insert(self._name, wire, landed)
        else:
            self._adding.add(self._name, at.scene)

    def cancel(self) -> None:
        self._splice.clear()
        self.stage.scene.remove_guide(self._ghost)

    def _corner(self, middle: QPointF) -> QPointF:
        return snapped(middle - QPointF(self._size.width() / 2, self._size.height() / 2), self.stage.grid)
