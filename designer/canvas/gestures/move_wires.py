"""Lead all wires of a port to another one of its side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from designer.canvas.edits import moves, wires_moved, wires_of
from designer.canvas.facts import Port
from designer.canvas.gestures.gesture import Stage
from designer.canvas.gestures.seek_port import SeekPort
from engine.graph import Wire
from engine.wiring import entry_refusals, misfit, move_refusals

translate = QCoreApplication.translate


class MoveWires(SeekPort):
    """The wires hang on the pointer by the ends that were at the port; let go over empty ground, they go back.

    Numbered inputs, such as those of a sum, are one port that takes several wires: all of them go along.
    """

    def __init__(self, stage: Stage, port: Port) -> None:
        here = stage.here
        taken = wires_of(here.project.graph, port)
        if port.side == "out":
            held = [Port(wire.target, "in", wire.input) for wire in taken]
        else:
            held = [Port(wire.source, "out", wire.output) for wire in taken]
        super().__init__(stage, held, taken)
        self._port = port
        refusals = move_refusals if port.side == "out" else entry_refusals
        self._refused = refusals(here.project, here.review.plan, (port.block, port.name))

    def refusal(self, port: Port) -> str | None:
        return self._refused((port.block, port.name))

    def misfit(self, port: Port) -> str | None:
        moved = moves(self.stage.here.project.graph, self._port, port).values()
        if port.side == "in" and len(moved) > 1:
            return None  # each would be judged beside what entered before, which makes way
        reasons = (misfit(self._project.graph, self._plan, wire) for wire in moved)
        return next((reason for reason in reasons if reason), None)

    def ends(self, port: Port) -> Sequence[Port]:
        moved = moves(self.stage.here.project.graph, self._port, port).values()
        return [Port(wire.target, "in", wire.input) for wire in moved] if port.side == "in" else super().ends(port)

    def replaced(self, port: Port) -> Wire | None:
        entering = (self._project.graph.into(end.block, end.name) for end in self.ends(port) if end.side == "in")
        return next((wire for wire in entering if wire is not None), None)

    def promise(self, port: Port) -> str:
        nodes = self._project.graph.nodes
        words = translate("Canvas", "%n wire(s) from {start} to {goal}", "", len(self._taken))
        text = words.format(start=nodes[self._port.block].name, goal=nodes[port.block].name)
        replaced = self.replaced(port)
        if replaced is not None:
            text += "\n" + self.makes_way(replaced)
        return text

    def land(self, port: Port) -> None:
        here = self.stage.here
        if port != self._port:
            here.change(*wires_moved(here.project, self._port, port))
