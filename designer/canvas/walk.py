"""Where the arrow keys lead from a block: along its wires, and where there are none, to what lies that way."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt

from designer.canvas.scene import Scene

Key = Qt.Key
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
REACHES = (300.0, 1200.0, 5000.0, 1e6)  # pixels around a block in which its neighbours are looked for
ASIDE = 2.5  # what lies beside the way counts as so many times as far


class Walk:
    """Left and Right follow wires; Up and Down choose among several that a wire could have led to.

    So a block with three followers is left by Right for the nearest of them, and Down leads to the next one.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._choice: tuple[str, tuple[str, ...]] = ("", ())  # where the last step led, and where else it could have

    def onward(self, key: str, arrow: Qt.Key) -> str | None:
        """The block that an arrow leads to from another; None where there is none that way."""
        across, down = ARROWS[arrow]
        if across:
            ends = self._along_wires(key, across)
            if not ends:
                return self._nearest(key, (across, down))
            goal = min(ends, key=lambda other: abs(self._middle(other).y() - self._middle(key).y()))
            self._choice = goal, ends
            return goal
        chosen, choice = self._choice
        if chosen == key and len(choice) > 1:
            place = choice.index(key) + down
            if 0 <= place < len(choice):
                self._choice = choice[place], choice
                return choice[place]
        return self._nearest(key, (across, down))

    def first_in(self, keys: Iterable[str]) -> str | None:
        """Of some blocks, the one at the upper left, where reading begins; None of none."""
        return min(keys, key=self._from_corner, default=None)

    def _along_wires(self, key: str, across: int) -> tuple[str, ...]:
        """The blocks at the other ends of the wires on one side, from top to bottom."""
        inner, outer = self._scene.attached((key,))
        wires = [item.wire for item in (*inner, *outer)]
        ends = {wire.target for wire in wires if wire.source == key} if across > 0 else set()
        ends |= {wire.source for wire in wires if wire.target == key} if across < 0 else set()
        return tuple(sorted(ends - {key}, key=lambda other: (self._middle(other).y(), self._middle(other).x())))

    def _nearest(self, key: str, way: tuple[int, int]) -> str | None:
        """The nearest block in a direction, looking further ahead than to the sides."""
        here = self._middle(key)
        for reach in REACHES:  # as far as has to be looked: a block close by is no nearer for those far away
            around = QRectF(here.x() - reach, here.y() - reach, 2 * reach, 2 * reach)
            ranked = []
            for card in self._scene.cards_in(around):
                by = card.body.center() - here
                ahead = by.x() * way[0] + by.y() * way[1]
                aside = abs(by.x() * way[1]) + abs(by.y() * way[0])
                if ahead > 0 and ahead * ASIDE >= aside and ahead + ASIDE * aside <= reach:
                    ranked.append((ahead + ASIDE * aside, card.key))
            if ranked:
                return min(ranked)[1]
        return None

    def _middle(self, key: str) -> QPointF:
        return self._scene.cards[key].body.center()

    def _from_corner(self, key: str) -> float:
        place = self._scene.cards[key].pos()
        return place.x() + place.y()
