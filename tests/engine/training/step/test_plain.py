"""The plain step is what one writes with PyTorch by hand."""

from __future__ import annotations

import torch

from engine.training.step.plain import PlainStep
from tests.engine.designs import branches
from tests.engine.training.step.made import made


def test_gradients_are_those_of_autograd_and_replace_the_last_ones() -> None:
    project = made(branches())
    batch, weights = project.batches.first(8), project.flat.weights
    expected = torch.autograd.grad(project.forward.total(project.forward(batch)), weights)
    step = PlainStep(project.forward, project.flat)
    for _ in range(2):
        outcome = step(batch)
        assert all(torch.equal(one, two) for one, two in zip(project.flat.gradients, expected, strict=True))
    assert not any(tensor.requires_grad for tensor in (*outcome.losses, *outcome.compared))
