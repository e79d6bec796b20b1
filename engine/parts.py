"""Which steps of a plan make up the network, and which the objective that it is trained on.

The network is all that predictions need: the steps between inputs and what losses or outputs consume.
The objective is what lies between predictions and targets: the losses, and all that needs a target.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.blocks.inputs import Input, Output, Target
from engine.group import Group
from engine.plan import Plan, Step

Value = tuple[str, str]  # the id of a block and the name of one of its output ports


@dataclass(frozen=True)
class Parts:
    """`predictions` and `losses` map the names they are known by to where they come from."""

    inputs: tuple[Step, ...]  # arguments of the network's forward
    network: tuple[Step, ...]
    predictions: dict[str, Value]
    arguments: dict[str, Value]  # of the objective's forward: predictions, targets and inputs it compares with
    objective: tuple[Step, ...]
    losses: dict[str, Step]


def split(plan: Plan) -> Parts:
    """Divide a plan into network and objective; steps that neither needs, and muted ones, are in neither."""
    plan = plan.living
    judged: set[str] = set()  # steps that need a target
    for step in plan.steps.values():
        if isinstance(step.block, Target) or any(wire and wire.source in judged for wire in step.wires):
            judged.add(step.id)
    losses = {step.name: step for step in plan.losses}
    judged |= {step.id for step in losses.values()}
    objective_ids = ancestors(plan, (step.id for step in losses.values())) & judged
    predictions: dict[str, Value] = {}
    arguments: dict[str, Value] = {}
    # outputs come first: where a loss reads the same prediction, it goes by the output's name
    for step in (*plan.outputs, *(s for s in plan.steps.values() if not isinstance(s.block, Output))):
        output = isinstance(step.block, Output)
        if step.id in judged if output else step.id not in objective_ids:
            continue
        for wire in step.wires:
            if wire is None or wire.source not in plan.steps:
                continue
            value, source = (wire.source, wire.output), plan.steps[wire.source]
            if output:
                predictions[step.name] = value
            elif isinstance(source.block, (Input, Target)):
                arguments[source.name] = value
            elif source.id not in judged:
                name = next((name for name, known in predictions.items() if known == value), _name(source, value))
                predictions[name] = arguments[name] = value
    needed = ancestors(plan, (key for key, _ in predictions.values()))
    steps = [step for step in plan.steps.values() if step.id in needed]
    return Parts(
        inputs=tuple(step for step in steps if isinstance(step.block, Input)),
        network=tuple(step for step in steps if not isinstance(step.block, Input)),
        predictions=predictions,
        arguments=arguments,
        objective=tuple(s for s in plan.steps.values() if s.id in objective_ids and not isinstance(s.block, Target)),
        losses=losses,
    )


def leaving(group: Group, inner: Plan) -> dict[str, Value]:
    """What leaves a group by each port, by its living plan; ports that nothing is wired to are left out."""
    steps = {node.name: inner.steps[key].wires[0] for key, node in group.outputs_inside().items() if key in inner.steps}
    return {name: (wire.source, wire.output) for name, wire in steps.items() if wire is not None}


def _name(step: Step, value: Value) -> str:
    outputs = step.block.output_ports()
    return step.name if len(outputs) == 1 else f"{step.name}_{value[1]}"


def ancestors(plan: Plan, ids: Iterable[str]) -> set[str]:
    """These steps and all that they need."""
    found: set[str] = set()
    waiting = [key for key in ids if key in plan.steps]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += [w.source for w in plan.steps[key].wires if w is not None and w.source in plan.steps]
    return found
