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
            columns = range(math.floor(body.left() / CELL), math.floor(body.right() / CELL) + 1)
            rows = range(math.floor(body.top() / CELL), math.floor(body.bottom() / CELL) + 1)
            for cell in itertools.product(columns, rows):
                self._cells[cell].append((key, body))

    def hides(self, path: QPainterPath, apart: Sequence[str]) -> int:
        """How many of the points of a wire lie behind cards, not counting those that it joins."""
        return sum(
            any(body.contains(point) and key not in apart for key, body in self._at(point)) for point in _points(path)
        )

    def _at(self, point: QPointF) -> Sequence[tuple[str, QRectF]]:
        return self._cells.get((math.floor(point.x() / CELL), math.floor(point.y() / CELL)), ())


def _points(path: QPainterPath) -> Iterator[QPointF]:
    for line in path.toSubpathPolygons():
        for one, other in itertools.pairwise(line):
            steps = max(1, math.ceil(math.hypot(other.x() - one.x(), other.y() - one.y()) / STEP))
            yield from (one + (other - one) * (step / steps) for step in range(steps))
