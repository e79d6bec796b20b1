"""Losses go by their names and shares."""

from __future__ import annotations

import torch

from tests.engine.designs import branches
from tests.engine.training.step.made import made


def test_the_total_is_the_weighted_sum() -> None:
    forward, _, batches = made(branches())
    batch = batches.first(8)
    outcome = forward(batch)
    predictions = forward.network(*[batch[name] for name in forward.inputs])
    assert forward.compared == ("fc", "label", "whole", "size") or set(forward.compared) >= set(predictions)
    losses = dict(zip(forward.shares, outcome.losses, strict=True))
    assert forward.shares == {"ce": 1.0, "mse": 0.5}
    torch.testing.assert_close(forward.total(outcome), losses["ce"] + 0.5 * losses["mse"])
