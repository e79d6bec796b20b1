"""Losses on classes and on yes or no, and what all losses share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.blocks.base import Loss, Meaning
from engine.call import Call, Expression, Infix, nn, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import NUMBERS, AnyTensor, Tensor, TensorSpec, fixed

CATEGORY = "Loss"
Examples = tuple[tuple[TensorSpec | None, ...], ...]
TWO_ALIKE: Examples = ((TensorSpec((10,)), TensorSpec((10,))), (TensorSpec((1,)), TensorSpec((1,))))
CLASS: Examples = ((TensorSpec((10,)), TensorSpec((), "int64")),)
CLASSES: Examples = (*CLASS, (TensorSpec((4, 6, 5)), TensorSpec((6, 5), "int64")))
CLASS_WEIGHTS: dict[str, Any] = {
    "gt": 0,
    "doc": "How much each class counts, one number a class, such as 1, 5 where the second is rare; empty: all alike.",
}


class WeightedLoss(Loss):
    """The parameter that all losses share."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "loss"
    examples: ClassVar[Examples] = TWO_ALIKE

    weight: float = param(1.0, gt=0, doc="Share of this loss in the sum that training makes small.")


def tensor_of(numbers: tuple[float, ...] | None) -> Call | None:
    """Numbers as a tensor, which a module keeps and moves to its device; None for none."""
    return torch.tensor([float(number) for number in numbers]) if numbers is not None else None


def one_weight_each(
    numbers: tuple[float, ...] | None, prediction: AnyTensor, axis: int = 0, name: str = "class_weights"
) -> None:
    """Refuse weights that are more or fewer than the classes, which lie along an axis of each sample.

    Raises:
        Misfit
    """
    if numbers is None:
        return
    classes = fixed(prediction, axis, "classes")
    if len(numbers) != classes:
        weights = f"{len(numbers)} {'weight' if len(numbers) == 1 else 'weights'}"
        raise Misfit(f"has {weights}, but receives {classes} {'class' if classes == 1 else 'classes'}", param=name)


def one_index_each(prediction: AnyTensor, target: AnyTensor) -> None:
    """Refuse a target that is not the index of a class, one for all the scores along axis 1.

    Raises:
        Misfit
    """
    if not prediction.shape:
        raise Misfit("expects one score for each class, but receives a single number", "prediction")
    if target.dtype != "int64":
        received = f"{NUMBERS[target.dtype]} ({target.dtype})"
        raise Misfit(f"expects the target as a class index (int64), but receives {received}", "target")
    if target.shape != prediction.shape[1:]:
        raise Misfit(
            f"expects one class index for each sample, but the target is {target} and the prediction {prediction}",
            "target",
        )


class OfClasses(WeightedLoss):
    """What losses share that compare a score or a log-probability for each class with the index of the right one."""

    examples: ClassVar[Examples] = CLASSES

    class_weights: tuple[float, ...] | None = param(None, **CLASS_WEIGHTS)
    ignore_index: int = param(
        -100, label="Ignored class", doc="Targets of this number count for nothing; a negative one ignores none."
    )

    @property
    def _counts(self) -> bool:
        """Whether what counts is counted here: torch's mean over targets that are all ignored is not a number."""
        return self.ignore_index >= 0 and self.class_weights is None

    @property
    def _settings(self) -> dict[str, Any]:
        """Arguments of torch's layer."""
        reduction = "sum" if self._counts else "mean"
        return {"weight": tensor_of(self.class_weights), "ignore_index": self.ignore_index, "reduction": reduction}

    def forward(self, answer: Call, prediction: Tensor, target: AnyTensor) -> Expression:
        if not self._counts:
            return answer
        counted = torch.sum(Infix("!=", (target, self.ignore_index)))
        return Infix("/", (answer, torch.clamp(counted, min=1)))

    def fit(self, prediction: Tensor, target: AnyTensor) -> None:
        one_index_each(prediction, target)
        one_weight_each(self.class_weights, prediction)


