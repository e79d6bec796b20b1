"""Draw a wire from port to port in either direction, or pick up an end of one that is there."""

from __future__ import annotations

from designer.canvas.edits import connected, disconnected
from designer.canvas.facts import Port, shape_text
from designer.canvas.gestures.gesture import Point, Stage
from designer.canvas.gestures.seek_port import SeekPort
from engine.check import refusal
from engine.graph import Wire
from engine.wiring import misfit


class DrawWire(SeekPort):
    """One end is held by a port, the other follows the pointer.

    A new wire that is let go over empty ground asks which block shall stand there. The end of a wire that was there
    before is put on another port, or taken off when it is let go over empty ground.
    """

    def __init__(self, stage: Stage, port: Port, taken: Wire | None = None) -> None:
        """From a port; an input that has a wire gives that wire's end. `taken` is a wire picked up at this port."""
        if taken is None and port.side == "in":
            taken = stage.here.project.graph.into(port.block, port.name)
        held = port
        if taken is not None and port.side == "in":
            held = Port(taken.source, "out", taken.output)
        elif taken is not None:
            held = Port(taken.target, "in", taken.input)
        super().__init__(stage, (held,), () if taken is None else (taken,))

    def refusal(self, port: Port) -> str | None:
        return refusal(self._project, self._plan, self._wire(port))

    def misfit(self, port: Port) -> str | None:
        return misfit(self._project.graph, self._plan, self._wire(port))

    def land(self, port: Port) -> None:
        here, taken = self.stage.here, self._taken[0] if self._taken else None
        if self._wire(port) != taken:
            here.change(*connected(here.project, self._wire(port), taken))

    def drop(self, at: Point) -> None:
        here = self.stage.here
        if self._taken:
            here.change(*disconnected(here.project, self._taken[0]))
        else:
            self.stage.seek(self._held[0], at.scene)

    def click(self, at: Point) -> None:
        """A click on the end of a wire selects it."""
        scene = self.stage.scene
        if self._taken and scene.hit(at.scene, 1.0).port is None:
            wire = self._taken[0]
            added = scene.selected_wires ^ {wire}
            scene.select(scene.selected if at.adds else (), added if at.adds else (wire,))

    def replaced(self, port: Port) -> Wire | None:
        wire = self._wire(port)
        return self._project.graph.into(wire.target, wire.input)

    def promise(self, port: Port) -> str:
        nodes, wire, replaced = self._project.graph.nodes, self._wire(port), self.replaced(port)
        text = f"{nodes[wire.source].name} → {nodes[wire.target].name}.{wire.input}"
        shape = shape_text(self._plan.leaving(wire.source, wire.output))
        if shape:
            text += f" · {shape}"
        if replaced is not None and replaced != wire:
            text += "\n" + self.makes_way(replaced)
        return text

    def _wire(self, port: Port) -> Wire:
        held = self._held[0]
        source, target = (held, port) if held.side == "out" else (port, held)
        return Wire(source.block, source.name, target.block, target.name)
