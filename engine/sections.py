"""Sections of a project file that are records: what is written of them, and how they are read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from engine.record import Record, Registry
from engine.training.schedules import Constant
from engine.training.settings import TrainingSettings
from engine.training.turn import Turn


def values_of(record: BaseModel) -> dict[str, Any]:
    """The plain parameters of a record, as JSON holds them; nested records are written apart."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name in type(record).model_fields
        if not isinstance(value := getattr(record, name), BaseModel)
    }


def tagged(key: str, record: Record) -> dict[str, Any]:
    return {key: type(record).__name__, **values_of(record)}


def training_section(training: TrainingSettings) -> dict[str, Any]:
    """The optimizer, a few settings that every training has, and of the others what differs from the default."""
    plain, changed = values_of(training), training.changed()
    return {
        "optimizer": tagged("name", training.optimizer),
        **({"schedule": tagged("name", training.schedule)} if training.schedule != Constant() else {}),
        **({"turns": [_turn(turn) for turn in training.turns]} if training.turns else {}),
        **{name: plain[name] for name in plain if name in training.always_written or name in changed},
    }


def _turn(turn: Turn) -> dict[str, Any]:
    plain, changed = values_of(turn), turn.changed()
    return {name: plain[name] for name in plain if name in turn.always_written or name in changed}


def turns_of(values: Mapping[str, Any]) -> tuple[Turn, ...]:
    """The steps of a batch in a training section."""
    entries = typed({"turns": [], **values}, "turns", list)
    if not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("each of the “turns” should be an object.")
    for entry in entries:
        for name in ("losses", "blocks"):
            listed = typed({name: [], **entry}, name, list)
            if not all(isinstance(key, str) for key in listed):
                raise ValueError(f"the “{name}” of a step should be ids of blocks.")
    return tuple(Turn.build(entry) for entry in entries)


def record_of(cls: Any, nested: Mapping[str, Registry[Any]], values: Mapping[str, Any]) -> Any:
    """A record from a section of the file; some of its parts are records of several kinds."""
    parts = {}
    for part, registry in nested.items():
        inner = dict(typed(values, part, dict))
        name = typed(inner, "name", str)
        del inner["name"]
        if name not in registry:
            raise ValueError(f"this version has no {part} “{name}”. It has {', '.join(registry)}.")
        parts[part] = registry[name].build(inner)
    return cls.build({**values, **parts})


def typed(data: Mapping[str, Any], key: str, kind: type) -> Any:
    value = data[key]
    if not isinstance(value, kind):
        words = {"dict": "an object", "list": "a list", "str": "text"}[kind.__name__]
        raise ValueError(f"“{key}” should be {words}.")
    return value
