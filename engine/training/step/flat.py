"""The weights of a network laid side by side in a few long buffers, and their gradients likewise.

An optimizer that treats each number by itself then moves a whole network in one go. The network's own weights
become windows into the buffers, so whoever reads or writes them notices nothing. Each begins at a multiple of 64
bytes, as memory of its own would; what lies between is 0, has the gradient 0 and stays so.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import torch

ALIGNED = 64  # bytes


@dataclass(frozen=True)
class Segment:
    """Weights that are treated alike, as one long weight with one long gradient."""

    alike: Any  # what was said of each of them
    weight: torch.nn.Parameter  # (numbers,); its `grad` is there from the start and is only ever written to


class Windows:
    """Weights, and where the gradient of each is written."""

    def __init__(self, weights: list[torch.nn.Parameter], gradients: list[torch.Tensor]) -> None:
        self.weights, self.gradients = weights, gradients

    def __len__(self) -> int:
        return len(self.weights)


class FlatWeights(Windows):
    """`weights` and `gradients` are windows in the order given; `segments` are what they look into."""

    def __init__(self, weights: Iterable[tuple[torch.nn.Parameter, Hashable]]) -> None:
        super().__init__([], [])
        groups: dict[Hashable, list[torch.nn.Parameter]] = {}
        alike: dict[Hashable, Hashable] = {}
        for weight, key in weights:
            self.weights.append(weight)
            groups.setdefault((key, weight.dtype, weight.device), []).append(weight)
            alike[key, weight.dtype, weight.device] = key
        self.segments = [Segment(alike[key], _laid_flat(group)) for key, group in groups.items()]
        for weight in self.weights:
            assert weight.grad is not None
            self.gradients.append(weight.grad)

    def part(self, weights: Iterable[torch.nn.Parameter]) -> Windows:
        """Some of the weights alone."""
        chosen = {id(weight) for weight in weights}
        pairs = zip(self.weights, self.gradients, strict=True)
        kept = [(weight, gradient) for weight, gradient in pairs if id(weight) in chosen]
        return Windows([weight for weight, _ in kept], [gradient for _, gradient in kept])


@torch.no_grad()
def _laid_flat(weights: list[torch.nn.Parameter]) -> torch.nn.Parameter:
    """One long weight into which these look from now on."""
    step = ALIGNED // weights[0].element_size()
    starts, size = [], 0
    for weight in weights:
        starts.append(size)
        size += -(-weight.numel() // step) * step
    values, gradient = weights[0].new_zeros(size), weights[0].new_zeros(size)
    for weight, start in zip(weights, starts, strict=True):
        strides = _dense_strides(weight)
        window = values.as_strided(weight.shape, strides, start)
        window.copy_(weight)
        weight.data = window
        weight.grad = gradient.as_strided(weight.shape, strides, start)
    long = torch.nn.Parameter(values)
    long.grad = gradient
    return long


def _dense_strides(weight: torch.Tensor) -> tuple[int, ...]:
    """The strides of a weight when it has no gaps; else those of a plain one."""
    if weight.dim() == 4 and weight.is_contiguous(memory_format=torch.channels_last):
        return weight.stride()
    return torch.empty(weight.shape, device="meta").stride()
