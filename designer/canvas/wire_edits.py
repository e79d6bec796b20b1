"""What can be done with wires by keys and menus: insert a block, take blocks out of a chain, cut, and move wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from designer.canvas import edits
from designer.canvas.adding import Adding
from designer.canvas.facts import Port, shape_text
from designer.canvas.finder import Finder, Row
from designer.canvas.gestures.gesture import Stage
from designer.theme import Theme, current_theme
from engine.graph import Wire
from engine.problem import UserError
from engine.wiring import move_refusals, wires_from

translate = QCoreApplication.translate


class WireEdits:
    """Acts upon the selected blocks and wires; `refuse(text)` tells why one of these edits can't be made."""

    def __init__(self, stage: Stage, adding: Adding, room: QWidget, refuse: Callable[[str], None]) -> None:
        self._here, self._scene, self._view = stage.here, stage.scene, stage.view
        self._adding, self._room, self._refuse = adding, room, refuse
        self._finder: Finder | None = None
        self._start: Port | None = None
        self._goals: Mapping[str, tuple[Port, str]] = {}

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        selected, inner, outer = self._scene.selected, *self._scene.attached(self._scene.selected)
        return {
            "insert_on_wire": self._adding.chosen_wire() is not None,
            "delete_and_reconnect": bool(inner or outer),
            "cut_wires": bool(inner or outer or self._scene.selected_wires),
            "move_wires": len(selected) == 1 and any(item.wire.source == selected[0] for item in outer),
        }

    # The edits

    def insert_on_wire(self) -> None:
        """Look for a block to set into the selected wire, or into the one between the two selected blocks."""
        wire = self._adding.chosen_wire()
        if wire is not None:
            self._adding.seek_on(wire)

    def delete_and_reconnect(self) -> None:
        """Delete the selected blocks and lead what entered them on to what they fed."""
        ids, wires, here = self._scene.selected, self._scene.selected_wires, self._here
        if not ids and not wires:
            return
        try:
            after, text = edits.healed(here.project, here.review.plan, ids, wires, here.plan_of)
        except UserError as error:
            self._refuse(str(error))
            return
        here.settle()
        here.change(after, text)

    def cut_wires(self) -> None:
        """Cut the selected wires and those of the selected blocks."""
        inner, outer = self._scene.attached(self._scene.selected)
        wires = {item.wire for item in (*inner, *outer)} | self._scene.selected_wires
        if wires:
            self._here.settle()
            self._here.change(*edits.cut(self._here.project, wires))

    def move_wires(self) -> None:
        """Choose another output for the wires that leave the selected block."""
        if not self.possible()["move_wires"]:
            return
        key = self._scene.selected[0]
        card = self._scene.cards[key]
        used = [port for port in card.ports if port.side == "out" and self._leaving(port)]
        self._start = used[0]
        self._goals = self._other_outputs(self._start)
        self._view.reveal(card.body)
        heading = translate("Canvas", "Move %n wire(s) of {name} to another output", "", len(self._leaving(used[0])))
        at = self._view.from_scene(card.body.bottomLeft()).toPoint()
        self.finder.open(at, heading.format(name=card.node.name), translate("Canvas", "Search outputs"))
        self._search("")

    # The list of outputs

    @property
    def finder(self) -> Finder:
        """The list of outputs, made when it is first opened."""
        if self._finder is None:
            self._finder = Finder(self._room, current_theme())
            self._finder.typed.connect(self._search)
            self._finder.pointed.connect(self._tell)
            self._finder.chosen.connect(self._choose)
        return self._finder

    def show_theme(self, theme: Theme) -> None:
        if self._finder is not None:
            self._finder.show_theme(theme)

    def close(self) -> None:
        """Close the list without a choice."""
        if self._finder is not None:
            self._finder.close_()

    def _leaving(self, port: Port) -> tuple[Wire, ...]:
        return wires_from(self._here.project.graph, port.block, port.name)

    def _other_outputs(self, start: Port) -> Mapping[str, tuple[Port, str]]:
        """Every other output by its name, and why it can't have the wires; those that can come first."""
        project, plan = self._here.project, self._here.review.plan
        ports = [
            port for card in self._scene.cards.values() for port in card.ports if port.side == "out" and port != start
        ]
        told = move_refusals(project, plan, (start.block, start.name))
        refused = {port: told((port.block, port.name)) for port in ports}
        return {
            f"{project.graph.nodes[port.block].name}.{port.name}": (port, refused[port] or "")
            for port in sorted(ports, key=lambda port: refused[port] is not None)
        }

    def _search(self, text: str) -> None:
        words = text.casefold().split()
        plan = self._here.review.plan
        self.finder.show_rows(
            [
                Row(
                    name,
                    name,
                    shape_text(plan.leaving(port.block, port.name)),
                    self._scene.cards[port.block].category,
                    reason,
                )
                for name, (port, reason) in self._goals.items()
                if all(word in name.casefold() for word in words) and (words or not reason)
            ]
        )

    def _tell(self, row: Row | None) -> None:
        if row is None:
            self.finder.tell(translate("Canvas", "No other output can have these wires."), False)
        else:
            self.finder.tell(row.reason, bool(row.reason))

    def _choose(self, name: str) -> None:
        assert self._start is not None
        self._here.settle()
        self._here.change(*edits.wires_moved(self._here.project, self._start, self._goals[name][0]))
        self._view.setFocus()
