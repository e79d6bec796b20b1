"""How a wire with bends runs: a smooth curve through them, leg by leg."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath

LEAST = 24.0  # so far a wire reaches straight out of a port, at least, where it bends
SAMPLES = 24  # points looked at on each leg

Leg = tuple[QPointF, QPointF, QPointF, QPointF]  # start, two handles, end


def legs(points: Sequence[QPointF]) -> list[Leg]:
    """The curves from point to point; at each bend the wire runs as from the point before to the one behind."""
    directions = [QPointF(1, 0)]
    directions += [_unit(after - before) for before, after in zip(points, points[2:], strict=False)]
    directions.append(QPointF(1, 0))
    found = []
    for place, (start, end) in enumerate(itertools.pairwise(points)):
        reach = math.hypot(end.x() - start.x(), end.y() - start.y()) / 3
        out = max(reach, LEAST) if place == 0 else reach
        into = max(reach, LEAST) if place == len(points) - 2 else reach
        found.append((start, start + directions[place] * out, end - directions[place + 1] * into, end))
    return found


def bent_path(points: Sequence[QPointF]) -> QPainterPath:
    """The curve from an output port through all bends to an input port."""
    path = QPainterPath(points[0])
    for _, first, second, end in legs(points):
        path.cubicTo(first, second, end)
    return path


def bent_lines(points: Sequence[QPointF]) -> list[QLineF]:
    """The same way in straight lines, for views from far away."""
    return [QLineF(one, other) for one, other in itertools.pairwise(points)]


def leg_at(points: Sequence[QPointF], point: QPointF) -> int:
    """Which leg of the curve runs nearest to a point; a new bend there comes at this place among the bends."""

    def away(leg: Leg) -> float:
        path = QPainterPath(leg[0])
        path.cubicTo(*leg[1:])
        places = (path.pointAtPercent(step / SAMPLES) - point for step in range(SAMPLES + 1))
        return min(math.hypot(place.x(), place.y()) for place in places)

    distances = [away(leg) for leg in legs(points)]
    return distances.index(min(distances))


def middle_of_longest(points: Sequence[QPointF]) -> tuple[int, QPointF]:
    """The longest leg, and the point half way along it."""
    lengths = [QLineF(start, end).length() for start, end in itertools.pairwise(points)]
    place = lengths.index(max(lengths))
    leg = legs(points)[place]
    path = QPainterPath(leg[0])
    path.cubicTo(*leg[1:])
    return place, path.pointAtPercent(0.5)


def off_line(point: QPointF, start: QPointF, end: QPointF) -> float:
    """How far a point lies from the straight line between two others."""
    across, down = end.x() - start.x(), end.y() - start.y()
    square = across * across + down * down
    along = ((point.x() - start.x()) * across + (point.y() - start.y()) * down) / square if square else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(point.x() - start.x() - along * across, point.y() - start.y() - along * down)


def _unit(way: QPointF) -> QPointF:
    length = math.hypot(way.x(), way.y())
    return way / length if length else QPointF(1, 0)
