"""The canvas's edits as pure functions: each answers with the new project and the name of the undo step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QCoreApplication

from designer.available import offer
from designer.canvas.aims import Aim, Verdict
from designer.canvas.facts import Port
from designer.canvas.kept_ways import carried_over, divided
from designer.canvas.room import Landing
from engine.decorating import erase
from engine.fitting import Fit
from engine.graph import Graph, Wire
from engine.plan import Plan
from engine.project import Project
from engine.wiring import led_from, led_into, move_wires, remove_and_reconnect, splice, wires_from, wires_into

translate = QCoreApplication.translate
Edit = tuple[Project, str]
PlanOf = Callable[[Project], Plan]


def moved(project: Project, places: Mapping[str, tuple[float, float]]) -> Edit:
    """Blocks at other places."""
    if len(places) == 1:
        text = translate("Canvas", "Move {name}").format(name=_name(project, next(iter(places))))
    else:
        text = translate("Canvas", "Move %n block(s)", "", len(places))
    return project.move(places), text


def removed(project: Project, ids: Collection[str], wires: Collection[Wire], placed: Collection[str] = ()) -> Edit:
    """Blocks, the wires that touch them, other wires, and frames and notes gone."""
    project = erase(project, placed) if placed else project
    if placed and not ids and not wires:
        return project, translate("Canvas", "Delete frames and notes")
    if len(ids) == 1:
        text = translate("Canvas", "Delete {name}").format(name=_name(project, next(iter(ids))))
    elif ids:
        text = translate("Canvas", "Delete %n block(s)", "", len(ids))
    elif len(wires) == 1:
        text = translate("Canvas", "Delete wire")
    else:
        text = translate("Canvas", "Delete %n wire(s)", "", len(wires))
    return project.remove(ids, wires), text


def connected(project: Project, wire: Wire, instead_of: Wire | None = None) -> Edit:
    """A new wire, in place of another one that is led elsewhere."""
    graph = project.graph.disconnect([instead_of]) if instead_of else project.graph
    words = translate("Canvas", "Connect {source} to {target}")
    text = words.format(source=_name(project, wire.source), target=_name(project, wire.target))
    after = project.edit(graph.connect(wire))
    return carried_over(project, after, {wire: [instead_of]}) if instead_of else after, text


def disconnected(project: Project, wire: Wire) -> Edit:
    """A wire taken off its input."""
    words = translate("Canvas", "Disconnect {source} from {target}")
    text = words.format(source=_name(project, wire.source), target=_name(project, wire.target))
    return project.edit(project.graph.disconnect([wire])), text


def added(project: Project, name: str, place: tuple[float, float]) -> tuple[Project, str, str]:
    """A new block, or a group that comes with the program; answers with its id too.

    Raises:
        KeyError: when there is no block of that name.
    """
    after, key = offer(name).add(project, place)
    return after, translate("Canvas", "Add {name}").format(name=offer(name).label), key


def inserted(project: Project, name: str, landed: Landing, aim: Aim, verdict: Verdict) -> tuple[Project, str, str]:
    """A new block with the wires that were aimed at, and with room made for it; answers with its id too."""
    after, text, key = added(project, name, (landed.corner.x(), landed.corner.y()))
    after = aim.wired(after.move(_corners(landed)), key, verdict)
    if aim.splits is not None and verdict.wires:
        text = _insert(project, offer(name).label, aim.splits)
        after = divided(project, after, aim.splits, key)
    return after, text, key


def spliced_in(project: Project, key: str, wire: Wire, fit: Fit, landed: Landing) -> Edit:
    """A block that was there before set into a wire, with room made for it."""
    places = {key: (landed.corner.x(), landed.corner.y()), **_corners(landed)}
    after = divided(project, splice(project.move(places), wire, key, fit), wire, key)
    return after, _insert(project, _name(project, key), wire)


def healed(project: Project, plan: Plan, ids: Collection[str], wires: Collection[Wire], plan_of: PlanOf) -> Edit:
    """Blocks gone, and what entered them led on to what they fed.

    Raises:
        UserError: when a chain can't be closed; it tells why.
    """
    after, led_on = remove_and_reconnect(project, plan, ids, wires, plan_of)
    text = removed(project, ids, wires)[1]
    after = carried_over(project, after, {wire: _joined(project, wire, ids) for wire in led_on})
    return after, translate("Canvas", "{deletion} and reconnect").format(deletion=text) if led_on else text


def _joined(before: Project, wire: Wire, gone: Collection[str]) -> list[Wire]:
    """The wires that a healing one took the place of: that which entered the deleted blocks, and that which left."""
    leaving = before.graph.into(wire.target, wire.input)
    entering = [one for one in before.graph.wires if one[:2] == wire[:2] and one.target in gone]
    return [*entering[:1], *([leaving] if leaving is not None else [])]


def cut(project: Project, wires: Collection[Wire]) -> Edit:
    """Wires gone."""
    text = translate("Canvas", "Cut %n wire(s)", "", len(wires))
    return project.edit(project.graph.disconnect(wires)), text


def wires_moved(project: Project, start: Port, goal: Port) -> Edit:
    """All wires of a port led to another one of its side."""
    words = translate("Canvas", "Move wires from {start} to {goal}")
    text = words.format(start=_name(project, start.block), goal=_name(project, goal.block))
    moved = moves(project.graph, start, goal)
    return carried_over(project, move_wires(project, moved), {led: [wire] for wire, led in moved.items()}), text


def moves(graph: Graph, start: Port, goal: Port) -> Mapping[Wire, Wire]:
    """The wires of a port, and how they would run from or to another one."""
    place = goal.block, goal.name
    wires = wires_of(graph, start)
    return led_from(wires, place) if start.side == "out" else led_into(graph, wires, place)


def wires_of(graph: Graph, port: Port) -> tuple[Wire, ...]:
    """All wires of a port."""
    find = wires_from if port.side == "out" else wires_into
    return find(graph, port.block, port.name)


def _insert(project: Project, name: str, wire: Wire) -> str:
    words = translate("Canvas", "Insert {name} between {source} and {target}")
    return words.format(name=name, source=_name(project, wire.source), target=_name(project, wire.target))


def _corners(landed: Landing) -> dict[str, tuple[float, float]]:
    return {key: (corner.x(), corner.y()) for key, corner in landed.moved.items()}


def _name(project: Project, key: str) -> str:
    return project.graph.nodes[key].name
