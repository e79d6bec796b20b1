"""A batch for which the memory is too small is computed in pieces, whose gradients add up to those of the whole.

A loss that is a mean over samples is the mean of its pieces, weighed by their samples; other losses are divided as
`division` says. What looks at other samples, such as batch normalisation, sees those of its piece alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import torch

from engine.training.step.forward import Outcome

if TYPE_CHECKING:
    from engine.training.division import Division, Over
    from engine.training.step.flat import Windows

# what torch says of it in other words: its own allocator, CUDA, cuBLAS and cuDNN; oneDNN, which tells no reason, says
# the last two where it can't have the memory for what it has computed before
FULL = (
    *("DefaultCPUAllocator", "CUDA error: out of memory", "_STATUS_ALLOC_FAILED"),
    *("could not create a primitive", "could not create a memory object"),
)
Step = Callable[[Mapping[str, torch.Tensor]], Outcome]


def memory_is_full(error: BaseException) -> bool:
    """Whether memory ran out, on a GPU or here, where torch has no error of its own for it."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return any(words in str(error) for words in FULL)


def free_gpu_memory() -> None:
    """Hand back what nothing holds any more, so that smaller pieces find room."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


class Pieces:
    """A step that halves its pieces until they fit; `count` tells in how many a batch is computed."""

    def __init__(self, count: int = 1) -> None:
        self.count = count

    def compute(
        self,
        step: Step,
        batch: Mapping[str, torch.Tensor],
        weights: Windows,
        division: Division | None = None,
        whole: Over | None = None,
    ) -> Outcome:
        """Losses of a batch; its gradients are written over those of the last one.

        With a `division`, that carries out the steps of pieces; with `whole` as well, the batch itself is a piece of
        that, and its gradients are those of its fraction.

        Raises:
            RuntimeError, MemoryError: what `step` raises, but for a full memory where the batch can be halved.
        """
        while True:
            try:
                if division is not None and (whole is not None or self.count > 1):
                    return self._divided(division, batch, whole or division.over(batch), weights)
                return step(batch) if self.count == 1 else self._in_pieces(step, batch, weights)
            except (RuntimeError, MemoryError) as error:
                if not memory_is_full(error) or _samples(batch) < 4 * self.count:  # a lone sample has no spread
                    raise
            # only here, behind the error, is what it kept alive let go
            self.count *= 2
            free_gpu_memory()

    def _in_pieces(self, step: Step, batch: Mapping[str, torch.Tensor], weights: Windows) -> Outcome:
        outcomes, shares, sum_ = [], [], _Sum(weights)
        for piece in self._cut(batch):
            outcomes.append(step(piece))
            share = _samples(piece) / _samples(batch)
            shares.append([torch.tensor(share, device=loss.device) for loss in outcomes[-1].losses])
            sum_.add(share)
        sum_.write()
        return _together(outcomes, shares)

    def _divided(self, division: Division, batch: Mapping[str, torch.Tensor], whole: Over, weights: Windows) -> Outcome:
        outcomes, fractions, sum_ = [], [], _Sum(weights)
        for piece in self._cut(batch):
            fractions.append(division.fractions(piece, whole))
            outcomes.append(division(piece, fractions[-1]))
            sum_.add(1.0)
        sum_.write()
        return _together(outcomes, fractions)

    def _cut(self, batch: Mapping[str, torch.Tensor]) -> Iterator[dict[str, torch.Tensor]]:
        for piece in zip(*(tensor.tensor_split(self.count) for tensor in batch.values()), strict=True):
            yield dict(zip(batch, piece, strict=True))


def _samples(batch: Mapping[str, torch.Tensor]) -> int:
    return len(next(iter(batch.values())))


class _Sum:
    """Of the gradients of pieces, each of which is written over that of the last."""

    def __init__(self, weights: Windows) -> None:
        self._weights = weights
        self._total: list[torch.Tensor] | None = None

    @torch.no_grad()
    def add(self, share: float) -> None:
        parts = [gradient * share for gradient in self._weights.gradients]
        self._total = parts if self._total is None else list(torch._foreach_add(self._total, parts))

    @torch.no_grad()
    def write(self) -> None:
        for place, gradient in zip(self._weights.gradients, self._total or (), strict=True):
            place.copy_(gradient)


@torch.no_grad()
def _together(outcomes: list[Outcome], shares: Sequence[Sequence[torch.Tensor]]) -> Outcome:
    """What the whole came to; `shares` are those of each loss in each piece, in any unit."""
    losses = []
    for each, weights in zip(zip(*(o.losses for o in outcomes), strict=True), zip(*shares, strict=True), strict=True):
        counts = torch.stack([weight.to(each[0].dtype) for weight in weights])
        # a piece that has nothing to be a mean over is no number, and counts for nothing
        known = torch.where(counts > 0, torch.stack(list(each)) * counts, 0.0)
        losses.append(known.sum() / counts.sum())
    compared = [torch.cat(each) for each in zip(*(outcome.compared for outcome in outcomes), strict=True)]
    return Outcome(tuple(losses), tuple(compared))
