"""Drag copies away from the selected blocks; these stay where they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.card import Card
from designer.canvas.gestures.alignment import Alignment, areas_of
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.looks import RADIUS
from designer.canvas.wire import WireItem
from engine.copying import duplicate

FAINT = 0.6  # opacity of what isn't there yet
DRAWN = 60  # so many cards are painted in full, more as outlines

translate = QCoreApplication.translate


class Ghosts(QGraphicsPathItem):
    """Faint pictures of cards and of the wires between them, as one item; from far away, their outlines."""

    def __init__(self, cards: Sequence[Card], wires: Sequence[WireItem]) -> None:
        super().__init__()
        self._cards, self._wires = cards[:DRAWN], wires[: 2 * DRAWN]
        path = QPainterPath()
        for card in cards:
            path.addRoundedRect(card.body, RADIUS, RADIUS)
        self.setPath(path)
        self.setZValue(2)
        around = QRectF()
        for card in cards:
            around |= card.boundingRect().translated(card.pos())
        self._around = around

    def boundingRect(self) -> QRectF:
        return self._around

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if len(self._cards) == DRAWN:
            super().paint(painter, option, widget)
        painter.setOpacity(FAINT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for wire in self._wires:
            painter.setPen(wire.pen())
            painter.drawPath(wire.path())
        for card in self._cards:
            painter.save()
            painter.translate(card.pos())
            card.paint(painter, option, widget)
            painter.restore()


class CopyBlocks(Gesture):
    """The copies follow the pointer and are made at the end, with the wires between them."""

    cursor = Qt.CursorShape.DragCopyCursor
    drags_view = True

    def __init__(self, stage: Stage, grabbed: str) -> None:
        super().__init__(stage)
        self._grabbed = grabbed

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from, self._by = at.scene, QPointF()
        inner, _ = scene.attached(scene.selected)
        self._ghosts = Ghosts([scene.cards[key] for key in scene.selected], inner)
        self._ghosts.setPen(scene.inks.guide)
        self._ghosts.setBrush(scene.inks.tint)
        scene.add_guide(self._ghosts)
        areas = areas_of(scene, self._grabbed)
        self._alignment = Alignment(self.stage, areas, ())

    def move(self, at: Point) -> None:
        self._by = self._alignment.stop(at.scene - self._from, at)
        self._ghosts.setPos(self._by)

    def end(self, at: Point) -> None:
        self.move(at)
        self.cancel()
        here, scene = self.stage.here, self.stage.scene
        if self._by.isNull():
            return
        after, copies = duplicate(here.project, scene.selected, (self._by.x(), self._by.y()))
        if len(copies) == 1:
            name = here.project.graph.nodes[scene.selected[0]].name
            text = translate("Canvas", "Duplicate {name}").format(name=name)
        else:
            text = translate("Canvas", "Duplicate %n block(s)", "", len(copies))
        here.change(after, text)
        scene.select(copies)

    def cancel(self) -> None:
        self._alignment.end()
        self.stage.scene.remove_guide(self._ghosts)

    def click(self, at: Point) -> None:
        self.stage.scene.select((self._grabbed,))
