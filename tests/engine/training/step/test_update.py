"""The quick step of an optimizer is its own step."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.training.step.update import _Adam, update_of


@pytest.mark.parametrize(
    ("make", "quick"),
    [
        (lambda w: torch.optim.Adam(w, lr=0.1, fused=True), True),
        (lambda w: torch.optim.Adam(w, lr=0.1, weight_decay=0.1, amsgrad=True, fused=True), True),
        (lambda w: torch.optim.AdamW(w, lr=0.1, weight_decay=0.3, betas=(0.5, 0.9), fused=True), True),
        (lambda w: torch.optim.Adam(w, lr=0.1), False),
        (lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9), False),
    ],
)
def test_moves_as_the_optimizer_does(make: Any, quick: bool) -> None:
    torch.manual_seed(0)
    one = [torch.nn.Parameter(torch.randn(40)) for _ in range(2)]
    two = [torch.nn.Parameter(weight.detach().clone()) for weight in one]
    first, second = (make([{"params": [each]} for each in weights]) for weights in (one, two))
    update = update_of(first)
    assert isinstance(update, _Adam) == quick
    for step in range(6):
        for optimizer in (first, second):
            optimizer.param_groups[0]["lr"] = 0.1 / (step + 1)
        for ours, theirs in zip(one, two, strict=True):
            ours.grad = torch.randn(40)
            theirs.grad = ours.grad.clone()
        if step == 3:  # as a run does that goes on
            first.load_state_dict(first.state_dict())
        update()
        second.step()
        assert all(torch.equal(ours, theirs) for ours, theirs in zip(one, two, strict=True))
    for ours, theirs in zip(one, two, strict=True):
        for name, value in second.state[theirs].items():
            assert torch.equal(first.state[ours][name], value), name
