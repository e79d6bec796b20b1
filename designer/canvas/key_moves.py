"""Leads all wires of a port elsewhere by keys: the port they go to, and where there are several, theirs, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from designer.canvas.edits import moves, wires_moved, wires_of
from designer.canvas.facts import Port, shape_text
from designer.canvas.finder import Finder, Row
from designer.canvas.gestures.gesture import Stage
from designer.canvas.late_finder import LateFinder
from designer.theme import Theme
from engine.wiring import entry_refusals, misfit, move_refusals

translate = QCoreApplication.translate
Side = Literal["in", "out"]


class KeyMoves:
    """A list over the canvas, from which first the port is chosen whose wires move, where the block has several."""

    def __init__(self, stage: Stage, room: QWidget) -> None:
        self._stage, self._here, self._scene = stage, stage.here, stage.scene
        self._asking = LateFinder(room, self._search, self._tell, self._choose)
        self._start: Port | None = None  # None while it is still to be chosen
        self._rows: Mapping[str, tuple[Port, Row]] = {}

    @property
    def finder(self) -> Finder:
        return self._asking.finder

    def show_theme(self, theme: Theme) -> None:
        self._asking.show_theme(theme)

    def close(self) -> None:
        """Close the list without a choice."""
        self._asking.close()

    def starts(self, key: str, side: Side) -> list[Port]:
        """The ports of a block on one side that have wires; of those that move together, the first."""
        graph, found = self._here.project.graph, list[Port]()
        seen = set()
        for port in self._scene.cards[key].ports:
            wires = wires_of(graph, port) if port.side == side else ()
            if wires and wires not in seen:
                seen.add(wires)
                found.append(port)
        return found

    def begin(self, key: str, side: Side) -> None:
        """Ask where the wires that leave or enter a block shall lead."""
        starts = self.starts(key, side)
        if len(starts) == 1:
            self._ask_goal(starts[0])
        elif starts:
            self._start = None
            self._rows = {self._name(port): (port, self._row(port, "")) for port in starts}
            name = self._scene.cards[key].node.name
            heading = translate("Canvas", "Which wires of {name} shall move?").format(name=name)
            self._open(key, heading, translate("Canvas", "Search ports"))

    def _ask_goal(self, start: Port) -> None:
        self._start = start
        self._rows = {self._name(port): (port, self._row(port, reason)) for port, reason in self._goals(start)}
        wires = wires_of(self._here.project.graph, start)
        if start.side == "out":
            heading = translate("Canvas", "Move %n wire(s) of {name} to another output", "", len(wires))
            sought = translate("Canvas", "Search outputs")
        else:
            heading = translate("Canvas", "Move %n wire(s) of {name} to another input", "", len(wires))
            sought = translate("Canvas", "Search inputs")
        name = self._scene.cards[start.block].node.name
        self._open(start.block, heading.format(name=name), sought)

    def _goals(self, start: Port) -> list[tuple[Port, str]]:
        """Every other port of that side, and why it can't have the wires.

        Those that can come first; of these, inputs that wait for a wire, and then the near ones.
        """
        refusals: Callable[..., Callable[[tuple[str, str]], str | None]]
        refusals = move_refusals if start.side == "out" else entry_refusals
        told = refusals(self._here.project, self._here.review.plan, (start.block, start.name))
        here, cards = self._scene.cards[start.block].pos(), self._scene.cards.values()
        near = sorted(cards, key=lambda card: (card.pos() - here).manhattanLength())
        ports = [port for card in near for port in card.ports if port.side == start.side]
        graph = self._here.project.graph
        own, taken = wires_of(graph, start), {(wire.target, wire.input) for wire in graph.wires}
        others = [port for port in ports if port.block != start.block or wires_of(graph, port) != own]
        goals = [(port, told((port.block, port.name)) or "") for port in others]
        occupied = taken if start.side == "in" else ()
        return sorted(goals, key=lambda goal: (bool(goal[1]), (goal[0].block, goal[0].name) in occupied))

    def _name(self, port: Port) -> str:
        return f"{self._here.project.graph.nodes[port.block].name}.{port.name}"

    def _row(self, port: Port, reason: str) -> Row:
        """A port, with the shape that leaves it, or the kind of tensor that it takes."""
        node, name = self._here.project.graph.nodes[port.block], self._name(port)
        if port.side == "out":
            aside = shape_text(self._here.review.plan.leaving(port.block, port.name))
        else:
            aside = next(one.kind.words for one in node.block.input_ports() if one.name == port.name)
        return Row(name, name, aside, self._scene.cards[port.block].category, reason)

    def _open(self, key: str, heading: str, placeholder: str) -> None:
        body = self._scene.cards[key].body
        self._stage.view.reveal(body)
        self.finder.open(self._stage.view.from_scene(body.bottomLeft()).toPoint(), heading, placeholder)
        self._search("")

    def _search(self, text: str) -> None:
        words = text.casefold().split()
        self.finder.show_rows(
            [
                row
                for _, row in self._rows.values()
                if all(word in row.name.casefold() for word in words) and (words or not row.reason)
            ]
        )

    def _tell(self, row: Row | None) -> None:
        if row is None:
            self.finder.tell(translate("Canvas", "Nothing else can have these wires."), False)
        elif row.reason or self._start is None:
            self.finder.tell(row.reason, bool(row.reason))
        else:
            self.finder.tell(self._promise(self._start, self._rows[row.name][0]), False)

    def _promise(self, start: Port, goal: Port) -> str:
        """Which wires would make way, and what would not fit by its shape."""
        graph, plan = self._here.project.graph, self._here.review.plan
        moved = moves(graph, start, goal)
        before = [graph.into(wire.target, wire.input) for wire in moved.values()] if goal.side == "in" else []
        words = translate("Canvas", "Takes the place of the wire from {name}")
        lines = [words.format(name=graph.nodes[one.source].name) for one in before if one and one not in moved]
        doubts = (misfit(graph, plan, wire) for wire in moved.values()) if len(moved) == 1 else ()
        return "\n".join((*lines, *(f"⚠ {doubt}" for doubt in doubts if doubt)))

    def _choose(self, name: str) -> None:
        port, _ = self._rows[name]
        if self._start is None:
            self._ask_goal(port)
            return
        self._here.settle()
        self._here.change(*wires_moved(self._here.project, self._start, port))
        self._stage.view.setFocus()
