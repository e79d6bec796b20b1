"""Where cards go when they are brought in line or spaced out: areas in, upper left corners out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF

from designer.canvas.geometry import COLUMN, WIDTH

Areas = Mapping[str, QRectF]
Places = dict[str, tuple[float, float]]

GAP = COLUMN - WIDTH  # between cards that would lie upon each other, and where there is no distance to go by
# By the side that is aligned: along which axis (0 across, 1 down), and which part of the way from first to last edge.
SIDES: Mapping[str, tuple[int, float]] = {
    "left": (0, 0.0),
    "centre": (0, 0.5),
    "right": (0, 1.0),
    "top": (1, 0.0),
    "middle": (1, 0.5),
    "bottom": (1, 1.0),
}


def aligned(areas: Areas, side: str) -> Places:
    """All cards with one side, or their middles, in one line; those that would lie upon each other move apart."""
    axis, share = SIDES[side]
    start, end = min(_start(area, axis) for area in areas.values()), max(_end(area, axis) for area in areas.values())
    line = round(start + share * (end - start))
    along = {key: line - share * _length(area, axis) for key, area in areas.items()}
    return _places(axis, along, _apart(areas, 1 - axis))


def distributed(areas: Areas, axis: int) -> Places:
    """The first and the last card stay, and the distances between all are equal."""
    order = _order(areas, axis)
    first, last = areas[order[0]], areas[order[-1]]
    room = _end(last, axis) - _start(first, axis) - sum(_length(area, axis) for area in areas.values())
    return _placed(areas, order, axis, room / (len(order) - 1))


def same_spacing(areas: Areas) -> Places:
    """The first two cards stay, and the others follow at the same distance, in the longer direction of them all."""
    whole = QRectF()
    for area in areas.values():
        whole |= area
    axis = 0 if whole.width() >= whole.height() else 1
    order = _order(areas, axis)
    gap = _start(areas[order[1]], axis) - _end(areas[order[0]], axis)
    return _placed(areas, order, axis, gap if gap >= 0 else GAP)


def _placed(areas: Areas, order: list[str], axis: int, gap: float) -> Places:
    along, edge = {}, _start(areas[order[0]], axis)
    for key in order:
        along[key] = round(edge)
        edge += _length(areas[key], axis) + gap
    return _places(axis, along, {key: _start(area, 1 - axis) for key, area in areas.items()})


def _apart(areas: Areas, axis: int) -> dict[str, float]:
    """Starts along an axis at which no card overlaps the one before it."""
    starts: dict[str, float] = {}
    edge: float | None = None
    for key in _order(areas, axis):
        start = _start(areas[key], axis)
        starts[key] = start if edge is None or start >= edge else edge + GAP
        edge = starts[key] + _length(areas[key], axis)
    return starts


def _places(axis: int, along: Mapping[str, float], across: Mapping[str, float]) -> Places:
    return {key: (along[key], across[key]) if axis == 0 else (across[key], along[key]) for key in along}


def _order(areas: Areas, axis: int) -> list[str]:
    """By the middles; cards that share theirs, by their middles in the other direction."""

    def middle(key: str) -> tuple[float, float]:
        centre = areas[key].center()
        return (centre.x(), centre.y()) if axis == 0 else (centre.y(), centre.x())

    return sorted(areas, key=middle)


def _start(area: QRectF, axis: int) -> float:
    return area.left() if axis == 0 else area.top()


def _end(area: QRectF, axis: int) -> float:
    return area.right() if axis == 0 else area.bottom()


def _length(area: QRectF, axis: int) -> float:
    return area.width() if axis == 0 else area.height()
