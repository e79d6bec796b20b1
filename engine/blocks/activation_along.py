"""Activations that compare the numbers along an axis with each other: softmax and its relatives."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.activation import Activation, Examples
from engine.blocks.axes import axis, replaced
from engine.blocks.rules import same
from engine.call import Call, F, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Features, Image, TensorSpec


class AlongAxis(Activation):
    """An activation that works along one axis."""

    examples: ClassVar[Examples] = ((TensorSpec((20,)),), (TensorSpec((6, 5, 4)),))

    dim: int = param(-1, label="Axis", doc="Axis to work along, counted as torch does: 0 is the batch, -1 the last.")

    def shape(self, x: AnyTensor) -> TensorSpec:
        axis(x, self.dim)
        return same(x)


class Softmax(AlongAxis):
    """Turns numbers into probabilities that sum to 1 along an axis.

    Leave it out in front of CrossEntropyLoss, which applies it itself.
    """

    stem: ClassVar[str] = "softmax"
    reference: ClassVar[str] = "torch.nn.Softmax"
    formula: ClassVar[str] = r"y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}"
    aliases: ClassVar[tuple[str, ...]] = ("probabilities", "normalised exponential", "softargmax")

    def layer(self, x: Features) -> Call:
        return nn.Softmax(dim=self.dim)

    def function(self, x: AnyTensor) -> Call:
        return F.softmax(x, dim=self.dim)


class LogSoftmax(AlongAxis):
    """Gives the logarithm of the probabilities that Softmax would give, computed without loss of precision.

    It goes in front of NLLLoss.
    """

    stem: ClassVar[str] = "log_softmax"
    reference: ClassVar[str] = "torch.nn.LogSoftmax"
    formula: ClassVar[str] = r"y_i = x_i - \log \sum_j e^{x_j}"
    aliases: ClassVar[tuple[str, ...]] = ("log probabilities",)

    def layer(self, x: Features) -> Call:
        return nn.LogSoftmax(dim=self.dim)

    def function(self, x: AnyTensor) -> Call:
        return F.log_softmax(x, dim=self.dim)


class Softmin(AlongAxis):
    """Turns numbers into probabilities that sum to 1 along an axis, the smallest number getting the largest share.

    It is Softmax of the negative numbers, for distances and costs.
    """

    stem: ClassVar[str] = "softmin"
    reference: ClassVar[str] = "torch.nn.Softmin"
    formula: ClassVar[str] = r"y_i = \frac{e^{-x_i}}{\sum_j e^{-x_j}}"
    aliases: ClassVar[tuple[str, ...]] = ("probabilities", "negative softmax")

    def layer(self, x: Features) -> Call:
        return nn.Softmin(dim=self.dim)

    def function(self, x: AnyTensor) -> Call:
        return F.softmin(x, dim=self.dim)


class Softmax2d(Activation):
    """Turns the channels at each place of an image into probabilities that sum to 1.

    It gives a map of class probabilities, pixel by pixel.
    """

    stem: ClassVar[str] = "softmax"
    reference: ClassVar[str] = "torch.nn.Softmax2d"
    formula: ClassVar[str] = r"y_{c,i,j} = \frac{\exp(x_{c,i,j})}{\sum_k \exp(x_{k,i,j})}"
    aliases: ClassVar[tuple[str, ...]] = ("spatial softmax", "pixel probabilities", "segmentation")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),),)

    def layer(self, x: Image) -> Call:
        return nn.Softmax2d()

    def function(self, x: AnyTensor) -> Call:
        return F.softmax(x, dim=1)


class GLU(AlongAxis):
    """Splits an axis into halves and multiplies the first by the sigmoid of the second.

    The second half acts as a gate for the first, and the axis comes out half as long.
    """

    stem: ClassVar[str] = "glu"
    reference: ClassVar[str] = "torch.nn.GLU"
    formula: ClassVar[str] = r"(a, b) = x, y = a \sigma(b)"
    aliases: ClassVar[tuple[str, ...]] = ("gated linear unit", "gate", "gating")

    def layer(self, x: Features) -> Call:
        return nn.GLU(dim=self.dim)

    def function(self, x: AnyTensor) -> Call:
        return F.glu(x, dim=self.dim)

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "splits")
        size = x.shape[place]
        if size is not None and size % 2:
            raise Misfit(f"splits axis {self.dim} into halves, but it is {size} long, which is odd", "x", "dim")
        return TensorSpec(replaced(x.shape, place, None if size is None else size // 2))


BLOCKS = (Softmax, LogSoftmax, Softmin, Softmax2d, GLU)
