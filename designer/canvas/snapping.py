"""Where a dragged card would stand in line with others, or as far from them as they are from each other.

All is plain numbers, the same for both axes: along axis 0 a box reaches from left to right, along axis 1 from top to
bottom.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF

Span = tuple[float, float]
SAME = 0.5  # pixels; lines that are no farther apart are one
LEAST = 8.0  # pixels; cards that are closer have no distance worth repeating


class Guide(NamedTuple):
    """A line to paint: it runs along an axis, stands at a place of the other one; `gap` marks a distance."""

    axis: int
    place: float
    start: float
    end: float
    gap: bool = False


class Box(NamedTuple):
    """A card's reach along both axes."""

    across: Span
    down: Span

    @classmethod
    def of(cls, area: QRectF) -> Box:
        return cls((area.left(), area.right()), (area.top(), area.bottom()))

    def moved(self, across: float, down: float) -> Box:
        (left, right), (top, bottom) = self
        return Box((left + across, right + across), (top + down, bottom + down))

    def lines(self, axis: int) -> tuple[float, float, float]:
        """Where its first edge, its middle and its last edge are."""
        start, end = self[axis]
        return start, (start + end) / 2, end


def _telling(moving: Sequence[Box]) -> Iterator[tuple[Box, Sequence[int]]]:
    """Each box with the kinds of its lines that matter: nobody sees the middle of several cards."""
    for number, box in enumerate(moving):
        yield box, (0, 2) if number == 0 and len(moving) > 1 else (0, 1, 2)


class Neighbours:
    """Cards at rest, to which others are brought in line."""

    def __init__(self, areas: Iterable[QRectF]) -> None:
        self._boxes = [Box.of(area) for area in areas]
        self._sorted = [
            [sorted(self._boxes, key=lambda box: box.lines(axis)[kind]) for kind in range(3)] for axis in (0, 1)
        ]
        self._lines = [
            [[box.lines(axis)[kind] for box in boxes] for kind, boxes in enumerate(self._sorted[axis])]
            for axis in (0, 1)
        ]

    def shift(self, moving: Sequence[Box], axis: int, reach: float) -> float | None:
        """How far to shift along an axis to stand in line or at an equal distance; None where nothing is in reach.

        The first of the moving boxes is the whole of what moves; the others stand for parts of it.
        """
        found = [*self._alike(moving, axis, reach)]
        if not found or min(map(abs, found)) > SAME:
            found += [by for by in self._spacings(moving[0], axis) if abs(by) <= reach]
        return min(found, key=abs, default=None)

    def _alike(self, moving: Sequence[Box], axis: int, reach: float) -> Iterator[float]:
        for box, kinds in _telling(moving):
            for kind in kinds:
                line, others = box.lines(axis)[kind], self._lines[axis][kind]
                place = bisect.bisect_left(others, line)
                near = (other - line for other in others[max(0, place - 1) : place + 1])
                yield from (by for by in near if abs(by) <= reach)

    # Distances

    def _beside(self, box: Box, axis: int) -> tuple[list[Box], list[Box]]:
        """The cards beside a box, before it and behind it, the nearest first; those that it lies upon are neither."""
        low, high = box[1 - axis]
        row = [other for other in self._boxes if other[1 - axis][0] < high and low < other[1 - axis][1]]
        middle = box.lines(axis)[1]
        before = sorted((one for one in row if one[axis][1] <= middle), key=lambda one: -one[axis][1])
        behind = sorted((one for one in row if one[axis][0] >= middle), key=lambda one: one[axis][0])
        return before, behind

    def _spacings(self, box: Box, axis: int) -> Iterator[float]:
        before, behind = self._beside(box, axis)
        start, end = box[axis]
        if before and behind and behind[0][axis][0] - before[0][axis][1] - (end - start) >= 2 * LEAST:
            yield (before[0][axis][1] + behind[0][axis][0]) / 2 - (start + end) / 2
        if len(before) > 1 and (gap := before[0][axis][0] - before[1][axis][1]) >= LEAST:
            yield before[0][axis][1] + gap - start
        if len(behind) > 1 and (gap := behind[1][axis][0] - behind[0][axis][1]) >= LEAST:
            yield behind[0][axis][0] - gap - end

    # What to paint

    def guides(self, moving: Sequence[Box]) -> list[Guide]:
        """The lines on which the moving boxes stand with others, and the distances that are equal."""
        found: dict[Guide, None] = {}
        for axis in (0, 1):
            for box, kinds in _telling(moving):
                found.update(dict.fromkeys(self._shared_lines(box, kinds, axis)))
            found.update(dict.fromkeys(self._equal_gaps(moving[0], axis)))
        return list(found)

    def _shared_lines(self, box: Box, kinds: Sequence[int], axis: int) -> Iterator[Guide]:
        """One line for each place that is shared; a card that shares several is in line by the first of them."""
        told: set[Box] = set()
        for kind in kinds:
            line = box.lines(axis)[kind]
            lines = self._lines[axis][kind]
            alike = slice(bisect.bisect_left(lines, line - SAME), bisect.bisect_right(lines, line + SAME))
            others = [one for one in self._sorted[axis][kind][alike] if one not in told]
            if others:
                told.update(others)
                spans = [one[1 - axis] for one in (*others, box)]
                yield Guide(1 - axis, line, min(start for start, _ in spans), max(end for _, end in spans))

    def _equal_gaps(self, box: Box, axis: int) -> Iterator[Guide]:
        before, behind = self._beside(box, axis)
        row = [*reversed(before[:2]), box, *behind[:2]]
        place = row.index(box)
        gaps = [(one[axis][1], other[axis][0]) for one, other in itertools.pairwise(row)]
        lengths = [end - start for start, end in gaps]
        own = {number for number in (place - 1, place) if 0 <= number < len(gaps)}
        for number in sorted(own):
            alike = [other for other in range(len(gaps)) if abs(lengths[other] - lengths[number]) <= SAME]
            if len(alike) > 1 and lengths[number] >= LEAST:
                for other in alike:
                    pair = row[other][1 - axis], row[other + 1][1 - axis]
                    level = (max(start for start, _ in pair) + min(end for _, end in pair)) / 2
                    yield Guide(axis, level, *gaps[other], gap=True)
                return
