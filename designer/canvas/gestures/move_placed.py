"""Drag a frame or a note, with all that lies in it, or one of its edges; one undo step."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from designer.canvas.geometry import snapped
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.placed_layer import Grip
from engine import decorating
from engine.decor import SMALLEST
from engine.places import Area, Position

translate = QCoreApplication.translate
Shape = Qt.CursorShape


def cursor_of(grip: Grip) -> Qt.CursorShape:
    """How the pointer shows what it would do with a grip."""
    if not (grip.across or grip.down):
        return Shape.SizeAllCursor
    if not grip.across:
        return Shape.SizeVerCursor
    if not grip.down:
        return Shape.SizeHorCursor
    return Shape.SizeFDiagCursor if grip.across == grip.down else Shape.SizeBDiagCursor


class MovePlaced(Gesture):
    """Moves the selected blocks, frames and notes, and what lies in the frames."""

    cursor = Shape.SizeAllCursor
    drags_view = True

    def __init__(self, stage: Stage, grabbed: str, *, is_placed: bool) -> None:
        super().__init__(stage)
        self._grabbed, self._is_placed = grabbed, is_placed  # a block may have the id of a frame

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from, self._by = at.scene, QPointF()
        blocks, keys = decorating.whole(self.stage.here.project, scene.selected, scene.placed.selected)
        self._keys = keys
        self._cards = [scene.cards[key] for key in blocks]
        self._places = [card.pos() for card in self._cards]
        self._items = scene.placed.shown(keys)
        scene.placed.lifted = frozenset(keys)
        self._areas = [item.area for item in self._items]
        self._inner, self._outer = scene.attached(card.key for card in self._cards)
        grabbed = self._grabbed
        self._anchor = scene.placed.items[grabbed].pos() if self._is_placed else scene.cards[grabbed].pos()

    def move(self, at: Point) -> None:
        self._carry(snapped(self._anchor + at.scene - self._from, self.stage.grid) - self._anchor)

    def end(self, at: Point) -> None:
        self.move(at)
        by, here = self._by, self.stage.here
        self._carry(QPointF())
        self._settle()
        if not by.isNull():
            places = {card.key: (card.pos().x() + by.x(), card.pos().y() + by.y()) for card in self._cards}
            after = decorating.move(here.project, places, self._keys, Position(by.x(), by.y()))
            here.change(after, translate("Canvas", "Move frames and notes"))

    def cancel(self) -> None:
        self._carry(QPointF())
        self._settle()

    def click(self, at: Point) -> None:
        scene, key = self.stage.scene, self._grabbed
        if not at.adds:
            scene.select(*(((), (), (key,)) if self._is_placed else ((key,),)))

    def _carry(self, by: QPointF) -> None:
        if by == self._by:
            return
        self._by = by
        for card, place in zip(self._cards, self._places, strict=True):
            card.setPos(place + by)
        for item, area in zip(self._items, self._areas, strict=True):
            item.show_area(area.translated(by))
        for wire in self._inner:
            wire.setPos(by)
        for wire in self._outer:
            wire.route()
        self.stage.scene.carried([card.key for card in self._cards])

    def _settle(self) -> None:
        self.stage.scene.placed.lifted = frozenset()
        self.stage.scene.touched()
        for wire in self._inner:
            wire.route()


class ResizePlaced(Gesture):
    """Draws an edge or a corner of a frame or a note; what lies in it stays where it is."""

    drags_view = True

    def __init__(self, stage: Stage, grip: Grip) -> None:
        super().__init__(stage)
        self._grip = grip
        self.cursor = cursor_of(grip)

    def start(self, at: Point) -> None:
        self._item = self.stage.scene.placed.items[self._grip.key]
        self._before, self._from = self._item.area, at.scene

    def move(self, at: Point) -> None:
        by, area = at.scene - self._from, QRectF(self._before)
        corner = QPointF(
            area.right() if self._grip.across > 0 else area.left(), area.bottom() if self._grip.down > 0 else area.top()
        )
        wanted = snapped(corner + by, self.stage.grid)
        if self._grip.across > 0:
            area.setRight(max(wanted.x(), area.left() + SMALLEST))
        elif self._grip.across < 0:
            area.setLeft(min(wanted.x(), area.right() - SMALLEST))
        if self._grip.down > 0:
            area.setBottom(max(wanted.y(), area.top() + SMALLEST))
        elif self._grip.down < 0:
            area.setTop(min(wanted.y(), area.bottom() - SMALLEST))
        self._item.show_area(area)
        self.stage.scene.touched()

    def end(self, at: Point) -> None:
        self.move(at)
        area, here = self._item.area, self.stage.here
        if area != self._before:
            changed = Area(area.x(), area.y(), area.width(), area.height())
            after = decorating.change(here.project, self._grip.key, area=changed)
            here.change(after, translate("Canvas", "Resize a frame or a note"))

    def cancel(self) -> None:
        self._item.show_area(self._before)
        self.stage.scene.touched()
