"""Activations that squeeze numbers into a range, and those that pull small ones to zero."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.activation import Pointwise
from engine.blocks.rules import same
from engine.call import Call, F, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Tensor, TensorSpec


class Sigmoid(Pointwise):
    """Squeezes each number into the range from 0 to 1, as a probability.

    Leave it out in front of BCEWithLogitsLoss, which applies it itself.
    """

    functional: ClassVar[str] = "torch.sigmoid"
    stem: ClassVar[str] = "sigmoid"
    reference: ClassVar[str] = "torch.nn.Sigmoid"
    formula: ClassVar[str] = r"y = \frac{1}{1 + e^{-x}}"
    aliases: ClassVar[tuple[str, ...]] = ("logistic", "probability")


class LogSigmoid(Pointwise):
    """Gives the logarithm of the sigmoid, computed without loss of precision.

    It serves losses that add up logarithms of probabilities.
    """

    functional: ClassVar[str] = "F.logsigmoid"
    stem: ClassVar[str] = "log_sigmoid"
    reference: ClassVar[str] = "torch.nn.LogSigmoid"
    formula: ClassVar[str] = r"y = -\log(1 + e^{-x})"
    aliases: ClassVar[tuple[str, ...]] = ("log probability", "log logistic")


class Tanh(Pointwise):
    """Squeezes each number into the range from -1 to 1.

    Symmetric around zero; its gradient fades for large inputs.
    """

    functional: ClassVar[str] = "torch.tanh"
    stem: ClassVar[str] = "tanh"
    reference: ClassVar[str] = "torch.nn.Tanh"
    formula: ClassVar[str] = r"y = \tanh(x)"
    aliases: ClassVar[tuple[str, ...]] = ("hyperbolic tangent",)


class Softsign(Pointwise):
    """Squeezes each number into the range from -1 to 1, more gently than Tanh.

    It nears its limits slowly, so that large inputs still receive some gradient.
    """

    functional: ClassVar[str] = "F.softsign"
    stem: ClassVar[str] = "softsign"
    reference: ClassVar[str] = "torch.nn.Softsign"
    formula: ClassVar[str] = r"y = \frac{x}{1 + |x|}"
    aliases: ClassVar[tuple[str, ...]] = ("soft sign",)


class Hardsigmoid(Pointwise):
    """Approximates the sigmoid with three straight pieces.

    It is cheaper on small devices, but gives no gradient below -3 and above 3.
    """

    functional: ClassVar[str] = "F.hardsigmoid"
    stem: ClassVar[str] = "sigmoid"
    reference: ClassVar[str] = "torch.nn.Hardsigmoid"
    formula: ClassVar[str] = r"y = \frac{1}{6} \min(\max(0, x + 3), 6)"
    aliases: ClassVar[tuple[str, ...]] = ("hard sigmoid", "piecewise sigmoid")


class Hardtanh(Pointwise):
    """Keeps what lies within two limits and cuts off the rest.

    By default it approximates Tanh with three straight pieces.
    """

    functional: ClassVar[str] = "F.hardtanh"
    stem: ClassVar[str] = "tanh"
    reference: ClassVar[str] = "torch.nn.Hardtanh"
    formula: ClassVar[str] = r"y = \min(\max(a, x), b)"
    aliases: ClassVar[tuple[str, ...]] = ("hard tanh", "clip", "clamp", "saturate")

    min_val: float = param(-1.0, label="Smallest", doc="What lies below becomes this.")
    max_val: float = param(1.0, label="Largest", doc="What lies above becomes this.")

    def shape(self, x: Tensor) -> TensorSpec:
        if self.min_val >= self.max_val:
            raise Misfit(
                f"keeps numbers from {self.min_val:g} to {self.max_val:g}, which leaves none: set the largest above",
                param="max_val",
            )
        return same(x)


class Softshrink(Pointwise):
    """Moves each number towards zero by a fixed amount; those that are smaller become zero.

    It makes codes sparse, as in sparse coding and denoising.
    """

    functional: ClassVar[str] = "F.softshrink"
    stem: ClassVar[str] = "shrink"
    reference: ClassVar[str] = "torch.nn.Softshrink"
    formula: ClassVar[str] = r"y = \max(0, x - \lambda) + \min(0, x + \lambda)"
    aliases: ClassVar[tuple[str, ...]] = ("soft threshold", "sparse", "shrinkage")

    lambd: float = param(0.5, ge=0, label="Amount", doc="How far numbers are moved towards zero.")


class Hardshrink(Pointwise):
    """Turns numbers close to zero to zero and keeps the others as they are.

    It makes codes sparse without making the large numbers smaller.
    """

    functional: ClassVar[str] = "F.hardshrink"
    stem: ClassVar[str] = "shrink"
    reference: ClassVar[str] = "torch.nn.Hardshrink"
    formula: ClassVar[str] = r"y = x [|x| > \lambda]"
    aliases: ClassVar[tuple[str, ...]] = ("hard threshold", "sparse", "shrinkage")

    lambd: float = param(0.5, ge=0, label="Amount", doc="Numbers no farther from zero than this become zero.")


class Tanhshrink(Pointwise):
    """Gives what Tanh takes away: the number less its tanh.

    Small numbers nearly vanish and large ones come through, one smaller.
    """

    functional: ClassVar[str] = "F.tanhshrink"
    stem: ClassVar[str] = "shrink"
    reference: ClassVar[str] = "torch.nn.Tanhshrink"
    formula: ClassVar[str] = r"y = x - \tanh(x)"
    aliases: ClassVar[tuple[str, ...]] = ("shrinkage",)


class Threshold(Pointwise):
    """Keeps what lies above a threshold and puts a fixed value in place of the rest.

    With both at zero it is ReLU.
    """

    stem: ClassVar[str] = "threshold"
    reference: ClassVar[str] = "torch.nn.Threshold"
    formula: ClassVar[str] = r"y = x [x > t] + v [x \le t]"
    aliases: ClassVar[tuple[str, ...]] = ("cut off", "thresholded relu", "step")

    threshold: float = param(0.0, doc="Numbers up to this are replaced.")
    value: float = param(0.0, doc="What stands in their place.")

    def layer(self, x: Tensor) -> Call:
        return nn.Threshold(self.threshold, self.value)

    def function(self, x: AnyTensor) -> Call:
        return F.threshold(x, self.threshold, self.value)


BLOCKS = (
    Sigmoid,
    Tanh,
    LogSigmoid,
    Softsign,
    Hardsigmoid,
    Hardtanh,
    Hardshrink,
    Softshrink,
    Tanhshrink,
    Threshold,
)
