"""A step that is recorded once for each shape of batch, and from then on carried out straight on.

Why its numbers are those of the plain step: the very operations that PyTorch carried out are carried out again, in the
same order, on the same memory of weights and statistics; random numbers are drawn by the same calls. Left out or
exchanged is only what changes no number (`tidying` says what). Autograd is switched on as it was, since some
operations then keep what they need on the way back; but nothing asks for a gradient any more, so it notes nothing
down. What the recording can't see, or where it isn't the same for every batch, is refused, and each recording must
give once more what it has seen before it is used.
"""

from __future__ import annotations

import torch

from engine.training.step.flat import Windows
from engine.training.step.forward import Forward, Outcome, Tensors
from engine.training.step.nothing import close, nothing_happened
from engine.training.step.plain import PlainStep
from engine.training.step.printing import Printed, Step
from engine.training.step.recording import CannotRecordError, Recorder, Recording
from engine.training.step.tidying import Tidied

SHAPES_AT_MOST = 4  # that are recorded; batches of yet others go the plain way
Shapes = tuple[torch.Size, ...]


class TracedStep:
    """`CannotRecordError` is raised on the first batch, if ever: the later ones then go the plain way."""

    def __init__(self, forward: Forward, weights: Windows, first: Tensors) -> None:
        self.forward, self.weights = forward, weights
        self.plain = PlainStep(forward, weights)
        self._names = tuple(first)
        self._steps: dict[Shapes, Step | None] = {self._shapes(first): self._recorded(first)}

    def __call__(self, batch: Tensors) -> Outcome:
        """Losses of a batch; the gradients are written over those of the last one."""
        shapes = self._shapes(batch)
        if shapes not in self._steps:
            self.make_ready(batch)
        step = self._steps[shapes]
        if step is None:
            return self.plain(batch)
        try:
            if torch.is_grad_enabled():
                return Outcome(*step(*batch.values()))
            with torch.enable_grad():
                return Outcome(*step(*batch.values()))
        except (RuntimeError, ValueError, IndexError):
            self.plain(batch)  # fails likewise, at the line of the block that is to blame
            raise

    def make_ready(self, batch: Tensors) -> None:
        """Record a step for batches of these shapes, where it can be."""
        shapes = self._shapes(batch)
        if shapes not in self._steps:
            self._steps[shapes] = self._recorded_or_not(batch)

    def _shapes(self, batch: Tensors) -> Shapes:
        return tuple(tensor.shape for tensor in batch.values())

    def _recorded_or_not(self, batch: Tensors) -> Step | None:
        if len(self._steps) >= SHAPES_AT_MOST:
            return None
        try:
            return self._recorded(batch)
        except CannotRecordError:
            return None

    def _recorded(self, batch: Tensors) -> Step:
        staying = [*self.weights.weights, *self.forward.network.parameters(), *self.forward.network.buffers()]
        staying += [*self.forward.objective.parameters(), *self.forward.objective.buffers()]
        with nothing_happened(staying):
            recording = record(self.forward, self.weights, batch)
            seen = [*recording.losses, *recording.compared, *recording.gradients]
            seen = [tensor.detach().clone() for tensor in seen]
        step = Printed(Tidied(recording, staying), self.weights.gradients).function()
        with nothing_happened(staying), torch.enable_grad():
            losses, compared = step(*batch.values())
            again = [*losses, *compared, *self.weights.gradients]
            if not all(close(one, two) for one, two in zip(again, seen, strict=True)):
                raise CannotRecordError("its numbers are not the same when it is repeated")
        return step


def record(forward: Forward, weights: Windows, batch: Tensors) -> Recording:
    """All that PyTorch does for the losses of a batch and their gradients.

    Raises:
        CannotRecordError: when what it does is not the same for every batch of these shapes.
    """
    recording = Recording(dict(batch))
    with torch.enable_grad(), Recorder(recording):
        outcome = forward(batch)
        gradients = torch.autograd.grad(forward.total(outcome), weights.weights)
    recording.losses, recording.compared, recording.gradients = outcome.losses, outcome.compared, gradients
    return recording
