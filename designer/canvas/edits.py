"""The canvas's edits as pure functions: each answers with the new project and the name of the undo step."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QCoreApplication

from designer.available import offer
from engine.check import refusal
from engine.graph import Wire
from engine.plan import Plan
from engine.project import Project

translate = QCoreApplication.translate
Edit = tuple[Project, str]


def moved(project: Project, places: Mapping[str, tuple[float, float]]) -> Edit:
    """Blocks at other places."""
    if len(places) == 1:
        text = translate("Canvas", "Move {name}").format(name=_name(project, next(iter(places))))
    else:
        text = translate("Canvas", "Move %n block(s)", "", len(places))
    return project.move(places), text


def removed(project: Project, ids: Collection[str], wires: Collection[Wire]) -> Edit:
    """Blocks, the wires that touch them, and other wires gone."""
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
    return project.edit(graph.connect(wire)), text


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


def wired_after(project: Project, plan: Plan, source: str, target: str) -> Project:
    """The project with the first wire that fits from one block to a free input that needs one; else as it was."""
    graph = project.graph
    for output in graph.nodes[source].block.output_ports():
        for port in graph.nodes[target].block.input_ports():
            wire = Wire(source, output, target, port.name)
            if not port.optional and graph.into(target, port.name) is None and refusal(project, plan, wire) is None:
                return project.edit(graph.connect(wire))
    return project


def _name(project: Project, key: str) -> str:
    return project.graph.nodes[key].name
