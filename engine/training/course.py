"""The steps that each batch makes, one after the other: mostly one, over all losses and all weights.

Where there are several, each computes the batch afresh, goes down its own losses and moves its own weights with an
optimizer of its own; a weight may be moved by more than one. What a batch is said to have come to is what its steps
saw on their way, each loss by the step that goes down it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from engine.graph import Graph
from engine.problem import UserError
from engine.training.batches import Batches, Place, Tensors
from engine.training.descent import Descent
from engine.training.division import Division, division
from engine.training.pieces import Pieces
from engine.training.precision import Precision
from engine.training.settings import TrainingSettings
from engine.training.shares import Weighed
from engine.training.step.choice import Choice, choose, learned_by
from engine.training.step.flat import FlatWeights, Windows
from engine.training.step.forward import Forward, Outcome
from engine.training.step.plain import PlainStep
from engine.training.treatment import Treated
from engine.training.turn import Turn, owned


@dataclass
class Stride:
    """One of these steps, ready to be taken."""

    turn: Turn | None  # None: the only one, over everything
    forward: Forward
    weights: Windows
    descent: Descent
    way: Choice
    told: frozenset[str]  # losses that it tells
    division: Division | None = None  # of losses that are no plain means over samples

    def go(self, pieces: Pieces, batch: Tensors, done: int, place: Place) -> Outcome:
        """Learn from a batch; nothing is read from the device."""
        seen: list[Outcome] = []
        whole = self.division.over(place.whole) if self.division is not None and place.whole is not None else None

        def compute() -> Callable[[], torch.Tensor]:
            seen.append(pieces.compute(self.way.step, batch, self.weights, self.division, whole))
            return lambda: self.forward.total(seen[-1])

        self.descent.go(compute, done, None if whole is not None else place.share, place.last)
        return seen[0]  # an optimizer that looks again does so from other weights


@dataclass(frozen=True)
class _Plan:
    """What a stride will be made of."""

    turn: Turn | None
    forward: Forward
    told: frozenset[str]
    treated: list[Treated] = field(default_factory=list)


class Course:
    """All strides over one flat layout of the weights."""

    def __init__(
        self,
        settings: TrainingSettings,
        graph: Graph,
        forward: Forward,
        treated: Sequence[Treated],
        batches: Batches,
        precision: Precision,
        weighed: Mapping[str, Weighed | None],
    ) -> None:
        self._names, self.pieces, self._weighed = forward.losses, Pieces(), weighed
        turns = owned(settings.turns, graph)
        plans = [_with_weights(plan, treated, batches.first(2)) for plan in _plans(turns, forward)]
        moved = [{id(each.weight) for each in plan.treated} for plan in plans]
        movers = {
            id(each.weight): tuple(place for place, weights in enumerate(moved) if id(each.weight) in weights)
            for each in treated
        }
        learning = [each for each in treated if movers[id(each.weight)]]
        self.flat = FlatWeights((each.weight, (each.wishes, movers[id(each.weight)])) for each in learning)
        self.strides = [self._stride(settings, plan, place, batches, precision) for place, plan in enumerate(plans)]

    def _stride(
        self, settings: TrainingSettings, plan: _Plan, place: int, batches: Batches, precision: Precision
    ) -> Stride:
        windows = self.flat if plan.turn is None else self.flat.part(each.weight for each in plan.treated)
        moved = plan.treated
        if settings.optimizer.by_number:  # which is nothing to an optimizer that looks at the shape of a weight
            alike = [(segment.weight, *segment.alike) for segment in self.flat.segments]
            moved = [Treated(weight, *wishes) for weight, wishes, movers in alike if place in movers]
        if plan.turn is not None:
            moved = [each.faster(plan.turn.learning_rate) for each in moved]
        first, *others = [batches.first(size) for size in batches.sizes]
        way = choose(plan.forward, windows, first, precision.scale, also=others)
        return Stride(
            plan.turn,
            plan.forward,
            windows,
            Descent(settings, moved, len(batches), precision),
            way,
            plan.told,
            division(plan.forward, PlainStep(plan.forward, windows, precision.scale), self._weighed),
        )

    def go(self, batch: Tensors, number: int, done: int, place: Place) -> Outcome:
        """Learn from a batch, before which there were so many others, and so many steps."""
        if len(self.strides) == 1:
            return self.strides[0].go(self.pieces, batch, done, place)
        losses: dict[str, torch.Tensor] = {}
        compared: tuple[torch.Tensor, ...] = ()
        for stride in self.strides:
            assert stride.turn is not None
            if stride.turn.due(number):
                outcome = stride.go(self.pieces, batch, done, place)
                losses |= {name: loss for name, loss in stride.forward.named(outcome).items() if name in stride.told}
                compared = outcome.compared if stride.forward.tells else compared
        return Outcome(tuple(losses[name] for name in self._names), compared)

    @property
    def learning_rate(self) -> float:
        return self.strides[0].descent.learning_rate

    @property
    def per_epoch(self) -> int:
        """Steps of an epoch, those of one batch counted as one."""
        return self.strides[0].descent.pace.per_epoch

    @property
    def traced(self) -> bool:
        """Whether all steps go straight on, as recorded once."""
        return all(stride.way.traced for stride in self.strides)

    @property
    def reason(self) -> str:
        """Why they don't."""
        told = [(stride.turn, stride.way.reason) for stride in self.strides if stride.way.reason]
        if len({reason for _, reason in told}) == 1:
            return told[0][1]
        return "; ".join(f"{turn.name}: {reason}" if turn else reason for turn, reason in told)

    def at(self, done: int) -> None:
        """Give the step its learning rate."""
        for stride in self.strides:
            stride.descent.at(done)

    def set_rate(self, rate: float) -> None:
        """Learn at this rate until it is set anew."""
        for stride in self.strides:
            stride.descent.set_rate(rate)

    def change(self, settings: TrainingSettings, done: int) -> None:
        """Go on, after so many steps, by other rates, weight decay and length of the run."""
        for stride in self.strides:
            stride.descent.change(settings, done)

    def end_epoch(self, score: float, higher_is_better: bool) -> None:
        """Take note of what an epoch came to."""
        for stride in self.strides:
            stride.descent.end_epoch(score, higher_is_better)

    def state(self) -> list[dict[str, Any]]:
        return [stride.descent.state() for stride in self.strides]

    def restore(self, state: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> None:
        """Take up what `state` told; before there could be several strides, it told of the only one."""
        states = [state] if isinstance(state, Mapping) else state
        for stride, saved in zip(self.strides, states, strict=True):
            stride.descent.restore(saved)


def _plans(turns: Sequence[Turn], forward: Forward) -> Iterator[_Plan]:
    """What each turn computes.

    A loss that is gone down only now and then, or never, is told by the last of the turns that are always taken.
    """
    if not turns:
        yield _Plan(None, forward, frozenset(forward.losses))
        return
    always = [place for place, turn in enumerate(turns) if turn.every == 1]
    tellers = {
        loss: next((place for place in always if key in turns[place].losses), always[-1])
        for loss, key in forward.keys.items()
    }
    for place, turn in enumerate(turns):
        told = frozenset(loss for loss, teller in tellers.items() if teller == place)
        summed = [loss for loss, key in forward.keys.items() if key in turn.losses]
        yield _Plan(turn, forward.part(summed, told, tells=place == always[0]), told)


def _with_weights(plan: _Plan, treated: Sequence[Treated], sample: Tensors) -> _Plan:
    """With the weights that its blocks have and its losses depend on."""
    asked = [each for each in treated if plan.turn is None or plan.turn.moves(each.path)]
    learned = learned_by(plan.forward, [each.weight for each in asked], sample)
    chosen = [each for each, has in zip(asked, learned, strict=True) if has]
    if plan.turn is not None and not chosen:
        raise UserError(
            f"The step “{plan.turn.name}” moves no weights: its losses depend on none of its blocks that learn."
        )
    return _Plan(plan.turn, plan.forward, plan.told, chosen)
