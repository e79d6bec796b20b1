"""Select blocks by drawing a box around them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.gestures.gesture import Gesture, Point


class BoxSelect(Gesture):
    """Selects the blocks and notes that the box touches, and frames that lie in it.

    With Shift or Ctrl, in addition to what was selected before.
    """

    drags_view = True

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from = at.scene
        self._before = scene.selected, scene.selected_wires, scene.placed.selected
        self._kept = (set(scene.selected), set(scene.placed.selected)) if at.adds else (set(), set())
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
        blocks, placed = self._kept
        scene.select(blocks | {card.key for card in scene.cards_in(area)}, (), placed | scene.placed.caught(area))

    def end(self, at: Point) -> None:
        self.move(at)
        self.stage.scene.remove_guide(self._box)

    def cancel(self) -> None:
        self.stage.scene.remove_guide(self._box)
        self.stage.scene.select(*self._before)

    def click(self, at: Point) -> None:
        if not at.adds:
            self.stage.scene.select(())
