"""What can be done with wires by keys and menus: insert a block, take blocks out of a chain, cut, and move wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from designer.canvas import edits
from designer.canvas.adding import Adding
from designer.canvas.gestures.gesture import Stage
from designer.canvas.key_moves import KeyMoves
from designer.canvas.splice_preview import SplicePreview
from designer.theme import Theme
from engine.graph import Wire
from engine.problem import UserError


class WireEdits:
    """Acts upon the selected blocks and wires; `refuse(text)` tells why one of these edits can't be made."""

    def __init__(self, stage: Stage, adding: Adding, room: QWidget, refuse: Callable[[str], None]) -> None:
        self._stage, self._here, self._scene = stage, stage.here, stage.scene
        self._adding, self._refuse = adding, refuse
        self.moving = KeyMoves(stage, room)

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        selected, inner, outer = self._scene.selected, *self._scene.attached(self._scene.selected)
        return {
            "insert_on_wire": self._adding.chosen_wire() is not None or self._hung() is not None,
            "delete_and_reconnect": bool(inner or outer),
            "cut_wires": bool(inner or outer or self._scene.selected_wires),
            "move_wires": len(selected) == 1 and any(item.wire.source == selected[0] for item in outer),
            "move_entries": len(selected) == 1 and any(item.wire.target == selected[0] for item in outer),
        }

    # The edits

    def insert_on_wire(self) -> None:
        """Look for a block to set into the selected wire, or into the one between the two selected blocks.

        Where a block without wires is selected with them, it is set in itself.
        """
        wire, hung = self._adding.chosen_wire(), self._hung()
        if hung is not None:
            self._set_in(*hung)
        elif wire is not None:
            self._adding.seek_on(wire)

    def _hung(self) -> tuple[str, Wire] | None:
        """The selected block that has no wires, and the wire that is selected, or joins the two others, with it."""
        scene = self._scene
        if len(scene.selected) not in (1, 3):
            return None
        alone = [key for key in scene.selected if not any(scene.attached((key,)))]
        inner, _ = scene.attached(scene.selected)
        wires = {item.wire for item in inner} | scene.selected_wires
        return (alone[0], next(iter(wires))) if len(alone) == len(wires) == 1 else None

    def _set_in(self, key: str, wire: Wire) -> None:
        """One step: a block that stands alone, its two wires, and the room made for it."""
        here, node = self._here, self._scene.cards[key].node
        splice = SplicePreview(self._stage, node.block, node.name, key)
        splice.judge(wire)
        if splice.landing is None:
            self._refuse(f"{node.name} {splice.fit.reason}.")
            return
        here.settle()
        here.change(*edits.spliced_in(here.project, key, wire, splice.fit, splice.landing))
        self._scene.select((key,))

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
        """Cut the selected wires, and those between the selected blocks, or where there are none, all of theirs."""
        inner, outer = self._scene.attached(self._scene.selected)
        wires = {item.wire for item in inner or outer} | self._scene.selected_wires
        if wires:
            self._here.settle()
            self._here.change(*edits.cut(self._here.project, wires))

    def move_wires(self) -> None:
        """Choose another output for the wires that leave the selected block."""
        if self.possible()["move_wires"]:
            self.moving.begin(self._scene.selected[0], "out")

    def move_entries(self) -> None:
        """Choose another input for the wires that enter the selected block."""
        if self.possible()["move_entries"]:
            self.moving.begin(self._scene.selected[0], "in")

    def show_theme(self, theme: Theme) -> None:
        self.moving.show_theme(theme)

    def close(self) -> None:
        """Close the list of ports without a choice."""
        self.moving.close()
