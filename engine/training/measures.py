"""Measures of predictions against targets that are added up stretch by stretch: each is read from the device once.

What is counted is counted in whole numbers, and sums are taken sample by sample in the order the samples come. So
nothing depends on when the clock lets a stretch of batches be added up, and a seeded run repeats to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import torch

    from engine.data.base import Array

TOP = 5  # how many of the highest scores may hold the right class
LABELS = 1  # the axis of classes and of labels


class Measure(Protocol):
    """One or several scores that share what they add up."""

    names: tuple[str, ...]

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        """Both begin with the axis of samples."""

    def values(self) -> tuple[float, ...]: ...

    def state(self) -> dict[str, Any]:
        """What has been added up so far, as plain values that JSON holds exactly."""

    def restore(self, state: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class Reading:
    """How predictions and targets are to be read."""

    threshold: float | None = None  # from where on a prediction means yes; None: the highest of the scores wins
    ignored: int = -1  # the class that counts for nothing; below 0 there is none
    unit: float = 1.0  # one of the compared numbers in units of the data
    likelihood: Literal["logits", "log-probabilities", "probabilities", "scores"] = "scores"

    def classes(self, prediction: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores (items, classes) and the index of the right one (items,), without those that are ignored."""
        expected = target if target.dim() < prediction.dim() else target.argmax(LABELS)
        scores, expected = prediction.movedim(LABELS, -1).flatten(0, -2), expected.flatten()
        if self.ignored >= 0:
            counts = expected != self.ignored
            scores, expected = scores[counts], expected[counts]
        return scores, expected

    def labels(self, prediction: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores and whether yes is right, both (items, labels); of numbers alone or of a picture there is one label.

        A picture's channels are labels, as the scores of (batch, labels) are.
        """
        if prediction.dim() == 1:
            return prediction[:, None], target[:, None] > 0.5
        return prediction.movedim(LABELS, -1).flatten(0, -2), target.movedim(LABELS, -1).flatten(0, -2) > 0.5


class Accuracy:
    """Share of the samples (or pixels, or tokens) whose class is predicted right."""

    names: tuple[str, ...] = ("accuracy",)

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.right = self.count = 0.0

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        """`prediction` is (batch, classes, …) or, for yes or no, of the shape of `target`."""
        right = self._right(prediction, target)
        self.right += right.sum().item()
        self.count += right.numel()

    def _right(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        if self.reading.threshold is not None:
            return (prediction > self.reading.threshold) == (target > 0.5)
        expected = target if target.dim() < prediction.dim() else target.argmax(LABELS)
        right = prediction.argmax(LABELS) == expected
        return right[expected != self.reading.ignored] if self.reading.ignored >= 0 else right

    def state(self) -> dict[str, Any]:
        return {"right": self.right, "count": self.count}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.right, self.count = state["right"], state["count"]

    def values(self) -> tuple[float, ...]:
        return (self.right / max(self.count, 1),)


class TopFive(Accuracy):
    """Share whose right class is among the five of the highest scores."""

    names: tuple[str, ...] = ("top5",)

    def _right(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        scores, expected = self.reading.classes(prediction, target)
        best = scores.topk(min(TOP, scores.shape[1]), dim=1).indices  # (items, 5)
        return (best == expected[:, None]).any(1)


class Overlap:
    """How far what is predicted and what is right are the same, class by class: F1 (also called Dice) and IoU.

    The mean is taken over the classes (or labels) that occur in targets or predictions, as scikit-learn's
    `f1_score` and `jaccard_score` take it with `average="macro"`.
    """

    FORMULAS: Mapping[str, Callable[[Array, Array], Array]] = {
        "f1": lambda both, either: 2 * both / (both + either),
        "dice": lambda both, either: 2 * both / (both + either),
        "iou": lambda both, either: both / either,
    }

    def __init__(self, reading: Reading, names: tuple[str, ...]) -> None:
        self.reading, self.names = reading, names
        self.counts: Array | None = None  # (3, classes): right, predicted, expected

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        import torch

        if self.reading.threshold is not None:
            scores, expected = self.reading.labels(prediction, target)
            predicted = scores > self.reading.threshold
            counts = torch.stack([(predicted & expected).sum(0), predicted.sum(0), expected.sum(0)])
        else:
            scores, expected = self.reading.classes(prediction, target)
            predicted, classes = scores.argmax(1), scores.shape[1]
            kinds = (predicted[predicted == expected], predicted, expected)
            counts = torch.stack([torch.bincount(kind, minlength=classes) for kind in kinds])
        found = counts.cpu().numpy()
        self.counts = found if self.counts is None else self.counts + found

    def state(self) -> dict[str, Any]:
        return {"counts": None if self.counts is None else self.counts.tolist()}

    def restore(self, state: Mapping[str, Any]) -> None:
        import numpy as np

        self.counts = None if state["counts"] is None else np.array(state["counts"])

    def values(self) -> tuple[float, ...]:
        assert self.counts is not None
        both, predicted, expected = self.counts.astype(float)
        either = predicted + expected - both
        occurs = either > 0
        if not occurs.any():  # nothing to find, and nothing found
            return (0.0,) * len(self.names)
        return tuple(float(self.FORMULAS[name](both[occurs], either[occurs]).mean()) for name in self.names)


class Perplexity:
    """The exponential of the mean cross-entropy: between how many classes (or tokens) the network hesitates."""

    names: tuple[str, ...] = ("perplexity",)
    LARGEST = 700.0  # whose exponential is still a number

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.sum, self.count = 0.0, 0

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        import numpy as np

        scores, expected = self.reading.classes(prediction, target)
        if self.reading.likelihood != "log-probabilities":
            scores = scores.log_softmax(1)
        surprise = -scores.gather(1, expected[:, None])[:, 0].double().cpu().numpy()
        self.sum = float(np.add.accumulate(np.concatenate([[self.sum], surprise]))[-1])
        self.count += len(surprise)

    def state(self) -> dict[str, Any]:
        return {"sum": self.sum, "count": self.count}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.sum, self.count = state["sum"], state["count"]

    def values(self) -> tuple[float, ...]:
        import math

        return (math.exp(min(self.sum / max(self.count, 1), self.LARGEST)),)


class Distance:
    """Mean absolute error, root of the mean squared error and the coefficient of determination R².

    The first two are in the units of the data where they are known. R² is taken for each output and averaged over
    those that vary (scikit-learn's `r2_score`).
    """

    def __init__(self, reading: Reading, names: tuple[str, ...] = ("mae", "r2")) -> None:
        self.unit, self.names = reading.unit, names
        self.count = 0
        self.sums: Array | None = None  # (4, outputs): of distance, its square, target, its square

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        """Both are (batch, outputs …)."""
        import numpy as np

        y, off = target.flatten(1).double(), (prediction - target).flatten(1).double()  # (batch, outputs)
        rows = [column.cpu().numpy() for column in (off.abs(), off * off, y, y * y)]
        start = np.zeros((4, y.shape[1])) if self.sums is None else self.sums
        self.sums = np.stack(
            [np.add.accumulate(np.vstack([total, column]))[-1] for total, column in zip(start, rows, strict=True)]
        )
        self.count += len(y)

    def state(self) -> dict[str, Any]:
        return {"count": self.count, "sums": None if self.sums is None else self.sums.tolist()}

    def restore(self, state: Mapping[str, Any]) -> None:
        import numpy as np

        self.count, self.sums = state["count"], None if state["sums"] is None else np.array(state["sums"])

    def values(self) -> tuple[float, ...]:
        assert self.sums is not None
        off, squares, sums, sums_of_squares = self.sums
        spread = sums_of_squares - sums * sums / self.count
        varies = spread > 1e-12 * (1 + sums_of_squares)
        explained = 1 - squares[varies] / spread[varies]
        if not varies.any():  # 1 or 0, as scikit-learn says, since curves and JSON have no place for NaN
            explained = 1.0 - squares.any(keepdims=True)
        found = {
            "mae": float(off.mean() / self.count * self.unit),
            "rmse": float((squares.mean() / self.count) ** 0.5 * self.unit),
            "r2": float(explained.mean()),
        }
        return tuple(found[name] for name in self.names)
