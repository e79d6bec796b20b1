"""Losses and scores over a stretch of batches, added up without stopping the device at every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from engine.blocks.base import Loss, Meaning
from engine.blocks.inputs import Target
from engine.data.preparation import Prepared
from engine.parts import Parts
from engine.plan import Plan, Step
from engine.problem import UserError
from engine.training.measures import TOP, Accuracy, Distance, Measure, Overlap, Perplexity, Reading, TopFive
from engine.training.ranking import Ranking
from engine.training.settings import ScoreName

if TYPE_CHECKING:
    import torch


LOWER_IS_BETTER = ("mae", "rmse", "perplexity")
HIGHER_IS_BETTER = tuple(name for name in get_args(ScoreName) if name not in LOWER_IS_BETTER)
ALONE = "loss alone"  # where one of several losses has the name of their sum


def higher_is_better(name: str) -> bool:
    """Whether a score is better the higher it is; losses and distances are better the lower they are."""
    return any(name == metric or name.endswith(f"_{metric}") for metric in HIGHER_IS_BETTER)


@dataclass(frozen=True)
class Judge:
    """For one loss: where its prediction and target stand among the objective's arguments, and how to score them."""

    loss: str
    prediction: str
    target: str
    classes: bool = False
    reading: Reading = field(default_factory=Reading)
    offered: tuple[ScoreName, ...] = ()  # what such a comparison can be scored by
    usual: tuple[ScoreName, ...] = ()  # and by what of that it is, unless others are chosen

    def fresh(self, chosen: tuple[ScoreName, ...] | None, exact: bool) -> list[Measure]:
        """What adds up the chosen scores, those that can be had; None: the usual ones."""
        wanted = [name for name in self.offered if name in (self.usual if chosen is None else chosen)]
        overlap = tuple(name for name in wanted if name in Overlap.FORMULAS)
        distance = tuple(name for name in wanted if name in ("mae", "rmse", "r2"))
        every: Mapping[str, Measure] = {
            "accuracy": Accuracy(self.reading),
            "top5": TopFive(self.reading),
            "auroc": Ranking(self.reading, exact),
            "perplexity": Perplexity(self.reading),
        }
        measures = [every[name] for name in wanted if name in every]
        measures += [Overlap(self.reading, overlap)] if overlap else []
        return [*measures, *([Distance(self.reading, distance)] if distance else [])]


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


def score_names(plan: Plan, parts: Parts, chosen: tuple[ScoreName, ...] | None = None) -> tuple[str, ...]:
    """What a training of this plan will tell of each part of the data, before there are data."""
    return Tally(judges(plan, parts, None), dict.fromkeys(parts.losses, 1.0), chosen).all_names


def offered_scores(plan: Plan, parts: Parts) -> tuple[tuple[ScoreName, ...], tuple[ScoreName, ...]]:
    """The scores that a training of this plan can have, and those of them that it has unless others are chosen."""
    found = judges(plan, parts, None)
    can, usual = ({name for judge in found for name in names(judge)} for names in (_can, _usual))
    return tuple(n for n in get_args(ScoreName) if n in can), tuple(n for n in get_args(ScoreName) if n in usual)


def _can(judge: Judge) -> tuple[ScoreName, ...]:
    return judge.offered


def _usual(judge: Judge) -> tuple[ScoreName, ...]:
    return judge.usual


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
LIKELIHOODS: Mapping[Meaning | None, Literal["logits", "log-probabilities", "probabilities"]] = {
    "class logits": "logits",
    "log-probabilities": "log-probabilities",
    "probabilities": "probabilities",
}
NUMBERS = ((None, None), ("positive numbers", "counts"))  # what is compared as it is


def _judge(plan: Plan, loss: Step, prediction: str, target: str, prepared: Prepared | None) -> Judge | None:
    """How to score what a loss compares; None where no measure is plain, such as for distributions."""
    assert isinstance(loss.block, Loss)
    ports = zip(loss.block.input_ports(), loss.arrives, strict=True)
    meanings = loss.block.meanings(*(port.kind.view(spec, port.name) if spec else None for port, spec in ports))
    meant = meanings.get("prediction"), meanings.get("target")
    if meant in CLASSES:
        reading = Reading(
            CLASSES[meant], getattr(loss.block, "ignore_index", -1), 1.0, LIKELIHOODS.get(meant[0], "scores")
        )
        shapes = {
            port.name: spec.sizes for port, spec in zip(loss.block.input_ports(), loss.arrives, strict=True) if spec
        }
        names = _of_classes(reading, shapes.get("prediction", ()))
        return Judge(loss.name, prediction, target, True, reading, *names)
    if meant not in NUMBERS:
        return None
    places = [port.name for port in loss.block.input_ports()]
    wire = loss.wires[places.index("target")]
    source = plan.steps[wire.source].block if wire else None
    unit = 1.0
    if prepared is not None and isinstance(source, Target) and prepared.fields[source.field].kind == "number":
        unit = float(prepared.scaling[source.field].std.reshape(-1)[0])
    return Judge(loss.name, prediction, target, False, Reading(unit=unit), ("mae", "rmse", "r2"), ("mae", "r2"))


