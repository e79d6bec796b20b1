"""What a step computes of a batch before any gradient: predictions, losses, and their weighted sum."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, Self

import torch

from engine.parts import Parts
from engine.training.precision import in_full

Computing = Callable[[], AbstractContextManager[Any]]
Tensors = Mapping[str, torch.Tensor]  # a batch by the names of Input and Target blocks


class Outcome(NamedTuple):
    """Losses of a batch, each a mean, and the values that they compared; both in the order of their names.

    One of several steps of a batch tells only what it is asked for.
    """

    losses: tuple[torch.Tensor, ...]
    compared: tuple[torch.Tensor, ...]


class Forward:
    """A network and the objective behind it."""

    def __init__(
        self, network: torch.nn.Module, objective: torch.nn.Module, parts: Parts, computing: Computing = nullcontext
    ) -> None:
        """The network computes in what `computing` gives, such as half precision; losses are computed in full."""
        self.network, self.objective, self._computing = network, objective, computing
        self.shares = {name: float(getattr(step.block, "weight", 1.0)) for name, step in parts.losses.items()}
        self.keys = {name: step.id for name, step in parts.losses.items()}
        self.losses = tuple(self.shares)  # those that are told
        self.summed = frozenset(self.shares)  # and those of them that the weights go down
        self.tells = True  # whether what is compared is told
        self.compared = tuple(parts.arguments)
        self.inputs = tuple(step.name for step in parts.inputs)
        self._predictions = tuple(parts.predictions)

    def part(self, summed: Collection[str], told: Collection[str], tells: bool) -> Self:
        """The same for one of several steps of a batch, which goes down some of the losses and tells some."""
        other = copy.copy(self)
        other.summed, other.tells = frozenset(summed), tells
        other.losses = tuple(name for name in self.shares if name in summed or name in told)
        return other

    def __call__(self, batch: Tensors) -> Outcome:
        with self._computing():
            predicted = self.network(*[batch[name] for name in self.inputs])
        named = in_full(predicted if isinstance(predicted, dict) else {self._predictions[0]: predicted})
        compared = tuple(named[name] if name in named else batch[name] for name in self.compared)
        losses = self.objective(*compared)
        return Outcome(tuple(losses[name] for name in self.losses), compared if self.tells else ())

    def total(self, outcome: Outcome, fractions: Sequence[torch.Tensor] | None = None) -> torch.Tensor:
        """The sum of the losses, each with its share: what the weights go down.

        With `fractions`, each loss counts as that part of a whole.
        """
        if fractions is not None:
            parts = tuple(loss * fraction for loss, fraction in zip(outcome.losses, fractions, strict=True))
            outcome = Outcome(parts, outcome.compared)
        shared = [(self.shares[name], loss) for name, loss in self.named(outcome).items() if name in self.summed]
        terms = [loss if share == 1 else share * loss for share, loss in shared]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    def named(self, outcome: Outcome) -> dict[str, torch.Tensor]:
        return dict(zip(self.losses, outcome.losses, strict=True))
