"""Where things lie on the canvas: sizes of cards, places of ports and the curves of wires, in pixels at 100 %."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

GRID = 10.0  # what blocks snap to; the dots of the background stand at every second line
WIDTH = 150.0
HEIGHT = 58.0
COLUMN, ROW = 190.0, 130.0  # from card to card in a tidy graph
PORT_RADIUS, SMALL_RADIUS = 5.0, 2.5
LOOP = 64.0  # how far a wire that runs backwards swings out
STRAIGHT = 1.5  # ports whose heights differ less are joined by a straight line


def snapped(point: QPointF, grid: float = GRID) -> QPointF:
    """The nearest crossing of the grid; the same point where `grid` is 0."""
    if grid <= 0:
        return point
    return QPointF(math.floor(point.x() / grid + 0.5) * grid, math.floor(point.y() / grid + 0.5) * grid)


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """The curve from an output port to an input port.

    It leaves to the right and arrives from the left. A wire that runs backwards swings out, runs
    level between the two rows (or under them, where there is only one), and swings in again.
    """
    path = QPainterPath(start)
    across, down = end.x() - start.x(), end.y() - start.y()
    if across > 0 and abs(down) < STRAIGHT:
        path.lineTo(end)
    elif across >= 16:
        _curve(path, start, end, max(across / 2, min(48.0, abs(down) / 2)))
    elif across > -LOOP and abs(down) > HEIGHT:
        _curve(path, start, end, min(80.0, max(48.0, abs(down) / 2)))
    else:
        level = _level(start, end)
        left, right = end.x() + LOOP / 2, start.x() - LOOP / 2
        if left > right:
            left = right = (left + right) / 2
        path.cubicTo(QPointF(start.x() + LOOP, start.y()), QPointF(start.x() + LOOP, level), QPointF(right, level))
        path.lineTo(left, level)
        path.cubicTo(QPointF(end.x() - LOOP, level), QPointF(end.x() - LOOP, end.y()), end)
    return path


def wire_lines(start: QPointF, end: QPointF) -> list[QLineF]:
    """The same way in straight lines, for views from far away."""
    if end.x() - start.x() > -LOOP:
        return [QLineF(start, end)]
    level = _level(start, end)
    corners = [
        start,
        QPointF(start.x() + LOOP / 2, start.y()),
        QPointF(start.x() + LOOP / 2, level),
        QPointF(end.x() - LOOP / 2, level),
        QPointF(end.x() - LOOP / 2, end.y()),
        end,
    ]
    return [QLineF(one, other) for one, other in itertools.pairwise(corners)]


def united(areas: Iterable[QRectF]) -> QRectF:
    """The rectangle around all of these; an empty one around none."""
    found = [area.getCoords() for area in areas]
    if not found:
        return QRectF()
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return QRectF(QPointF(min(lefts), min(tops)), QPointF(max(rights), max(bottoms)))


def _curve(path: QPainterPath, start: QPointF, end: QPointF, reach: float) -> None:
    path.cubicTo(QPointF(start.x() + reach, start.y()), QPointF(end.x() - reach, end.y()), end)


def _level(start: QPointF, end: QPointF) -> float:
    """The height at which a wire runs back: between two rows, or below a single one."""
    if abs(end.y() - start.y()) > HEIGHT + 12:
        return (start.y() + end.y()) / 2
    return max(start.y(), end.y()) + HEIGHT


def free_place(wanted: QPointF, size: QSizeF, free: Callable[[QRectF], bool]) -> QPointF:
    """The upper left corner nearest to `wanted` where so much has room around it, in steps of rows and columns.

    What is many cards large goes in larger steps, so that it is found soon too.
    """
    column, row = (
        step * max(1, round(side / step / 4)) for step, side in ((COLUMN, size.width()), (ROW, size.height()))
    )
    for distance in range(40):
        for down in range(distance, -distance - 1, -1):
            for across in {distance - abs(down), abs(down) - distance}:
                place = wanted + QPointF(across * column, down * row)
                if free(QRectF(place, size).adjusted(-GRID, -GRID, GRID, GRID)):
                    return place
    return wanted
