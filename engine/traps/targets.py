"""Targets that are not what a loss compares with: other classes, other numbers, or the network itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.blocks.activation import Activation
from engine.blocks.dropout import Dropping
from engine.blocks.elementwise import Affine, Detach
from engine.blocks.linear import Linear
from engine.blocks.losses import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss
from engine.field import Field
from engine.parts import Parts
from engine.plan import Plan, Step
from engine.problem import Fix, Problem
from engine.project import Project
from engine.scope import lift_fix
from engine.traps.entry import Entry, insert, refuse, set_param, use_loss, warn
from engine.traps.origin import Origin
from engine.traps.reach import SHARE

SIGN = Affine(scale=2.0, offset=-1.0)  # 0 and 1 become -1 and 1


def class_count(entry: Entry, field: Field) -> Iterator[Problem]:
    """As many scores as classes."""
    if entry.meaning != "class index" or field.kind != "class":
        return
    scores = entry.loss.arrives[0].shape[0] if entry.loss.arrives[0] is not None else None
    if scores is None or scores == len(field.classes):
        return
    wire = entry.loss.wires[0]
    if wire is None or wire.source not in entry.planned.steps:
        return
    origin = Origin(entry.planned, wire).through(_keeps_shape)
    maker = origin.step
    fixes: tuple[Fix, ...] = ()
    if isinstance(maker.block, Linear) and len(entry.loss.arrives[0].shape if entry.loss.arrives[0] else ()) == 1:
        count = len(field.classes)
        fixes = (lift_fix(set_param(maker, "out_features", count, str(count)), origin.path),)
    given = f"{scores} {'score' if scores == 1 else 'scores'}"
    told = refuse if scores < len(field.classes) else warn
    yield told(
        f"{given} for {len(field.classes)} classes",
        f"{entry.loss.name} needs one score for each class. “{field.name}” has {len(field.classes)} classes, "
        f"but {maker.name} gives {given}.",
        origin.place,
        *fixes,
    )


def _keeps_shape(step: Step) -> bool:
    return isinstance(step.block, (Activation, Dropping))


def not_binary(project: Project, entry: Entry, field: Field) -> Iterator[Problem]:
    """Targets that are no yes or no."""
    if entry.meaning != "0 or 1":
        return
    title = f"{entry.loss.name} expects targets of 0 or 1"
    if field.kind == "class":
        if entry.loss.arrives and _is_index(entry) and len(field.classes) != 2:
            text = f"“{field.name}” has {len(field.classes)} classes, but {entry.kind} asks whether two are alike."
            yield refuse(title, text, entry.loss.id, port=entry.port)
        return
    compares = isinstance(entry.loss.block, (BCELoss, BCEWithLogitsLoss))
    others = [use_loss(entry.loss, name) for name in ("MSELoss", "L1Loss")] if compares else []
    if project.data.normalise:
        if field.kind == "image":
            text = f"“{field.name}” is brought to mean 0 and standard deviation 1, so it goes below 0 and above 1."
            yield refuse(title, text, entry.loss.id, _as_they_are(), *others, port=entry.port)
        else:
            text = f"“{field.name}” holds arbitrary numbers. MSELoss or L1Loss compare numbers."
            yield refuse(title, text, entry.loss.id, *others, port=entry.port)
    elif field.kind == "number":
        text = f"“{field.name}” may hold other numbers. MSELoss or L1Loss compare numbers."
        yield warn(title, text, entry.loss.id, *others, port=entry.port)


def not_signed(project: Project, entry: Entry, field: Field | None) -> Iterator[Problem]:
    """Targets that never are -1, or are arbitrary numbers."""
    if entry.meaning != "-1 or 1":
        return
    title = f"{entry.loss.name} expects targets of -1 or 1"
    if field is not None and field.kind == "class" and _is_index(entry):
        if len(field.classes) == 2:
            text = f"“{field.name}” arrives as 0 or 1. Twice that, less 1, is what {entry.kind} takes."
            yield refuse(title, text, entry.loss.id, insert(entry, SIGN), port=entry.port)
        else:
            text = f"“{field.name}” has {len(field.classes)} classes, but {entry.kind} knows only 1 (yes) and -1 (no)."
            yield refuse(title, text, entry.loss.id, port=entry.port)
    elif entry.reach is not None and entry.reach[0] >= 0:
        text = f"{entry.before.name} gives 0 or more. Twice 0 or 1, less 1, is what {entry.kind} takes."
        yield refuse(title, text, entry.loss.id, insert(entry, SIGN), port=entry.port)
    elif field is not None and field.kind != "class" and project.data.normalise:
        text = f"“{field.name}” holds arbitrary numbers, but {entry.kind} knows only 1 (yes) and -1 (no)."
        yield refuse(title, text, entry.loss.id, port=entry.port)


def no_choice(entry: Entry) -> Iterator[Problem]:
    """Probabilities of classes, of which there is only one."""
    prediction = entry.loss.arrives[0]
    if entry.meaning != "probabilities" or not isinstance(entry.loss.block, CrossEntropyLoss) or prediction is None:
        return
    if prediction.shape[0] == 1:
        yes_or_no = entry.reach == SHARE
        names = ("BCEWithLogitsLoss",) if yes_or_no else ("MSELoss", "L1Loss")
        advice = "BCEWithLogitsLoss compares yes or no." if yes_or_no else "MSELoss or L1Loss compare numbers."
        yield refuse(
            f"{entry.loss.name} has nothing to choose from",
            f"{entry.kind} shares probability out among the scores along axis 1, but there is only one, which always "
            f"gets all of it. {advice}",
            entry.loss.id,
            *(use_loss(entry.loss, name) for name in names),
        )


MEASURED = {
    "counts": "whole numbers from 0 on",
    "probabilities": "numbers from 0 to 1",
    "log-probabilities": "numbers below 0",
}


def not_as_measured(project: Project, entry: Entry, field: Field) -> Iterator[Problem]:
    """Counts or probabilities that are brought to mean 0."""
    expected = MEASURED.get(entry.meaning or "")
    if field.kind == "number" and entry.meaning != "counts":
        return  # see `no_choice`
    if expected and entry.port == "target" and field.kind != "class" and project.data.normalise:
        yield refuse(
            f"{entry.loss.name} expects {entry.meaning}",
            f"“{field.name}” is brought to mean 0 and standard deviation 1, so it does not hold {expected}.",
            entry.loss.id,
            _as_they_are(),
            port=entry.port,
        )


def _as_they_are() -> Fix:
    return Fix("Turn normalisation off", lambda p: p.with_(data=p.data.change(normalise=False)))


def _is_index(entry: Entry) -> bool:
    spec = entry.before.leaves[0]
    return spec is not None and spec.dtype == "int64"


def itself(planned: Plan, loss: Step, parts: Parts) -> Iterator[Problem]:
    """A loss that compares what the network has learned with what it has learned."""
    wires = [wire for wire in loss.wires if wire is not None]
    compares = any(port.name == "target" for port in loss.block.input_ports())
    predicted = set(parts.predictions.values())
    if compares and all((w.source, w.output) in predicted and _is_learned(planned, w.source) for w in wires):
        yield warn(
            f"{loss.name} compares the network with itself",
            f"{_all_inputs(len(wires))} of {loss.name} come out of the network, so it can be made small without "
            "learning anything. Wire a Target (or an Input) to one of them, or Detach one.",
            loss.id,
            port="target",
        )


def _all_inputs(count: int) -> str:
    return "Both inputs" if count == 2 else "All inputs"


def _is_learned(planned: Plan, key: str) -> bool:
    """Whether training changes what leaves a step, by a way that gradients can go."""
    waiting, seen = [key], set[str]()
    while waiting:
        step = planned.steps.get(waiting.pop())
        if step is None or step.id in seen or isinstance(step.block, Detach):
            continue
        if learns(step):
            return True
        seen.add(step.id)
        waiting += [wire.source for wire in step.wires if wire is not None]
    return False


def learns(step: Step) -> bool:
    """Whether a step has weights that training changes; a frozen group freezes all that is inside."""
    if step.node.weights.frozen or not step.trace.weights:
        return False
    inner = step.trace.inner
    return any(learns(other) for other in inner[0].steps.values()) if inner else True


def smoothed_away(loss: Step) -> Iterator[Problem]:
    """Targets of which label smoothing leaves nothing."""
    if isinstance(loss.block, CrossEntropyLoss) and loss.block.label_smoothing == 1:
        yield refuse(
            f"{loss.name} leaves nothing of its target",
            "A label smoothing of 1 makes all classes equally right, whatever the target is. 0.1 is usual.",
            loss.id,
            set_param(loss, "label_smoothing", 0.1, "0.1"),
        )
