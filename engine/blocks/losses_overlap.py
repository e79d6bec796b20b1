"""Losses for rare classes and small regions: what counts is the overlap, or what is hard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.arithmetic import plain
from engine.blocks.base import Meaning
from engine.blocks.losses import (
    CLASS_WEIGHTS,
    CLASSES,
    TWO_ALIKE,
    Examples,
    WeightedLoss,
    one_index_each,
    one_weight_each,
    tensor_of,
)
from engine.call import Call, Expression, F, Infix, Method, Prefix, nn, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, ChannelsFirst, Tensor, TensorSpec, fixed


class FocalLoss(WeightedLoss):
    """Measures as cross-entropy does, but what is easy already counts less and less.

    It helps where one class is rare, such as objects before much background. It takes raw scores (logits): one for
    each class against a class index, or scores for yes or no against targets of 0 or 1. Source: Lin et al. 2017.
    """

    formula: ClassVar[str] = r"\ell = -(1 - p_y)^\gamma \log p_y"
    aliases: ClassVar[tuple[str, ...]] = (
        "imbalanced",
        "rare classes",
        "retinanet",
        "focal crossentropy",
        "binary focal crossentropy",
        "detection",
    )
    examples: ClassVar[Examples] = (*CLASSES, *TWO_ALIKE)

    gamma: float = param(2.0, ge=0, label="Focus", doc="How fast easy samples lose weight; at 0 all count alike.")
    alpha: float | None = param(
        None, gt=0, lt=1, label="Weight of yes", doc="Weight of a target of 1, and 1 minus it that of 0; empty: alike."
    )
    class_weights: tuple[float, ...] | None = param(None, **CLASS_WEIGHTS)

    def layer(self, prediction: Tensor, target: AnyTensor) -> Call:
        if target.dtype == "float32":
            return nn.BCEWithLogitsLoss(reduction="none")
        return nn.CrossEntropyLoss(weight=tensor_of(self.class_weights), reduction="none")

    def forward(self, answer: Call, prediction: Tensor, target: AnyTensor) -> Expression:
        unweighted = F.cross_entropy(prediction, target, reduction="none") if self.class_weights is not None else answer
        missing: Expression = Infix("-", (1, torch.exp(Prefix("-", unweighted))))  # from a probability of 1
        if 0 < self.gamma < 1:
            missing = torch.clamp(missing, min=1e-6)  # at 0 such a power has no slope
        power = missing if self.gamma == 1 else Infix("**", (missing, plain(self.gamma)))
        factors: tuple[Expression, ...] = (power, answer) if self.gamma else (answer,)
        if self.alpha is not None:
            no = Infix("*", (round(1 - self.alpha, 12), Infix("-", (1, target))))
            factors = (Infix("+", (Infix("*", (self.alpha, target)), no)), *factors)
        return torch.mean(Infix("*", factors) if len(factors) > 1 else answer)

    def fit(self, prediction: Tensor, target: AnyTensor) -> None:
        if target.dtype == "float32":
            super().fit(prediction, target)
            if self.class_weights is not None:
                raise Misfit("weighs classes, but its targets are 0 or 1; set the weight of yes", None, "class_weights")
            return
        one_index_each(prediction, target)
        if self.alpha is not None:
            raise Misfit(
                "weighs yes against no, but its target is the index of a class; weigh the classes", None, "alpha"
            )
        one_weight_each(self.class_weights, prediction)

    def meanings(self, prediction: Tensor, target: AnyTensor) -> Mapping[str, Meaning]:
        if target.dtype == "float32":
            return {"prediction": "logits", "target": "0 or 1"}
        return {"prediction": "class logits", "target": "class index"}


class _Overlap(WeightedLoss):
    """What losses share that compare regions: scores become probabilities, and each region is summed up."""

    examples: ClassVar[Examples] = (
        (TensorSpec((1, 6, 5)), TensorSpec((1, 6, 5))),
        (TensorSpec((3, 6)), TensorSpec((3, 6), "bool")),
        (TensorSpec((4, 6, 5)), TensorSpec((6, 5), "int64")),
    )

    smooth: float = param(
        1.0, gt=0, label="Smoothing", doc="Added above and below, so that an empty region is no division by zero."
    )

    def layer(self, prediction: ChannelsFirst, target: AnyTensor) -> Expression:
        return torch.softmax(prediction, 1) if target.dtype == "int64" else torch.sigmoid(prediction)

    def truth(self, prediction: ChannelsFirst, target: AnyTensor) -> AnyTensor | Expression:
        """The target as 0 or 1 for each score."""
        if target.dtype == "int64":
            return torch.movedim(F.one_hot(target, prediction.channels), -1, 1)
        return Method(target, "float") if target.dtype == "bool" else target

    def summed(self, prediction: ChannelsFirst, value: Expression) -> Expression:
        """The sum over each region: all axes behind axis 1."""
        axes = tuple(range(2, len(prediction.shape) + 1))
        return torch.sum(value, dim=axes[0] if len(axes) == 1 else axes)

    def fit(self, prediction: ChannelsFirst, target: AnyTensor) -> None:
        if len(prediction.shape) < 2:
            raise Misfit(
                f"compares regions, so it expects channels × at least one more axis, but receives {prediction}",
                "prediction",
            )
        if target.dtype == "int64":
            if target.shape != prediction.shape[1:]:
                words = f"the target is {target} and the prediction {prediction}"
                raise Misfit(f"compares regions, so it needs one class index for each place, but {words}", "target")
            fixed(prediction, 0, "classes")  # they must not vary
        else:
            super().fit(prediction, target)

    def meanings(self, prediction: ChannelsFirst, target: AnyTensor) -> Mapping[str, Meaning]:
        if target.dtype == "int64":
            return {"prediction": "class logits", "target": "class index"}
        return {"prediction": "logits", "target": "0 or 1"}


class DiceLoss(_Overlap):
    """Measures how little a predicted region overlaps the true one, however small it is.

    It takes raw scores (logits) and applies the sigmoid itself, or softmax against class indices. Each channel of
    each sample is a region. Source: Milletari et al. 2016.
    """

    formula: ClassVar[str] = r"\ell = 1 - \frac{2 \sum p y + s}{\sum p + \sum y + s}"
    aliases: ClassVar[tuple[str, ...]] = ("segmentation", "overlap", "f1", "sorensen", "soft dice", "mask", "u-net")

    def forward(self, answer: Call, prediction: ChannelsFirst, target: AnyTensor) -> Expression:
        truth, smooth = self.truth(prediction, target), plain(self.smooth)
        twice = Infix("*", (2, self.summed(prediction, Infix("*", (answer, truth)))))
        both = self.summed(prediction, Infix("+", (answer, truth)))
        ratio = Infix("/", (Infix("+", (twice, smooth)), Infix("+", (both, smooth))))
        return Infix("-", (1, torch.mean(ratio)))


class TverskyLoss(_Overlap):
    """Measures as DiceLoss does, but weighs what is wrongly found against what is missed.

    More weight on what is missed finds more of small regions. Source: Salehi et al. 2017.
    """

    formula: ClassVar[str] = (
        r"\ell = 1 - \frac{\sum p y + s}{\sum p y + \alpha \sum p (1 - y) + \beta \sum (1 - p) y + s}"
    )
    aliases: ClassVar[tuple[str, ...]] = ("segmentation", "overlap", "dice", "jaccard", "iou", "lesion", "mask")

    alpha: float = param(0.3, ge=0, label="Wrongly found", doc="Weight of what is predicted but not there.")
    beta: float = param(
        0.7, ge=0, label="Missed", doc="Weight of what is there but not predicted. Both 0.5: Dice; both 1: Jaccard."
    )

    def forward(self, answer: Call, prediction: ChannelsFirst, target: AnyTensor) -> Expression:
        truth, smooth = self.truth(prediction, target), plain(self.smooth)
        overlap = Infix("*", (answer, truth))
        found = Infix("*", (plain(self.alpha), answer, Infix("-", (1, truth))))
        missed = Infix("*", (plain(self.beta), Infix("-", (1, answer)), truth))
        above = Infix("+", (self.summed(prediction, overlap), smooth))
        below = Infix("+", (self.summed(prediction, Infix("+", (overlap, found, missed))), smooth))
        return Infix("-", (1, torch.mean(Infix("/", (above, below)))))


BLOCKS = (FocalLoss, DiceLoss, TverskyLoss)
