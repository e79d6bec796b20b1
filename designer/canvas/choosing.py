"""Which gesture a press on the canvas begins, by what lies under the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt

from designer.canvas.asked import Commands
from designer.canvas.edits import wires_of
from designer.canvas.facts import Port
from designer.canvas.gestures.box_select import BoxSelect
from designer.canvas.gestures.copy_blocks import CopyBlocks
from designer.canvas.gestures.cut_wires import CutWires
from designer.canvas.gestures.draw_wire import DrawWire
from designer.canvas.gestures.follow_label import FollowLabel
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.gestures.move_bend import MoveBend
from designer.canvas.gestures.move_blocks import MoveBlocks
from designer.canvas.gestures.move_placed import MovePlaced, ResizePlaced
from designer.canvas.gestures.move_wires import MoveWires
from designer.canvas.placed_layer import Grip
from designer.canvas.scene import Hit
from engine.graph import Wire

TOUCH = 10.0  # pixels around ports and wires that still count as a hit
WIRE_END = 34.0  # pixels from a port within which a wire is picked up by its end

Button, Modifier = Qt.MouseButton, Qt.KeyboardModifier


class Choosing:
    """Looks at what lies at a point, and selects what a press there selects."""

    def __init__(self, stage: Stage, commands: Commands) -> None:
        self._stage, self._commands = stage, commands

    def hit(self, at: Point) -> Hit:
        """What lies under the pointer; from far away, only cards can be hit."""
        view = self._stage.view
        hit = self._stage.scene.hit(at.scene, min(TOUCH / view.zoom, 2 * TOUCH))
        return Hit(hit.card if hit.card and hit.card.body.contains(at.scene) else None) if view.far else hit

    def gesture(self, button: Qt.MouseButton, at: Point) -> Gesture | None:
        """The gesture that a press begins; what it selects is selected at once."""
        if button == Button.RightButton and at.keys & Modifier.ControlModifier:
            return CutWires(self._stage)
        if button != Button.LeftButton:
            return None
        scene, hit = self._stage.scene, self.hit(at)
        if hit.badge and hit.card is not None:
            scene.select((hit.card.key,))
            self._commands.badge_clicked.emit(hit.card.key)
            return None
        if hit.port is not None:
            return self._on_port(hit.port, at)
        if hit.card is not None:
            return self._on_card(hit.card.key, at)
        grip = self._stage.grip(at) if hit == Hit() else None
        if grip is not None:
            return self._on_placed(grip, at)
        if at.keys & Modifier.AltModifier:
            return CutWires(self._stage)
        if hit.wire is not None:
            return self._on_wire(hit.wire, hit, at)
        return BoxSelect(self._stage)

    def _on_wire(self, wire: Wire, hit: Hit, at: Point) -> Gesture | None:
        scene, item = self._stage.scene, self._stage.scene.wires[wire]
        label, bend = item.label_at(at.scene), self.bend(hit, at)
        port = self.wire_end(hit, at)
        if port is not None:
            return DrawWire(self._stage, port, wire)
        added = scene.selected_wires ^ {wire}
        scene.select(scene.selected if at.adds else (), added if at.adds else (wire,))
        scene.ways.pick(wire if wire in scene.selected_wires else None, bend)
        if label is not None:
            return FollowLabel(self._stage, lambda: self._commands.label_clicked.emit(wire, label))
        return MoveBend(self._stage, wire, bend) if bend is not None else None

    def bend(self, hit: Hit, at: Point) -> int | None:
        """The bend of a wire that the pointer would take."""
        if hit.wire is None:
            return None
        return self._stage.scene.wires[hit.wire].bend_at(at.scene, min(TOUCH / self._stage.view.zoom, 2 * TOUCH))

    def _on_placed(self, grip: Grip, at: Point) -> Gesture | None:
        """A frame or a note; with Shift or Ctrl, it is added to what is selected, or taken out again."""
        scene = self._stage.scene
        if at.adds:
            scene.select(scene.selected, scene.selected_wires, set(scene.placed.selected) ^ {grip.key})
            if grip.key not in scene.placed.selected:
                return None
        elif grip.key not in scene.placed.selected:
            scene.select((), (), (grip.key,))
        if at.keys & Modifier.AltModifier:
            return CopyBlocks(self._stage, grip.key, is_placed=True)
        if grip.across or grip.down:
            return ResizePlaced(self._stage, grip)
        return MovePlaced(self._stage, grip.key, is_placed=True)

    def _on_port(self, port: Port, at: Point) -> Gesture:
        graph = self._stage.here.project.graph
        if at.keys & Modifier.ShiftModifier and wires_of(graph, port):
            return MoveWires(self._stage, port)
        return DrawWire(self._stage, port)

    def wire_end(self, hit: Hit, at: Point) -> Port | None:
        """The port at the end of a wire by which the pointer would pick it up."""
        wire = hit.wire
        if wire is None:
            return None
        item = self._stage.scene.wires[wire]
        if item.label_at(at.scene) is not None or self.bend(hit, at) is not None:
            return None
        side = item.end_at(at.scene, WIRE_END / self._stage.view.zoom)
        if side is None:
            return None
        return Port(wire.source, "out", wire.output) if side == "out" else Port(wire.target, "in", wire.input)

    def _on_card(self, key: str, at: Point) -> Gesture | None:
        scene = self._stage.scene
        if at.adds:
            scene.select(set(scene.selected) ^ {key}, scene.selected_wires, scene.placed.selected)
            if key not in scene.selected:
                return None
        elif key not in scene.selected:
            scene.select((key,))
        if at.keys & Modifier.AltModifier:
            return CopyBlocks(self._stage, key)
        return MovePlaced(self._stage, key, is_placed=False) if scene.placed.selected else MoveBlocks(self._stage, key)
