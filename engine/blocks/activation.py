"""Functions applied number by number (or along one axis), and dropout."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.blocks.base import Block
from engine.blocks.rules import same
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Features, Tensor, TensorSpec

CATEGORY = "Activation"
Examples = tuple[tuple[TensorSpec, ...], ...]


class Activation(Block):
    """What activations share: the output looks like the input."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((20,)),))

    def shape(self, x: TensorSpec) -> TensorSpec:
        return same(x)


class ReLU(Activation):
    """Keeps what is positive and turns the rest to zero.

    It is cheap and lets gradients pass unchanged where it is on; the usual choice between layers.
    """

    stem: ClassVar[str] = "relu"
    reference: ClassVar[str] = "torch.nn.ReLU"
    formula: ClassVar[str] = r"y = \max(0, x)"
    aliases: ClassVar[tuple[str, ...]] = ("rectifier", "rectified linear")

    def layer(self, x: Tensor) -> Call:
        return nn.ReLU()


class LeakyReLU(Activation):
    """Keeps what is positive and multiplies the rest by a small slope.

    Units that would be off in a ReLU still receive a gradient.
    """

    stem: ClassVar[str] = "relu"
    reference: ClassVar[str] = "torch.nn.LeakyReLU"
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x)"
    aliases: ClassVar[tuple[str, ...]] = ("lrelu", "leaky rectifier")

    negative_slope: float = param(0.01, ge=0, label="Slope", doc="The slope for negative inputs.")

    def layer(self, x: Tensor) -> Call:
        return nn.LeakyReLU(self.negative_slope)


class GELU(Activation):
    """Weighs each number by how likely a standard normal number lies below it.

    A smooth relative of ReLU, usual in transformers.
    """

    stem: ClassVar[str] = "gelu"
    reference: ClassVar[str] = "torch.nn.GELU"
    formula: ClassVar[str] = r"y = x \Phi(x)"
    aliases: ClassVar[tuple[str, ...]] = ("gaussian error linear unit",)

    approximate: Literal["none", "tanh"] = param(
        "none", label="Approximation", doc="“tanh” computes a close, faster approximation."
    )

    def layer(self, x: Tensor) -> Call:
        return nn.GELU(approximate=self.approximate)


class Sigmoid(Activation):
    """Squeezes each number into the range from 0 to 1, as a probability.

    Leave it out in front of BCEWithLogitsLoss, which applies it itself.
    """

    stem: ClassVar[str] = "sigmoid"
    reference: ClassVar[str] = "torch.nn.Sigmoid"
    formula: ClassVar[str] = r"y = \frac{1}{1 + e^{-x}}"
    aliases: ClassVar[tuple[str, ...]] = ("logistic", "probability")

    def layer(self, x: Tensor) -> Call:
        return nn.Sigmoid()


class Tanh(Activation):
    """Squeezes each number into the range from -1 to 1.

    Symmetric around zero; its gradient fades for large inputs.
    """

    stem: ClassVar[str] = "tanh"
    reference: ClassVar[str] = "torch.nn.Tanh"
    formula: ClassVar[str] = r"y = \tanh(x)"
    aliases: ClassVar[tuple[str, ...]] = ("hyperbolic tangent",)

    def layer(self, x: Tensor) -> Call:
        return nn.Tanh()


class _AlongAxis(Activation):
    examples: ClassVar[Examples] = ((TensorSpec((20,)),), (TensorSpec((6, 5, 4)),))

    dim: int = param(-1, label="Axis", doc="Axis to work along, counted as torch does: 0 is the batch, -1 the last.")

    def shape(self, x: TensorSpec) -> TensorSpec:
        rank = len(x.shape) + 1
        if self.dim == 0 or self.dim == -rank:
            raise Misfit("would mix the samples of a batch: axis 0 is the batch", param="dim")
        if not -rank < self.dim < rank:
            raise Misfit(f"works along axis {self.dim}, but {x} has axes 1 to {rank - 1}", param="dim")
        return same(x)


class Softmax(_AlongAxis):
    """Turns numbers into probabilities that sum to 1 along an axis.

    Leave it out in front of CrossEntropyLoss, which applies it itself.
    """

    stem: ClassVar[str] = "softmax"
    reference: ClassVar[str] = "torch.nn.Softmax"
    formula: ClassVar[str] = r"y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}"
    aliases: ClassVar[tuple[str, ...]] = ("probabilities", "normalised exponential")

    def layer(self, x: Features) -> Call:
        return nn.Softmax(dim=self.dim)


class LogSoftmax(_AlongAxis):
    """Gives the logarithm of the probabilities that Softmax would give, computed without loss of precision.

    It goes in front of NLLLoss.
    """

    stem: ClassVar[str] = "log_softmax"
    reference: ClassVar[str] = "torch.nn.LogSoftmax"
    formula: ClassVar[str] = r"y_i = x_i - \log \sum_j e^{x_j}"
    aliases: ClassVar[tuple[str, ...]] = ("log probabilities",)

    def layer(self, x: Features) -> Call:
        return nn.LogSoftmax(dim=self.dim)


class Dropout(Activation):
    """Sets random numbers to zero while training and scales the others up; does nothing in use.

    The network can't rely on any single number, which works against overfitting.
    """

    category: ClassVar[str] = "Dropout"
    stem: ClassVar[str] = "drop"
    reference: ClassVar[str] = "torch.nn.Dropout"
    formula: ClassVar[str] = r"y = \frac{m x}{1 - p}, m \sim Bernoulli(1 - p)"
    aliases: ClassVar[tuple[str, ...]] = ("regularisation", "regularization", "overfitting")
    sums_up: ClassVar[tuple[str, ...]] = ("p",)

    p: float = param(0.5, ge=0, lt=1, label="Probability", doc="Share of the numbers that are set to zero.")

    def layer(self, x: Tensor) -> Call:
        return nn.Dropout(self.p)
