"""What a loss is a mean over: the samples, or the weights of their classes, so that batches add up to its own mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.blocks.losses import OfClasses
from engine.parts import Parts

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Weighed:
    """A loss that divides by the weights of the classes that its targets are of, or by how many are not ignored."""

    target: int  # its place among what is compared
    weights: torch.Tensor | None  # one for each class
    ignored: int  # below 0 there is none

    def over(self, compared: Sequence[torch.Tensor]) -> torch.Tensor | None:
        """What the mean of this batch is over, unread; None: its samples, as where targets are probabilities."""
        target = compared[self.target]
        if target.is_floating_point():  # probabilities, or no target that is known before the network has run
            return None
        counts = target != self.ignored
        if self.weights is None:
            return counts.sum().double()
        classes = target.clamp(0, len(self.weights) - 1)  # what is ignored may be no class at all
        return (self.weights.to(target.device)[classes] * counts).sum()


def weighed(parts: Parts, place: Callable[[str], int], device: str) -> list[Weighed | None]:
    """For each loss how its batches weigh; None: by their samples."""
    import torch

    names = {value: name for name, value in parts.arguments.items()}
    found: list[Weighed | None] = []
    for loss in parts.losses.values():
        block = loss.block
        wires = {port.name: wire for port, wire in zip(block.input_ports(), loss.wires, strict=True)}
        wire = wires.get("target")
        target = names.get((wire.source, wire.output)) if wire else None
        plain = not isinstance(block, OfClasses) or (block.class_weights is None and block.ignore_index < 0)
        if plain or target is None:
            found.append(None)
            continue
        assert isinstance(block, OfClasses)
        weights = block.class_weights
        tensor = None if weights is None else torch.tensor(weights, dtype=torch.float64, device=device)
        found.append(Weighed(place(target), tensor, block.ignore_index))
    return found
