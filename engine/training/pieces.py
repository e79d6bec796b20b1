"""A batch for which the memory is too small is computed in pieces, whose gradients add up to those of the whole.

Each loss is a mean over samples, so the mean of the pieces, weighed by their samples, is that of the whole. What looks
at other samples, such as batch normalisation, sees those of its piece alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch

from engine.training.step.forward import Outcome

if TYPE_CHECKING:
    from engine.training.step.flat import Windows

Step = Callable[[Mapping[str, torch.Tensor]], Outcome]


def memory_is_full(error: BaseException) -> bool:
    """Whether memory ran out, on a GPU or here, where torch has no error of its own for it."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return "DefaultCPUAllocator" in str(error) or "CUDA error: out of memory" in str(error)


class Pieces:
    """A step that halves its pieces until they fit; `count` tells in how many a batch is computed."""

    def __init__(self, count: int = 1) -> None:
        self.count = count

    def compute(self, step: Step, batch: Mapping[str, torch.Tensor], weights: Windows) -> Outcome:
        """Losses of a batch; its gradients are written over those of the last one.

        Raises:
            RuntimeError, MemoryError: what `step` raises, but for a full memory where the batch can be halved.
        """
        samples = len(next(iter(batch.values())))
        while True:
            try:
                return step(batch) if self.count == 1 else self._in_pieces(step, batch, samples, weights)
            except (RuntimeError, MemoryError) as error:
                if not memory_is_full(error) or samples < 4 * self.count:  # a lone sample has no spread
                    raise
            # only here, behind the error, is what it kept alive let go
            self.count *= 2
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    def _in_pieces(self, step: Step, batch: Mapping[str, torch.Tensor], samples: int, weights: Windows) -> Outcome:
        cut = zip(*(tensor.tensor_split(self.count) for tensor in batch.values()), strict=True)
        total: list[torch.Tensor] | None = None
        outcomes, shares = [], []
        for piece in cut:
            outcomes.append(step(dict(zip(batch, piece, strict=True))))
            shares.append(len(piece[0]) / samples)
            with torch.no_grad():
                parts = [gradient * shares[-1] for gradient in weights.gradients]
                total = parts if total is None else [one + two for one, two in zip(total, parts, strict=True)]
        with torch.no_grad():
            for place, gradient in zip(weights.gradients, total or (), strict=True):
                place.copy_(gradient)
            losses = [
                sum(
                    (share * loss for share, loss in zip(shares, each, strict=True)),
                    torch.zeros((), device=each[0].device),
                )
                for each in zip(*(outcome.losses for outcome in outcomes), strict=True)
            ]
            compared = [torch.cat(each) for each in zip(*(outcome.compared for outcome in outcomes), strict=True)]
        return Outcome(tuple(losses), tuple(compared))
