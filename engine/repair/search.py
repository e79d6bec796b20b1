"""Look for the single changes that make a block fit, the least first, and try each on the whole project.

A change is tried in two steps: on the block alone (and what lies between it and the change), which takes
microseconds and leaves few; and then on everything behind it, so that no remedy moves the fault elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.plan import Step
from engine.problem import Fix
from engine.repair.candidates import Candidate, candidates
from engine.repair.changes import Unwire
from engine.repair.trial import outcome
from engine.scope import Scope

OFFERED = 4
TRIED = 12  # on the whole project


@dataclass(frozen=True)
class Remedy:
    """A change that mends a block, tried: as a sentence behind the message, and as a fix."""

    sentence: str
    fix: Fix


def remedies(scope: Scope, step: Step) -> tuple[Remedy, ...]:
    """The single changes that make a step fit and nothing else misfit, the least change first.

    Where every change that mends this step shows a misfit behind it, that one was there before, hidden by this one;
    then those with the fewest such are told.
    """
    tried: list[tuple[int, Candidate]] = []
    good: dict[str, Candidate] = {}
    for candidate in sorted(candidates(scope, step), key=lambda found: found.cost):
        if candidate.kind in good:
            continue
        left = _left(scope, step, candidate)
        if left is None:
            continue
        tried.append((left, candidate))
        if left == 0:
            good[candidate.kind] = candidate
        if len(good) == OFFERED or len(tried) == TRIED:
            break
    if not good and tried:
        fewest = min(left for left, _ in tried)
        for left, candidate in tried:
            if left == fewest and len(good) < OFFERED:
                good.setdefault(candidate.kind, candidate)
    return tuple(_remedy(candidate) for candidate in good.values())


def _left(scope: Scope, step: Step, candidate: Candidate) -> int | None:
    """How many misfits a change leaves that were not seen before; None when it does not mend the step."""
    change = candidate.change
    graph = change.graph(scope.graph)
    if len(graph.wires) < len(scope.graph.wires) and not isinstance(change, Unwire):
        return None  # it would lose a wire to a port that goes
    steps, left = outcome(scope, graph, set(change.touched(scope.graph)))
    return left if steps[step.id].trace.complete else None


def _remedy(candidate: Candidate) -> Remedy:
    return Remedy(f"{candidate.sentence}.", Fix(candidate.label, candidate.change.project))
