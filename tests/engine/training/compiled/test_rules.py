"""Each rule moves weights as torch's optimizer does, whatever its numbers."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.training.compiled.rules import from_json, rule_of

OPTIMIZERS: dict[str, tuple[type[torch.optim.Optimizer], dict[str, Any]]] = {
    "adam": (torch.optim.Adam, {"lr": 1e-2}),
    "adam that decays": (torch.optim.Adam, {"lr": 1e-2, "weight_decay": 0.1, "betas": (0.7, 0.9), "eps": 1e-3}),
    "amsgrad": (torch.optim.Adam, {"lr": 1e-2, "amsgrad": True}),
    "adamw": (torch.optim.AdamW, {"lr": 1e-2, "weight_decay": 0.1}),
    "sgd": (torch.optim.SGD, {"lr": 1e-2}),
    "momentum": (torch.optim.SGD, {"lr": 1e-2, "momentum": 0.9, "weight_decay": 0.1}),
    "dampening": (torch.optim.SGD, {"lr": 1e-2, "momentum": 0.9, "dampening": 0.3}),
    "nesterov": (torch.optim.SGD, {"lr": 1e-2, "momentum": 0.9, "nesterov": True}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_hundred_steps_are_those_of_torch(name: str) -> None:
    kind, options = OPTIMIZERS[name]
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(40, generator=generator)
    theirs = torch.nn.Parameter(start.clone())
    optimizer = kind([theirs], **options)
    theirs.grad = torch.randn(40, generator=generator)
    optimizer.step()  # the first makes the memory, which ours goes on with
    rule = rule_of(optimizer)
    assert rule is not None
    assert from_json(rule.json()) == rule
    ours = theirs.detach().clone()
    slots = [optimizer.state[theirs][slot].clone() for slot in rule.slots]
    for step in range(2, 102):
        optimizer.param_groups[0]["lr"] = 1e-2 / step  # as a schedule sets it
        theirs.grad = torch.randn(40, generator=generator)
        optimizer.step()
        numbers = rule.numbers(optimizer.param_groups[0], step)
        assert len(numbers) == rule.count
        rule.move(ours, theirs.grad, slots, torch.tensor(numbers))
    torch.testing.assert_close(ours, theirs.detach(), rtol=1e-5, atol=1e-5)
    for slot, mine in zip(rule.slots, slots, strict=True):
        torch.testing.assert_close(mine, optimizer.state[theirs][slot], rtol=1e-5, atol=1e-6)


def test_what_has_no_rule() -> None:
    weight = torch.nn.Parameter(torch.zeros(1))
    assert rule_of(torch.optim.Rprop([weight])) is None
    assert rule_of(torch.optim.Adam([weight], maximize=True)) is None
    other = {"params": [torch.nn.Parameter(torch.zeros(1))], "momentum": 0.9}
    assert rule_of(torch.optim.SGD([{"params": [weight]}, other])) is None  # each group would need a rule of its own
