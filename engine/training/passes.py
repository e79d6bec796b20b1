"""Passes over a part of the data from which nothing is learned: in large batches, which are halved until they fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch

from engine.training.batches import Tensors, edges
from engine.training.pieces import free_gpu_memory, memory_is_full
from engine.training.step.forward import Forward, Outcome
from engine.training.step.layout import gathered


class Passes:
    """`at_once` tells how many samples are computed together; it stays halved once the memory was full."""

    def __init__(self, forward: Forward, data: Mapping[str, Tensors], at_once: int, *, fixed: bool) -> None:
        """With `fixed` batches are never halved, since what they come to depends on their size."""
        self._forward, self._data, self._fixed = forward, data, fixed
        self.at_once = self._usual = at_once

    @property
    def halved(self) -> bool:
        return self.at_once < self._usual

    def outcomes(self, part: str) -> Iterator[tuple[int, Outcome]]:
        """Number of samples of each batch and what it comes to; a lone sample at the end joins the others.

        Raises:
            RuntimeError, MemoryError: what the network raises, but for a full memory where batches can be halved.
        """
        last, samples = 0, self._samples(part)
        while last < samples:
            first, last = last, last + self.at_once
            last = samples if samples - last < min(self.at_once, 2) else last
            outcome = self._outcome(part, slice(first, last))
            if outcome is None:
                last = first
            else:
                yield last - first, outcome

    def through(self, part: str) -> Iterator[bool]:
        """Run the network over a part, for what layers see there; False: a batch did not fit, and all begins anew.

        The layers in front of where the memory ran out have seen that batch, and would see it again. Samples come
        mixed, though always in the same way, since those of a file often lie sorted by their classes.
        """
        samples = self._samples(part)
        mixed = torch.randperm(samples, generator=torch.Generator().manual_seed(0))
        for first, last in edges(samples, max(self.at_once, 2)):  # a lone sample has no spread
            fits = self._outcome(part, mixed[first:last]) is not None
            yield fits
            if not fits:
                return

    def _samples(self, part: str) -> int:
        return len(next(iter(self._data[part].values())))

    def _outcome(self, part: str, rows: slice | torch.Tensor) -> Outcome | None:
        """None when the batch is too large for the memory; the next ones are half as large."""
        tensors = self._data[part].items()
        try:
            batch = {
                name: tensor[rows] if isinstance(rows, slice) else gathered(tensor, rows) for name, tensor in tensors
            }
            with torch.inference_mode():
                return self._forward(batch)
        except (RuntimeError, MemoryError) as error:
            if not memory_is_full(error) or self._fixed or self.at_once == 1:
                raise
        self.at_once //= 2  # only here, behind the error, is what it kept alive let go
        free_gpu_memory()
        return None
