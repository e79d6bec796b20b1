"""Activations without an upper limit: ReLU and its many relatives."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.blocks.rules import same
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Tensor, TensorSpec, fixed

CATEGORY = "Activation"
Examples = tuple[tuple[TensorSpec, ...], ...]


class Activation(Block):
    """What activations share: they keep no weights, and the output looks like the input."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((20,)),))

    def shape(self, x: Any) -> TensorSpec:
        return same(x)


class Pointwise(Activation):
    """An activation that treats number by number; `functional` is its form as a function, where people write one.

    Its layer in torch has its name and its parameters.
    """

    functional: ClassVar[str] = ""

    def _settings(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arguments as a person writes them: a lone number by its place, several by name, defaults not at all."""
        changed = self.changed()
        alone = len(self.params()) == 1 and not any(isinstance(value, str) for value in changed.values())
        return (tuple(changed.values()), {}) if alone else ((), changed)

    def layer(self, x: Tensor) -> Call:
        args, kwargs = self._settings()
        return Call(f"nn.{type(self).__name__}", args, kwargs)

    def function(self, x: AnyTensor) -> Call | None:
        args, kwargs = self._settings()
        return Call(self.functional, (x, *args), kwargs) if self.functional else None


class ReLU(Pointwise):
    """Keeps what is positive and turns the rest to zero.

    It is cheap and lets gradients pass unchanged where it is on; the usual choice between layers.
    """

    functional: ClassVar[str] = "F.relu"
    stem: ClassVar[str] = "relu"
    reference: ClassVar[str] = "torch.nn.ReLU"
    formula: ClassVar[str] = r"y = \max(0, x)"
    aliases: ClassVar[tuple[str, ...]] = ("rectifier", "rectified linear", "activation", "nonlinearity")


class ReLU6(Pointwise):
    """Keeps what lies between 0 and 6 and cuts off the rest.

    The limit keeps numbers small enough for arithmetic of low precision, as in networks made for phones.
    """

    functional: ClassVar[str] = "F.relu6"
    stem: ClassVar[str] = "relu"
    reference: ClassVar[str] = "torch.nn.ReLU6"
    formula: ClassVar[str] = r"y = \min(\max(0, x), 6)"
    aliases: ClassVar[tuple[str, ...]] = ("capped relu", "clipped relu", "mobilenet")


class LeakyReLU(Pointwise):
    """Keeps what is positive and multiplies the rest by a small slope.

    Units that would be off in a ReLU still receive a gradient.
    """

    functional: ClassVar[str] = "F.leaky_relu"
    stem: ClassVar[str] = "relu"
    reference: ClassVar[str] = "torch.nn.LeakyReLU"
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x)"
    aliases: ClassVar[tuple[str, ...]] = ("lrelu", "leaky rectifier")

    negative_slope: float = param(0.01, ge=0, label="Slope", doc="The slope for negative inputs.")


class PReLU(Activation):
    """Keeps what is positive and multiplies the rest by a slope that is learned.

    The network itself finds out how much of the negative side to let through.
    """

    stem: ClassVar[str] = "prelu"
    reference: ClassVar[str] = "torch.nn.PReLU"
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x)"
    aliases: ClassVar[tuple[str, ...]] = ("parametric relu", "learned slope", "parametric rectifier")

    per_channel: bool = param(
        False, label="A slope a channel", doc="Whether each channel learns a slope of its own, rather than all one."
    )
    init: float = param(0.25, label="Beginning", doc="The slope that training begins with.")

    def _slopes(self, x: Tensor) -> int:
        if self.per_channel and not x.shape:
            raise Misfit("learns a slope for each channel, but a single number has no channels", "x", "per_channel")
        return fixed(x, 0, "channels") if self.per_channel else 1

    def layer(self, x: Tensor) -> Call:
        return nn.PReLU(num_parameters=self._slopes(x), init=self.init)

    def shape(self, x: Tensor) -> TensorSpec:
        self._slopes(x)
        return same(x)

    def weights(self, x: Tensor) -> dict[str, Shape]:
        return {"weight": (self._slopes(x),)}


class RReLU(Pointwise):
    """Keeps what is positive and multiplies the rest by a slope drawn at random while training.

    In use it takes the middle of the range; the noise works against overfitting.
    """

    stem: ClassVar[str] = "rrelu"
    reference: ClassVar[str] = "torch.nn.RReLU"
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x), a \sim Uniform(l, u)"
    aliases: ClassVar[tuple[str, ...]] = ("randomized leaky relu", "random slope")

    lower: float = param(1 / 8, ge=0, label="Smallest slope", doc="Lower end of the range that slopes are drawn from.")
    upper: float = param(1 / 3, ge=0, label="Largest slope", doc="Upper end of the range that slopes are drawn from.")

    def shape(self, x: Tensor) -> TensorSpec:
        if self.lower > self.upper:
            raise Misfit(
                f"draws slopes from {self.lower:g} to {self.upper:g}, which is no range: the smallest is larger",
                param="lower",
            )
        return same(x)


class ELU(Pointwise):
    """Keeps what is positive and bends the rest smoothly towards a negative limit.

    Its outputs lie closer to mean zero than those of ReLU, which can speed up training.
    """

    functional: ClassVar[str] = "F.elu"
    stem: ClassVar[str] = "elu"
    reference: ClassVar[str] = "torch.nn.ELU"
    formula: ClassVar[str] = r"y = \max(0, x) + \min(0, \alpha (e^x - 1))"
    aliases: ClassVar[tuple[str, ...]] = ("exponential linear unit",)

    alpha: float = param(1.0, gt=0, doc="Distance of the negative limit from zero.")


class CELU(Pointwise):
    """Keeps what is positive and bends the rest towards a negative limit, without a kink at zero, whatever the limit.

    It is ELU with the exponent scaled as well.
    """

    functional: ClassVar[str] = "F.celu"
    stem: ClassVar[str] = "celu"
    reference: ClassVar[str] = "torch.nn.CELU"
    formula: ClassVar[str] = r"y = \max(0, x) + \min(0, \alpha (\exp(x / \alpha) - 1))"
    aliases: ClassVar[tuple[str, ...]] = ("continuously differentiable elu",)

    alpha: float = param(1.0, gt=0, doc="Distance of the negative limit from zero.")


class SELU(Pointwise):
    """An ELU whose two constants keep numbers at mean 0 and variance 1 from layer to layer.

    Deep plain networks can then do without normalisation; AlphaDropout is the dropout that goes with it.
    """

    functional: ClassVar[str] = "F.selu"
    stem: ClassVar[str] = "selu"
    reference: ClassVar[str] = "torch.nn.SELU"
    formula: ClassVar[str] = r"y = \lambda (\max(0, x) + \min(0, \alpha (e^x - 1)))"
    aliases: ClassVar[tuple[str, ...]] = ("scaled exponential linear unit", "self-normalising")


class GELU(Pointwise):
    """Weighs each number by how likely a standard normal number lies below it.

    A smooth relative of ReLU, usual in transformers.
    """

    functional: ClassVar[str] = "F.gelu"
    stem: ClassVar[str] = "gelu"
    reference: ClassVar[str] = "torch.nn.GELU"
    formula: ClassVar[str] = r"y = x \Phi(x)"
    aliases: ClassVar[tuple[str, ...]] = ("gaussian error linear unit",)

    approximate: Literal["none", "tanh"] = param(
        "none", label="Approximation", doc="“tanh” computes a close, faster approximation."
    )


class SiLU(Pointwise):
    """Multiplies each number by its own sigmoid.

    Smooth, and a little below zero for small negative numbers; usual in EfficientNet and in large language models.
    """

    functional: ClassVar[str] = "F.silu"
    stem: ClassVar[str] = "silu"
    reference: ClassVar[str] = "torch.nn.SiLU"
    formula: ClassVar[str] = r"y = \frac{x}{1 + e^{-x}}"
    aliases: ClassVar[tuple[str, ...]] = ("swish", "sigmoid linear unit")


class Mish(Pointwise):
    """Multiplies each number by the tanh of its softplus.

    It looks much like SiLU; some object detectors use it.
    """

    functional: ClassVar[str] = "F.mish"
    stem: ClassVar[str] = "mish"
    reference: ClassVar[str] = "torch.nn.Mish"
    formula: ClassVar[str] = r"y = x \tanh(\log(1 + e^x))"
    aliases: ClassVar[tuple[str, ...]] = ("yolo",)


class Hardswish(Pointwise):
    """Approximates SiLU with straight pieces and one parabola.

    It is cheaper than SiLU on small devices; MobileNetV3 uses it.
    """

    functional: ClassVar[str] = "F.hardswish"
    stem: ClassVar[str] = "swish"
    reference: ClassVar[str] = "torch.nn.Hardswish"
    formula: ClassVar[str] = r"y = \frac{x}{6} \min(\max(0, x + 3), 6)"
    aliases: ClassVar[tuple[str, ...]] = ("hard swish", "hard silu", "mobilenet")


class Softplus(Pointwise):
    """A ReLU with a rounded corner, whose result is always positive.

    It goes where a number must be above zero, such as a variance or a rate.
    """

    functional: ClassVar[str] = "F.softplus"
    stem: ClassVar[str] = "softplus"
    reference: ClassVar[str] = "torch.nn.Softplus"
    formula: ClassVar[str] = r"y = \frac{1}{\beta} \log(1 + e^{\beta x})"
    aliases: ClassVar[tuple[str, ...]] = ("smooth relu", "positive", "log exp")

    beta: float = param(1.0, gt=0, doc="How sharp the corner is; the larger, the closer to ReLU.")
    threshold: float = param(
        20.0, label="Straight from", doc="Where Beta times the input is larger than this, the input itself is given."
    )


BLOCKS = (ReLU, LeakyReLU, PReLU, GELU, SiLU, ELU, SELU, CELU, RReLU, ReLU6, Hardswish, Mish, Softplus)
