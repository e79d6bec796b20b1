"""Frames that stay around their blocks when these are put in order; a pure function on a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine import decorating
from engine.decor import Frame, Note
from engine.places import Area
from engine.project import Project


class Margins(NamedTuple):
    """Room between blocks and the frame around them, in pixels."""

    beside: float = 20.0
    above: float = 40.0  # for the title
    below: float = 28.0  # for the shapes below the cards


MARGINS = Margins()


class Held(NamedTuple):
    """The blocks in a frame, and how much room its notes need below them."""

    blocks: frozenset[str]
    notes: float = 0.0


def around(areas: Iterable[Area]) -> Area:
    """The area of a frame around all of these, of which there is at least one."""
    inner = _united(areas)
    width, height = inner.width + 2 * MARGINS.beside, inner.height + MARGINS.above + MARGINS.below
    return Area(inner.x - MARGINS.beside, inner.y - MARGINS.above, width, height)


def frames_of(project: Project) -> list[Held]:
    """What every frame that is seen from here holds."""
    items = decorating.placed(project)
    found = []
    for key, item in items.items():
        if isinstance(item, Frame):
            blocks, inside = decorating.carried(project, [key])
            notes = [items[other].area.height for other in inside if isinstance(items[other], Note)]
            found.append(Held(frozenset(blocks), max(notes, default=0.0)))
    return found


def arranged(project: Project, cards: Mapping[str, Area]) -> Project:
    """The project with blocks at other places, and with every frame that held some of them drawn around them again.

    Notes and smaller frames in a frame go along with it, and frames without blocks that move stay as they are.

    Args:
        project: as it is before.
        cards: where every block lies afterwards, by id; a block that is missing stays where it is, and counts for none.
    """
    layout = {key: area[:2] for key, area in cards.items() if project.layout.get(key) != area[:2]}
    items = decorating.placed(project)
    held = {key: decorating.carried(project, [key]) for key, item in items.items() if isinstance(item, Frame)}
    areas: dict[str, Area] = {}  # of frames and notes, as they lie afterwards
    for key in sorted(held, key=lambda key: items[key].area.width * items[key].area.height):  # inner frames first
        blocks, inside = held[key]
        if not blocks & layout.keys():
            continue
        now = [cards[block] for block in blocks if block in cards]
        body = _united(now)
        before = items[key].area
        for other in sorted(inside - {key} - areas.keys()):
            if isinstance(items[other], Note):
                areas[other] = _along(items[other].area, before, body)
        inner = [areas.get(other, items[other].area) for other in inside - {key}]
        areas[key] = around((*now, *inner))
    decor = {key: items[key].with_(area=area) for key, area in areas.items() if area != items[key].area}
    return project.move(layout).with_(decor={**project.decor, **decor} if decor else project.decor)


def _along(note: Area, before: Area, body: Area) -> Area:
    """A note that stood in a frame, below the blocks that are in it now: there it covers none of them."""
    return note._replace(
        x=body.x + max(0.0, note.x - before.x - MARGINS.beside), y=body.y + body.height + MARGINS.below
    )


def _united(areas: Iterable[Area]) -> Area:
    corners = [(area.x, area.y, area.x + area.width, area.y + area.height) for area in areas]
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    return Area(min(lefts), min(tops), max(rights) - min(lefts), max(bottoms) - min(tops))
