"""Which way the steps of a training go, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from engine.training.step.captured import CannotCaptureError, CapturedStep
from engine.training.step.flat import Windows
from engine.training.step.forward import Forward, Tensors
from engine.training.step.nothing import nothing_happened
from engine.training.step.plain import PlainStep, Scale
from engine.training.step.recording import CannotRecordError
from engine.training.step.traced import TracedStep

FAILURES = (RuntimeError, ValueError, IndexError)


@dataclass(frozen=True)
class Choice:
    """A step, and where it is the plain one the reason in words."""

    step: PlainStep | TracedStep | CapturedStep
    reason: str = ""

    @property
    def traced(self) -> bool:
        """Whether steps go straight on, as recorded or captured once."""
        return not isinstance(self.step, PlainStep)


def choose(
    forward: Forward, weights: Windows, first: Tensors, scale: Scale | None = None, *, also: Iterable[Tensors] = ()
) -> Choice:
    """Straight on wherever that is exact; `first` is a batch like those to come, `scale` changes with the steps.

    `also` are batches of other sizes, such as the last one of an epoch: what can be done for them is done beforehand.
    """
    if scale is not None:
        return Choice(PlainStep(forward, weights, scale), "the loss is scaled anew at each step")
    if not weights.weights:
        return Choice(PlainStep(forward, weights), "there are no weights that learn")
    kinds = {tensor.device.type for tensor in (*first.values(), *weights.weights)}
    if len(kinds) > 1 or not kinds <= {"cpu", "cuda"}:
        return Choice(PlainStep(forward, weights), "it computes on another device than the processor or one GPU")
    try:
        step = (TracedStep if kinds == {"cpu"} else CapturedStep)(forward, weights, first)
        for batch in also:
            step.make_ready(batch)
        return Choice(step)
    except (CannotRecordError, CannotCaptureError) as error:
        return Choice(PlainStep(forward, weights), str(error))
    except FAILURES as error:  # the first step will fail in the same way, and then it can be told where
        return Choice(PlainStep(forward, weights), f"the first batch can't be computed ({error})")


def learned_by(forward: Forward, weights: list[torch.nn.Parameter], sample: Tensors) -> list[bool]:
    """Which of the weights have a part in the losses; to the others no optimizer may do anything."""
    staying = [*forward.network.buffers(), *forward.objective.buffers()]
    with nothing_happened(staying), torch.enable_grad():
        try:
            total = forward.total(forward(sample))
        except FAILURES:  # likewise
            return [True] * len(weights)
        if not weights or not total.requires_grad:
            return [False] * len(weights)
        return [gradient is not None for gradient in torch.autograd.grad(total, weights, allow_unused=True)]
