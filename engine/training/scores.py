"""Scores of predictions against targets, added up without stopping the device at every step.

Sums are taken sample by sample in the order the samples come. So they don't depend on when the clock lets a
stretch of batches be added up, and a seeded run repeats to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.blocks.base import Loss, Meaning
from engine.blocks.inputs import Target
from engine.data.preparation import Prepared
from engine.parts import Parts
from engine.plan import Plan, Step

if TYPE_CHECKING:
    import torch

    from engine.data.base import Array


HIGHER_IS_BETTER = ("accuracy", "r2")
ALONE = "loss alone"  # where one of several losses has the name of their sum


def higher_is_better(name: str) -> bool:
    """Whether a score is better the higher it is; losses and distances are better the lower they are."""
    return any(name == metric or name.endswith(f"_{metric}") for metric in HIGHER_IS_BETTER)


class Accuracy:
    """Share of the samples (or pixels) whose class is predicted right."""

    names = ("accuracy",)

    def __init__(self, threshold: float | None, ignored: int = -1) -> None:
        self.threshold = threshold  # of a yes-or-no prediction; None: the highest score wins
        self.ignored = ignored  # the class that counts for nothing; below 0 there is none
        self.right = self.count = 0.0

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        """`prediction` is (batch, classes, …) or, for yes or no, of the shape of `target`."""
        if self.threshold is not None:
            right = (prediction > self.threshold) == (target > 0.5)
        else:
            expected = target if target.dim() < prediction.dim() else target.argmax(1)
            right = prediction.argmax(1) == expected
            if self.ignored >= 0:
                right = right[expected != self.ignored]
        self.right += right.sum().item()
        self.count += right.numel()

    def state(self) -> dict[str, Any]:
        return {"right": self.right, "count": self.count}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.right, self.count = state["right"], state["count"]

    def values(self) -> tuple[float, ...]:
        return (self.right / max(self.count, 1),)


class Distance:
    """Mean absolute error, in the units of the data where they are known, and the coefficient of determination R².

    R² is taken for each output and averaged over those that vary (scikit-learn's `r2_score`).
    """

    names = ("mae", "r2")

    def __init__(self, unit: float) -> None:
        self.unit = unit  # one of the scaled numbers in units of the data
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
        return float(off.mean() / self.count * self.unit), float(explained.mean())


@dataclass(frozen=True)
class Judge:
    """For one loss: where its prediction and target stand among the objective's arguments, and how to score them."""

    loss: str
    prediction: str
    target: str
    threshold: float | None = None
    classes: bool = False
    unit: float = 1.0
    ignored: int = -1  # the class that counts for nothing; below 0 there is none

    def fresh(self) -> Accuracy | Distance:
        return Accuracy(self.threshold, self.ignored) if self.classes else Distance(self.unit)


def judges(plan: Plan, parts: Parts, prepared: Prepared | None) -> tuple[Judge, ...]:
    """What can be scored: the losses that compare a prediction with a target, both arguments of the objective.

    Without prepared data, the units of distances stay open.
    """
    names = {value: name for name, value in parts.arguments.items()}
    found = []
    for loss in parts.losses.values():
        wires = {port.name: wire for port, wire in zip(loss.block.input_ports(), loss.wires, strict=True)}
        ends = [wires.get(port) for port in ("prediction", "target")]
        prediction, target = (names.get((wire.source, wire.output)) if wire else None for wire in ends)
        if prediction is not None and target is not None:
            judge = _judge(plan, loss, prediction, target, prepared)
            found += [judge] if judge is not None else []
    return tuple(found)


def score_names(plan: Plan, parts: Parts) -> tuple[str, ...]:
    """What a training of this plan will tell of each part of the data, before there are data."""
    return Tally(judges(plan, parts, None), dict.fromkeys(parts.losses, 1.0)).all_names


# what a prediction and its target stand for → from where on it means yes; None where the highest score wins
CLASSES: Mapping[tuple[Meaning | None, Meaning | None], float | None] = {
    ("class logits", "class index"): None,
    ("class logits", "probabilities"): None,
    ("log-probabilities", "class index"): None,
    ("scores", "class index"): None,
    ("logits", "0 or 1"): 0.0,
    ("probabilities", "0 or 1"): 0.5,
    ("scores", "-1 or 1"): 0.0,
}
NUMBERS = ((None, None), ("positive numbers", "counts"))  # what is compared as it is


def _judge(plan: Plan, loss: Step, prediction: str, target: str, prepared: Prepared | None) -> Judge | None:
    """How to score what a loss compares; None where no measure is plain, such as for distributions."""
    assert isinstance(loss.block, Loss)
    ports = zip(loss.block.input_ports(), loss.arrives, strict=True)
    meanings = loss.block.meanings(*(port.kind.view(spec, port.name) if spec else None for port, spec in ports))
    meant = meanings.get("prediction"), meanings.get("target")
    if meant in CLASSES:
        ignored = getattr(loss.block, "ignore_index", -1)
        return Judge(loss.name, prediction, target, CLASSES[meant], classes=True, ignored=ignored)
    if meant not in NUMBERS:
        return None
    places = [port.name for port in loss.block.input_ports()]
    wire = loss.wires[places.index("target")]
    source = plan.steps[wire.source].block if wire else None
    unit = 1.0
    if prepared is not None and isinstance(source, Target) and prepared.fields[source.field].kind == "number":
        unit = float(prepared.scaling[source.field].std.reshape(-1)[0])
    return Judge(loss.name, prediction, target, unit=unit)


class Batch(NamedTuple):
    """What is kept of a step until it is added up: nothing of it has been read from the device."""

    samples: int
    losses: Sequence[torch.Tensor]  # mean of each loss
    pairs: Sequence[tuple[torch.Tensor, torch.Tensor]]  # prediction and target, for each judge

    @property
    def size(self) -> int:
        return sum(prediction.numel() for prediction, _ in self.pairs)


class Tally:
    """Losses and scores over a stretch of batches."""

    def __init__(self, judges: tuple[Judge, ...], weights: Mapping[str, float]) -> None:
        self.judges, self.weights = judges, weights  # `weights` is the share of each loss in the sum
        self.count = 0
        self.losses = dict.fromkeys(weights, 0.0)
        self.scores = [judge.fresh() for judge in judges]

    def add(self, batches: list[Batch]) -> None:
        """Add a stretch of batches; this reads from the device."""
        if not batches:
            return
        import torch

        flat = torch.stack([loss for batch in batches for loss in batch.losses])
        means = flat.view(len(batches), -1).double().tolist()  # (batches, losses)
        for batch, row in zip(batches, means, strict=True):
            for name, mean in zip(self.losses, row, strict=True):
                self.losses[name] += batch.samples * mean
            self.count += batch.samples
        for index, score in enumerate(self.scores):
            predictions, targets = zip(*(batch.pairs[index] for batch in batches), strict=True)
            score.add(torch.cat(predictions), torch.cat(targets))

    def values(self) -> dict[str, float]:
        """The weighted sum of losses as "loss", each loss where there are several, and the metrics."""
        means = {name: total / self.count for name, total in self.losses.items()}
        result = {"loss": sum(self.weights[name] * mean for name, mean in means.items())}
        if len(means) > 1:
            result |= {ALONE if name == "loss" else name: mean for name, mean in means.items()}
        for judge, score in zip(self.judges, self.scores, strict=True):
            prefix = f"{judge.loss}_" if len(means) > 1 else ""
            result |= {f"{prefix}{name}": value for name, value in zip(score.names, score.values(), strict=True)}
        return result

    def state(self) -> dict[str, Any]:
        """What has been added up so far, as plain values that JSON holds exactly."""
        return {"count": self.count, "losses": self.losses, "scores": [score.state() for score in self.scores]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` told."""
        self.count, self.losses = state["count"], dict(state["losses"])
        for score, values in zip(self.scores, state["scores"], strict=True):
            score.restore(values)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Names of the sum of losses, of each where there are several, and of the metrics."""
        several = [ALONE if name == "loss" else name for name in self.weights] if len(self.weights) > 1 else []
        return ("loss", *several, *self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the metrics, the losses left out."""
        several = len(self.weights) > 1
        return tuple(
            f"{judge.loss}_{name}" if several else name
            for judge, score in zip(self.judges, self.scores, strict=True)
            for name in score.names
        )
