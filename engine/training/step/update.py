"""The step of an optimizer over flat weights, without what `Optimizer.step` does around its kernel at every call.

For one long weight that costs ten times what the kernel does. Rates and other numbers are read from the optimizer's
groups each time, so whoever changes them there changes the next step; its state stays where it keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


def update_of(optimizer: torch.optim.Optimizer) -> Callable[[], None]:
    """What to call for a step of this optimizer; the numbers are those of its own `step`."""
    fused = all(group.get("fused") and not group.get("maximize") for group in optimizer.param_groups)
    if fused and type(optimizer) in (torch.optim.Adam, torch.optim.AdamW):
        return _Adam(optimizer)

    def plainly() -> None:
        optimizer.step()

    return plainly


class _Adam:
    """Adam and AdamW by torch's fused kernel."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizer = optimizer

    @torch.no_grad()
    def __call__(self) -> None:
        optimizer = self.optimizer
        weights = [weight for group in optimizer.param_groups for weight in group["params"]]
        if any(not optimizer.state.get(weight) or weight.grad is None for weight in weights):
            optimizer.step()  # the first makes the state
            return
        for group in optimizer.param_groups:
            _move(group, optimizer.state)


def _move(group: dict[str, Any], states: Any) -> None:
    weights = group["params"]
    kept = [states[weight] for weight in weights]
    steps = [state["step"] for state in kept]
    torch._foreach_add_(steps, 1)
    move = torch._fused_adamw_ if group["decoupled_weight_decay"] else torch._fused_adam_
    move(
        weights,
        [weight.grad for weight in weights],
        [state["exp_avg"] for state in kept],
        [state["exp_avg_sq"] for state in kept],
        [state["max_exp_avg_sq"] for state in kept] if group["amsgrad"] else [],
        steps,
        amsgrad=group["amsgrad"],
        lr=group["lr"],
        beta1=group["betas"][0],
        beta2=group["betas"][1],
        weight_decay=group["weight_decay"],
        eps=group["eps"],
        maximize=False,
    )
