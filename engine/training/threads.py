"""How many processor threads a run computes with, where its settings leave that open.

Sums that are split among threads round otherwise, so a run keeps one number from its first step to its last: it is
found out before the first step, on a copy of everything whose results are thrown away, and written into the run's own
project. The machine remembers it for this network, so that a seeded run repeats there; resuming a run, or running its
project elsewhere, gives the same numbers too. Where a step is small, and wherever there are but two cores, it is 1 at
once: one core is left to the window and to whatever else goes on.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.check import review
from engine.compile import source_of
from engine.project import Project
from engine.training.compiled.compiler import processor
from engine.training.device import available_device
from engine.training.run import RunFolder
from engine.training.timings import keep, recalled

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

SMALL = 100_000_000  # multiply-adds of a step below which sharing them out costs more than it gains
GAIN = 1.2  # times faster than with fewer threads that more must be
SECONDS, STEPS = 0.1, 3  # for which each number is timed, and at least how many steps


def with_threads(project: Project) -> Project:
    """The project with a number of threads, timed where its settings leave it open."""
    if project.training.threads is not None:
        return project
    return project.with_(training=project.training.change(threads=chosen_threads(project)))


def chosen_threads(project: Project, cores: int | None = None) -> int:
    """One, or as many more as make steps clearly faster; each time twice as many, up to all cores."""
    training = project.training
    steps = 3 * review(project).plan.multiply_adds * training.batch_size  # forwards once, and twice as much backwards
    cores = cores or max(1, _cores() - 1)
    if steps < SMALL or cores == 1 or available_device(training.device) != "cpu":
        return 1
    key = _key(project, cores)
    known = recalled(key)
    if known is None:
        known = _timed(project, cores)
        keep(key, known)
    return known


def _key(project: Project, cores: int) -> str:
    """What the fastest number hangs on."""
    import torch

    training = project.training
    told = (source_of(project, objective=True).text, training.batch_size, training.precision, type(training.optimizer))
    machine = (cores, processor(), torch.__version__)
    return f"threads-{hashlib.sha256(repr((told, machine)).encode()).hexdigest()}"


def _timed(project: Project, cores: int) -> int:
    import torch

    from engine.training.trainer import Trainer

    alone = project.training.change(threads=1)
    trainer = Trainer(project.with_(training=alone), RunFolder(Path()), resume=False)
    try:
        return fastest(_numbers(cores), lambda threads: _seconds(trainer, threads, torch.set_num_threads))
    finally:
        trainer.restore_surroundings()


def fastest(numbers: Iterator[int], seconds: Callable[[int], float]) -> int:
    """The last number that was clearly faster than the ones before it; none is tried after one that is not."""
    chosen = next(numbers)
    best = seconds(chosen)
    for number in numbers:
        taken = seconds(number)
        if taken * GAIN >= best:
            break
        chosen, best = number, taken
    return chosen


def _numbers(cores: int) -> Iterator[int]:
    number = 1
    while number < cores:
        yield number
        number *= 2
    yield cores


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _seconds(trainer: Trainer, threads: int, take: Callable[[int], None]) -> float:
    """Of a step; the first, which makes things ready, is left out."""
    take(threads)
    batch = trainer.batches.first(trainer.batches.batch_size)
    samples = len(next(iter(batch.values())))
    trainer.step(samples, batch)
    done, started = 0, time.perf_counter()
    while done < STEPS or time.perf_counter() - started < SECONDS:
        trainer.step(samples, batch)
        done += 1
    return (time.perf_counter() - started) / done
