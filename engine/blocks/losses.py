"""Losses: how far a prediction is from its target, as the number that training makes small."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.base import Loss
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Tensor, TensorSpec

CATEGORY = "Loss"
Examples = tuple[tuple[TensorSpec, ...], ...]


class WeightedLoss(Loss):
    """The parameter that all losses share."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "loss"
    examples: ClassVar[Examples] = ((TensorSpec((10,)), TensorSpec((10,))), (TensorSpec((1,)), TensorSpec((1,))))

    weight: float = param(1.0, gt=0, doc="Share of this loss in the sum that training makes small.")


def _classes(prediction: Tensor, target: AnyTensor, name: str) -> None:
    if not prediction.shape:
        raise Misfit("expects one score for each class, but receives a single number", "prediction")
    if target.dtype != "int64":
        raise Misfit(f"expects the target as a class index (int64), but receives {target} decimal numbers", "target")
    if target.shape != prediction.shape[1:]:
        raise Misfit(
            f"expects one class index for each sample, but the target is {target} and the prediction {prediction}",
            "target",
        )


class CrossEntropyLoss(WeightedLoss):
    """Measures how little probability the network gives to the right class.

    It takes raw scores (logits), one for each class, and applies log-softmax itself.
    """

    reference: ClassVar[str] = "torch.nn.CrossEntropyLoss"
    formula: ClassVar[str] = r"\ell = -\log \frac{e^{x_y}}{\sum_c e^{x_c}}"
    aliases: ClassVar[tuple[str, ...]] = ("classification", "categorical", "softmax loss", "log loss")
    examples: ClassVar[Examples] = (
        (TensorSpec((10,)), TensorSpec((), "int64")),
        (TensorSpec((4, 6, 5)), TensorSpec((6, 5), "int64")),
        (TensorSpec((10,)), TensorSpec((10,))),
    )

    label_smoothing: float = param(
        0.0, ge=0, le=1, doc="Share of the target's weight spread over all classes, against overconfidence."
    )

    def layer(self, prediction: Tensor, target: AnyTensor) -> Call:
        return nn.CrossEntropyLoss(label_smoothing=self.label_smoothing)

    def fit(self, prediction: Tensor, target: AnyTensor) -> None:
        if target.dtype == "float32" and target.shape == prediction.shape and prediction.shape:
            return  # a probability for each class
        _classes(prediction, target, "logit")


class NLLLoss(WeightedLoss):
    """Measures how little probability the network gives to the right class, from log-probabilities.

    It goes behind LogSoftmax; the two together are CrossEntropyLoss.
    """

    reference: ClassVar[str] = "torch.nn.NLLLoss"
    formula: ClassVar[str] = r"\ell = -x_y"
    aliases: ClassVar[tuple[str, ...]] = ("negative log likelihood", "classification")
    examples: ClassVar[Examples] = (
        (TensorSpec((10,)), TensorSpec((), "int64")),
        (TensorSpec((4, 6, 5)), TensorSpec((6, 5), "int64")),
    )

    def layer(self, prediction: Tensor, target: AnyTensor) -> Call:
        return nn.NLLLoss()

    def fit(self, prediction: Tensor, target: AnyTensor) -> None:
        _classes(prediction, target, "log-probability")


class BCEWithLogitsLoss(WeightedLoss):
    """Measures yes-or-no predictions, given as raw scores (logits), against targets of 0 or 1.

    It applies the sigmoid itself, which is more exact than doing it before.
    """

    reference: ClassVar[str] = "torch.nn.BCEWithLogitsLoss"
    formula: ClassVar[str] = r"\ell = -y \log \sigma(x) - (1 - y) \log(1 - \sigma(x))"
    aliases: ClassVar[tuple[str, ...]] = ("binary cross entropy", "multi-label", "bce", "logistic")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.BCEWithLogitsLoss()


class BCELoss(WeightedLoss):
    """Measures yes-or-no predictions, given as probabilities from 0 to 1, against targets of 0 or 1.

    It goes behind Sigmoid; BCEWithLogitsLoss without the Sigmoid is more exact.
    """

    reference: ClassVar[str] = "torch.nn.BCELoss"
    formula: ClassVar[str] = r"\ell = -y \log x - (1 - y) \log(1 - x)"
    aliases: ClassVar[tuple[str, ...]] = ("binary cross entropy", "bce")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.BCELoss()


class MSELoss(WeightedLoss):
    """Averages the squared differences between prediction and target.

    The usual loss for numbers; large errors count far more than small ones.
    """

    reference: ClassVar[str] = "torch.nn.MSELoss"
    formula: ClassVar[str] = r"\ell = mean((x - y)^2)"
    aliases: ClassVar[tuple[str, ...]] = ("mean squared error", "l2", "regression", "reconstruction")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.MSELoss()


class L1Loss(WeightedLoss):
    """Averages the absolute differences between prediction and target.

    Outliers pull less than with the squared error.
    """

    reference: ClassVar[str] = "torch.nn.L1Loss"
    formula: ClassVar[str] = r"\ell = mean(|x - y|)"
    aliases: ClassVar[tuple[str, ...]] = ("mean absolute error", "mae", "regression")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.L1Loss()
