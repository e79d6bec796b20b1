"""Drag copies away from the selected blocks, frames and notes; these stay where they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.card import Card
from designer.canvas.geometry import united
from designer.canvas.gestures.alignment import Alignment, areas_of
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.looks import RADIUS
from designer.canvas.placed_items import PlacedItem
from designer.canvas.wire import WireItem
from engine.copying import duplicate
from engine.decorating import fresh, whole

FAINT = 0.6  # opacity of what isn't there yet
DRAWN = 60  # so many cards are painted in full, more as outlines

translate = QCoreApplication.translate


class Ghosts(QGraphicsPathItem):
    """Faint pictures of frames, notes, cards and the wires between them, as one item; from far away, their outlines."""

    def __init__(self, cards: Sequence[Card], wires: Sequence[WireItem], placed: Sequence[PlacedItem]) -> None:
        super().__init__()
        self._cards, self._wires, self._placed = cards[:DRAWN], wires[: 2 * DRAWN], placed[:DRAWN]
        path = QPainterPath()
        for area in (*(item.area for item in placed), *(card.body for card in cards)):
            path.addRoundedRect(area, RADIUS, RADIUS)
        self.setPath(path)
        self.setZValue(2)
        self._around = united(item.boundingRect().translated(item.pos()) for item in (*placed, *cards))

    def boundingRect(self) -> QRectF:
        return self._around

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if len(self._cards) == DRAWN:
            super().paint(painter, option, widget)
        painter.setOpacity(FAINT)
        for item in self._placed:
            painter.save()
            painter.translate(item.pos())
            item.paint(painter, option, widget)
            painter.restore()
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

    def __init__(self, stage: Stage, grabbed: str, *, is_placed: bool = False) -> None:
        super().__init__(stage)
        self._grabbed, self._is_placed = grabbed, is_placed  # a block may have the id of a frame

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from, self._by = at.scene, QPointF()
        self._ids, self._keys = whole(self.stage.here.project, scene.selected, scene.placed.selected)
        inner, _ = scene.attached(self._ids)
        self._ghosts = Ghosts([scene.cards[key] for key in self._ids], inner, scene.placed.shown(self._keys))
        self._ghosts.setPen(scene.inks.guide)
        self._ghosts.setBrush(scene.inks.tint)
        scene.add_guide(self._ghosts)
        held = scene.placed.areas([self._grabbed])
        areas = held if self._is_placed else areas_of(scene, self._grabbed)
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
        before = here.project
        after, copies = duplicate(before, self._ids, (self._by.x(), self._by.y()), decor=self._keys)
        if not copies:
            text = translate("Canvas", "Duplicate frames and notes")
        elif len(copies) == 1:
            name = before.graph.nodes[self._ids[0]].name
            text = translate("Canvas", "Duplicate {name}").format(name=name)
        else:
            text = translate("Canvas", "Duplicate %n block(s)", "", len(copies))
        here.change(after, text)
        scene.select(copies, (), fresh(before, after))

    def cancel(self) -> None:
        self._alignment.end()
        self.stage.scene.remove_guide(self._ghosts)

    def click(self, at: Point) -> None:
        key = self._grabbed
        self.stage.scene.select(*(((), (), (key,)) if self._is_placed else ((key,),)))
