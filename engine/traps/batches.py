"""Blocks that compare the samples of a batch with each other, in batches of one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.blocks.normalisation import BatchNorm
from engine.plan import Plan
from engine.problem import Fix, Problem
from engine.project import Project
from engine.traps.entry import refuse


def lonely_batches(project: Project, planned: Plan) -> Iterator[Problem]:
    """Nothing can be told from a single number for each channel, or from one pair alone."""
    if project.training.batch_size > 1:
        return
    alone = [
        step
        for step in planned.of_kind(BatchNorm)
        if step.complete and step.arrives[0] is not None and math.prod(step.arrives[0].sizes[1:]) == 1
    ]
    alone += [step for step in planned.losses if step.complete and getattr(step.block, "compares_samples", False)]
    for step in alone:
        yield refuse(
            f"{step.name} needs more than one sample a batch",
            "It compares the samples of a batch with each other, but the batch size is 1.",
            step.id,
            Fix("Set the batch size to 32", _larger_batches),
        )


def _larger_batches(project: Project) -> Project:
    return project.with_(training=project.training.change(batch_size=32))
