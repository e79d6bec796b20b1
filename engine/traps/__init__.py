"""The classic traps: designs whose shapes fit and that still learn badly, or not what was meant."""

from __future__ import annotations

from collections.abc import Iterator

from engine.parts import Parts
from engine.plan import Plan
from engine.problem import Problem
from engine.project import Project
from engine.scope import lift
from engine.traps import activations, targets
from engine.traps.batches import lonely_batches
from engine.traps.entry import entries, field_of
from engine.traps.origin import plans
from engine.traps.reach import Reaches


def find_traps(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    """Warnings about losses fed with what they don't expect, and errors where no sense can come of it."""
    fields = project.data.fields()
    reaches = Reaches(planned, fields)
    for loss in planned.losses:
        if not loss.complete:
            continue
        for entry in entries(planned, loss, reaches):
            for find in (activations.doubled, activations.cut_off, activations.dropped, activations.missing):
                yield from find(entry)
            yield from activations.wrong_axis(entry)
            field = field_of(fields, entry)
            yield from targets.not_signed(project, entry, field)
            yield from targets.no_choice(entry)
            if field is not None:
                yield from targets.class_count(entry, field)
                yield from targets.not_binary(project, entry, field)
                yield from targets.not_as_measured(project, entry, field)
        yield from targets.itself(planned, loss, parts)
        yield from targets.smoothed_away(loss)
    for path, inside in plans(planned):
        for problem in (*activations.certain(inside), *lonely_batches(project, inside)):
            yield lift(problem, path)
