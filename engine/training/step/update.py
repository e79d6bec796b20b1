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
        self._groups: list[_Group] = []
        self._state: object = None  # the optimizer's, when the groups were made; it has another once it is restored

    def __call__(self) -> None:
        known = self._state is self.optimizer.state and all(group.stands for group in self._groups)
        if not known and not self._look():
            self.optimizer.step()  # the first makes the state
            return
        for group in self._groups:
            group.move()

    def _look(self) -> bool:
        """Take note of what the kernel works on; answers whether all of it is there."""
        state, groups = self.optimizer.state, self.optimizer.param_groups
        if any(not state.get(weight) or weight.grad is None for group in groups for weight in group["params"]):
            return False
        self._state, self._groups = state, [_Group(group, state) for group in groups]
        return True


class _Group:
    """Weights of one group, and what goes with each of them; detached, so that autograd need not be switched off."""

    def __init__(self, numbers: dict[str, Any], states: Any) -> None:
        self._numbers, self._weights = numbers, numbers["params"]
        self._gradients = [weight.grad for weight in self._weights]
        kept = [states[weight] for weight in self._weights]
        self._steps = [(state["step"], torch.ones_like(state["step"])) for state in kept]  # a number costs thrice that
        self._moved = [
            [weight.detach() for weight in self._weights],
            self._gradients,
            [state["exp_avg"] for state in kept],
            [state["exp_avg_sq"] for state in kept],
            [state["max_exp_avg_sq"] for state in kept] if numbers["amsgrad"] else [],
            [step for step, _ in self._steps],
        ]
        self._kernel = torch._fused_adamw_ if numbers["decoupled_weight_decay"] else torch._fused_adam_

    @property
    def stands(self) -> bool:
        """Whether the weights still hold these gradients."""
        return all(weight.grad is held for weight, held in zip(self._weights, self._gradients, strict=True))

    def move(self) -> None:
        for step, one in self._steps:
            step.add_(one)
        numbers = self._numbers
        self._kernel(
            *self._moved,
            amsgrad=numbers["amsgrad"],
            lr=numbers["lr"],
            beta1=numbers["betas"][0],
            beta2=numbers["betas"][1],
            weight_decay=numbers["weight_decay"],
            eps=numbers["eps"],
            maximize=False,
        )
