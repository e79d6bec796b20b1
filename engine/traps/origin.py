"""Where numbers come from: the step behind a wire, in the drawing that it stands in, be it inside a group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.graph import Wire
from engine.group import Group, GroupInput, Path
from engine.plan import Plan, Step
from engine.problem import Fix
from engine.scope import lift_fix


@dataclass(frozen=True)
class Origin:
    """A wire and the step it comes from, which stand in the group that `path` leads to."""

    planned: Plan
    wire: Wire
    path: Path = ()

    @property
    def step(self) -> Step:
        return self.planned.steps[self.wire.source]

    @property
    def place(self) -> str:
        """The block as a problem names it."""
        return "/".join((*self.path, self.step.id))

    def mend(self, fix: Fix | None) -> Fix | None:
        """A fix for the drawing that the step stands in, as one for the project."""
        return lift_fix(fix, self.path) if fix is not None else None

    def through(self, passes: Callable[[Step], bool]) -> Origin:
        """The first step, seen from here, that is neither passed nor a group which another such step can be seen in."""
        here: Origin | None = self
        found = self
        while here is not None:
            found = here
            here = found._inside() or (found._before() if passes(found.step) else None)
        return found

    def _before(self) -> Origin | None:
        wire = self.step.wires[0] if self.step.wires else None
        if wire is None or wire.source not in self.planned.steps:
            return None
        before = Origin(self.planned, wire, self.path)
        return None if isinstance(before.step.block, GroupInput) else before

    def _inside(self) -> Origin | None:
        """What feeds the port of a group that stands once and alone: what changes there, changes nowhere else."""
        step = self.step
        group, inner = step.block, step.trace.inner
        if not isinstance(group, Group) or len(inner) != 1 or _is_shared(self.planned, step):
            return None
        exits = [key for key, node in group.outputs_inside().items() if node.name == self.wire.output]
        last = inner[0].steps.get(exits[0]) if exits else None
        wire = last.wires[0] if last is not None else None
        if wire is None or wire.source not in inner[0].steps:
            return None
        found = Origin(inner[0], wire, (*self.path, step.id))
        return None if isinstance(found.step.block, GroupInput) else found


def _is_shared(planned: Plan, step: Step) -> bool:
    return bool(step.shares) or any(other.shares == step.id for other in planned.steps.values())


def plans(planned: Plan, path: Path = ()) -> Iterator[tuple[Path, Plan]]:
    """A plan and those of the groups in it, each as it is the first time it runs; uses of the same weights once."""
    yield path, planned
    for step in planned.steps.values():
        if isinstance(step.block, Group) and step.trace.inner and not step.shares:
            yield from plans(step.trace.inner[0], (*path, step.id))
