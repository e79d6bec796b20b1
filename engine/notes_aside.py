"""Notes outside of frames that keep clear of blocks when these are put in order; a pure function on a project."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from engine.decor import Frame, Note
from engine.decorating import placed
from engine.places import Area, Position
from engine.project import Project

NEAR = 120.0  # pixels: a note no farther from a block goes where that block goes
APART = 16.0  # pixels between a note and what it must not cover
SHAPE = 16.0  # pixels below a card, where its shape stands
CELL = 256.0  # pixels of a side of the squares by which what is taken is found


def with_notes_aside(before: Project, after: Project, cards: Mapping[str, Area]) -> Project:
    """The project `after`, in which no note outside of frames lies upon a block or a frame.

    A note beside a block goes along with it; then one that would cover something goes to the nearest free place.

    Args:
        before: as it was before blocks and frames moved.
        after: as it is now but for the notes.
        cards: where every block lies now, by id.
    """
    items, stood = placed(after), placed(before)
    around = [item.area for item in stood.values() if isinstance(item, Frame)]
    notes = {key: item.area for key, item in stood.items() if isinstance(item, Note)}
    lone = {key: area for key, area in notes.items() if not any(frame.holds(area.middle) for frame in around)}
    if not lone:
        return after
    frames = [item.area for item in items.values() if isinstance(item, Frame)]
    taken = _Taken([*(card._replace(height=card.height + SHAPE) for card in cards.values()), *frames])
    changed = {}
    for key, area in sorted(lone.items(), key=lambda pair: (pair[1].y, pair[1].x)):
        wanted = area.by(*_along(area, before, cards))
        place = taken.nearest(wanted)
        taken.add(place)
        if place != area:
            changed[key] = items[key].with_(area=place)
    return after.with_(decor={**after.decor, **changed}) if changed else after


def _along(note: Area, before: Project, cards: Mapping[str, Area]) -> Position:
    """How far the block has moved that the note stood beside; nowhere where it stood beside none."""
    stood = {key: card._replace(**before.layout[key]._asdict()) for key, card in cards.items() if key in before.layout}
    distance, key = min(((_gap(note, area), key) for key, area in stood.items()), default=(math.inf, ""))
    if distance > NEAR:
        return Position(0.0, 0.0)
    return Position(cards[key].x - before.layout[key].x, cards[key].y - before.layout[key].y)


def _gap(one: Area, other: Area) -> float:
    across = max(other.x - one.x - one.width, one.x - other.x - other.width, 0.0)
    down = max(other.y - one.y - one.height, one.y - other.y - other.height, 0.0)
    return math.hypot(across, down)


class _Taken:
    """Areas by the squares that they reach into."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas: list[Area] = []
        self._cells: defaultdict[tuple[int, int], list[Area]] = defaultdict(list)
        for area in areas:
            self.add(area)

    def add(self, area: Area) -> None:
        self._areas.append(area)
        for cell in _cells(area):
            self._cells[cell].append(area)

    def nearest(self, wanted: Area) -> Area:
        """The free place nearest to the wanted one, straight beside, above or below it or what is taken."""
        if self._free(wanted):
            return wanted
        places = [
            wanted._replace(x=x) for one in self._areas for x in (one.x - wanted.width - APART, _right(one) + APART)
        ]
        places += [
            wanted._replace(y=y) for one in self._areas for y in (one.y - wanted.height - APART, _below(one) + APART)
        ]
        places.sort(key=lambda place: abs(place.x - wanted.x) + abs(place.y - wanted.y))
        return next(place for place in places if self._free(place))  # at the latest, above all that is taken

    def _free(self, place: Area) -> bool:
        near = itertools.chain.from_iterable(self._cells.get(cell, ()) for cell in _cells(place))
        return not any(
            place.x < _right(one) and one.x < _right(place) and place.y < _below(one) and one.y < _below(place)
            for one in near
        )


def _right(area: Area) -> float:
    return area.x + area.width


def _below(area: Area) -> float:
    return area.y + area.height


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    columns = range(math.floor(area.x / CELL), math.floor(_right(area) / CELL) + 1)
    rows = range(math.floor(area.y / CELL), math.floor(_below(area) / CELL) + 1)
    return itertools.product(columns, rows)
