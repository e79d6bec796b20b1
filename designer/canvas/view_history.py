"""Where the view has been, to go back there: the jumps that one made, with the small moves between them merged."""

from __future__ import annotations

from typing import NamedTuple

from engine.group import Path

LIMIT = 100
FAR = 0.5  # of the view's size, by which the middle must have moved for a step of its own
ZOOMED = 1.5  # likewise for the scale


class Stop(NamedTuple):
    """How one looked at something: inside which group, at which scale, and at which point of the scene."""

    path: Path
    zoom: float
    centre: tuple[float, float]

    def far_from(self, other: Stop, size: tuple[float, float]) -> bool:
        """Whether so much differs that one would want to get back; `size` is that of the view, in pixels."""
        ratio = self.zoom / other.zoom
        if self.path != other.path or max(ratio, 1 / ratio) > ZOOMED:
            return True
        moved = [abs(one - two) * self.zoom for one, two in zip(self.centre, other.centre, strict=True)]
        return any(by > FAR * room for by, room in zip(moved, size, strict=True))


class ViewHistory:
    """Stops in the order they were made. The current one follows small moves; going back finds it as it was left."""

    def __init__(self) -> None:
        self._stops: list[tuple[Stop, Stop]] = []  # as it was made, and as it was left
        self._at = -1

    def clear(self) -> None:
        self._stops, self._at = [], -1

    def rest(self, stop: Stop, size: tuple[float, float]) -> None:
        """The view came to rest here by hand."""
        if self._at < 0 or stop.far_from(self._stops[self._at][0], size):
            self._push(stop)
        else:
            self._stops[self._at] = (self._stops[self._at][0], stop)

    def jump(self, stop: Stop) -> None:
        """The view was brought here at one stroke."""
        if self._at < 0 or stop.far_from(self._stops[self._at][1], (0.02, 0.02)):
            self._push(stop)

    def can_step(self, by: int) -> bool:
        return 0 <= self._at + by < len(self._stops)

    def step(self, by: int) -> Stop | None:
        """Where one comes to by going back (-1) or forward (1); None at the ends."""
        if not self.can_step(by):
            return None
        self._at += by
        return self._stops[self._at][1]

    def _push(self, stop: Stop) -> None:
        del self._stops[self._at + 1 :]
        self._stops.append((stop, stop))
        del self._stops[:-LIMIT]
        self._at = len(self._stops) - 1
