"""Lead all wires of an output from another one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from designer.canvas.edits import wires_moved
from designer.canvas.facts import Port
from designer.canvas.gestures.gesture import Stage
from designer.canvas.gestures.seek_port import SeekPort
from engine.wiring import move_refusals, wires_from

translate = QCoreApplication.translate


class MoveWires(SeekPort):
    """The wires hang on the pointer by the ends that left the output; let go over empty ground, they go back."""

    def __init__(self, stage: Stage, port: Port) -> None:
        taken = wires_from(stage.here.project.graph, port.block, port.name)
        super().__init__(stage, [Port(wire.target, "in", wire.input) for wire in taken], taken)
        self._port = port
        here = stage.here
        self._refused = move_refusals(here.project, here.review.plan, (port.block, port.name))

    def refusal(self, port: Port) -> str | None:
        return self._refused((port.block, port.name))

    def promise(self, port: Port) -> str:
        nodes = self._project.graph.nodes
        words = translate("Canvas", "%n wire(s) from {start} to {goal}", "", len(self._taken))
        return words.format(start=nodes[self._port.block].name, goal=nodes[port.block].name)

    def land(self, port: Port) -> None:
        here = self.stage.here
        if port != self._port:
            here.change(*wires_moved(here.project, self._port, port))
