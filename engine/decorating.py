"""Edits of frames, notes and the ways of wires: pure functions on a project, in whatever group it is seen from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from engine.decor import FARTHEST, MOST_BENDS, SMALLEST, Decor, Frame, Note, Route
from engine.graph import Wire
from engine.places import Area, Position, insides, middle_of, numbered, put_into
from engine.project import Project

PLAIN = Route()


def add_frame(project: Project, area: Area, title: str = "", colour: str = "grey") -> tuple[Project, str]:
    """The project with one more frame, and its id."""
    return _added(project, "frame", Frame(area=_fitting(area), title=title, colour=colour))


def add_note(project: Project, area: Area, text: str = "", colour: str = "yellow") -> tuple[Project, str]:
    """The project with one more note, and its id."""
    return _added(project, "note", Note(area=_fitting(area), text=text, colour=colour))


def change(project: Project, key: str, **values: Any) -> Project:
    """The project with another title, text, colour or area of a frame or a note."""
    if "area" in values:
        values["area"] = _fitting(Area(*values["area"]))
    return project.with_(decor={**project.decor, key: project.decor[key].with_(**values)})


def erase(project: Project, keys: Iterable[str]) -> Project:
    """The project without these frames and notes; blocks stay where they are."""
    gone = set(keys)
    return project.with_(decor={key: item for key, item in project.decor.items() if key not in gone})


def placed(project: Project) -> dict[str, Frame | Note]:
    """The frames and notes that are seen from here, by id."""
    return {key: item for key, item in project.decor.items() if isinstance(item, (Frame, Note)) and "/" not in key}


def carried(project: Project, keys: Iterable[str]) -> tuple[set[str], set[str]]:
    """The blocks, and the frames and notes, that move when these frames and notes move; themselves among them.

    A block and a note lie in a frame when their middle does, a frame when all of it does.
    """
    items = placed(project)
    moving = {key for key in keys if key in items}
    areas = [items[key].area for key in moving if isinstance(items[key], Frame)]
    for key, item in items.items():
        if any(_lies_in(item, area) for area in areas):
            moving.add(key)
    places = {key: middle_of(place) for key, place in project.layout.items() if "/" not in key} if areas else {}
    blocks = {key for key, point in places.items() if any(area.holds(point) for area in areas)}
    return blocks & project.graph.nodes.keys(), moving


def whole(project: Project, ids: Iterable[str], keys: Iterable[str]) -> tuple[tuple[str, ...], set[str]]:
    """A selection of blocks, and of frames and notes, with all that lies in its frames; blocks in their order."""
    blocks, along = carried(project, keys)
    chosen = blocks | set(ids)
    return tuple(key for key in project.graph.nodes if key in chosen), along


def fresh(before: Project, after: Project) -> tuple[str, ...]:
    """The frames and notes that an edit has brought."""
    return tuple(key for key in placed(after) if key not in before.decor)


def move(project: Project, places: Mapping[str, tuple[float, float]], keys: Iterable[str], by: Position) -> Project:
    """The project with blocks at other places, and these frames and notes moved by a distance."""
    project, items = project.move(places), placed(project)
    changed = {key: moved(items[key], by) for key in keys if key in items}
    return project.with_(decor={**project.decor, **changed}) if changed else project


def route(project: Project, wire: Wire) -> Route:
    """How a wire is drawn."""
    found = project.decor.get(str(wire))
    return found if isinstance(found, Route) else PLAIN


def routes(project: Project) -> dict[Wire, Route]:
    """The wires that are seen from here and are drawn otherwise than by themselves, and how."""
    items = project.decor.items()
    return {Wire.parse(key): item for key, item in items if isinstance(item, Route) and "/" not in key}


def bend(project: Project, wire: Wire, bends: Sequence[tuple[float, float]]) -> Project:
    """The project in which a wire runs through these points, from its output to its input."""
    points = tuple(Position(*point) for point in bends)
    return _routed(project, {wire: route(project, wire).with_(bends=points)})


def bend_all(project: Project, ways: Mapping[Wire, Sequence[tuple[float, float]]]) -> Project:
    """The project in which each of these wires runs through its points and no others; labels stay."""
    changed = {}
    for wire, bends in ways.items():
        before, points = route(project, wire), tuple(Position(*point) for point in bends[:MOST_BENDS])
        if before.bends != points:
            changed[wire] = before.with_(bends=points)
    return _routed(project, changed)


def label(project: Project, wires: Iterable[Wire], labelled: bool = True) -> Project:
    """The project in which these wires are hidden behind a label at each end, or drawn again."""
    return _routed(project, {wire: route(project, wire).with_(labelled=labelled) for wire in wires})


def straighten(project: Project, wires: Iterable[Wire]) -> Project:
    """The project in which these wires run as they would by themselves; labels stay."""
    return bend_all(project, dict.fromkeys(wires, ()))


def _routed(project: Project, ways: Mapping[Wire, Route]) -> Project:
    """The project in which these wires are drawn so; of those that run as any wire does, nothing is kept."""
    if not ways:
        return project
    changed = {str(wire): way for wire, way in ways.items()}
    kept = {key: changed.get(key, item) for key, item in project.decor.items()} | changed
    return project.with_(decor={key: item for key, item in kept.items() if not (key in changed and changed[key].plain)})


# Copies, groups


def going_along(project: Project, ids: Collection[str], keys: Iterable[str] = ()) -> set[str]:
    """Frames and notes that belong to a selection: the chosen ones, and frames that hold selected blocks and no others.

    What lies in such a frame goes along too.
    """
    chosen = set(keys)
    for key, item in placed(project).items():
        if isinstance(item, Frame) and key not in chosen:
            blocks, _ = carried(project, [key])
            if blocks and blocks <= set(ids):
                chosen.add(key)
    return carried(project, chosen)[1]


def taken(project: Project, wires: Iterable[Wire], keys: Iterable[str]) -> dict[str, Decor]:
    """These frames and notes, and how these wires are drawn."""
    wanted = {str(wire) for wire in wires} | (set(keys) & placed(project).keys())
    return {key: item for key, item in project.decor.items() if key in wanted}


def inserted(
    decor: Mapping[str, Decor], part: Mapping[str, Decor], ids: Mapping[str, str], by: Position
) -> dict[str, Decor]:
    """The decor with that of a part, moved by a distance; `ids` leads from each block of the part to what it became."""
    grown = dict(decor)
    for key, item in sorted(part.items()):
        first, slash, rest = key.partition("/")
        if slash:
            if first in ids:
                grown[f"{ids[first]}/{rest}"] = item
        elif isinstance(item, (Frame, Note)):
            grown[numbered("frame" if isinstance(item, Frame) else "note", grown)] = moved(item, by)
        elif isinstance(item, Route):
            wire = Wire.parse(key)
            if wire.source in ids and wire.target in ids:
                grown[str(wire._replace(source=ids[wire.source], target=ids[wire.target]))] = moved(item, by)
    return grown


def near(part: Project, distance: float) -> dict[str, Decor]:
    """The decor of which all points lie no farther than so many pixels from the middle of the canvas."""

    def points(item: Decor) -> list[tuple[float, float]]:
        if isinstance(item, Route):
            return list(item.bends)
        return [item.area[:2], item.area[2:]] if isinstance(item, (Frame, Note)) else []

    return {
        key: item
        for key, item in part.decor.items()
        if all(abs(x) <= distance and abs(y) <= distance for x, y in points(item))
    }


def moved(item: Decor, by: tuple[float, float]) -> Decor:
    """A frame or a note at another place, or a wire with its bends there; none leaves the canvas."""
    if isinstance(item, (Frame, Note)):
        return item.with_(area=_fitting(item.area.by(*by)))
    if isinstance(item, Route):
        return item.with_(bends=tuple(_on_canvas(point.by(*by)) for point in item.bends))
    return item


def folded(project: Project, group: str, blocks: Collection[str], keys: Iterable[str] = ()) -> dict[str, Decor]:
    """The decor when these blocks go into a group: what belongs to them goes along."""
    along = going_along(project, blocks, keys)
    inner = {str(wire) for wire in project.graph.wires if wire.source in blocks and wire.target in blocks}
    decor: dict[str, Decor] = {}
    for key, item in project.decor.items():
        first, slash, _ = key.partition("/")
        goes = first in blocks if slash else key in along or (isinstance(item, Route) and key in inner)
        decor[f"{group}/{key}" if goes else key] = item
    return decor


def unfolded(
    project: Project, group: str, ids: Sequence[Mapping[str, str]], layout: Mapping[str, Position]
) -> dict[str, Decor]:
    """The decor when the blocks of a group stand outside; `ids` leads from inside to outside, once for each repeat."""
    front = f"{group}/"
    inside = {key[len(front) :]: item for key, item in project.decor.items() if key.startswith(front)}
    decor = {key: item for key, item in project.decor.items() if not key.startswith(front)}
    routes = {key: item for key, item in inside.items() if isinstance(item, Route) and "/" not in key}
    deeper = insides(inside)
    for names in ids:
        by = _distance(project.layout, front, names, layout)
        for key, item in inside.items():
            if isinstance(item, (Frame, Note)) and "/" not in key:
                stem = "frame" if isinstance(item, Frame) else "note"
                free = key if key not in decor else numbered(stem, decor)
                decor[free] = moved(item, by)
        for key, item in routes.items():
            wire = Wire.parse(key)
            if wire.source in names and wire.target in names:
                outer = wire._replace(source=names[wire.source], target=names[wire.target])
                decor[str(outer)] = moved(item, by)
        for block, name in names.items():
            decor |= put_into(name, deeper.get(block, {}))
    return decor


def _distance(
    before: Mapping[str, Position], front: str, names: Mapping[str, str], after: Mapping[str, Position]
) -> Position:
    """How far the blocks of a group stand from where they stood in it."""
    for block, name in names.items():
        if front + block in before and name in after:
            inner, outer = before[front + block], after[name]
            return Position(outer.x - inner.x, outer.y - inner.y)
    return Position(0, 0)


def _added(project: Project, stem: str, item: Frame | Note) -> tuple[Project, str]:
    key = numbered(stem, project.decor)
    return project.with_(decor={**project.decor, key: item}), key


def _lies_in(item: Frame | Note, area: Area) -> bool:
    if isinstance(item, Note):
        return area.holds(item.area.middle)
    return item.area != area and area.holds_all(item.area)


def _fitting(area: Area) -> Area:
    """An area that is not too small to be seen and lies on the canvas."""
    x, y = _on_canvas(Position(area.x, area.y))
    width, height = (max(SMALLEST, min(FARTHEST / 2, float(number))) for number in area[2:])
    return Area(x, y, width, height)


def _on_canvas(point: Position) -> Position:
    return Position(*(max(-FARTHEST / 2, min(FARTHEST / 2, float(number))) for number in point))