class CrossEntropyLoss(OfClasses):
    """Measures how little probability the network gives to the right class.

    It takes raw scores (logits), one for each class, and applies log-softmax itself.
    """

    reference: ClassVar[str] = "torch.nn.CrossEntropyLoss"
    formula: ClassVar[str] = r"\ell = -\log \frac{e^{x_y}}{\sum_c e^{x_c}}"
    aliases: ClassVar[tuple[str, ...]] = (
        "classification",
        "categorical",
        "categorical crossentropy",
        "softmax loss",
        "log loss",
        "softmax cross entropy",
    )
    examples: ClassVar[Examples] = (*CLASSES, (TensorSpec((10,)), TensorSpec((10,))))

    label_smoothing: float = param(
        0.0, ge=0, le=1, doc="Share of the target's weight spread over all classes, against overconfidence."
    )

    def layer(self, prediction: Tensor, target: AnyTensor) -> Call:
        return nn.CrossEntropyLoss(**self._settings, label_smoothing=self.label_smoothing)

    def fit(self, prediction: Tensor, target: AnyTensor) -> None:
        if target.dtype != "float32" or target.shape != prediction.shape or not prediction.shape:
            super().fit(prediction, target)
            return
        if self.ignore_index >= 0:
            words = "ignores a class by its index, but the target is a probability for each class"
            raise Misfit(words, "target", "ignore_index")
        one_weight_each(self.class_weights, prediction)

    def meanings(self, prediction: Tensor, target: AnyTensor) -> Mapping[str, Meaning]:
        return {
            "prediction": "class logits",
            "target": "class index" if target.dtype == "int64" else "probabilities",
        }


class BCEWithLogitsLoss(WeightedLoss):
    """Measures yes-or-no predictions, given as raw scores (logits), against targets of 0 or 1.

    It applies the sigmoid itself, which is more exact than doing it before.
    """

    reference: ClassVar[str] = "torch.nn.BCEWithLogitsLoss"
    formula: ClassVar[str] = r"\ell = -y \log \sigma(x) - (1 - y) \log(1 - \sigma(x))"
    aliases: ClassVar[tuple[str, ...]] = (
        "binary cross entropy",
        "binary crossentropy",
        "sigmoid cross entropy",
        "multi-label",
        "bce",
        "logistic",
    )
    examples: ClassVar[Examples] = (*TWO_ALIKE, (TensorSpec((2, 4, 5)), TensorSpec((2, 4, 5))))

    pos_weight: tuple[float, ...] | None = param(
        None,
        gt=0,
        label="Weight of yes",
        doc="How much a target of 1 counts against one of 0: one number, or one for each label; empty: the same.",
    )

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        weights: Any = tensor_of(self.pos_weight)
        if self.pos_weight is not None and len(self.pos_weight) > 1 and len(prediction.shape) > 1:
            weights = torch.reshape(weights, (-1, *(1 for _ in prediction.shape[1:])))  # labels lie along axis 1
        return nn.BCEWithLogitsLoss(pos_weight=weights)

    def fit(self, prediction: Tensor, target: Tensor) -> None:
        super().fit(prediction, target)
        if self.pos_weight is not None and len(self.pos_weight) != 1:
            if not prediction.shape:
                raise Misfit("weighs several labels, but receives a single number", param="pos_weight")
            one_weight_each(self.pos_weight, prediction, name="pos_weight")

    def meanings(self, prediction: Tensor, target: Tensor) -> Mapping[str, Meaning]:
        return {"prediction": "logits", "target": "0 or 1"}


class BCELoss(WeightedLoss):
    """Measures yes-or-no predictions, given as probabilities from 0 to 1, against targets of 0 or 1.

    It goes behind Sigmoid; BCEWithLogitsLoss without the Sigmoid is more exact.
    """

    reference: ClassVar[str] = "torch.nn.BCELoss"
    formula: ClassVar[str] = r"\ell = -y \log x - (1 - y) \log(1 - x)"
    aliases: ClassVar[tuple[str, ...]] = ("binary cross entropy", "binary crossentropy", "bce")

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.BCELoss()

    def meanings(self, prediction: Tensor, target: Tensor) -> Mapping[str, Meaning]:
        return {"prediction": "probabilities", "target": "0 or 1"}


class NLLLoss(OfClasses):
    """Measures how little probability the network gives to the right class, from log-probabilities.

    It goes behind LogSoftmax; the two together are CrossEntropyLoss.
    """

    reference: ClassVar[str] = "torch.nn.NLLLoss"
    formula: ClassVar[str] = r"\ell = -x_y"
    aliases: ClassVar[tuple[str, ...]] = ("negative log likelihood", "classification")

    def layer(self, prediction: Tensor, target: AnyTensor) -> Call:
        return nn.NLLLoss(**self._settings)

    def meanings(self, prediction: Tensor, target: AnyTensor) -> Mapping[str, Meaning]:
        return {"prediction": "log-probabilities", "target": "class index"}


BLOCKS = (CrossEntropyLoss, BCEWithLogitsLoss, BCELoss, NLLLoss)
