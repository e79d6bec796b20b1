"""Losses that ask scores to keep a margin: right above wrong, yes above no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Meaning
from engine.blocks.losses import (
    CLASS,
    CLASS_WEIGHTS,
    Examples,
    WeightedLoss,
    one_index_each,
    one_weight_each,
    tensor_of,
)
from engine.call import Call, Expression, F, Infix, Prefix, nn, torch
from engine.record import param
from engine.tensor import Features, Tensor, TensorSpec, Tokens, Vector


class MultiMarginLoss(WeightedLoss):
    """Asks the right class to score higher than every other by a margin, as a support vector machine does.

    It takes raw scores, one for each class, and a class index.
    """

    reference: ClassVar[str] = "torch.nn.MultiMarginLoss"
    formula: ClassVar[str] = r"\ell = \frac{1}{C} \sum_{c \ne y} \max(0, m - x_y + x_c)^p"
    aliases: ClassVar[tuple[str, ...]] = ("hinge", "multiclass hinge", "categorical hinge", "svm", "classification")
    examples: ClassVar[Examples] = CLASS

    p: int = param(1, ge=1, le=2, label="Power", doc="1 takes what is missing as it is, 2 squares it.")
    margin: float = param(1.0, doc="How much higher the right class shall score.")
    class_weights: tuple[float, ...] | None = param(None, **CLASS_WEIGHTS)

    def layer(self, prediction: Vector, target: Tokens) -> Call:
        return nn.MultiMarginLoss(p=self.p, margin=self.margin, weight=tensor_of(self.class_weights))

    def fit(self, prediction: Vector, target: Tokens) -> None:
        one_index_each(prediction, target)
        one_weight_each(self.class_weights, prediction)

    def meanings(self, prediction: Vector, target: Tokens) -> Mapping[str, Meaning]:
        return {"prediction": "scores", "target": "class index"}


class MultiLabelMarginLoss(WeightedLoss):
    """Asks every class that applies to score higher than every other by a margin of 1.

    The target lists the indices of the classes that apply; the first -1 ends the list.
    """

    reference: ClassVar[str] = "torch.nn.MultiLabelMarginLoss"
    formula: ClassVar[str] = r"\ell = \frac{1}{C} \sum_{y} \sum_{c \ne y} \max(0, 1 - x_y + x_c)"
    aliases: ClassVar[tuple[str, ...]] = ("multi-label", "hinge", "ranking", "tags")
    examples: ClassVar[Examples] = ((TensorSpec((10,)), TensorSpec((10,), "int64")),)

    def layer(self, prediction: Vector, target: Tokens) -> Call:
        return nn.MultiLabelMarginLoss()

    def meanings(self, prediction: Vector, target: Tokens) -> Mapping[str, Meaning]:
        return {"prediction": "scores"}


class MultiLabelSoftMarginLoss(WeightedLoss):
    """Measures several yes-or-no predictions at once, given as raw scores, against targets of 0 or 1.

    It averages binary cross-entropy over the labels and applies the sigmoid itself.
    """

    reference: ClassVar[str] = "torch.nn.MultiLabelSoftMarginLoss"
    formula: ClassVar[str] = r"\ell = -\frac{1}{C} \sum_c y_c \log \sigma(x_c) + (1 - y_c) \log(1 - \sigma(x_c))"
    aliases: ClassVar[tuple[str, ...]] = ("multi-label", "tags", "binary cross entropy")

    class_weights: tuple[float, ...] | None = param(None, **{**CLASS_WEIGHTS, "label": "Label weights"})

    def layer(self, prediction: Features, target: Features) -> Call:
        return nn.MultiLabelSoftMarginLoss(weight=tensor_of(self.class_weights))

    def fit(self, prediction: Features, target: Features) -> None:
        super().fit(prediction, target)
        one_weight_each(self.class_weights, prediction, axis=-1)

    def meanings(self, prediction: Features, target: Features) -> Mapping[str, Meaning]:
        return {"prediction": "logits", "target": "0 or 1"}


class SoftMarginLoss(WeightedLoss):
    """Measures yes-or-no predictions, given as raw scores, against targets of 1 for yes and -1 for no.

    It is logistic regression's loss; BCEWithLogitsLoss is the same for targets of 0 and 1.
    """

    reference: ClassVar[str] = "torch.nn.SoftMarginLoss"
    formula: ClassVar[str] = r"\ell = mean(\log(1 + e^{-y x}))"
    aliases: ClassVar[tuple[str, ...]] = ("logistic", "binary classification")

    def layer(self, prediction: Tensor, target: Tensor) -> Expression:
        # torch's layer overflows where a score is far on the wrong side
        return torch.mean(F.softplus(Infix("*", (Prefix("-", target), prediction))))

    def meanings(self, prediction: Tensor, target: Tensor) -> Mapping[str, Meaning]:
        return {"prediction": "scores", "target": "-1 or 1"}


class HingeEmbeddingLoss(WeightedLoss):
    """Makes distances small where the target is 1, and at least a margin where it is -1.

    It goes behind a distance between two inputs.
    """

    reference: ClassVar[str] = "torch.nn.HingeEmbeddingLoss"
    formula: ClassVar[str] = r"\ell = x where y = 1, \max(0, m - x) where y = -1"
    aliases: ClassVar[tuple[str, ...]] = ("hinge", "similarity", "siamese", "metric learning")

    margin: float = param(1.0, doc="Distance that unlike pairs shall have.")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.HingeEmbeddingLoss(margin=self.margin)

    def meanings(self, prediction: Tensor, target: Tensor) -> Mapping[str, Meaning]:
        return {"target": "-1 or 1"}


class MarginRankingLoss(WeightedLoss):
    """Asks one score to be higher than another by a margin: the first where the target is 1, the second where it is -1.

    It learns to rank from pairs of which one is better.
    """

    reference: ClassVar[str] = "torch.nn.MarginRankingLoss"
    formula: ClassVar[str] = r"\ell = \max(0, -y (x_1 - x_2) + m)"
    aliases: ClassVar[tuple[str, ...]] = ("ranking", "pairwise", "learning to rank", "hinge")
    examples: ClassVar[Examples] = ((TensorSpec((1,)),) * 3, (TensorSpec((10,)),) * 3)

    margin: float = param(0.0, doc="How much higher the better score shall be.")

    def layer(self, input1: Tensor, input2: Tensor, target: Tensor) -> Call:
        return nn.MarginRankingLoss(margin=self.margin)

    def meanings(self, input1: Tensor, input2: Tensor, target: Tensor) -> Mapping[str, Meaning]:
        return {"target": "-1 or 1"}


BLOCKS = (
    MultiMarginLoss,
    MultiLabelMarginLoss,
    MultiLabelSoftMarginLoss,
    SoftMarginLoss,
    HingeEmbeddingLoss,
    MarginRankingLoss,
)
