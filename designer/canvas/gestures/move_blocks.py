"""Drag the selected blocks; one undo step however many they are and however long it takes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas.edits import moved, spliced_in
from designer.canvas.gestures.alignment import Alignment, areas_of
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.splice_preview import SplicePreview


class MoveBlocks(Gesture):
    """Moves the items while the pointer moves, and the project at the end.

    Wires between moved blocks are carried along as they are; only those that lead out are drawn anew. A single block
    without wires that is let go over a wire is set into it.
    """

    cursor = Qt.CursorShape.SizeAllCursor
    drags_view = True

    def __init__(self, stage: Stage, grabbed: str) -> None:
        super().__init__(stage)
        self._grabbed = grabbed

    def start(self, at: Point) -> None:
        scene = self.stage.scene
        self._from = at.scene
        self._cards = [scene.cards[key] for key in scene.selected]
        self._places = [card.pos() for card in self._cards]
        self._inner, self._outer = scene.attached(scene.selected)
        self._by = QPointF()
        areas = areas_of(scene, self._grabbed)
        self._alignment = Alignment(self.stage, areas, scene.selected, self._outer)
        self._splice: SplicePreview | None = None
        if len(self._cards) == 1 and not self._outer:
            node = self._cards[0].node
            self._splice = SplicePreview(self.stage, node.block, node.name, self._cards[0].key)

    def move(self, at: Point) -> None:
        self._carry(self._alignment.stop(at.scene - self._from, at))
        if self._splice is not None:
            self._splice.show(self._cards[0].body.center(), at)
            if self._splice.landing is not None:
                self._alignment.hide()  # it will stand on the wire, wherever it hangs now

    def end(self, at: Point) -> None:
        self.move(at)
        self._alignment.end()
        if self._splice is not None and self._splice.landing is not None:
            self._set_in(self._splice)
            return
        self._leave_wire()
        by = self._by
        places = {card.key: place + by for card, place in zip(self._cards, self._places, strict=True)}
        for item in self._inner:
            item.route()
        if not by.isNull():
            here = self.stage.here
            here.change(*moved(here.project, {key: (p.x(), p.y()) for key, p in places.items()}))

    def cancel(self) -> None:
        self._alignment.end()
        self._leave_wire()
        self._carry(QPointF())
        for item in self._inner:
            item.route()

    def click(self, at: Point) -> None:
        if not at.adds:
            self.stage.scene.select((self._grabbed,))

    def _set_in(self, splice: SplicePreview) -> None:
        """One step: the block, its two wires, and the room made for it."""
        wire, fit, landed, here = splice.wire, splice.fit, splice.landing, self.stage.here
        splice.clear()
        assert wire is not None
        assert landed is not None
        card = self._cards[0]
        card.setPos(self._places[0])  # the project moves it, perhaps by nothing
        self.stage.scene.carried((card.key,))
        here.change(*spliced_in(here.project, card.key, wire, fit, landed))

    def _leave_wire(self) -> None:
        if self._splice is not None:
            self._splice.clear()

    def _carry(self, by: QPointF) -> None:
        if by == self._by:
            return
        self._by = by
        across, down = by.x(), by.y()
        for card, place in zip(self._cards, self._places, strict=True):
            card.setPos(place.x() + across, place.y() + down)
        for item in self._inner:
            item.setPos(across, down)
        for item in self._outer:
            item.route()
        self.stage.scene.carried(self.stage.scene.selected)
