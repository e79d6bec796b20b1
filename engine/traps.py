"""The classic traps: designs whose shapes fit and that still learn badly, or not what was meant."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from engine.blocks.activation import GELU, Activation, LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from engine.blocks.inputs import Target
from engine.blocks.linear import Linear
from engine.blocks.losses import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, NLLLoss, WeightedLoss
from engine.blocks.normalisation import BatchNorm
from engine.field import Field
from engine.graph import Wire
from engine.parts import Parts
from engine.plan import Plan, Step
from engine.problem import Fix, Problem
from engine.project import Project


def find_traps(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    """Warnings about losses fed with what they don't expect, and errors where class counts can't match."""
    for loss in planned.losses:
        if not loss.complete or loss.wires[0] is None or loss.wires[0].source not in planned.steps:
            continue
        before = planned.steps[loss.wires[0].source]
        yield from _doubled(planned, loss, before)
        yield from _cut_off(planned, loss, before)
        yield from _no_target(loss, parts)
        yield from _bare(loss, before)
        field = _target_field(project, planned, loss)
        if field is not None:
            yield from _class_count(loss, _maker(planned, before), field)
            yield from _not_binary(loss, field)
    yield from _lonely_batches(project, planned)


def _doubled(planned: Plan, loss: Step, before: Step) -> Iterator[Problem]:
    """An activation in front of a loss that applies it itself."""
    applies = {CrossEntropyLoss: (Softmax, LogSoftmax), BCEWithLogitsLoss: (Sigmoid,)}.get(type(loss.block), ())
    if not isinstance(before.block, applies) or before.wires[0] is None:
        return
    kind, itself = type(before.block).__name__, "log-softmax" if len(applies) == 2 else "the sigmoid"
    logits, weight = before.wires[0], _weight(loss)
    source = planned.steps[logits.source].name
    fixes = [
        Fix(f"Rewire {loss.name} to {source}", partial(_bypass, activation=before.id, loss=loss.id, logits=logits))
    ]
    if isinstance(loss.block, CrossEntropyLoss) and loss.arrives[1] is not None and loss.arrives[1].dtype == "int64":
        fixes.append(
            Fix(
                "Use LogSoftmax and NLLLoss",
                lambda p: p.edit(
                    p.graph.replace(before.id, LogSoftmax(dim=_dim(before))).replace(loss.id, NLLLoss(weight=weight))
                ),
            )
        )
    elif isinstance(loss.block, BCEWithLogitsLoss):
        fixes.append(Fix("Use BCELoss", lambda p: p.edit(p.graph.replace(loss.id, BCELoss(weight=weight)))))
    yield Problem(
        f"{kind} feeds {type(loss.block).__name__.removesuffix('Loss')}",
        f"{type(loss.block).__name__} expects logits and applies {itself} itself, so the network would learn slowly.",
        before.id,
        severity="warning",
        fixes=tuple(fixes),
    )


def _cut_off(planned: Plan, loss: Step, before: Step) -> Iterator[Problem]:
    """An activation that keeps scores from being negative, or large, in front of a loss on scores."""
    limits = (ReLU, LeakyReLU, GELU, Tanh, Sigmoid) if isinstance(loss.block, CrossEntropyLoss) else (ReLU, GELU, Tanh)
    if not isinstance(loss.block, (CrossEntropyLoss, BCEWithLogitsLoss)) or not isinstance(before.block, limits):
        return
    logits = before.wires[0]
    if logits is None or logits.source not in planned.steps:
        return
    kind, name = type(before.block).__name__, planned.steps[logits.source].name
    yield Problem(
        f"{kind} cuts off the scores",
        f"{type(loss.block).__name__} expects logits, which may be any number, but {before.name} limits them. The last "
        "layer goes to the loss without an activation.",
        before.id,
        severity="warning",
        fixes=(
            Fix(f"Rewire {loss.name} to {name}", partial(_bypass, activation=before.id, loss=loss.id, logits=logits)),
        ),
    )


def _no_target(loss: Step, parts: Parts) -> Iterator[Problem]:
    """A loss that compares the network with itself."""
    predicted = set(parts.predictions.values())
    if all(wire is not None and (wire.source, wire.output) in predicted for wire in loss.wires):
        yield Problem(
            f"{loss.name} compares the network with itself",
            f"Both inputs of {loss.name} come out of the network, so it can be made small without learning anything. "
            "Wire a Target (or an Input) to one of them.",
            loss.id,
            "target",
            severity="warning",
        )


def _rewire(loss: Step, activation: Step, source: str, logits: Wire) -> Fix:
    edit = partial(_bypass, activation=activation.id, loss=loss.id, logits=logits)
    return Fix(f"Rewire {loss.name} to {source}", edit)


def _bypass(project: Project, activation: str, loss: str, logits: Wire) -> Project:
    """The loss wired to what feeds the activation, which goes when nobody else needs it."""
    graph = project.graph.connect(Wire(logits.source, logits.output, loss, "prediction"))
    rewired = project.edit(graph)
    return rewired if any(wire.source == activation for wire in graph.wires) else rewired.remove([activation])


def _bare(loss: Step, before: Step) -> Iterator[Problem]:
    """A loss that needs an activation in front of it, and has another block there."""
    weight = _weight(loss)
    better: WeightedLoss
    if isinstance(loss.block, NLLLoss) and not isinstance(before.block, LogSoftmax):
        better, needs = CrossEntropyLoss(weight=weight), "log-probabilities, as LogSoftmax gives them"
    elif isinstance(loss.block, BCELoss) and not isinstance(before.block, (Sigmoid, Softmax)):
        better, needs = BCEWithLogitsLoss(weight=weight), "probabilities from 0 to 1, as Sigmoid gives them"
    else:
        return
    if isinstance(loss.block, NLLLoss) and isinstance(before.block, Softmax):
        fix = Fix("Use LogSoftmax", lambda p: p.edit(p.graph.replace(before.id, LogSoftmax(dim=_dim(before)))))
    else:
        name = type(better).__name__
        fix = Fix(f"Use {name}", lambda p: p.edit(p.graph.replace(loss.id, better)))
    yield Problem(
        f"{before.name} does not give what {loss.name} expects",
        f"{type(loss.block).__name__} expects {needs}, but {before.name} is a {type(before.block).__name__}.",
        loss.id,
        "prediction",
        severity="error" if isinstance(loss.block, BCELoss) else "warning",
        builds=True,
        fixes=(fix,),
    )


def _weight(loss: Step) -> float:
    return loss.block.weight if isinstance(loss.block, WeightedLoss) else 1.0


def _dim(step: Step) -> int:
    return step.block.dim if isinstance(step.block, Softmax | LogSoftmax) else -1


def _target_field(project: Project, planned: Plan, loss: Step) -> Field | None:
    wire = loss.wires[1]
    source = planned.steps.get(wire.source) if wire else None
    if source is None or not isinstance(source.block, Target):
        return None
    return project.data.fields().get(source.block.field)


def _maker(planned: Plan, step: Step) -> Step:
    """The step that set the shape of what leaves `step`: activations and dropout are looked through."""
    while isinstance(step.block, Activation) and step.wires[0] is not None and step.wires[0].source in planned.steps:
        step = planned.steps[step.wires[0].source]
    return step


def _class_count(loss: Step, maker: Step, field: Field) -> Iterator[Problem]:
    prediction, target = loss.arrives
    if not isinstance(loss.block, (CrossEntropyLoss, NLLLoss)) or field.kind != "class":
        return
    assert prediction is not None
    assert target is not None
    scores = prediction.shape[0]
    if target.dtype != "int64" or scores is None or scores == len(field.classes):
        return
    fixes: tuple[Fix, ...] = ()
    if isinstance(maker.block, Linear) and len(prediction.shape) == 1:
        fixes = (
            Fix(
                f"Set features out of {maker.name} to {len(field.classes)}",
                lambda p: p.edit(p.graph.change(maker.id, out_features=len(field.classes))),
            ),
        )
    few = scores < len(field.classes)
    given = f"{scores} {'score' if scores == 1 else 'scores'}"
    yield Problem(
        f"{given} for {len(field.classes)} classes",
        f"{loss.name} needs one score for each class. “{field.name}” has {len(field.classes)} classes, "
        f"but {maker.name} gives {given}.",
        maker.id,
        severity="error" if few else "warning",
        builds=True,
        fixes=fixes,
    )


def _not_binary(loss: Step, field: Field) -> Iterator[Problem]:
    if isinstance(loss.block, (BCELoss, BCEWithLogitsLoss)) and field.kind in ("number", "vector"):
        yield Problem(
            f"{loss.name} expects targets of 0 or 1",
            f"“{field.name}” holds arbitrary numbers. MSELoss or L1Loss compare numbers.",
            loss.id,
            "target",
            builds=True,
            fixes=tuple(_use(loss, name) for name in ("MSELoss", "L1Loss")),
        )


def _use(loss: Step, name: str) -> Fix:
    from engine.blocks import CATALOGUE

    other = CATALOGUE[name].build({"weight": _weight(loss)})
    return Fix(f"Use {name}", lambda p: p.edit(p.graph.replace(loss.id, other)))


def _lonely_batches(project: Project, planned: Plan) -> Iterator[Problem]:
    """Batch normalisation can't tell anything from a single number for each channel."""
    if project.training.batch_size > 1:
        return
    for step in planned.of_kind(BatchNorm):
        if step.complete and step.arrives[0] is not None and math.prod(step.arrives[0].sizes[1:]) == 1:
            yield Problem(
                f"{step.name} needs more than one sample a batch",
                "It compares the samples of a batch with each other, but the batch size is 1.",
                step.id,
                builds=True,
                fixes=(Fix("Set the batch size to 32", _larger_batches),),
            )


def _larger_batches(project: Project) -> Project:
    return project.with_(training=project.training.change(batch_size=32))
