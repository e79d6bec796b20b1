"""What enters a loss by one of its ports, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from engine.blocks.base import Block, Loss, Meaning
from engine.blocks.inputs import Input, Target
from engine.field import Field
from engine.graph import Wire
from engine.plan import Plan, Step
from engine.problem import Fix, Problem
from engine.project import Project
from engine.repair.changes import Insert, Replace
from engine.traps.origin import Origin
from engine.traps.reach import Reach, Reaches, passes_on


@dataclass(frozen=True)
class Entry:
    """A wire into a loss, what should arrive by it, and the numbers that can."""

    planned: Plan
    loss: Step
    port: str
    wire: Wire
    before: Step  # what feeds the loss
    meaning: Meaning | None
    reach: Reach | None

    @property
    def kind(self) -> str:
        """The loss as it is called in the palette."""
        return type(self.loss.block).__name__

    def maker(self) -> Origin:
        """The step that gave the numbers their size: what only moves them is passed, and groups are looked into."""
        return Origin(self.planned, self.wire).through(passes_on)


def entries(planned: Plan, loss: Step, reaches: Reaches) -> list[Entry]:
    """All that enters a complete loss."""
    block = loss.block
    assert isinstance(block, Loss)
    ports = block.input_ports()
    views = [
        port.kind.view(spec, port.name) if spec is not None else None
        for port, spec in zip(ports, loss.arrives, strict=True)
    ]
    meanings = block.meanings(*views)
    return [
        Entry(
            planned,
            loss,
            port.name,
            wire,
            planned.steps[wire.source],
            meanings.get(port.name),
            reaches.of(planned.steps[wire.source], wire.output) if port.name in meanings else None,
        )
        for port, wire in zip(ports, loss.wires, strict=True)
        if wire is not None and wire.source in planned.steps
    ]


def field_of(fields: Mapping[str, Field], entry: Entry) -> Field | None:
    """The field of the dataset that enters directly; None for what is computed."""
    block = entry.before.block
    name = block.field if isinstance(block, (Target, Input)) else ""
    return fields.get(name)


def bypass(entry: Entry) -> Fix | None:
    """The numbers taken from in front of the step that limits them, which goes when nobody else needs it."""
    maker = entry.maker()
    step, steps = maker.step, maker.planned.steps
    inner = step.wires[0] if step.wires else None
    if inner is None or inner.source not in steps or not _only_changes_numbers(step):
        return None
    behind, source = steps[maker.wire.target].name, steps[inner.source].name
    edit = partial(_bypass, step=step.id, inner=inner, outer=maker.wire)
    return maker.mend(Fix(f"Rewire {behind} to {source}", edit))


def _only_changes_numbers(step: Step) -> bool:
    alone = sum(wire is not None for wire in step.wires) == 1
    return alone and not step.trace.weights and step.arrives[0] == step.leaves[0]


def replaceable(step: Step) -> bool:
    """Whether another activation may stand in its place."""
    return step.block.category == "Activation" and _only_changes_numbers(step)


def _bypass(project: Project, step: str, inner: Wire, outer: Wire) -> Project:
    graph = project.graph.connect(Wire(inner.source, inner.output, outer.target, outer.input))
    rewired = project.edit(graph)
    return rewired if any(wire.source == step for wire in graph.wires) else rewired.remove([step])


def replace(step: Step, block: Block, label: str) -> Fix:
    """Another block in the place of a step."""
    return Fix(label, Replace(step.id, block).project)


def insert(entry: Entry, block: Block) -> Fix:
    """A block between the loss and what feeds it."""
    label = f"Put {type(block).__name__} between {entry.before.name} and {entry.loss.name}"
    return Fix(label, Insert(entry.wire, block).project)


def set_param(step: Step, name: str, value: object, shown: str) -> Fix:
    """Another value of one parameter."""
    label = f"Set {type(step.block).param(name).label.lower()} of {step.name} to {shown}"
    return Fix(label, lambda project: project.edit(project.graph.change(step.id, **{name: value})))


def other_loss(loss: Step, name: str) -> Block:
    """A loss of another kind with the same parameters, as far as it has them."""
    from engine.blocks import CATALOGUE

    kind = CATALOGUE[name]
    return kind.build({key: value for key, value in loss.block.values().items() if key in kind.model_fields})


def use_loss(loss: Step, name: str) -> Fix:
    return replace(loss, other_loss(loss, name), f"Use {name}")


def warn(title: str, text: str, block: str, *fixes: Fix | None, port: str | None = None) -> Problem:
    """What can be trained all the same."""
    known = tuple(fix for fix in fixes if fix is not None)
    return Problem(title, text, block, port, severity="warning", builds=True, fixes=known)


def refuse(title: str, text: str, block: str, *fixes: Fix | None, port: str | None = None) -> Problem:
    """What must not be trained; the network can be built all the same."""
    return Problem(title, text, block, port, builds=True, fixes=tuple(fix for fix in fixes if fix is not None))
