"""Click a label of a hidden wire: the view goes to where the wire's other end is."""

from __future__ import annotations

from collections.abc import Callable

from designer.canvas.gestures.gesture import Gesture, Point, Stage


class FollowLabel(Gesture):
    """A drag from a label does nothing; `follow` goes to the other end."""

    def __init__(self, stage: Stage, follow: Callable[[], None]) -> None:
        super().__init__(stage)
        self._follow = follow

    def click(self, at: Point) -> None:
        if not at.adds:
            self._follow()
