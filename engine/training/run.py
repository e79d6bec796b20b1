"""A run's folder: what was trained, what happened, the best weights, and the state to go on from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.problem import UserError
from engine.project import Project
from engine.storage import load, save, write_whole, writing
from engine.training.events import Changed, Event, Failed, Finished, from_json

if TYPE_CHECKING:
    import torch


KEPT = 3000  # events of a run that are read back
WHOLE_FILES = ("project.plexus", "best.safetensors", "state.safetensors", "progress.json", "metrics.json")


@dataclass(frozen=True)
class RunFolder:
    """`project.plexus`, `events.jsonl`, `best.safetensors`, `last/` and `metrics.json` in one folder."""

    path: Path

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """A folder for a new run.

        Raises:
            UserError: when there is a run in it already, or it can't be made.
        """
        if (path / "project.plexus").exists():
            raise UserError(f"{path} holds a run already. Choose another folder, or resume that run.")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{path} can't be made: {error.strerror}. Choose another folder for the run.") from None
        return cls(path)

    @classmethod
    def next_in(cls, parent: Path) -> RunFolder:
        """A new folder in `parent`, numbered one higher than the highest there.

        Raises:
            UserError: when it can't be made.
        """
        number = max(run_numbers(parent), default=0) + 1
        while True:
            try:
                (parent / str(number)).mkdir(parents=True)
            except FileExistsError:
                number += 1
            except OSError as error:
                raise UserError(f"{parent} can't be written to: {error.strerror}. Choose another folder.") from None
            else:
                return cls(parent / str(number))

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """The folder of a run that was started before.

        Raises:
            UserError: when there is none.
        """
        if not (path / "project.plexus").is_file():
            raise UserError(f"There is no run in {path}.")
        return cls(path)

    @property
    def number(self) -> int:
        return int(self.path.name) if self.path.name.isdecimal() else 0

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    def tidy(self) -> None:
        """Take away what a process that was killed had not written to its end."""
        for folder in (self.path, self.path / "last"):
            for name in WHOLE_FILES:
                for rest in folder.glob(f".{name}.*"):
                    with suppress(OSError):
                        rest.unlink()

    def write_project(self, project: Project) -> None:
        save(project, self.path / "project.plexus")

    def read_project(self) -> Project:
        return load(self.path / "project.plexus")

    def write_metrics(self, metrics: Mapping[str, Any]) -> None:
        write_whole(self.path / "metrics.json", (json.dumps(metrics, indent=1) + "\n").encode())

    def read_metrics(self) -> dict[str, Any]:
        """What `metrics.json` says; empty while the run has not ended."""
        place = self.path / "metrics.json"
        return dict(json.loads(place.read_text(encoding="utf-8"))) if place.exists() else {}

    def read_end(self) -> Finished | None:
        """What the run came to, as it was written when it was closed; None while it has not ended."""
        metrics, names = self.read_metrics(), {field.name for field in fields(Finished)}
        told = {name: value for name, value in metrics.items() if name in names}
        try:
            event = from_json({"event": Finished.name, **told})
        except TypeError:  # something is missing
            return None
        return event if isinstance(event, Finished) else None

    def read_last_changes(self) -> list[Changed]:
        """The latest change of each setting, as it was written when the run was closed."""
        told = self.read_metrics().get("changes", ())
        return list({each["field"]: Changed(**each) for each in told}.values())

    def read_events(self) -> list[Event]:
        """What the run told, as far as its log can be read; steps thinned out to a few for each epoch.

        A last line that was cut off, as when the machine went down, is left out.
        """
        events: list[Event] = []
        try:
            lines = self.events.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []
        every = max(1, len(lines) // KEPT)
        for number, line in enumerate(lines):
            if number % every and line.startswith('{"event": "step"'):
                continue
            try:
                told = json.loads(line)
                event = from_json(told) if isinstance(told, dict) else None
            except (ValueError, TypeError):
                continue
            if event is not None:
                events.append(event)
        return events

    def add_failure(self, failure: Failed) -> None:
        """Put what ended a run into its log, which was not open, or not any more; an empty folder is taken away."""
        with suppress(OSError):  # there is something in it
            self.path.rmdir()
            return
        with suppress(OSError), self.events.open("ab") as log:  # it is told in any case
            log.write(b"\n" + json.dumps(failure.json()).encode() + b"\n")  # the line before may have been cut off

    def write_best(self, weights: Mapping[str, torch.Tensor]) -> None:
        write_tensors(self.path / "best.safetensors", weights)

    def read_best(self) -> dict[str, torch.Tensor]:
        """The weights of the best epoch, by the names of the module's `state_dict`.

        Raises:
            UserError: when the run has none, or the file is damaged.
        """
        return read_tensors(self.path / "best.safetensors")


def run_numbers(parent: Path) -> list[int]:
    """The numbers of the runs in a folder."""
    names = [entry.name for entry in parent.iterdir()] if parent.is_dir() else []
    return sorted(int(name) for name in names if re.fullmatch(r"[0-9]{1,9}", name))


def has_weights(path: Path) -> bool:
    """Whether a run left weights behind: those of its best epoch, or those that were saved last."""
    return any((path / place).is_file() for place in ("best.safetensors", "last/state.safetensors"))


def latest_run(parent: Path) -> RunFolder | None:
    """The run with the highest number that has weights to show."""
    for number in reversed(run_numbers(parent)):
        if (parent / str(number) / "best.safetensors").exists():
            return RunFolder(parent / str(number))
    return None


def runs_of(project_file: Path) -> Path:
    """Where the runs of a project file go unless told otherwise: `digits.plexus` → `digits.runs`."""
    return project_file.with_suffix(".runs")


class EventLog:
    """Appends events to a file, one JSON object a line.

    Every method but `close` raises `UserError` when the file can't be written.
    """

    def __init__(self, place: Path, position: int = 0) -> None:
        self._place = place
        with self._telling():
            self._file = place.open("r+b" if place.exists() else "w+b")
            self._file.seek(position)
            self._file.truncate()  # what came after the state that a resumed run goes on from never happened

    def write(self, event: Event) -> None:
        with self._telling():
            self._put(json.dumps(event.json()).encode() + b"\n")

    def _put(self, line: bytes) -> None:
        self._file.write(line)

    def position(self) -> int:
        with self._telling():
            self._file.flush()
            return self._file.tell()

    def close(self) -> None:
        with suppress(OSError):  # a full disk; the state beside it has been written, or refused in words
            self._file.close()

    def _telling(self) -> AbstractContextManager[None]:
        return writing(self._place, "Make room for it.")


def write_tensors(place: Path, tensors: Mapping[str, torch.Tensor], note: Mapping[str, str] | None = None) -> None:
    """Write named tensors as one safetensors file, whole or not at all."""
    from safetensors.torch import save as to_bytes

    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    write_whole(place, to_bytes(plain, dict(note) if note else None))


def read_tensors(place: Path) -> dict[str, torch.Tensor]:
    """The tensors in a safetensors file.

    Raises:
        UserError: when it is missing or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return dict(load_file(place))
    except FileNotFoundError:
        raise UserError(f"{place} is missing: the run was stopped before anything was saved.") from None
    except (SafetensorError, OSError) as error:
        raise UserError(f"{place} is damaged and can't be read ({error}).") from None
