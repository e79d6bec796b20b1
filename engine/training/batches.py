"""From prepared data to the tensors of a batch: one gather an epoch, then plain slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.blocks.inputs import Input, Target
from engine.data.encoding import encode
from engine.data.preparation import Prepared
from engine.parts import Parts
from engine.plan import Plan
from engine.training.step.layout import gathered

if TYPE_CHECKING:
    import torch

GATHER_AT_MOST = 2**28  # bytes that an epoch in its new order may take; larger data are gathered batch by batch
Tensors = dict[str, "torch.Tensor"]  # by the name of the Input or Target block


def tensors_of(plan: Plan, parts: Parts, prepared: Prepared, device: str) -> dict[str, Tensors]:
    """For each part of the data, what each Input and Target that is used brings in, (samples, …) on the device."""
    import torch

    sources = {step.name: step.block for step in parts.inputs}
    sources |= {plan.steps[key].name: plan.steps[key].block for key, _ in parts.arguments.values()}
    result: dict[str, Tensors] = {}
    for part, arrays in prepared.parts.items():
        tensors: Tensors = {}
        for name, block in sources.items():
            if isinstance(block, Input):
                tensors[name] = torch.from_numpy(arrays[block.field]).to(device)
            elif isinstance(block, Target):
                field = prepared.fields[block.field]
                tensors[name] = torch.from_numpy(encode(field, block.encoding, arrays[block.field])).to(device)
        result[part] = tensors
    return result


@dataclass(frozen=True)
class Place:
    """Where a batch stands among those that share a step of the optimizer."""

    share: float = 1.0  # of its samples in theirs
    last: bool = True
    whole: Tensors | None = None  # targets of all of them, where losses are means over more than samples


class Batches:
    """The training part, batch by batch, in an order that depends on seed and epoch alone.

    A last batch of one sample joins the one before it, since a lone sample has no spread to normalise by.
    """

    def __init__(self, tensors: Tensors, batch_size: int, seed: int) -> None:
        self.tensors, self.batch_size, self.seed = tensors, batch_size, seed
        self.samples = len(next(iter(tensors.values())))
        self.edges = edges(self.samples, batch_size)
        self._order: torch.Tensor | None = None  # of the epoch that is under way

    def __len__(self) -> int:
        return len(self.edges)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of batches that an epoch has, the usual one first."""
        return tuple(dict.fromkeys(last - first for first, last in self.edges))

    @property
    def full(self) -> int:
        """How many of them have as many samples as was asked for."""
        return sum(last - first == self.batch_size for first, last in self.edges)

    def place(self, number: int, together: int, targets: Sequence[str] = ()) -> Place:
        """Where batch `number` of this epoch stands among the `together` that are taken as one; `targets` are told.

        At the end of an epoch there may be fewer.
        """
        if together == 1:
            return Place()
        first = number - number % together
        last = min(first + together, len(self)) - 1
        start, end = self.edges[number]
        whole = None
        if targets and self._order is not None:
            rows = self._order[self.edges[first][0] : self.edges[last][1]]
            whole = {name: self.tensors[name][rows] for name in targets}
        return Place((end - start) / (self.edges[last][1] - self.edges[first][0]), number == last, whole)

    def epoch(self, number: int, start: int = 0) -> Iterator[tuple[int, Tensors]]:
        """Number of samples and tensors of each batch of an epoch, from its batch `start` on."""
        import torch

        generator = torch.Generator().manual_seed((self.seed * 1_000_003 + number) % 2**63)
        order = torch.randperm(self.samples, generator=generator)
        self._order = order
        size = sum(tensor.numel() * tensor.element_size() for tensor in self.tensors.values())
        edges = self.edges[start:]
        if size > GATHER_AT_MOST:
            for first, last in edges:
                rows = order[first:last]
                yield last - first, {name: gathered(tensor, rows) for name, tensor in self.tensors.items()}
            return
        order = order[edges[0][0] :] if edges else order[:0]
        sizes = [last - first for first, last in edges]
        cut = [torch.split(gathered(tensor, order), sizes) for tensor in self.tensors.values()]
        for count, batch in zip(sizes, zip(*cut, strict=True), strict=True):
            yield count, dict(zip(self.tensors, batch, strict=True))

    def first(self, samples: int) -> Tensors:
        """The first samples of all, as a batch."""
        return {name: tensor[:samples] for name, tensor in self.tensors.items()}


def edges(samples: int, batch_size: int) -> list[tuple[int, int]]:
    """First and last (exclusive) sample of each batch."""
    cuts = list(range(0, samples, batch_size))
    if len(cuts) > 1 and samples - cuts[-1] == 1:
        cuts.pop()
    return list(zip(cuts, [*cuts[1:], samples], strict=True))
