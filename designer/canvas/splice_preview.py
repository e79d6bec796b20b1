"""What is shown while a block hangs over a wire: the wire glows, and the two wires and the room to come are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.geometry import wire_path
from designer.canvas.gestures.gesture import Point, Stage
from designer.canvas.kept_ways import parted
from designer.canvas.looks import RADIUS
from designer.canvas.ports import card_size, port_places, sides_of
from designer.canvas.room import Crowd, Landing, landing
from designer.canvas.wire_ways import bent_path
from engine.blocks import Block
from engine.fitting import Fit, fit_between
from engine.graph import Wire
from engine.places import Position
from engine.wiring import spliced

REACH = 16.0  # pixels around the middle of a card, and around the pointer, within which a wire counts as under it
GLOW = 10.0  # width of the halo around the wire


class SplicePreview:
    """Follows a block that is dragged; `wire`, `fit` and `landing` say where it would go if it were let go."""

    def __init__(self, stage: Stage, block: Block, name: str, key: str = "") -> None:
        self._stage, self._block, self._name, self._key = stage, block, name, key
        sides = sides_of(block)
        self._size, (self._inputs, self._outputs) = card_size(sides), port_places(sides)
        self._boxes = {other: card.body for other, card in stage.scene.cards.items() if other != key}
        self._crowd = Crowd(self._boxes)
        self._fits: dict[Wire, Fit] = {}
        self._guides: list[QGraphicsPathItem] = []
        self.wire: Wire | None = None
        self.fit = Fit()
        self.landing: Landing | None = None

    def show(self, centre: QPointF, at: Point) -> None:
        """The middle of the block is here now, the pointer there; a wire may lie under either."""
        scene, screen, reach = self._stage.scene, at.screen, min(REACH / self._stage.view.zoom, 2 * REACH)
        wire = scene.wire_at(centre, reach) or scene.wire_at(at.scene, reach)
        if wire is None:
            self.clear()
            return
        self._remove_guides()
        self.wire, self.fit = wire, self._judge(wire)
        if not self.fit.fits:
            self.landing = None
            self._stage.say(f"{self._name} {self.fit.reason}.", screen, True)
            return
        self.landing = self._land(wire, centre)
        self._draw(wire, self.landing)
        nodes = self._stage.here.project.graph.nodes
        self._stage.say(f"{nodes[wire.source].name} → {self._name} → {nodes[wire.target].name}", screen, False)

    def judge(self, wire: Wire) -> None:
        """Find out where the block would go in the middle of a wire; nothing is shown."""
        self.wire, self.fit = wire, self._judge(wire)
        self.landing = self._land(wire, self._stage.scene.wires[wire].middle) if self.fit.fits else None

    def clear(self) -> None:
        """Show nothing; the block hangs over no wire."""
        if self.wire is not None:
            self._stage.hush(0.0)
        self._remove_guides()
        self.wire = self.landing = None

    def _judge(self, wire: Wire) -> Fit:
        if wire not in self._fits:
            here = self._stage.here
            self._fits[wire] = fit_between(self._block, here.project.graph, here.review.plan, wire)
        return self._fits[wire]

    def _land(self, wire: Wire, centre: QPointF) -> Landing:
        item = self._stage.scene.wires[wire]
        port = self._port(self.fit.input).y()
        ends, source = item.part(centre)
        return landing(self._size, centre, port, ends, source, self._crowd, self._stage.grid)

    def _port(self, name: str) -> QPointF:
        """The place of a port on the card that is dragged."""
        inputs = [port.name for port in self._block.input_ports()]
        if name in inputs:
            return self._inputs[inputs.index(name)]
        return self._outputs[self._block.output_ports().index(name)]

    def _draw(self, wire: Wire, landed: Landing) -> None:
        scene = self._stage.scene
        item = scene.wires[wire]
        glow = QGraphicsPathItem(item.mapToScene(item.path()))
        pen = scene.inks.wire(item.source.category, selected=True)
        pen.setColor(scene.inks.glow)
        pen.setWidthF(GLOW)
        glow.setPen(pen)
        glow.setZValue(-0.4)
        first, second = spliced(wire, "", self.fit)
        start, end = item.ends
        if wire.target in landed.moved:
            end += landed.moved[wire.target] - item.target.pos()
        before, behind = parted(item.way.bends, item.ends, QRectF(landed.corner, self._size))
        path = _way(start, before, landed.corner + self._port(first.input))
        path.addPath(_way(landed.corner + self._port(second.output), behind, end))
        wires = QGraphicsPathItem(path)
        wires.setPen(scene.inks.wire(item.source.category, selected=True))
        wires.setZValue(2)
        frames = QGraphicsPathItem(self._frames(landed))
        frames.setPen(scene.inks.guide)
        frames.setZValue(3)
        self._guides = [glow, wires, frames]
        for guide in self._guides:
            scene.add_guide(guide)

    def _frames(self, landed: Landing) -> QPainterPath:
        """Outlines of the cards as they will lie."""
        path = QPainterPath()
        sizes: list[tuple[QPointF, QSizeF]] = [(landed.corner, self._size)]
        sizes += [(corner, self._boxes[key].size()) for key, corner in landed.moved.items()]
        for corner, size in sizes:
            path.addRoundedRect(QRectF(corner, size), RADIUS, RADIUS)
        return path

    def _remove_guides(self) -> None:
        for guide in self._guides:
            self._stage.scene.remove_guide(guide)
        self._guides = []


def _way(start: QPointF, bends: Sequence[Position], end: QPointF) -> QPainterPath:
    return bent_path([start, *(QPointF(*bend) for bend in bends), end]) if bends else wire_path(start, end)
