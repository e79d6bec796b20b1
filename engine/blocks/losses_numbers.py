"""Losses that compare numbers with numbers."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from engine.blocks.losses import Examples, WeightedLoss
from engine.call import Call, Expression, Infix, Method, nn, torch
from engine.record import param
from engine.tensor import AnyTensor, Decimal, Tensor, TensorSpec

Reduction = Literal["mean", "batchmean"]
REDUCTION: dict[str, Any] = {
    "label": "Average",
    "doc": "“mean” averages over all numbers; “batchmean” adds up those of each sample and averages over the batch, "
    "as a variational autoencoder needs it.",
}


def module_word(reduction: Reduction) -> str:
    """How torch's layer is told; most know no “batchmean”."""
    return "sum" if reduction == "batchmean" else "mean"


def averaged(answer: Call, reduction: Reduction, x: AnyTensor) -> Expression:
    """What the layer answers, divided by the number of samples where it is a sum."""
    return Infix("/", (answer, Method(x, "size", (0,)))) if reduction == "batchmean" else answer


class _Compared(WeightedLoss):
    """What losses share that compare number with number."""

    reduction: Reduction = param("mean", **REDUCTION)

    def forward(self, answer: Call, prediction: Tensor, target: Tensor) -> Expression:
        return averaged(answer, self.reduction, prediction)


class MSELoss(_Compared):
    """Averages the squared differences between prediction and target.

    The usual loss for numbers; large errors count far more than small ones.
    """

    reference: ClassVar[str] = "torch.nn.MSELoss"
    formula: ClassVar[str] = r"\ell = mean((x - y)^2)"
    aliases: ClassVar[tuple[str, ...]] = ("mean squared error", "l2", "regression", "reconstruction")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.MSELoss(reduction=module_word(self.reduction))


class L1Loss(_Compared):
    """Averages the absolute differences between prediction and target.

    Outliers pull less than with the squared error.
    """

    reference: ClassVar[str] = "torch.nn.L1Loss"
    formula: ClassVar[str] = r"\ell = mean(|x - y|)"
    aliases: ClassVar[tuple[str, ...]] = ("mean absolute error", "mae", "regression", "absolute difference")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.L1Loss(reduction=module_word(self.reduction))


class SmoothL1Loss(_Compared):
    """Squares small differences between prediction and target and takes large ones as they are.

    Outliers pull little, and near the target the steps grow small. Object detectors fit their boxes with it.
    """

    reference: ClassVar[str] = "torch.nn.SmoothL1Loss"
    formula: ClassVar[str] = r"\ell = \frac{(x - y)^2}{2 \beta} where |x - y| < \beta, else |x - y| - \frac{\beta}{2}"
    aliases: ClassVar[tuple[str, ...]] = ("huber", "robust regression", "bounding box")

    beta: float = param(1.0, ge=0, label="Threshold", doc="Difference from which it grows in a straight line.")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.SmoothL1Loss(reduction=module_word(self.reduction), beta=self.beta)


class HuberLoss(_Compared):
    """Squares small differences between prediction and target and lets large ones grow in a straight line.

    It is SmoothL1Loss times its threshold: the smaller the threshold, the smaller the loss.
    """

    reference: ClassVar[str] = "torch.nn.HuberLoss"
    formula: ClassVar[str] = (
        r"\ell = \frac{(x - y)^2}{2} where |x - y| < \delta, else \delta (|x - y| - \frac{\delta}{2})"
    )
    aliases: ClassVar[tuple[str, ...]] = ("smooth l1", "robust regression")

    delta: float = param(1.0, gt=0, label="Threshold", doc="Difference from which it grows in a straight line.")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.HuberLoss(reduction=module_word(self.reduction), delta=self.delta)


class MeanLoss(WeightedLoss):
    """Takes the mean of whatever arrives as a loss, so that training makes it small.

    With operations in front of it, it makes a loss of your own, such as a penalty on large activations.
    """

    reference: ClassVar[str] = "torch.mean"
    formula: ClassVar[str] = r"\ell = mean(x)"
    aliases: ClassVar[tuple[str, ...]] = ("custom loss", "minimise", "minimize", "penalty", "regulariser", "add_loss")
    examples: ClassVar[Examples] = ((TensorSpec((10,)),), (TensorSpec(()),), (TensorSpec((4, 3), batched=False),))

    def layer(self, value: Decimal) -> Expression:
        return torch.mean(value)


BLOCKS = (MSELoss, L1Loss, SmoothL1Loss, HuberLoss, MeanLoss)
