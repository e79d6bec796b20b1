"""Where the learning rate stands at each step of a run, before it begins and while it goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.training.schedules import Schedule
from engine.training.settings import TrainingSettings


@dataclass(frozen=True)
class Pace:
    """A schedule behind its warm-up, over a run whose length in steps is known.

    The warm-up is that of torch's `LinearLR`; the schedule's own steps count from its end, as in `SequentialLR`.
    """

    schedule: Schedule
    per_epoch: int  # steps of the optimizer
    total: int  # of the whole run
    warmup: int = 0  # how many of them warm up
    start: float = 1.0  # share of the rate at the first of these

    @classmethod
    def of(cls, settings: TrainingSettings, batches: int) -> Pace:
        """`batches` is their number in an epoch."""
        per_epoch = math.ceil(batches / settings.accumulate)
        total = per_epoch * settings.epochs
        total = total if settings.max_steps is None else min(total, settings.max_steps)
        warmup = min(round(settings.warmup * per_epoch), total)
        return cls(settings.schedule, per_epoch, total, warmup, settings.warmup_start)

    @property
    def constant(self) -> bool:
        return not self.warmup and type(self.schedule).factor is Schedule.factor

    def factor(self, done: int) -> float:
        """Share of the full rate at the step that comes after `done` others."""
        if done < self.warmup:
            return self.start + (1 - self.start) * done / self.warmup
        return self.schedule.factor(done - self.warmup, self.total - self.warmup, self.per_epoch)

    def momentum(self, done: int) -> float | None:
        """Momentum at that step; None leaves the optimizer's own."""
        return self.schedule.momentum(max(done - self.warmup, 0), self.total - self.warmup)

    def curve(self, points: int = 400) -> list[tuple[float, float]]:
        """Epochs gone through and share of the full rate, at about so many steps from the first to the last."""
        last = self.total - 1
        steps = sorted({round(index * last / max(points - 1, 1)) for index in range(points)})
        return [(step / self.per_epoch, self.factor(step)) for step in steps]


def course(spans: Sequence[tuple[float, TrainingSettings]], batches: int) -> list[tuple[float, float]]:
    """Epochs gone through and learning rate over a run whose settings change on its way.

    Each of the settings counts from so many epochs on; `batches` is their number in an epoch.
    """
    found: list[tuple[float, float]] = []
    for place, (start, settings) in enumerate(spans):
        end = spans[place + 1][0] if place + 1 < len(spans) else math.inf
        pace = Pace.of(settings, batches)
        lr = settings.optimizer.lr
        curve = [(epoch, lr * share) for epoch, share in pace.curve() if start <= epoch < end]
        first = (start, lr * pace.factor(round(start * pace.per_epoch)))
        last = (min(end, pace.total / pace.per_epoch), curve[-1][1] if curve else first[1])
        found += [first, *curve, *([last] if last[0] > start else [])]
    return found
