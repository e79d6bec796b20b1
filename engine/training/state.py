"""The whole state of a training, written so that a run that goes on ends as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.problem import UserError
from engine.storage import write_whole
from engine.training.run import read_tensors, write_tensors

if TYPE_CHECKING:
    import torch


@dataclass
class Progress:
    """Where a run stands; plain values only."""

    epoch: int = 1  # the one that is under way
    step: int = 0  # steps done in it
    best_epoch: int = 0
    best_loss: float = float("inf")
    seconds: float = 0.0
    tally: dict[str, Any] = field(default_factory=dict)  # what the epoch has added up so far
    history: list[dict[str, Any]] = field(default_factory=list)  # scores of the epochs so far
    events: int = 0  # length of the event log in bytes


def save_state(
    folder: Path,
    progress: Progress,
    network: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    random: torch.Tensor,
    random_cuda: torch.Tensor | None,
    best: dict[str, torch.Tensor],
) -> None:
    """Write the state: tensors as safetensors, the rest inside its header, in one file that is whole or the old one."""
    tensors = {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
    tensors |= {f"best.{name}": tensor for name, tensor in best.items()}
    tensors["random"] = random
    if random_cuda is not None:
        tensors["random_cuda"] = random_cuda
    state = optimizer.state_dict()
    scalars: dict[str, Any] = {}
    for index, values in state["state"].items():
        for name, value in values.items():
            if hasattr(value, "detach"):
                tensors[f"optimizer.{index}.{name}"] = value
            else:
                scalars[f"{index}.{name}"] = value
    folder.mkdir(parents=True, exist_ok=True)
    note = {"progress": json.dumps(asdict(progress)), "scalars": json.dumps(scalars)}
    write_tensors(folder / "state.safetensors", tensors, note)
    write_whole(folder / "progress.json", (json.dumps(asdict(progress), indent=1) + "\n").encode())


@dataclass
class Saved:
    """A state as it was read."""

    progress: Progress
    network: dict[str, torch.Tensor]
    best: dict[str, torch.Tensor]
    optimizer: dict[int, dict[str, Any]]
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
        progress = Progress(**json.loads(note["progress"]))
        optimizer: dict[int, dict[str, Any]] = {}
        for key, value in {
            **json.loads(note["scalars"]),
            **{k.removeprefix("optimizer."): v for k, v in tensors.items() if k.startswith("optimizer.")},
        }.items():
            index, _, name = key.partition(".")
            optimizer.setdefault(int(index), {})[name] = value
        return Saved(
            progress,
            _under(tensors, "network."),
            _under(tensors, "best."),
            optimizer,
            tensors["random"],
            tensors.get("random_cuda"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{place} is damaged and can't be resumed from ({error}).") from None


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
