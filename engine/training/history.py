"""The runs of a project as they lie in its folder: what each came to, and what its user calls it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from engine.problem import UserError
from engine.storage import write_whole
from engine.training.changes import after_all, standing
from engine.training.events import Changed, Epoch, Failed, WarmStarted
from engine.training.run import RunFolder, run_numbers
from engine.training.settings import TrainingSettings

LABEL = "label.json"
LONGEST = 80  # characters of a name or a tag

End = Literal["finished", "stopped", "failed", "unfinished"]


class RunLabel(BaseModel):
    """What the user says of a run; it lies beside what the run wrote, and changes none of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        return " ".join(name.split())[:LONGEST]

    @field_validator("tags")
    @classmethod
    def _distinct(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        plain = (" ".join(tag.split())[:LONGEST] for tag in tags)
        return tuple(dict.fromkeys(tag for tag in plain if tag))


def read_label(folder: Path) -> RunLabel:
    """What the user said of the run in `folder`; an empty label where there is none, or none that can be read."""
    try:
        return RunLabel.model_validate_json((folder / LABEL).read_bytes())
    except (OSError, ValidationError):
        return RunLabel()


def write_label(folder: Path, label: RunLabel) -> None:
    """Keep what the user says of a run.

    Raises:
        UserError: when it can't be written.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is gone, so the run can't be labelled.")
    write_whole(folder / LABEL, label.model_dump_json(indent=1).encode() + b"\n")


@dataclass(frozen=True)
class RunRecord:
    """One run at a glance. Scores are those of its best epoch; what is not known is empty, zero or None."""

    number: int
    path: Path
    label: RunLabel
    end: End
    started: datetime | None
    optimizer: str
    learning_rate: float | None
    batch_size: int | None
    epochs: int  # gone through
    wanted: int  # epochs that it was to go through
    best_epoch: int
    validation: Mapping[str, float]
    test: Mapping[str, float]
    seconds: float
    changes: tuple[Changed, ...] = ()  # of its settings while it went; the figures above are those of its start
    warm: WarmStarted | None = None  # what it began with, if not with fresh weights

    @property
    def resumable(self) -> bool:
        """Whether it can go on from where it stands: it was not through, and its state was saved."""
        return self.end != "finished" and (self.path / "last" / "state.safetensors").is_file()


def history(parent: Path) -> tuple[RunRecord, ...]:
    """All runs in a folder, the latest first; one that can't be read is told as far as it can."""
    return tuple(record(parent / str(number)) for number in reversed(run_numbers(parent)))


def record(path: Path) -> RunRecord:
    """What the folder of one run tells."""
    folder = RunFolder(path)
    project = _json(path / "project.plexus")
    training = _mapping(project.get("training"))
    optimizer = _mapping(training.get("optimizer"))
    metrics, events = _json(path / "metrics.json"), folder.read_events()
    failed = bool(events) and isinstance(events[-1], Failed)
    over = {"done": "finished", "stopped": "stopped"}.get(str(metrics.get("reason")), "unfinished")
    epochs = [event for event in events if isinstance(event, Epoch)]
    changes = tuple(event for event in events if isinstance(event, Changed))
    return RunRecord(
        number=folder.number,
        path=path,
        label=read_label(path),
        end="failed" if failed else over,  # type: ignore[arg-type]
        started=_when(path / "project.plexus"),
        optimizer=str(optimizer.get("name", "")),
        learning_rate=_number(optimizer.get("lr")),
        batch_size=_whole(training.get("batch_size")),
        epochs=_whole(metrics.get("epochs")) or len(epochs),
        wanted=_last_of("epochs", changes) or _whole(training.get("epochs")) or 0,
        best_epoch=_whole(metrics.get("best_epoch")) or _best(epochs),
        validation=_scores(metrics.get("validation")) or _of_best(epochs),
        test=_scores(metrics.get("test")),
        seconds=_number(metrics.get("seconds")) or sum(_number(event.seconds) or 0.0 for event in epochs),
        changes=changes,
        warm=next((event for event in events if isinstance(event, WarmStarted)), None),
    )


def settings_of(path: Path) -> TrainingSettings:
    """What a run goes by when it is resumed: the settings of its start with what was changed since.

    Raises:
        UserError: when there is no run, or its project can't be read.
    """
    settings = RunFolder.existing(path).read_project().training
    changes = _json(path / "last" / "progress.json").get("changes")
    return after_all(settings, standing(settings, changes)) if isinstance(changes, list) else settings


def _last_of(field: str, changes: tuple[Changed, ...]) -> int | None:
    return next((_whole(change.after) for change in reversed(changes) if change.field == field), None)


def _best(epochs: list[Epoch]) -> int:
    return next((_whole(event.epoch) or 0 for event in reversed(epochs) if event.best), 0)


def _of_best(epochs: list[Epoch]) -> Mapping[str, float]:
    return next((_scores(event.validation) for event in reversed(epochs) if event.best), {})


def _when(place: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(place.stat().st_mtime)
    except OSError:
        return None


def _json(place: Path) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _scores(value: Any) -> Mapping[str, float]:
    return {name: float(score) for name, score in _mapping(value).items() if _number(score) is not None}
