"""A step as PyTorch goes by itself: forward through the modules, and back through autograd."""

from __future__ import annotations

import torch

from engine.training.step.flat import FlatWeights
from engine.training.step.forward import Forward, Outcome, Tensors


class PlainStep:
    """Works for every network; the traced step is held against it."""

    def __init__(self, forward: Forward, weights: FlatWeights) -> None:
        self.forward, self.weights = forward, weights

    def __call__(self, batch: Tensors) -> Outcome:
        """Losses of a batch; the gradients are written over those of the last one."""
        with torch.enable_grad():
            outcome = self.forward(batch)
            gradients = torch.autograd.grad(self.forward.total(outcome), self.weights.weights)
        with torch.no_grad():
            for place, gradient in zip(self.weights.gradients, gradients, strict=True):
                place.copy_(gradient.to_dense() if gradient.is_sparse else gradient)
        return Outcome(
            tuple(loss.detach() for loss in outcome.losses), tuple(value.detach() for value in outcome.compared)
        )
