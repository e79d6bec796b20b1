"""Decor as project files hold it: one entry a frame, a note or a wire, in the order of their ids."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from engine.decor import FARTHEST, LONGEST_TEXT, LONGEST_TITLE, MOST_BENDS, Decor, Frame, Note, Route, Strange
from engine.graph import Graph, Wire
from engine.group import Group, every_node
from engine.places import Area, Position


def decor_entries(decor: Mapping[str, Decor], graph: Graph) -> dict[str, Any]:
    """The section of a file, frames and notes first; nothing where there is no decor."""
    kept = _drawn(decor, graph)
    keys = sorted(kept, key=lambda key: (isinstance(kept[key], Route), key))
    return {"decor": {key: _written(kept[key]) for key in keys}} if keys else {}


def read_decor(entries: Mapping[str, Any], graph: Graph) -> dict[str, Decor]:
    """The decor that a section of a file tells of.

    Raises:
        ValueError: with a sentence, when an entry is malformed.
    """
    return _drawn({key: _read(key, entry) for key, entry in entries.items()}, graph)


def _drawn(decor: Mapping[str, Decor], graph: Graph) -> dict[str, Decor]:
    """The decor of this graph and of the groups in it; that of wires and groups that are not there is left out."""
    if not decor:
        return {}
    fronts = {"": graph} | {
        f"{path}/": node.block.graph for path, node in every_node(graph) if isinstance(node.block, Group)
    }
    wires = {front: {str(wire) for wire in inner.wires} for front, inner in fronts.items()}
    kept = {}
    for key, item in decor.items():
        front = key[: key.rfind("/") + 1]
        if isinstance(item, Strange) or (
            front in fronts and (not isinstance(item, Route) or key[len(front) :] in wires[front])
        ):
            kept[key] = item
    return kept


def _read(key: str, entry: Any) -> Decor:
    if not isinstance(entry, dict):
        raise ValueError(f"“{key}” in “decor” should be an object.")
    values = dict(entry)
    kind = values.pop("kind", None)
    if kind in ("frame", "note"):
        name = key.rpartition("/")[2]
        if not re.fullmatch(r"\w+", name):
            raise ValueError(f"“{key}” can't be the id of a {kind}.")
        area = _area(key, values.pop("area", None))
        colour = _text(key, values.pop("colour", "grey"), 40)
        if kind == "frame":
            return Frame(
                area=area, title=_text(key, values.pop("title", ""), LONGEST_TITLE), colour=colour, extras=values
            )
        return Note(area=area, text=_text(key, values.pop("text", ""), LONGEST_TEXT), colour=colour, extras=values)
    if kind == "wire":
        Wire.parse(key.rpartition("/")[2])
        labelled = values.pop("labelled", False)
        if not isinstance(labelled, bool):
            raise ValueError(f"whether “{key}” is labelled should be true or false.")
        return Route(bends=_bends(key, values.pop("bends", [])), labelled=labelled, extras=values)
    return Strange(extras=entry)


def _written(item: Decor) -> dict[str, Any]:
    """The entry of a file that `_read` reads."""
    if isinstance(item, Frame):
        told: dict[str, Any] = {"kind": "frame", "area": _shortest(item.area), "title": item.title}
        told["colour"] = item.colour
    elif isinstance(item, Note):
        told = {"kind": "note", "area": _shortest(item.area), "text": item.text, "colour": item.colour}
    elif isinstance(item, Route):
        told = {"kind": "wire"}
        if item.bends:
            told["bends"] = [_shortest(bend) for bend in item.bends]
        if item.labelled:
            told["labelled"] = True
    else:
        told = {}
    return {**told, **item.extras}


def _area(key: str, value: Any) -> Area:
    if not isinstance(value, list) or len(value) != 4 or not all(_sane(number) for number in value):
        raise ValueError(f"the area of “{key}” should be four numbers.")
    if min(value[2:]) < 1:
        raise ValueError(f"the area of “{key}” has no width or no height.")
    return Area(*value)


def _bends(key: str, value: Any) -> tuple[Position, ...]:
    if not isinstance(value, list) or len(value) > MOST_BENDS:
        raise ValueError(f"the bends of “{key}” should be a list of at most {MOST_BENDS} points.")
    for point in value:
        if not isinstance(point, list) or len(point) != 2 or not all(_sane(number) for number in point):
            raise ValueError(f"each bend of “{key}” should be two numbers.")
    return tuple(Position(*point) for point in value)


def _text(key: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"title, text and colour of “{key}” should be text of at most {longest:,} characters.")
    return value


def _sane(number: Any) -> bool:
    return type(number) in (int, float) and math.isfinite(number) and abs(number) < FARTHEST


def _shortest(numbers: tuple[float, ...]) -> list[float]:
    return [int(number) if float(number).is_integer() else number for number in numbers]
