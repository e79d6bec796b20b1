"""How weights follow their gradients, as formulas that can be compiled: each stands for an optimizer of torch's.

Whatever may change while a run goes (rates, momentum, weight decay, and what depends on the number of steps) comes in
as numbers, so that nothing has to be compiled anew for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Rule:
    """One way of moving weights; `slots` are what the optimizer keeps for each weight, by its own names."""

    name: ClassVar[str] = ""
    count: ClassVar[int] = 0  # of its numbers

    @property
    def slots(self) -> tuple[str, ...]:
        raise NotImplementedError

    def numbers(self, group: Mapping[str, Any], step: float) -> tuple[float, ...]:
        """What `move` needs for the step of this number, counted from 1."""
        raise NotImplementedError

    def move(
        self, weight: torch.Tensor, gradient: torch.Tensor, slots: Sequence[torch.Tensor], numbers: torch.Tensor
    ) -> None:
        """Change the weight and its slots in place."""
        raise NotImplementedError

    def json(self) -> dict[str, Any]:
        return {"rule": self.name, **asdict(self)}


@dataclass(frozen=True)
class AdamRule(Rule):
    """`torch.optim.Adam` and `AdamW`, as their fused kernel computes them."""

    name: ClassVar[str] = "Adam"
    count: ClassVar[int] = 7
    amsgrad: bool = False
    decoupled: bool = False  # weight decay is kept apart from the gradient

    @property
    def slots(self) -> tuple[str, ...]:
        return ("exp_avg", "exp_avg_sq", *(("max_exp_avg_sq",) if self.amsgrad else ()))

    def numbers(self, group: Mapping[str, Any], step: float) -> tuple[float, ...]:
        rate, decay, (first, second) = float(group["lr"]), group["weight_decay"], group["betas"]
        way = rate / (1 - first**step)
        return (
            *(1 - rate * decay if self.decoupled else decay, way, math.sqrt(1 - second**step)),
            *(1 - first, second, 1 - second, group["eps"]),
        )

    def move(
        self, weight: torch.Tensor, gradient: torch.Tensor, slots: Sequence[torch.Tensor], numbers: torch.Tensor
    ) -> None:
        decay, way, correction, new, old_square, new_square, eps = numbers.unbind()
        if self.decoupled:
            weight.mul_(decay)
        else:
            gradient = gradient + decay * weight
        mean, square, *largest = slots
        mean.add_((gradient - mean) * new)
        square.mul_(old_square).add_(gradient * gradient * new_square)
        if largest:
            largest[0].copy_(largest[0].maximum(square))
            square = largest[0]
        weight.sub_(way * mean / (square.sqrt() / correction + eps))


@dataclass(frozen=True)
class SGDRule(Rule):
    """`torch.optim.SGD`, once its momentum has begun."""

    name: ClassVar[str] = "SGD"
    count: ClassVar[int] = 4
    momentum: bool = False
    nesterov: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        return ("momentum_buffer",) if self.momentum else ()

    def numbers(self, group: Mapping[str, Any], step: float) -> tuple[float, ...]:
        return float(group["lr"]), group["weight_decay"], group["momentum"], 1 - group["dampening"]

    def move(
        self, weight: torch.Tensor, gradient: torch.Tensor, slots: Sequence[torch.Tensor], numbers: torch.Tensor
    ) -> None:
        rate, decay, momentum, new = numbers.unbind()
        gradient = gradient + decay * weight
        if self.momentum:
            slots[0].mul_(momentum).add_(gradient * new)
            gradient = gradient + momentum * slots[0] if self.nesterov else slots[0]
        weight.sub_(rate * gradient)


RULES: Mapping[str, type[Rule]] = {rule.name: rule for rule in (AdamRule, SGDRule)}


def rule_of(optimizer: torch.optim.Optimizer) -> Rule | None:
    """The rule that an optimizer follows; None where there is none."""
    import torch

    groups = optimizer.param_groups
    if any(group.get("maximize") for group in groups):
        return None
    if type(optimizer) in (torch.optim.Adam, torch.optim.AdamW):
        return _alike(AdamRule(group["amsgrad"], group["decoupled_weight_decay"]) for group in groups)
    if type(optimizer) is torch.optim.SGD:
        return _alike(SGDRule(bool(group["momentum"]), group["nesterov"]) for group in groups)
    return None


def _alike(rules: Any) -> Rule | None:
    found = set(rules)
    return found.pop() if len(found) == 1 else None


def from_json(data: Mapping[str, Any]) -> Rule:
    """The rule that `json()` wrote."""
    return RULES[data["rule"]](**{name: value for name, value in data.items() if name != "rule"})
