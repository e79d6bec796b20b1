"""How the weights go down: gradients of one or several batches, what holds them in bounds, the optimizer, its pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch

from engine.problem import UserError
from engine.training.pace import Pace
from engine.training.precision import Precision
from engine.training.schedules import Plateau, ReduceOnPlateau
from engine.training.step.update import update_of
from engine.training.treatment import Treated

if TYPE_CHECKING:
    from engine.training.settings import TrainingSettings

Compute = Callable[[], Callable[[], torch.Tensor]]


class Descent:
    """The optimizer with all that the settings say of it; one call of `go` for each batch.

    The weights may be those of the network or long ones into which these look; each holds its gradient. `state` tells
    all that changes from step to step, as tensors and plain values.
    """

    def __init__(self, settings: TrainingSettings, treated: list[Treated], batches: int, precision: Precision) -> None:
        self.settings, self._scaler = settings, precision.scaler
        self._treated, self._batches = treated, batches
        self.pace = Pace.of(settings, batches)
        self.weights = [each.weight for each in treated]
        _refuse_what_it_can_not(settings, treated)
        self.optimizers: list[torch.optim.Optimizer] = settings.optimizer.make_for(_groups(treated)) if treated else []
        if self._scaler is not None:
            _begin_with_no_momentum(self.optimizers)
        for group in self._groups():
            group["full_lr"] = group["lr"]
            group["full_momentum"] = group["betas"][0] if "betas" in group else group.get("momentum", 0)
        self.plateau = Plateau(settings.schedule) if isinstance(settings.schedule, ReduceOnPlateau) else None
        l1 = [(each.weight, each.l1 if each.l1 is not None else settings.l1) for each in treated]
        self.l1 = [(weight, factor) for weight, factor in l1 if factor]
        self._updates = [update_of(optimizer) for optimizer in self.optimizers]
        self._sum: list[torch.Tensor] | None = None  # of gradients that no step has taken yet

    @property
    def factor(self) -> float:
        """Share of its full rate that the next step has, or the last one had."""
        groups = self._groups()
        return float(groups[0]["lr"] / groups[0]["full_lr"]) if groups else 1.0

    @property
    def learning_rate(self) -> float:
        return self.settings.optimizer.lr * self.factor

    def change(self, settings: TrainingSettings, done: int) -> None:
        """Go on, after so many steps, by other rates, weight decay and length of the run.

        The optimizers keep what they remember; what a block or the schedule makes of the numbers is made of the new.
        """
        self.settings, self.pace = settings, Pace.of(settings, self._batches)
        fresh = settings.optimizer.make_for(_groups(self._treated)) if self._treated else []
        others = (group for optimizer in fresh for group in optimizer.param_groups)
        for group, other in zip(self._groups(), others, strict=True):
            group["lr"] = group["full_lr"] = other["lr"]
            if "weight_decay" in other:
                group["weight_decay"] = other["weight_decay"]
        self.at(done)

    def go(self, compute: Compute, done: int, share: float | None = 1.0, last: bool = True) -> None:
        """Take the gradient of one batch, and step when it is the `last` of those that share a step.

        Args:
            compute: writes the gradients of the batch over those that the weights hold; what it answers tells its loss.
            done: steps before this one.
            share: of the batch in the samples of the step; None: the gradients are those of its share already.
            last: whether the optimizer steps now.
        """
        if self._sum is None:
            self.at(done)
        if self.settings.optimizer.looks_again and self.optimizers:
            self.optimizers[0].step(lambda: self._again(compute))  # type: ignore[arg-type, return-value]
            return
        compute()
        if share != 1:
            self._add_up(share, last)
        if last:
            self.down()

    def down(self) -> None:
        """One step down the gradients that the weights hold."""
        if self._scaler is None:
            self._hold()
            for update in self._updates:
                update()
            return
        for optimizer in self.optimizers:
            self._scaler.unscale_(optimizer)
        self._hold()
        for optimizer in self.optimizers:
            self._scaler.step(optimizer)  # left out where a gradient overflowed
        self._scaler.update()

    @torch.no_grad()
    def _add_up(self, share: float | None, last: bool) -> None:
        """Keep the sum of the gradients so far; with the last, the weights hold it."""
        gradients = [weight.grad for weight in self.weights if weight.grad is not None]
        if share is not None:
            torch._foreach_mul_(gradients, share)
        if self._sum is not None:
            torch._foreach_add_(gradients, self._sum)
        self._sum = None if last else [gradient.clone() for gradient in gradients]

    def end_epoch(self, score: float, higher_is_better: bool) -> None:
        """Take note of what an epoch came to."""
        if self.plateau is not None:
            self.plateau.see(score, higher_is_better)

    def state(self) -> dict[str, Any]:
        return {
            "optimizers": [optimizer.state_dict()["state"] for optimizer in self.optimizers],
            "plateau": self.plateau.state() if self.plateau is not None else None,
            "sum": self._sum,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` told."""
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            known = optimizer.state_dict()
            optimizer.load_state_dict({**known, "state": {int(index): value for index, value in saved.items()}})
        if self.plateau is not None and state["plateau"] is not None:
            self.plateau.restore(state["plateau"])
        self._sum = state["sum"] and [tensor.to(self.weights[0].device) for tensor in state["sum"]]

    def set_rate(self, rate: float) -> None:
        """Learn at this rate until it is set anew; blocks keep their factors. A schedule would set it at each step."""
        for group in self._groups():
            group["lr"] = group["full_lr"] * rate / self.settings.optimizer.lr

    def _groups(self) -> list[dict[str, Any]]:
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    def at(self, done: int) -> None:
        """Give the step its learning rate and momentum."""
        if self.pace.constant and self.plateau is None:
            return
        factor = self.pace.factor(done) * (self.plateau.factor if self.plateau is not None else 1.0)
        momentum = self.pace.momentum(done)
        for group in self._groups():
            group["lr"] = group["full_lr"] * factor
            if momentum is not None and group["full_momentum"]:
                if "betas" in group:
                    group["betas"] = (momentum, group["betas"][1])
                else:
                    group["momentum"] = momentum

    def _again(self, compute: Compute) -> torch.Tensor:
        """Loss and gradient at where an optimizer looks that looks at several places in a step."""
        value = compute()().detach()
        self._hold()
        with torch.no_grad():  # it compares losses, so what is added to the gradient belongs to the loss as well
            for weight, factor in self.l1:
                value = value + factor * weight.abs().sum()
            if self.settings.l2:
                value = value + self.settings.l2 * sum(weight.square().sum() for weight in self.weights)
        return value

    def _hold(self) -> None:
        """Add the slopes of the penalties to the gradients, and keep these within their bounds."""
        settings = self.settings
        if not self.l1 and not settings.l2 and settings.clip_value is None and settings.clip_norm is None:
            return
        with torch.no_grad():
            for weight, factor in self.l1:
                if weight.grad is not None:
                    weight.grad.add_(weight.sign(), alpha=factor)
            for weight in self.weights if settings.l2 else ():
                if weight.grad is not None:
                    weight.grad.add_(weight, alpha=2 * settings.l2)
            if settings.clip_value is not None:
                torch.nn.utils.clip_grad_value_(self.weights, settings.clip_value)
            if settings.clip_norm is not None:
                torch.nn.utils.clip_grad_norm_(self.weights, settings.clip_norm)


