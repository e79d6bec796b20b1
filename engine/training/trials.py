"""Short trials before a run: which learning rate suits, and whether the network can learn at all.

Nothing is written, and the project stays as it is; a trial is an iterator, so that it can be watched and left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.check import review
from engine.problem import UserError
from engine.project import Project
from engine.training.batches import Tensors
from engine.training.events import RatePoint, TrialStep
from engine.training.run import RunFolder
from engine.training.schedules import Constant
from engine.training.threads import with_threads

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

RISEN = 4.0  # times the lowest loss: beyond it a higher rate tells nothing more
SMOOTHING = 0.9  # share of the average that stays from step to step


RATE_STEPS, BATCH_STEPS = 100, 200
Verdict = Literal["by heart", "slowly", "not at all", "exploded"]


def find_rate(
    project: Project, lowest: float = 1e-6, highest: float = 10.0, steps: int = RATE_STEPS
) -> Iterator[RatePoint]:
    """Train with a learning rate that rises from step to step; it ends early when the loss explodes.

    Source: Smith 2017, Cyclical learning rates for training neural networks.

    Raises:
        UserError: when the design has errors, or makes several steps of a batch.
    """
    trainer = trainer_for(project)
    try:
        average, least = 0.0, math.inf
        for step, (count, batch) in enumerate(_endless(trainer, steps)):
            rate = lowest * (highest / lowest) ** (step / max(steps - 1, 1))
            trainer.course.set_rate(rate)
            trainer.step(count, batch)
            loss = trainer.window()["loss"]
            average = SMOOTHING * average + (1 - SMOOTHING) * loss
            smoothed = average / (1 - SMOOTHING ** (step + 1))
            least = min(least, smoothed)
            if not math.isfinite(smoothed) or smoothed > least + (RISEN - 1) * abs(least):
                return
            with trainer.put_aside():
                yield RatePoint(rate, smoothed)
    finally:
        trainer.restore_surroundings()


def suggested_rate(points: Sequence[RatePoint]) -> float | None:
    """The rate at which the loss falls fastest, to one digit; None where it never falls."""
    if len(points) < 3:
        return None
    end = min(range(len(points)), key=lambda index: points[index].loss)
    reach = max(1, len(points) // 10)  # a slope from neighbour to neighbour would be noise, as the first points are
    slopes = {
        index: (points[index + reach].loss - points[index - reach].loss)
        / math.log(points[index + reach].rate / points[index - reach].rate)
        for index in range(2 * reach - 1, min(end + 1, len(points) - reach))
    }
    steepest = min(slopes, key=lambda index: slopes[index], default=None)
    return None if steepest is None or slopes[steepest] >= 0 else float(f"{points[steepest].rate:.0e}")


def overfit_one_batch(project: Project, steps: int = BATCH_STEPS) -> Iterator[TrialStep]:
    """Train on the first batch alone, again and again: a network that can't learn it by heart has a fault.

    Raises:
        UserError: when the design has errors, or makes several steps of a batch.
    """
    trainer = trainer_for(project)
    try:
        count, batch = next(trainer.batches.epoch(1))
        for step in range(1, steps + 1):
            trainer.step(count, batch)
            loss = trainer.window()["loss"]
            with trainer.put_aside():
                yield TrialStep(step, loss)
            if not math.isfinite(loss):
                return
    finally:
        trainer.restore_surroundings()


def verdict(losses: Sequence[float]) -> Verdict:
    """What a trial on one batch came to, by its losses from step to step."""
    if not losses or not math.isfinite(losses[-1]):
        return "exploded"
    first, last = losses[0], losses[-1]
    if last > first:
        return "not at all"
    fallen = (first - last) / max(abs(first), 1e-12)
    return "by heart" if fallen >= 0.9 else "slowly" if fallen >= 0.2 else "not at all"


def trainer_for(project: Project, *, by_loss: bool = True) -> Trainer:
    """A trainer at a steady rate, one batch a step, that nobody saves; `by_loss` tells what the sum of losses does."""
    from engine.training.trainer import Trainer

    errors = [problem for problem in review(project).problems if problem.severity == "error"]
    if errors:
        raise UserError(f"The design can't be trained yet. {errors[0]}")
    if by_loss and len(project.training.turns) > 1:
        raise UserError(
            "A trial goes by the sum of all losses, which tells little where a batch makes several steps. Remove all "
            "but one under “Steps of a batch” to try it."
        )
    steady = project.training.change(schedule=Constant(), warmup=0.0, accumulate=1, averaging="none")
    return Trainer(with_threads(project.with_(training=steady)), RunFolder(Path()), resume=False)


def _endless(trainer: Trainer, steps: int) -> Iterator[tuple[int, Tensors]]:
    """So many batches, epoch after epoch."""
    done, epoch = 0, 1
    while done < steps:
        for count, batch in trainer.batches.epoch(epoch):
            yield count, batch
            done += 1
            if done == steps:
                return
        epoch += 1
