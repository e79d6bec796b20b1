"""What the keys do on the canvas: arrows walk from block to block, Shift and arrows move the selected ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from designer.canvas.geometry import GRID
from designer.canvas.gestures.gesture import Stage
from designer.canvas.key_wire import KeyWire
from designer.canvas.walk import ARROWS, Walk

FAR_NUDGE = 5  # steps of the grid with Alt

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, SHIFT, ALT, CTRL = (
    Modifier.NoModifier,
    Modifier.ShiftModifier,
    Modifier.AltModifier,
    Modifier.ControlModifier,
)
IN_ORDER = {Key.Key_Home: "first", Key.Key_End: "last", Key.Key_PageUp: "before", Key.Key_PageDown: "after"}


class Keyboard:
    """Takes a key and answers whether it meant something here.

    One block is the one that the keys are about, `focused`: the selected one, or of several, the one reached last.
    """

    def __init__(
        self,
        stage: Stage,
        nudge: Callable[[float, float], None],
        edit: Callable[[str], None],
        announce: Callable[[str], None],
    ) -> None:
        self._stage, self._nudge, self._edit = stage, nudge, edit
        self.wire = KeyWire(stage, announce, stage.view)
        self._walk = Walk(stage.scene)
        self._reached = ""

    @property
    def focused(self) -> str | None:
        selected = self._stage.scene.selected
        return self._reached if self._reached in selected else next(iter(selected), None)

    def press(self, event: QKeyEvent) -> bool:
        key, keys = Qt.Key(event.key()), event.modifiers() & ~Modifier.KeypadModifier
        if key in ARROWS and keys in (NONE, CTRL | SHIFT):
            return self._go(self._onward(key), add=keys != NONE)
        if key in ARROWS and keys in (SHIFT, SHIFT | ALT) and self._stage.scene.selected:
            steps = (FAR_NUDGE if keys & ALT else 1) * (self._stage.grid or GRID)
            across, down = ARROWS[key]
            self._nudge(across * steps, down * steps)
            return True
        if key in (Key.Key_Return, Key.Key_Enter) and not keys and self.focused is not None:
            self._edit(self.focused)
            return True
        if key == Key.Key_C and keys in (NONE, SHIFT):
            return self.connect("in" if keys else "out")
        if key in IN_ORDER and not keys:
            return self._go(self._in_order(IN_ORDER[key]), add=False)
        return False

    def connect(self, side: Literal["in", "out"]) -> bool:
        """Begin a wire from an output of the block in hand, or to an input of it."""
        if self.focused is not None:
            self.wire.begin(self.focused, side)
        return self.focused is not None

    def _onward(self, key: Qt.Key) -> str | None:
        if self.focused is not None:
            return self._walk.onward(self.focused, key)
        in_view = [card.key for card in self._stage.view.visible_cards()]
        return self._walk.first_in(in_view or self._stage.scene.cards)

    def _in_order(self, which: str) -> str | None:
        """The first or last block, or the one before or after this one, in the order of the flow."""
        cards = self._stage.scene.cards
        steps = [key for key in self._stage.here.review.plan.steps if key in cards]
        order = steps + [key for key in cards if key not in set(steps)]
        if not order:
            return None
        if which in ("first", "last") or self.focused is None:
            return order[-1 if which in ("last", "before") else 0]
        place = order.index(self.focused) + (1 if which == "after" else -1)
        return order[min(max(place, 0), len(order) - 1)]

    def _go(self, key: str | None, *, add: bool) -> bool:
        """Select a block, or add it to those that are selected, and bring it into view."""
        scene = self._stage.scene
        if key is not None:
            self._reached = key
            if add:
                scene.select((*scene.selected, key), scene.selected_wires, scene.placed.selected)
            else:
                scene.select((key,))
            self._stage.view.reveal(scene.content((key,)))
        return bool(scene.cards)
