"""Whether every block can work on what arrives at it, and whether something arrives at all."""

from __future__ import annotations

from collections.abc import Iterator

from engine.blocks.base import Loss, Source
from engine.blocks.inputs import Target
from engine.checks import edits
from engine.graph import Wire
from engine.problem import Fix, Problem
from engine.repair import remedies
from engine.scope import Scope

MENDED = 12  # misfits in one drawing for which remedies are looked for; beyond, one has to begin somewhere


def misfits(scope: Scope) -> Iterator[Problem]:
    """Blocks that can't work on what arrives, each with the single changes that would mend it."""
    told = 0
    for step in scope.plan.steps.values():
        misfit = step.trace.misfit
        if misfit is None or (scope.grouped and isinstance(step.block, (Source, Loss))):
            continue  # these may not stand inside a group at all, which is told
        told += 1
        found = remedies(scope, step) if told <= MENDED else ()
        text = f"{step.name} {misfit.message}."
        yield Problem(
            f"{step.name} does not fit" if misfit.port else f"{step.name} can't work like this",
            f"{text} {found[0].sentence}" if found else text,
            step.id,
            misfit.port,
            misfit.param,
            fixes=tuple(remedy.fix for remedy in found),
            details=misfit.details,
        )


def missing(scope: Scope) -> Iterator[Problem]:
    """Inputs that need a wire and have none."""
    targets = scope.plan.of_kind(Target)
    for step in scope.plan.steps.values():
        if None not in step.wires:
            continue
        ports = step.block.input_ports()
        for port, wire in zip(ports, step.wires, strict=True):
            if wire is not None or port.optional:
                continue
            fixes: tuple[Fix, ...] = ()
            if isinstance(step.block, Loss) and port.name == "target" and len(targets) == 1:
                link = Wire(targets[0].id, "y", step.id, port.name)
                fixes = (edits.connect(link, f"Wire it to {targets[0].name}"),)
            several = len(ports) > 1
            yield Problem(
                f"{step.name} is missing an input",
                f"Nothing is wired to {f'the input “{port.name}” of ' if several else ''}{step.name}, "
                f"which expects {port.kind.words}.",
                step.id,
                port.name,
                fixes=fixes,
            )


FINDERS = (missing,)  # the misfits are asked for apart, since their remedies depend on all of the project
