"""Select blocks by drawing a box around them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.gestures.gesture import Gesture, Point


class BoxSelect(Gesture):
    """Selects what the box touches; with Shift or Ctrl, in addition to what was selected before."""

    drags_view = True

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from = at.scene
        self._before = scene.selected, scene.selected_wires
        self._kept = set(scene.selected) if at.adds else set()
        self._box = QGraphicsPathItem()
        pen = scene.inks.guide
        pen.setCosmetic(True)
        self._box.setPen(pen)
        self._box.setBrush(scene.inks.tint)
        self._box.setZValue(3)
        scene.add_guide(self._box)

    def move(self, at: Point) -> None:
        area = QRectF(self._from, at.scene).normalized()
        path = QPainterPath()
        path.addRect(area)
        self._box.setPath(path)
        scene = self.stage.scene
        scene.select(self._kept | {card.key for card in scene.cards_in(area)})

    def end(self, at: Point) -> None:
        self.move(at)
        self.stage.scene.remove_guide(self._box)

    def cancel(self) -> None:
        self.stage.scene.remove_guide(self._box)
        self.stage.scene.select(*self._before)

    def click(self, at: Point) -> None:
        if not at.adds:
            self.stage.scene.select(())
