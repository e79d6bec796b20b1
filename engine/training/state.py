"""The whole state of a training, written so that a run that goes on ends as if it had never stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.problem import UserError
from engine.storage import write_whole
from engine.training.run import read_tensors, write_tensors

if TYPE_CHECKING:
    import torch

TENSOR = "tensor"  # what a tensor's place in the header says before its name


@dataclass
class Progress:
    """Where a run stands; plain values only."""

    epoch: int = 1  # the one that is under way
    step: int = 0  # steps done in it
    best_epoch: int = 0
    best_score: float | None = None  # the watched one, at the best epoch
    waited: int = 0  # epochs since then
    seconds: float = 0.0
    tally: dict[str, Any] = field(default_factory=dict)  # what the epoch has added up so far
    history: list[dict[str, Any]] = field(default_factory=list)  # scores of the epochs so far
    pieces: int = 1  # in which a batch is computed, since the memory is too small for the whole
    score_batch: int = 0  # samples that are scored at once, where the memory is too small for the usual number
    changes: list[dict[str, Any]] = field(default_factory=list)  # of the settings while it went, in their order
    events: int = 0  # length of the event log in bytes


def save_state(
    folder: Path,
    progress: Progress,
    network: torch.nn.Module,
    learning: Mapping[str, Any],
    random: torch.Tensor,
    random_cuda: torch.Tensor | None,
    best: Mapping[str, torch.Tensor],
) -> None:
    """Write the state: tensors as safetensors, the rest inside its header, in one file that is whole or the old one.

    `learning` holds tensors and plain values, as deep in lists and dicts as it likes.
    """
    tensors = {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
    tensors |= {f"best.{name}": tensor for name, tensor in best.items()}
    tensors["random"] = random
    if random_cuda is not None:
        tensors["random_cuda"] = random_cuda
    plain = _apart(learning, "learning", tensors)
    folder.mkdir(parents=True, exist_ok=True)
    note = {"progress": json.dumps(asdict(progress)), "learning": json.dumps(plain)}
    write_tensors(folder / "state.safetensors", tensors, note)
    write_whole(folder / "progress.json", (json.dumps(asdict(progress), indent=1) + "\n").encode())


@dataclass
class Saved:
    """A state as it was read."""

    progress: Progress
    network: dict[str, torch.Tensor]
    best: dict[str, torch.Tensor]
    learning: dict[str, Any]
    random: torch.Tensor
    random_cuda: torch.Tensor | None


def load_state(folder: Path) -> Saved:
    """Read what `save_state` wrote.

    Raises:
        UserError: when it is missing or damaged.
    """
    from safetensors import safe_open

    place = folder / "state.safetensors"
    tensors = read_tensors(place)
    try:
        with safe_open(place, framework="pt") as file:
            note = file.metadata()
        return Saved(
            Progress(**json.loads(note["progress"])),
            _under(tensors, "network."),
            _under(tensors, "best."),
            _together(json.loads(note["learning"]), tensors),
            tensors["random"],
            tensors.get("random_cuda"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"{place} is damaged and can't be resumed from ({error}).") from None


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _apart(value: Any, name: str, tensors: dict[str, torch.Tensor]) -> Any:
    """The value as JSON holds it; its tensors go into `tensors`, and their names stand in their places."""
    if isinstance(value, Mapping):
        return {str(key): _apart(inner, f"{name}.{key}", tensors) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_apart(inner, f"{name}.{index}", tensors) for index, inner in enumerate(value)]
    if hasattr(value, "detach"):
        tensors[name] = value
        return {TENSOR: name}
    return value


def _together(value: Any, tensors: Mapping[str, torch.Tensor]) -> Any:
    """What `_apart` took apart; keys are text, and tuples are lists."""
    if isinstance(value, dict):
        if value.keys() == {TENSOR}:
            return tensors[value[TENSOR]].clone()  # in memory aligned as new tensors are: sums depend on it
        return {key: _together(inner, tensors) for key, inner in value.items()}
    return [_together(inner, tensors) for inner in value] if isinstance(value, list) else value
