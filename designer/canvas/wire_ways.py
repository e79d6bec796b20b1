"""How a wire with bends runs: a smooth curve through them, leg by leg."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath

from designer.canvas.geometry import LOOP

LEAST = 24.0  # so far a wire reaches straight out of a port, at least, where it bends
SHORT = 0.75  # of the way from a port to a bend that is run through upright
SAMPLES = 24  # points looked at on each leg
RIGHT, LEFT = QPointF(1, 0), QPointF(-1, 0)


def legs(points: Sequence[QPointF]) -> list[QPainterPath]:
    """The curves from point to point, smooth at every bend.

    A leg that runs backwards from an output or to an input swings out, as a wire without bends does.
    """
    directions = _directions(points)
    last = len(points) - 2
    found = []
    for place, (start, end) in enumerate(itertools.pairwise(points)):
        path, out, into = QPainterPath(start), directions[place], directions[place + 1]
        backwards = _runs_back(start, end)
        if place == 0 and backwards:
            turn = QPointF(start.x(), _level(start.y(), end.y(), into))
            path.cubicTo(start + RIGHT * LOOP, turn + RIGHT * LOOP, turn)
            _curve(path, end, LEFT, into)
        elif place == last and backwards:
            turn = QPointF(end.x(), _level(end.y(), start.y(), out))
            _curve(path, turn, out, LEFT)
            path.cubicTo(turn + LEFT * LOOP, end + LEFT * LOOP, end)
        else:
            _curve(path, end, out, into, LEAST if place == 0 else 0.0, LEAST if place == last else 0.0)
        found.append(path)
    return found


def _curve(
    path: QPainterPath, end: QPointF, out: QPointF, into: QPointF, least_out: float = 0.0, least_into: float = 0.0
) -> None:
    """Go on to a point, out of here in one direction and into there in another."""
    start = path.currentPosition()
    reach, down = math.hypot(end.x() - start.x(), end.y() - start.y()) / 3, abs(end.y() - start.y())
    outwards = max(reach, least_out) if out.x() else min(reach, down)
    inwards = max(reach, least_into) if into.x() else min(reach, down)
    path.cubicTo(start + out * outwards, end - into * inwards, end)


def _directions(points: Sequence[QPointF]) -> list[QPointF]:
    """How the wire runs through each point: rightwards at the ports; level where two legs run back side by side."""
    directions = [_through(*three) for three in zip(points, points[1:], points[2:], strict=False)]
    for place, near, far in ((0, points[:2], points[1:3]), (-1, points[-2:], points[-3:-1])):
        if _runs_back(*near) and far[0].x() - far[1].x() > LEAST:
            directions[place] = LEFT
    return [RIGHT, *directions, RIGHT]


def _through(before: QPointF, here: QPointF, after: QPointF) -> QPointF:
    """As from the point before to the one behind; but level or upright where the wire would overshoot the bend."""
    ways = [(here.x() - before.x(), after.x() - here.x()), (here.y() - before.y(), after.y() - here.y())]
    across, down = (one + other if one * other > 0 else 0.0 for one, other in ways)
    return _unit(QPointF(across, down) if across or down else after - before)


def _level(port: float, bend: float, direction: QPointF) -> float:
    """At which height a wire runs between a port and a bend: at that of the bend, or short of it to turn there."""
    return bend if not direction.y() else port + SHORT * (bend - port)


def _runs_back(start: QPointF, end: QPointF) -> bool:
    """Whether a leg runs so far to the left, and up or down, that it swings out."""
    return start.x() - end.x() > LEAST and abs(start.y() - end.y()) > LEAST


def bent_path(points: Sequence[QPointF]) -> QPainterPath:
    """The curve from an output port through all bends to an input port."""
    path = QPainterPath(points[0])
    for leg in legs(points):
        path.connectPath(leg)
    return path


def bent_lines(points: Sequence[QPointF]) -> list[QLineF]:
    """The same way in straight lines, for views from far away."""
    corners, half = list(points), QPointF(LOOP / 2, 0)
    if _runs_back(points[-2], points[-1]):
        corners[-1:-1] = [QPointF(points[-1].x(), points[-2].y()) - half, points[-1] - half]
    if _runs_back(points[0], points[1]):
        corners[1:1] = [points[0] + half, QPointF(points[0].x(), points[1].y()) + half]
    return [QLineF(one, other) for one, other in itertools.pairwise(corners)]


def leg_at(points: Sequence[QPointF], point: QPointF) -> int:
    """Which leg of the curve runs nearest to a point; a new bend there comes at this place among the bends."""

    def away(path: QPainterPath) -> float:
        places = (path.pointAtPercent(step / SAMPLES) - point for step in range(SAMPLES + 1))
        return min(math.hypot(place.x(), place.y()) for place in places)

    distances = [away(leg) for leg in legs(points)]
    return distances.index(min(distances))


def middle_of_longest(points: Sequence[QPointF]) -> tuple[int, QPointF]:
    """The longest leg, and the point half way along it."""
    lengths = [QLineF(start, end).length() for start, end in itertools.pairwise(points)]
    place = lengths.index(max(lengths))
    return place, legs(points)[place].pointAtPercent(0.5)


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