def _of_classes(reading: Reading, sizes: Sequence[int]) -> tuple[tuple[ScoreName, ...], tuple[ScoreName, ...]]:
    """Scores that can be had and the usual ones, by the sizes of a sample's prediction, the axis of classes first."""
    if len(sizes) >= 3:  # a class for each pixel
        return ("accuracy", "iou", "dice"), ("accuracy", "iou")
    if reading.threshold is not None:
        return ("accuracy", "f1", "auroc"), ("accuracy",)
    top: tuple[ScoreName, ...] = ("top5",) if sizes and sizes[0] > TOP else ()
    if reading.likelihood == "scores":
        return ("accuracy", *top, "f1", "auroc"), ("accuracy",)
    usual: tuple[ScoreName, ...] = ("accuracy", "perplexity") if len(sizes) == 2 else ("accuracy",)  # 2: of tokens
    return ("accuracy", *top, "f1", "auroc", "perplexity"), usual


class Batch(NamedTuple):
    """What is kept of a step until it is added up: nothing of it has been read from the device."""

    samples: int
    losses: Sequence[torch.Tensor]  # mean of each loss
    pairs: Sequence[tuple[torch.Tensor, torch.Tensor]]  # prediction and target, for each judge
    over: Sequence[torch.Tensor | None] = ()  # what each loss is a mean over; None, or none at all: the samples

    @property
    def size(self) -> int:
        return sum(prediction.numel() for prediction, _ in self.pairs)


class Tally:
    """Losses and scores over a stretch of batches."""

    def __init__(
        self,
        judges: tuple[Judge, ...],
        weights: Mapping[str, float],
        chosen: tuple[ScoreName, ...] | None = None,
        exact: bool = False,
    ) -> None:
        """`weights` is the share of each loss in the sum; `chosen` are the scores, None: the usual ones.

        With `exact`, what could be binned is kept whole instead: for stretches that end soon, or that are not saved.
        """
        self.judges, self.weights = judges, weights
        self.losses = dict.fromkeys(weights, 0.0)
        self.over = dict.fromkeys(weights, 0.0)  # what each loss is to be divided by
        self.scores = [judge.fresh(chosen, exact) for judge in judges]

    def add(self, batches: list[Batch]) -> None:
        """Add a stretch of batches; this reads from the device."""
        if not batches:
            return
        import torch

        flat = torch.stack([loss for batch in batches for loss in batch.losses])
        means = flat.view(len(batches), -1).double().T.tolist()  # (losses, batches)
        for index, (name, column) in enumerate(zip(self.losses, means, strict=True)):
            for mean, over in zip(column, _over(batches, index), strict=True):
                if over:  # a mean over nothing is not a number, and counts for nothing
                    self.losses[name] += over * mean
                    self.over[name] += over
        for index, measures in enumerate(self.scores):
            predictions, targets = zip(*(batch.pairs[index] for batch in batches), strict=True)
            if measures:
                prediction, target = torch.cat(predictions), torch.cat(targets)
            for measure in measures:
                measure.add(prediction, target)

    def values(self) -> dict[str, float]:
        """The weighted sum of losses as "loss", each loss where there are several, and the metrics."""
        means = {name: total / (self.over[name] or 1.0) for name, total in self.losses.items()}
        result = {"loss": sum(self.weights[name] * mean for name, mean in means.items())}
        if len(means) > 1:
            result |= {ALONE if name == "loss" else name: mean for name, mean in means.items()}
        told = [value for measures in self.scores for measure in measures for value in measure.values()]
        return result | dict(zip(self.names, told, strict=True))

    def refuse_unless_known(self, name: str) -> None:
        """
        Raises:
            UserError: when no score that can be watched has this name.
        """
        if name not in self.all_names:
            known = ", ".join(self.all_names)
            raise UserError(
                f"The watched score “{name}” is none of this training's: it has {known}. Choose one of them."
            )

    def state(self) -> dict[str, Any]:
        """What has been added up so far, as plain values that JSON holds exactly."""
        scores = [measure.state() for measures in self.scores for measure in measures]
        return {"losses": self.losses, "over": self.over, "scores": scores}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` told."""
        self.losses = dict(state["losses"])
        # a state from before losses were averaged as they average themselves tells the samples alone
        self.over = dict(state["over"]) if "over" in state else dict.fromkeys(self.losses, float(state["count"]))
        measures = [measure for measures in self.scores for measure in measures]
        for measure, values in zip(measures, state["scores"], strict=True):
            measure.restore(values)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Names of the sum of losses, of each where there are several, and of the metrics."""
        return ("loss", *self.loss_names, *self.names)

    @property
    def loss_names(self) -> tuple[str, ...]:
        """Names of the losses where there are several."""
        several = len(self.weights) > 1
        return tuple(ALONE if name == "loss" else name for name in self.weights) if several else ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the metrics, the losses left out."""
        several = len(self.weights) > 1
        return tuple(
            f"{judge.loss}_{name}" if several else name
            for judge, measures in zip(self.judges, self.scores, strict=True)
            for measure in measures
            for name in measure.names
        )


def _over(batches: Sequence[Batch], index: int) -> list[float]:
    """What a loss is a mean over, in each of the batches."""
    import torch

    read = [batch.over[index] if batch.over else None for batch in batches]
    told = iter(torch.stack(tensors).tolist() if (tensors := [t for t in read if t is not None]) else ())
    return [float(batch.samples) if t is None else float(next(told)) for batch, t in zip(batches, read, strict=True)]
