"""A step as PyTorch goes by itself: forward through the modules, and back through autograd."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from engine.training.step.flat import Windows
from engine.training.step.forward import Forward, Outcome, Tensors

Scale = Callable[[torch.Tensor], torch.Tensor]


class PlainStep:
    """Works for every network; the traced step is held against it."""

    def __init__(self, forward: Forward, weights: Windows, scale: Scale | None = None) -> None:
        """The gradients are those of the loss as `scale` leaves it."""
        self.forward, self.weights, self._scale = forward, weights, scale

    def __call__(self, batch: Tensors, fractions: Sequence[torch.Tensor] | None = None) -> Outcome:
        """Losses of a batch; the gradients are written over those of the last one.

        With `fractions`, they are those of the batch as part of a whole.
        """
        with torch.enable_grad():
            outcome = self.forward(batch)
            total = self.forward.total(outcome, fractions)
            total = total if self._scale is None else self._scale(total)
            gradients = torch.autograd.grad(total, self.weights.weights)
        full = [gradient.to_dense() if gradient.is_sparse else gradient for gradient in gradients]
        if full:
            with torch.no_grad():
                torch._foreach_copy_(self.weights.gradients, full)
        return Outcome(
            tuple(loss.detach() for loss in outcome.losses), tuple(value.detach() for value in outcome.compared)
        )