def _begin_with_no_momentum(optimizers: list[torch.optim.Optimizer]) -> None:
    """Write the momentum that torch's fused SGD else leaves unwritten where a scaler leaves its first step out."""
    for optimizer in optimizers:
        for group in optimizer.param_groups if isinstance(optimizer, torch.optim.SGD) else ():
            for weight in group["params"] if group["momentum"] else ():
                optimizer.state[weight]["momentum_buffer"] = torch.zeros_like(weight)


def _groups(treated: list[Treated]) -> list[dict[str, Any]]:
    """The weights in groups that are treated alike; the first has those of which no block says anything."""
    groups: dict[tuple[float | None, float, bool], list[torch.nn.Parameter]] = {(None, 1.0, False): []}
    for each in treated:
        groups.setdefault((each.weight_decay, each.learning_rate, each.table), []).append(each.weight)
    return [
        {"params": weights, "scale": scale, "table": table} | ({} if decay is None else {"weight_decay": decay})
        for (decay, scale, table), weights in groups.items()
        if weights
    ]


def _refuse_what_it_can_not(settings: TrainingSettings, treated: list[Treated]) -> None:
    name, values = type(settings.optimizer).__name__, settings.optimizer.values()
    if "weight_decay" not in values and any(each.weight_decay for each in treated):
        raise UserError(
            f"{name} has no weight decay, but a block has one of its own. Clear it there, or choose another optimizer."
        )
    if settings.optimizer.looks_again and any(each.learning_rate != 1 for each in treated):
        raise UserError(
            f"{name} moves all weights at one rate, but a block has a learning rate of its own. Set its rate factor "
            "to 1, or choose another optimizer."
        )
