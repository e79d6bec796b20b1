"""AUROC: how often something that is of a class gets a higher score for it than something that is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.training.measures import Reading

if TYPE_CHECKING:
    import torch

    from engine.data.base import Array

BINS = 4096  # for up to 256 classes; with more of them fewer, so that all together take 16 MiB
WIDTH = 4.0  # of the curve that lays scores out over the bins: fine around an even chance, coarse where all is clear
KEPT_AT_MOST = 2**25  # scores that are kept for exact ranks; beyond, those of all are binned


class Ranking:
    """The area under the receiver operating characteristic, of each class against the rest, and the mean of these.

    While a network learns, scores are counted in 4096 bins, which takes the same memory however long the epoch is;
    it differs from the exact area by less than 0.001. With `exact`, as in validation and test, scores are kept and
    ranked, ties counting half, as scikit-learn's `roc_auc_score` does. Classes that all samples are of, or none,
    have no such area and are left out; where none is left, the answer is 0.5, that of chance.
    """

    names: tuple[str, ...] = ("auroc",)

    def __init__(self, reading: Reading, exact: bool) -> None:
        self.reading, self.exact = reading, exact
        self._kept: list[tuple[Array, Array]] = []  # scores and whether each is right, both (items, classes)
        self._size = 0
        self.counts: Array | None = None  # (2, classes, bins): of what is not of the class, and of what is

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        import torch

        if self.reading.threshold is not None:
            scores, right = self.reading.labels(prediction, target)
            if self.reading.likelihood == "probabilities":
                scores = scores.logit(1e-7)
        else:
            scores, expected = self.reading.classes(prediction, target)
            right = expected[:, None] == torch.arange(scores.shape[1], device=scores.device)
            if self.reading.likelihood == "logits":
                scores = scores.log_softmax(1)
            if self.reading.likelihood != "scores":
                scores = scores - torch.log1p(-scores.exp().clamp(max=1 - 1e-7))
        if self.exact and self._size + scores.numel() <= KEPT_AT_MOST:
            self._kept.append((scores.float().cpu().numpy(), right.cpu().numpy()))
            self._size += scores.numel()
            return
        self._spill()
        self._count(scores, right)

    def _spill(self) -> None:
        """Bin what was kept, since it has become too much."""
        import torch

        kept, self._kept, self.exact = self._kept, [], False
        for scores, right in kept:
            self._count(torch.from_numpy(scores), torch.from_numpy(right))

    def _count(self, scores: torch.Tensor, right: torch.Tensor) -> None:
        import torch

        classes = scores.shape[1]
        number = max(64, min(BINS, 2**20 // classes))
        bins = (torch.sigmoid(scores.double() / WIDTH) * number).long().clamp(0, number - 1)  # (items, classes)
        place = (right.long() * classes + torch.arange(classes, device=scores.device)) * number + bins
        found = torch.bincount(place.flatten(), minlength=2 * classes * number).view(2, classes, number).cpu().numpy()
        self.counts = found if self.counts is None else self.counts + found

    def state(self) -> dict[str, Any]:
        """Of an epoch under way, which is never exact; bins that are empty are left out."""
        assert not self._kept, "only what is binned is written"
        if self.counts is None:
            return {"shape": None}
        filled = self.counts.reshape(-1).nonzero()[0]
        return {
            "shape": list(self.counts.shape),
            "bins": filled.tolist(),
            "counts": self.counts.reshape(-1)[filled].tolist(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        import numpy as np

        self.counts = None
        if state["shape"] is not None:
            self.counts = np.zeros(state["shape"], dtype=np.int64)
            self.counts.reshape(-1)[state["bins"]] = state["counts"]

    def values(self) -> tuple[float, ...]:
        import numpy as np

        if self._kept:
            scores, right = (np.concatenate(column) for column in zip(*self._kept, strict=True))
            areas = [_area(*_levels(scores[:, label], right[:, label])) for label in range(scores.shape[1])]
        else:
            assert self.counts is not None
            areas = [_area(*counts) for counts in self.counts.swapaxes(0, 1)]
        known = [area for area in areas if area is not None]
        return (sum(known) / len(known) if known else 0.5,)


def _levels(scores: Array, right: Array) -> tuple[Array, Array]:
    """How many are wrong and how many are right at each score that occurs, from the lowest to the highest."""
    import numpy as np

    found, level = np.unique(scores, return_inverse=True)
    yes = np.bincount(level, weights=right, minlength=len(found))
    return np.bincount(level, minlength=len(found)) - yes, yes


def _area(no: Array, yes: Array) -> float | None:
    """The area, of counts at rising scores; pairs at the same score count half."""
    pairs = float(no.sum()) * float(yes.sum())
    below = no.cumsum() - no / 2
    return float((yes * below).sum()) / pairs if pairs else None
