"""A trial of growing batches: how many samples a second each size learns, and what it takes in memory.

On the CPU no size is tried whose memory, foretold without taking any, is more than a safe share of what is free; so
the machine never swaps. Nothing is written, and the project stays as it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.memory import forecast
from engine.project import Project
from engine.training.events import BatchPoint
from engine.training.room import room as room_on
from engine.training.trials import trainer_for

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

SMALLEST = 8
RISES = 1.05  # a size must be so much faster than the best before it to be worth its memory
FLAT = 2  # so many sizes in a row that are not, and no larger one is tried
SECONDS, STEPS = 0.3, 3  # for which each size is timed, and at least how many steps


def find_batch_size(project: Project, room: int | None = None) -> Iterator[BatchPoint]:
    """Time steps of batches that double in size, until the memory is full or no more samples a second are learned.

    `room` is how many bytes a training may take; None: as many as are safe on this machine.

    Raises:
        UserError: when the design has errors.
    """
    size, best, flat = SMALLEST, 0.0, 0
    while flat < FLAT:
        sized = project.with_(training=project.training.change(batch_size=size))
        trainer = trainer_for(sized, by_loss=False)
        try:
            samples = trainer.samples["train"]
            size = min(size, samples)
            memory = forecast(sized.with_(training=sized.training.change(batch_size=size))).total
            if memory > (room_on(trainer.device) if room is None else room):
                return
            pace = _pace(trainer, size)
            if trainer.course.pieces.count > 1:  # the memory was full
                return
            with trainer.put_aside():
                yield BatchPoint(size, pace, memory)
        finally:
            trainer.restore_surroundings()
        flat = 0 if pace > RISES * best else flat + 1
        best = max(best, pace)
        if size == samples:
            return
        size *= 2


def _pace(trainer: Trainer, size: int) -> float:
    """Samples a second of steps on one batch, the first left out, which makes things ready."""
    batch = trainer.batches.first(size)
    trainer.step(size, batch)
    trainer.window()
    done, started = 0, time.perf_counter()
    while done < STEPS or time.perf_counter() - started < SECONDS:
        trainer.progress.step = done  # where a batch makes several steps, some are not taken every time
        trainer.step(size, batch)
        trainer.window()  # waits for a GPU to be through
        done += 1
    return done * size / (time.perf_counter() - started)


def suggested_size(points: Sequence[BatchPoint]) -> int | None:
    """The smallest size that learns as many samples a second as any, but for a little; None without a point."""
    best = max((point.samples_per_second for point in points), default=0.0)
    return next((point.batch_size for point in points if RISES * point.samples_per_second >= best), None)
