"""The schedules: how the learning rate changes over a run, each as a formula of the step alone.

A schedule gives a factor of the optimizer's own rate. Since it depends on nothing but where the run stands, a run that
is resumed has the same rates; `ReduceOnPlateau` alone remembers, and says so itself.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from engine.record import Record, Registry, param

LOWEST: dict[str, Any] = {"ge": 0, "lt": 1, "doc": "Share of the learning rate that it never falls below."}
GAMMA: dict[str, Any] = {"gt": 0, "lt": 1, "label": "Factor", "doc": "What the learning rate is multiplied by."}


class Schedule(Record):
    """How the learning rate changes; each names the class in `torch.optim.lr_scheduler` whose formula it follows."""

    title: ClassVar[str] = ""  # what lists call it
    reference: ClassVar[str] = ""

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        """Share of the full rate after `done` steps of `total`, where an epoch has `per_epoch`."""
        return 1.0

    def momentum(self, done: int, total: int) -> float | None:
        """Momentum at a step; None leaves the optimizer's own."""
        return None


class Constant(Schedule):
    """The same learning rate from the first step to the last."""

    title: ClassVar[str] = "Constant"
    reference: ClassVar[str] = ""  # torch's ConstantLR is another: it multiplies the rate for some steps


class Step(Schedule):
    """Lowers the learning rate by a factor every few epochs."""

    title: ClassVar[str] = "Step"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.StepLR"
    step_size: int = param(10, ge=1, label="Every", unit="epochs", doc="Epochs from one fall to the next.")
    gamma: float = param(0.1, **GAMMA)

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        return float(self.gamma ** (done // per_epoch // self.step_size))


class MultiStep(Schedule):
    """Lowers the learning rate by a factor after the epochs you name."""

    title: ClassVar[str] = "Multi-step"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.MultiStepLR"
    milestones: tuple[int, ...] = param((5, 8), ge=1, label="After epochs", doc="Epochs after which it falls.")
    gamma: float = param(0.1, **GAMMA)

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        return float(self.gamma ** sum(done // per_epoch >= milestone for milestone in self.milestones))


class Exponential(Schedule):
    """Lowers the learning rate by the same factor after every epoch."""

    title: ClassVar[str] = "Exponential"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.ExponentialLR"
    gamma: float = param(0.95, **GAMMA)

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        return float(self.gamma ** (done // per_epoch))


class Cosine(Schedule):
    """Lets the learning rate fall along half a cosine, slowly at first and at the end.

    The usual choice for longer runs.
    """

    title: ClassVar[str] = "Cosine"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.CosineAnnealingLR"
    lowest: float = param(0.0, **LOWEST)

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        return _between(1.0, self.lowest, done / max(total, 1))


class CosineWarmRestarts(Schedule):
    """Falls along a cosine again and again, each time from the full rate."""

    title: ClassVar[str] = "Cosine with warm restarts"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts"
    period: int = param(5, ge=1, label="First period", unit="epochs", doc="Epochs until the first restart.")
    growth: int = param(1, ge=1, le=100, doc="How many times longer each period is than the one before.")
    lowest: float = param(0.0, **LOWEST)

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        seen, period = done / per_epoch, float(self.period)
        if self.growth == 1:
            return _between(1.0, self.lowest, seen % period / period)
        while seen >= period:
            seen, period = seen - period, period * self.growth
        return _between(1.0, self.lowest, seen / period)


class OneCycle(Schedule):
    """Rises from a small learning rate to the full one and falls far below it, once over the whole run.

    Often reaches the same quality in fewer epochs. Source: Smith and Topin 2018.
    """

    title: ClassVar[str] = "One-cycle"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.OneCycleLR"
    pct_start: float = param(0.3, gt=0, lt=1, label="Share of the rise", doc="Share of the steps in which it rises.")
    div_factor: float = param(25.0, ge=1, label="Start divisor", doc="It starts at the full rate divided by this.")
    final_div_factor: float = param(
        1e4, ge=1, label="End divisor", doc="It ends at the start divided by this.", rare=True
    )
    anneal: Literal["cos", "linear"] = param("cos", label="Shape", doc="Along a cosine, or along a line.", rare=True)
    cycle_momentum: bool = param(
        True, label="Momentum too", doc="Moves the momentum the other way, from 0.95 to 0.85 and back.", rare=True
    )

    def factor(self, done: int, total: int, per_epoch: int) -> float:
        start = 1 / self.div_factor
        return self._cycle(done, total, start, 1.0, start / self.final_div_factor)

    def momentum(self, done: int, total: int) -> float | None:
        return self._cycle(done, total, 0.95, 0.85, 0.95) if self.cycle_momentum else None

    def _cycle(self, done: int, total: int, start: float, peak: float, end: float) -> float:
        rise = self.pct_start * total - 1  # number of the step at the peak, as torch counts
        shape = _between if self.anneal == "cos" else _on_a_line
        done = min(done, total - 1)
        if done <= rise:
            return shape(start, peak, done / rise if rise else 1.0)
        return shape(peak, end, (done - rise) / max(total - 1 - rise, 1))


class ReduceOnPlateau(Schedule):
    """Lowers the learning rate when the watched score has stopped getting better."""

    title: ClassVar[str] = "Reduce on plateau"
    reference: ClassVar[str] = "torch.optim.lr_scheduler.ReduceLROnPlateau"
    gamma: float = param(0.1, **GAMMA)
    patience: int = param(3, ge=0, unit="epochs", doc="Epochs without a better score that it waits for.")
    threshold: float = param(
        1e-4, ge=0, lt=1, label="Smallest gain", doc="Share by which a score must be better to count.", rare=True
    )
    cooldown: int = param(0, ge=0, unit="epochs", doc="Epochs after a fall in which it does not count.", rare=True)
    lowest: float = param(0.0, **LOWEST, rare=True)


class Plateau:
    """What `ReduceOnPlateau` remembers: plain numbers, told and taken up by `state` and `restore`."""

    def __init__(self, schedule: ReduceOnPlateau) -> None:
        self.schedule = schedule
        self.factor = 1.0
        self.best: float | None = None
        self.bad = self.cooling = 0

    def see(self, score: float, higher_is_better: bool) -> None:
        """Take note of the score at the end of an epoch (the rule of torch's `ReduceLROnPlateau`)."""
        schedule = self.schedule
        value = -score if higher_is_better else score
        if self.best is None or value < self.best - schedule.threshold * abs(self.best):
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        if self.cooling:
            self.cooling, self.bad = self.cooling - 1, 0
        if self.bad > schedule.patience:
            self.factor = max(self.factor * schedule.gamma, schedule.lowest)
            self.cooling, self.bad = schedule.cooldown, 0

    def state(self) -> dict[str, Any]:
        return {"factor": self.factor, "best": self.best, "bad": self.bad, "cooling": self.cooling}

    def restore(self, state: dict[str, Any]) -> None:
        self.factor, self.best, self.bad, self.cooling = (state[name] for name in ("factor", "best", "bad", "cooling"))


def _between(start: float, end: float, share: float) -> float:
    """On half a cosine from one value to another."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _on_a_line(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


SCHEDULES: Registry[Schedule] = Registry(
    (Constant, Step, MultiStep, Exponential, Cosine, CosineWarmRestarts, OneCycle, ReduceOnPlateau)
)
