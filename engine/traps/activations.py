"""Activations in front of losses: applied twice, cutting scores off, or missing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.blocks.activation import Softplus
from engine.blocks.activation_along import LogSoftmax, Softmax, Softmax2d
from engine.blocks.activation_bounded import Sigmoid
from engine.blocks.dropout import Dropping
from engine.blocks.linear import Linear
from engine.blocks.losses import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, NLLLoss
from engine.blocks.losses_distributions import PoissonNLLLoss
from engine.blocks.losses_sequences import CTCLoss
from engine.group import Group
from engine.plan import Plan, Step
from engine.problem import Fix, Problem
from engine.scope import lift_fix
from engine.traps.entry import (
    Entry,
    bypass,
    insert,
    refuse,
    replace,
    replaceable,
    set_param,
    use_loss,
    warn,
)

# activations that a loss applies itself, by what it takes: their names and what they are called
APPLIED = {
    "class logits": (("Softmax", "LogSoftmax", "Softmax2d"), "logits", "log-softmax"),
    "logits": (("Sigmoid",), "logits", "the sigmoid"),
    "log rates": (("Exp", "Softplus"), "the logarithm of the rate", "the exponential"),
}
SCORES = ("class logits", "logits", "scores")
LEAKY = ("LeakyReLU", "PReLU", "RReLU")  # they cut nothing off, but make half of the scores small


def doubled(entry: Entry) -> Iterator[Problem]:
    """An activation in front of a loss that applies it itself."""
    maker = entry.maker()
    step = maker.step
    names, expected, itself = APPLIED.get(entry.meaning or "", ((), "", ""))
    kind = type(step.block).__name__
    if kind not in names:
        return
    other: Fix | None = None
    loss = entry.loss.block
    if isinstance(loss, CrossEntropyLoss) and _takes_indices(entry) and not loss.label_smoothing:
        swap = lift_fix(replace(step, LogSoftmax(dim=_dim(step)), ""), maker.path)
        other = Fix("Use LogSoftmax and NLLLoss", lambda p: use_loss(entry.loss, "NLLLoss").edit(swap.edit(p)))
    elif isinstance(loss, BCEWithLogitsLoss) and loss.pos_weight is None:
        other = use_loss(entry.loss, "BCELoss")
    elif isinstance(loss, PoissonNLLLoss):
        other = set_param(entry.loss, "log_input", False, "off")
    yield warn(
        f"{kind} feeds {entry.kind.removesuffix('Loss')}",
        f"{entry.kind} expects {expected} and applies {itself} itself, so the network would learn slowly.",
        maker.place,
        bypass(entry),
        other,
    )


def cut_off(entry: Entry) -> Iterator[Problem]:
    """Something that keeps scores from being negative, or large, in front of a loss on scores."""
    maker = entry.maker()
    step = maker.step
    kind = step.block.title if isinstance(step.block, Group) else type(step.block).__name__
    if entry.meaning not in SCORES or kind in APPLIED.get(entry.meaning, ((),))[0] or entry.port == "target":
        return
    limited = entry.reach is not None and entry.reach != (-math.inf, math.inf)
    if not limited and kind not in LEAKY:
        return
    words = "logits" if entry.meaning != "scores" else "scores"
    prediction = entry.loss.arrives[0]
    fix = bypass(entry)
    if fix is None and prediction is not None and len(prediction.shape) == 1 and prediction.shape[0]:
        fix = insert(entry, Linear(out_features=prediction.shape[0]))
    yield warn(
        f"{kind} cuts off the scores",
        f"{entry.kind} expects {words}, which may be any number, but {step.name} limits them. The last layer goes to "
        "the loss without an activation.",
        maker.place,
        fix,
    )


def missing(entry: Entry) -> Iterator[Problem]:
    """A loss that needs an activation in front of it, and has something else there."""
    if entry.reach is None:
        return
    low, high = entry.reach
    fits = {
        "log-probabilities": high <= 0,
        "probabilities": low >= 0 and high <= 1,
        "positive numbers": low >= 0,
    }
    if fits.get(entry.meaning or "", True):
        return
    needs = {
        "log-probabilities": "log-probabilities, as LogSoftmax gives them",
        "probabilities": f"probabilities from 0 to 1, as {_squashing(entry)} gives them",
        "positive numbers": "positive numbers, as Softplus gives them",
    }[entry.meaning or ""]
    given = type(entry.before.block).__name__
    # torch computes no such loss, or not a number
    told = warn if entry.meaning == "log-probabilities" or entry.port == "target" else refuse
    yield told(
        f"{entry.before.name} does not give what {entry.loss.name} expects",
        f"{entry.kind} expects {needs}, but {entry.before.name} is a {given}.",
        entry.loss.id,
        _supplied(entry),
        port=entry.port,
    )


def _squashing(entry: Entry) -> str:
    return "Sigmoid" if isinstance(entry.loss.block, BCELoss) else "Softmax"


def _supplied(entry: Entry) -> Fix:
    """What gives the loss what it expects."""
    step = entry.before
    if entry.meaning == "log-probabilities":
        if isinstance(step.block, (Softmax, Softmax2d)) or replaceable(step):
            return replace(step, LogSoftmax(dim=_dim(step)), "Use LogSoftmax")
        if isinstance(entry.loss.block, NLLLoss):
            return use_loss(entry.loss, "CrossEntropyLoss")
        return insert(entry, LogSoftmax())
    if entry.meaning == "positive numbers":
        return replace(step, Softplus(), "Use Softplus") if replaceable(step) else insert(entry, Softplus())
    if isinstance(entry.loss.block, BCELoss):
        if replaceable(step):
            return replace(step, Sigmoid(), "Use Sigmoid")
        return use_loss(entry.loss, "BCEWithLogitsLoss")
    return insert(entry, Softmax(dim=1 if isinstance(entry.loss.block, CrossEntropyLoss) else -1))


def wrong_axis(entry: Entry) -> Iterator[Problem]:
    """Log-probabilities that add up along another axis than that of the classes."""
    block, spec = entry.before.block, entry.loss.arrives[0]
    if not isinstance(block, LogSoftmax) or spec is None or not isinstance(entry.loss.block, (NLLLoss, CTCLoss)):
        return
    rank = len(spec.shape)
    classes = rank if isinstance(entry.loss.block, CTCLoss) else 1
    if entry.port == "prediction" and block.dim % (rank + 1) != classes:
        yield warn(
            f"{entry.before.name} works along another axis than the classes",
            f"{entry.kind} expects the classes along axis {classes}, but {entry.before.name} makes the numbers along "
            f"axis {block.dim} add up to 1.",
            entry.before.id,
            set_param(entry.before, "dim", classes, str(classes)),
        )


def dropped(entry: Entry) -> Iterator[Problem]:
    """Dropout behind the last layer."""
    maker = entry.maker()
    step = maker.step
    if isinstance(step.block, Dropping) and entry.port == "prediction":
        yield warn(
            f"{step.name} drops predictions",
            f"{step.name} sets some of what {entry.loss.name} compares to zero at random. Dropout stands between "
            "layers, not behind the last.",
            maker.place,
            bypass(entry),
        )


def certain(planned: Plan) -> Iterator[Problem]:
    """Softmax along an axis of one number."""
    for step in planned.of_kind(Softmax) + planned.of_kind(LogSoftmax):
        spec = step.arrives[0]
        if not step.complete or spec is None or not spec.batched:
            continue
        size = (None, *spec.shape)[_dim(step)]
        if size == 1:
            kind, value = type(step.block).__name__, 0 if isinstance(step.block, LogSoftmax) else 1
            yield warn(
                f"{step.name} always gives {value}",
                f"{kind} shares 1 out among the numbers along an axis, but there is only one. Sigmoid makes a "
                "probability of a single number.",
                step.id,
                replace(step, Sigmoid(), "Use Sigmoid") if isinstance(step.block, Softmax) else None,
            )


def _takes_indices(entry: Entry) -> bool:
    target = entry.loss.arrives[1]
    return target is not None and target.dtype == "int64"


def _dim(step: Step) -> int:
    """The axis along which probabilities add up."""
    if isinstance(step.block, Softmax2d):
        return 1
    return step.block.dim if isinstance(step.block, (Softmax, LogSoftmax)) else -1
