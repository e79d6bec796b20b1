"""Whether there is anything to train at all: inputs, losses, weights that learn."""

from __future__ import annotations

from collections.abc import Iterator

from engine.blocks.inputs import Input
from engine.checks import edits
from engine.field import Field
from engine.graph import Graph, Node
from engine.group import Group
from engine.parts import Parts
from engine.plan import Step, plan
from engine.problem import Fix, Problem
from engine.project import Project
from engine.scope import Scope

ENTERING = ("image", "vector")  # kinds of fields that are rather given than predicted
OFFERED = 3


def purpose(scope: Scope, parts: Parts) -> Iterator[Problem]:
    planned = scope.plan
    if not scope.graph.nodes:
        yield Problem("Nothing is drawn yet", "Begin with an Input, add layers behind it, and end with a loss.")
        return
    if not planned.of_kind(Input):
        yield Problem("There is no input", "Add an Input and choose the field of the dataset that enters there.")
    for step in planned.inputs:
        if step.complete and not getattr(step.block, "field", ""):
            yield _no_data(scope, step)
    if not planned.losses:
        yield Problem(
            "There is no loss",
            "Training makes a loss small. Add one, such as CrossEntropyLoss for classes or MSELoss for numbers, and "
            "wire a prediction and a Target to it.",
            builds=True,
        )
    elif all(loss.complete for loss in planned.losses) and not any(_learns(step) for step in parts.network):
        yield _nothing_learns(any(step.trace.weights for step in parts.network))


def _no_data(scope: Scope, step: Step) -> Problem:
    label = type(step.block).param("field").label.lower()
    fields = [field.name for field in _fields_for(scope, step)]
    told = "A shape typed by hand is enough to draw and to export. To train, "
    if fields:
        told += "choose a field of the dataset."
    else:
        told += "choose a dataset that has such a field; no field of the present one fits."
    fixes = [edits.change(step.id, f"Set {label} of {step.name} to {name}", field=name) for name in fields[:OFFERED]]
    return Problem(
        f"{step.name} has a shape but no data", told, step.id, param="field", builds=True, fixes=tuple(fixes)
    )


def _fields_for(scope: Scope, step: Step) -> list[Field]:
    """The fields of the dataset on which the network works as it does on the shape typed by hand, the nearest first."""
    typed = step.leaves[0]
    assert typed is not None
    alike = [
        field
        for field in scope.fields.values()
        if field.kind in ENTERING
        and field.spec.dtype == typed.dtype
        and len(field.spec.shape) == len(typed.shape)
        and _fits(scope, step, field)
    ]
    return sorted(alike, key=lambda field: field.spec != typed)


def _fits(scope: Scope, step: Step, field: Field) -> bool:
    """Whether nothing breaks behind an input that is given a field."""
    planned = plan(scope.graph.change(step.id, field=field.name), scope.fields, probing=scope.probing)
    return all(planned.steps[key].complete for key, before in scope.plan.steps.items() if before.complete)


def _nothing_learns(frozen: bool) -> Problem:
    title = "There is nothing to learn"
    if frozen:
        text = "Every weight between the inputs and the losses is frozen. Let those of one block learn."
        return Problem(title, text, builds=True, fixes=(Fix("Let all weights learn", _thaw),))
    text = "No block between the inputs and the losses has weights. Add a layer that has, such as Linear or Conv2d."
    return Problem(title, text, builds=True)


def _learns(step: Step) -> bool:
    """Whether training changes any weight of a step; a frozen group freezes all that is inside."""
    if step.node.weights.frozen or not step.trace.weights:
        return False
    inner = step.trace.inner
    return any(_learns(other) for other in inner[0].steps.values()) if inner else True


def _thaw(project: Project) -> Project:
    return project.edit(_thawed(project.graph))


def _thawed(graph: Graph) -> Graph:
    """The graph in which no weight is frozen, at any depth."""
    return Graph(nodes={key: _thawed_node(node) for key, node in graph.nodes.items()}, wires=graph.wires)


def _thawed_node(node: Node) -> Node:
    block = node.block
    if isinstance(block, Group):
        block = block.with_graph(_thawed(block.graph))
    return node.with_(block=block, weights=node.weights.change(frozen=False))


def reached(scope: Scope, parts: Parts) -> Iterator[Problem]:
    """Losses that no input reaches."""
    planned = scope.plan
    if not planned.of_kind(Input):
        return
    fed: set[str] = set()
    for step in planned.steps.values():
        if isinstance(step.block, Input) or any(wire and wire.source in fed for wire in step.wires):
            fed.add(step.id)
    for loss in planned.losses:
        if loss.complete and loss.wires and loss.id not in fed:  # else it is told what keeps values from arriving
            yield Problem(
                f"No input reaches {loss.name}",
                f"{loss.name} compares values that do not come from any Input, so nothing could be learned.",
                loss.id,
                loss.block.input_ports()[0].name,
                builds=True,
            )


FINDERS = (purpose, reached)
