"""Steps over losses that are no plain means over samples, where a step is divided into batches or a batch into pieces.

A loss with class weights divides by the weights of its own targets, so the means of pieces, weighed by their samples,
are not the mean of the whole. The targets of the whole are known beforehand: each loss of a piece is multiplied by its
fraction of what the whole divides by, and the gradients add up to those of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from engine.training.shares import Weighed
from engine.training.step.forward import Forward, Outcome, Tensors
from engine.training.step.plain import PlainStep

Over = tuple[torch.Tensor, ...]  # what each loss is a mean over


class Division:
    """The step of a piece of a whole."""

    def __init__(self, step: PlainStep, weighed: Sequence[Weighed | None]) -> None:
        self._step, self._weighed = step, weighed

    def over(self, batch: Tensors) -> Over:
        """What each loss of a batch, or of several that are one step, is a mean over."""
        first = next(iter(batch.values()))
        samples = torch.tensor(float(len(first)), dtype=torch.float64, device=first.device)
        compared = [batch.get(name, samples) for name in self._step.forward.compared]
        told = [each.over(compared) if each is not None else None for each in self._weighed]
        return tuple(samples if over is None else over.double() for over in told)

    def fractions(self, piece: Tensors, whole: Over) -> Over:
        """Of each loss; where the whole has nothing to be a mean over, neither has the piece."""
        parts = zip(self.over(piece), whole, strict=True)
        return tuple(torch.where(all_ > 0, part / all_.clamp(min=1e-30), 0.0).float() for part, all_ in parts)

    def __call__(self, piece: Tensors, fractions: Over) -> Outcome:
        """Losses of the piece; its gradients are those of its fraction of the whole."""
        return self._step(piece, fractions)


def division(forward: Forward, step: PlainStep, weighed: Mapping[str, Weighed | None]) -> Division | None:
    """None where all losses are means over samples, so that shares of samples do."""
    mine = [weighed[name] for name in forward.losses]
    summed = any(weighed[name] is not None for name in forward.summed)
    return Division(step, mine) if summed else None
