"""The edits that fixes are made of: project to project, by id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.graph import Wire
from engine.problem import Fix
from engine.project import Project
from engine.weight_settings import WeightSettings


def connect(wire: Wire, label: str) -> Fix:
    return Fix(label, partial(_connect, wire=wire))


def disconnect(wire: Wire, label: str = "Remove the wire") -> Fix:
    return Fix(label, partial(_disconnect, wire=wire))


def rewire(old: Wire, new: Wire, label: str) -> Fix:
    """A wire with another end."""
    return Fix(label, partial(_rewire, old=old, new=new))


def remove(key: str, name: str) -> Fix:
    return Fix(f"Remove {name}", partial(_remove, key=key))


def rename(key: str, name: str) -> Fix:
    return Fix(f"Rename to {name}", partial(_rename, key=key, name=name))


def change(key: str, label: str, **values: object) -> Fix:
    """Other values of a block's parameters."""
    return Fix(label, partial(_change, key=key, values=values))


def unshare(key: str, name: str) -> Fix:
    return Fix(f"Give {name} weights of its own", partial(_unshare, key=key))


def unmute(key: str, name: str) -> Fix:
    return Fix(f"Unmute {name}", partial(_unmute, key=key))


def treat(key: str, weights: WeightSettings, label: str) -> Fix:
    """Other settings for the weights of a block."""
    return Fix(label, partial(_treat, key=key, weights=weights))


def _connect(project: Project, wire: Wire) -> Project:
    return project.edit(project.graph.connect(wire))


def _disconnect(project: Project, wire: Wire) -> Project:
    return project.edit(project.graph.disconnect([wire]))


def _rewire(project: Project, old: Wire, new: Wire) -> Project:
    return project.edit(project.graph.disconnect([old]).connect(new))


def _remove(project: Project, key: str) -> Project:
    return project.remove([key])


def _rename(project: Project, key: str, name: str) -> Project:
    return project.edit(project.graph.rename(key, name))


def _change(project: Project, key: str, values: Mapping[str, object]) -> Project:
    return project.edit(project.graph.change(key, **values))


def _unshare(project: Project, key: str) -> Project:
    return project.edit(project.graph.unshare(key))


def _unmute(project: Project, key: str) -> Project:
    return project.edit(project.graph.mute([key], False))


def _treat(project: Project, key: str, weights: WeightSettings) -> Project:
    return project.edit(project.graph.treat(key, weights))
