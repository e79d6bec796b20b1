"""How wires are led after an edit that takes one apart, joins two or moves an end: bends that still make sense stay."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF

from designer.canvas.geometry import GRID, HEIGHT, WIDTH
from designer.canvas.wire_ways import off_line
from engine.decor import Route
from engine.decorating import bend_all, label, route
from engine.graph import Wire
from engine.places import Position
from engine.project import Project

DETOUR = 2.0  # so many times as long as the straight way, a wire is too long
USUAL = 160.0  # pixels that any wire may be longer


def divided(before: Project, after: Project, wire: Wire, key: str) -> Project:
    """The project in which a block stands in a wire now: each half keeps the bends on its side of the block."""
    way = route(before, wire)
    halves = [one for one in after.graph.wires if key in one[::2]]
    first = next((one for one in halves if one.target == key and one[:2] == wire[:2]), None)
    second = next((one for one in halves if one.source == key and one[2:] == wire[2:]), None)
    if not way.bends or first is None or second is None:
        return after
    body = QRectF(QPointF(*after.layout[key]), QSizeF(WIDTH, HEIGHT))
    sides = parted(way.bends, (_start(after, wire), _end(after, wire)), body)
    halves = [first, second]
    return bend_all(after, {one: _sensible(after, one, side) for one, side in zip(halves, sides, strict=True)})


def parted(bends: Sequence[Position], ends: tuple[QPointF, QPointF], body: QRectF) -> tuple[list[Position], ...]:
    """The bends before and behind a card that stands in the wire; those below it are left out."""
    start, end = ends
    points = [start, *(QPointF(*bend) for bend in bends), end]
    away = [off_line(body.center(), *leg) for leg in itertools.pairwise(points)]
    place = away.index(min(away))
    free = body.adjusted(-2 * GRID, -2 * GRID, 2 * GRID, 2 * GRID)
    sides = bends[:place], bends[place:]
    return tuple([bend for bend in side if not free.contains(QPointF(*bend))] for side in sides)


def carried_over(before: Project, after: Project, came_from: Mapping[Wire, Sequence[Wire]]) -> Project:
    """The project in which new wires are led as those that they took the place of, one behind the other."""
    bent, hidden = {}, []
    for wire, old in came_from.items():
        ways: list[Route] = [route(before, one) for one in old]
        bent[wire] = _sensible(after, wire, [bend for way in ways for bend in way.bends])
        if ways and all(way.labelled for way in ways):
            hidden.append(wire)
    return label(bend_all(after, bent), hidden)


def _sensible(project: Project, wire: Wire, bends: Sequence[Position]) -> list[Position]:
    """The bends without those at either end by which the wire would go far out of its way."""
    start, end = _start(project, wire), _end(project, wire)

    def length(kept: Sequence[Position]) -> float:
        points = [start, *(QPointF(*bend) for bend in kept), end]
        return sum(QLineF(one, other).length() for one, other in itertools.pairwise(points))

    kept = list(bends)
    while kept and length(kept) > DETOUR * length([]) + USUAL:
        kept = min(kept[:-1], kept[1:], key=length)
    return kept


def _start(project: Project, wire: Wire) -> QPointF:
    return QPointF(*project.layout.get(wire.source, (0, 0))) + QPointF(WIDTH, HEIGHT / 2)


def _end(project: Project, wire: Wire) -> QPointF:
    return QPointF(*project.layout.get(wire.target, (0, 0))) + QPointF(0, HEIGHT / 2)
