"""Which of the wires that were tidied are led around cards: those that would else run behind one."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from designer.canvas.geometry import wire_path
from designer.canvas.wire_ways import bent_path
from engine.arrange import Link
from engine.graph import Wire
from engine.places import Position

STEP = 4.0  # pixels from one point looked at to the next, along a wire
CELL = 256.0  # pixels of a side of the squares into which the canvas is divided, to look at few cards only
BESIDE = 7.0  # pixels between two wires that go the same way

Bends = tuple[Position, ...]


def led_around(
    ends: Mapping[Wire, tuple[QPointF, QPointF]],
    ways: Mapping[Link, Sequence[Position]],
    bodies: Mapping[str, QRectF],
    downwards: bool = False,
) -> dict[Wire, Bends]:
    """The bends of wires which by themselves would run behind cards, and with these bends run behind fewer, or none.

    `ends` are the places of each wire's ports, and `ways` the free ways between blocks.
    """
    crowd, led = _Crowd(bodies), dict[Wire, Bends]()
    beside: defaultdict[Bends, int] = defaultdict(int)
    for wire, (start, end) in ends.items():
        link = wire.source, wire.target
        way = tuple(ways.get(link, ()))
        if not way:
            continue
        hidden = crowd.hides(wire_path(start, end), link)
        if not hidden:
            continue
        aside = BESIDE * beside[way]
        bends = tuple(point.by(*((aside, 0) if downwards else (0, aside))) for point in way)
        if crowd.hides(bent_path([start, *(QPointF(*bend) for bend in bends), end]), link) < hidden:
            led[wire] = bends
            beside[way] += 1
    return led


class _Crowd:
    """Cards by the squares that they reach into."""

    def __init__(self, bodies: Mapping[str, QRectF]) -> None:
        self._cells: defaultdict[tuple[int, int], list[tuple[str, QRectF]]] = defaultdict(list)
        for key, body in bodies.items():
            for cell in _cells(body):
                self._cells[cell].append((key, body))

    def hides(self, path: QPainterPath, apart: Sequence[str]) -> int:
        """How many of the points of a wire lie behind cards, not counting those that it joins."""
        found = 0
        for line in path.toSubpathPolygons():
            for one, other in itertools.pairwise(line):
                near = self._near(QRectF(one, other).normalized().adjusted(-1, -1, 1, 1), apart)
                if near:  # else there is no need to look at its points
                    found += sum(any(body.contains(point) for body in near) for point in _points(one, other))
        return found

    def _near(self, area: QRectF, apart: Sequence[str]) -> list[QRectF]:
        bodies = itertools.chain.from_iterable(self._cells.get(cell, ()) for cell in _cells(area))
        return [body for key, body in bodies if body.intersects(area) and key not in apart]


def _cells(area: QRectF) -> Iterator[tuple[int, int]]:
    """The squares that an area reaches into."""
    columns = range(math.floor(area.left() / CELL), math.floor(area.right() / CELL) + 1)
    rows = range(math.floor(area.top() / CELL), math.floor(area.bottom() / CELL) + 1)
    return itertools.product(columns, rows)


def _points(one: QPointF, other: QPointF) -> Iterator[QPointF]:
    steps = max(1, math.ceil(math.hypot(other.x() - one.x(), other.y() - one.y()) / STEP))
    return (one + (other - one) * (step / steps) for step in range(steps))
