"""Functions of single numbers: each number of a tensor goes through on its own."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.blocks.arithmetic import literal_dtype, plain
from engine.blocks.base import Block
from engine.blocks.broadcasting import promoted
from engine.call import Call, Expression, Infix, Method, Prefix, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Decimal, Number, TensorSpec, Value

CATEGORY = "Arithmetic"
Examples = tuple[tuple[TensorSpec, ...], ...]
DECIMALS: Examples = (
    (TensorSpec((6, 5, 4)),),
    (TensorSpec(()),),
    (TensorSpec((3, 4), batched=False),),
)
WHOLE: Examples = ((TensorSpec((6,), "int64"),),)


class Elementary(Block):
    """What functions of one number share: the output looks like the input."""

    category: ClassVar[str] = CATEGORY

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(x.shape, x.dtype, x.batched)


class OfDecimals(Elementary):
    """What functions of decimal numbers share."""

    examples: ClassVar[Examples] = DECIMALS

    def layer(self, x: Decimal) -> Expression:
        return Call(self.reference, (x,))


class OfNumbers(Elementary):
    """What functions share that take whole numbers as well."""

    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE)

    def layer(self, x: Number) -> Expression:
        return Call(self.reference, (x,))


class Affine(OfNumbers):
    """Multiplies everything by one number and adds another; both are fixed, not learned.

    It brings numbers to another range, such as 0 … 1 to −1 … 1.
    """

    stem: ClassVar[str] = "affine"
    reference: ClassVar[str] = ""
    formula: ClassVar[str] = "y = a x + b"
    aliases: ClassVar[tuple[str, ...]] = (
        *("scale", "shift", "rescale", "rescaling", "normalize", "add constant", "multiply constant", "offset"),
        *("AddScalar", "MulScalar", "AddConstant", "Lambda"),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("scale", "offset")

    scale: float = param(1.0, doc="Everything is multiplied by this number.")
    offset: float = param(0.0, doc="This number is added afterwards.")

    def layer(self, x: Number) -> Expression:
        scaled = Infix("*", (x, plain(self.scale, "scale")))
        if not self.offset:
            return scaled
        return Infix(
            "+" if self.offset > 0 else "-", (x if self.scale == 1 else scaled, abs(plain(self.offset, "offset")))
        )

    def shape(self, x: AnyTensor) -> TensorSpec:
        dtype = promoted(x.dtype, literal_dtype(self.scale), literal_dtype(self.offset))
        return TensorSpec(x.shape, dtype, x.batched)


class Negative(OfNumbers):
    """Turns the sign of every number.

    A distance becomes a likeness, a gain becomes a loss.
    """

    stem: ClassVar[str] = "negative"
    reference: ClassVar[str] = "torch.neg"
    formula: ClassVar[str] = "y = -x"
    aliases: ClassVar[tuple[str, ...]] = ("neg", "minus", "negate", "sign change")

    def layer(self, x: Number) -> Expression:
        return Prefix("-", x)


class Reciprocal(OfDecimals):
    """Gives one divided by each number.

    Numbers near 0 become very large; add a small one before it.
    """

    stem: ClassVar[str] = "reciprocal"
    reference: ClassVar[str] = "torch.reciprocal"
    formula: ClassVar[str] = r"y = \frac{1}{x}"
    aliases: ClassVar[tuple[str, ...]] = ("inverse", "one over", "1/x")


class Abs(OfNumbers):
    """Takes the sign away from every number.

    Its slope is 1 or −1, and 0 at 0.
    """

    stem: ClassVar[str] = "abs"
    reference: ClassVar[str] = "torch.abs"
    formula: ClassVar[str] = "y = |x|"
    aliases: ClassVar[tuple[str, ...]] = ("absolute", "magnitude", "absolute value")


class Square(OfNumbers):
    """Multiplies every number by itself.

    What is far from 0 counts more, as in squared errors and energies.
    """

    stem: ClassVar[str] = "square"
    reference: ClassVar[str] = "torch.square"
    formula: ClassVar[str] = "y = x^2"
    aliases: ClassVar[tuple[str, ...]] = ("pow 2", "squared", "x²")


class Exp(OfDecimals):
    """Raises e to the power of every number, so that all become positive.

    A log-variance becomes a variance; above 88 it overflows.
    """

    stem: ClassVar[str] = "exp"
    reference: ClassVar[str] = "torch.exp"
    formula: ClassVar[str] = "y = e^x"
    aliases: ClassVar[tuple[str, ...]] = ("exponential", "antilogarithm")


class Log(OfDecimals):
    """Takes the natural logarithm of every number, which must be positive.

    Clamp in front of it keeps it away from 0, where it falls without end.
    """

    stem: ClassVar[str] = "log"
    reference: ClassVar[str] = "torch.log"
    formula: ClassVar[str] = r"y = \log x"
    aliases: ClassVar[tuple[str, ...]] = ("ln", "logarithm", "natural log")


class Sqrt(OfDecimals):
    """Takes the square root of every number, which must not be negative.

    Its slope is infinite at 0; add a small number before it.
    """

    stem: ClassVar[str] = "sqrt"
    reference: ClassVar[str] = "torch.sqrt"
    formula: ClassVar[str] = r"y = \sqrt{x}"
    aliases: ClassVar[tuple[str, ...]] = ("square root", "root")


class Rsqrt(OfDecimals):
    """Gives one divided by the square root of every number, which must be positive.

    Normalisations by hand use it: times the reciprocal root of the mean square.
    """

    stem: ClassVar[str] = "rsqrt"
    reference: ClassVar[str] = "torch.rsqrt"
    formula: ClassVar[str] = r"y = \frac{1}{\sqrt{x}}"
    aliases: ClassVar[tuple[str, ...]] = ("reciprocal square root", "inverse root")


class Sin(OfDecimals):
    """Takes the sine of every number, in radians.

    Networks that draw images or sounds from coordinates use it as an activation.
    """

    stem: ClassVar[str] = "sin"
    reference: ClassVar[str] = "torch.sin"
    formula: ClassVar[str] = r"y = \sin x"
    aliases: ClassVar[tuple[str, ...]] = ("sine", "siren", "wave")


class Cos(OfDecimals):
    """Takes the cosine of every number, in radians.

    With Sin it turns an angle or a time of day into two numbers without a jump.
    """

    stem: ClassVar[str] = "cos"
    reference: ClassVar[str] = "torch.cos"
    formula: ClassVar[str] = r"y = \cos x"
    aliases: ClassVar[tuple[str, ...]] = ("cosine", "wave")


class Sign(OfNumbers):
    """Gives 1 for positive numbers, −1 for negative ones, and 0 for 0.

    No gradient passes: nothing in front of it learns through it.
    """

    stem: ClassVar[str] = "sign"
    reference: ClassVar[str] = "torch.sign"
    formula: ClassVar[str] = r"y = \frac{x}{|x|}"
    aliases: ClassVar[tuple[str, ...]] = ("sgn", "binarize", "signum")


class Round(OfDecimals):
    """Rounds every number to the nearest whole one; halves go to the even neighbour.

    The numbers stay decimal ones, and no gradient passes.
    """

    stem: ClassVar[str] = "round"
    reference: ClassVar[str] = "torch.round"
    formula: ClassVar[str] = r"y = \lfloor x + \frac{1}{2} \rfloor"
    aliases: ClassVar[tuple[str, ...]] = ("nearest", "quantize", "rint", "decimals")

    decimals: int = param(0, ge=-30, le=30, doc="Places after the decimal point that are kept.")

    def layer(self, x: Decimal) -> Expression:
        return torch.round(x, decimals=self.decimals) if self.decimals else torch.round(x)


class Floor(OfDecimals):
    """Rounds every number down to a whole one.

    The numbers stay decimal ones, and no gradient passes.
    """

    stem: ClassVar[str] = "floor"
    reference: ClassVar[str] = "torch.floor"
    formula: ClassVar[str] = r"y = \lfloor x \rfloor"
    aliases: ClassVar[tuple[str, ...]] = ("round down", "integer part", "trunc")


class Ceil(OfDecimals):
    """Rounds every number up to a whole one.

    The numbers stay decimal ones, and no gradient passes.
    """

    stem: ClassVar[str] = "ceil"
    reference: ClassVar[str] = "torch.ceil"
    formula: ClassVar[str] = r"y = \lceil x \rceil"
    aliases: ClassVar[tuple[str, ...]] = ("round up", "ceiling")


class Clamp(OfNumbers):
    """Holds every number between a lower and an upper limit.

    What lies outside becomes the limit, and passes no gradient.
    """

    stem: ClassVar[str] = "clamp"
    reference: ClassVar[str] = "torch.clamp"
    formula: ClassVar[str] = r"y = \min(\max(x, a), b)"
    aliases: ClassVar[tuple[str, ...]] = ("clip", "limit", "bound", "minimum scalar", "maximum scalar", "saturate")
    sums_up: ClassVar[tuple[str, ...]] = ("min", "max")

    min: float | None = param(0.0, label="Lower limit", doc="What is below becomes this number. Empty: no limit.")
    max: float | None = param(1.0, label="Upper limit", doc="What is above becomes this number. Empty: no limit.")

    def layer(self, x: Number) -> Expression:
        if self.min is None and self.max is None:
            raise Misfit("has neither a lower nor an upper limit", param="min")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Misfit(f"has a lower limit ({self.min:g}) above its upper one ({self.max:g})", param="min")
        limits = {"min": self.min, "max": self.max}
        return torch.clamp(x, **{name: plain(limit, name) for name, limit in limits.items() if limit is not None})

    def shape(self, x: AnyTensor) -> TensorSpec:
        limits = (literal_dtype(limit) for limit in (self.min, self.max))
        return TensorSpec(x.shape, promoted(x.dtype, *limits), x.batched)


class Cast(Block):
    """Turns numbers into another kind: decimal ones, whole ones or truth values.

    Decimal numbers are cut off at the point, and all but 0 is true. Only decimal numbers learn.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "cast"
    reference: ClassVar[str] = "torch.Tensor.to"
    formula: ClassVar[str] = r"y \approx x"
    aliases: ClassVar[tuple[str, ...]] = ("dtype", "astype", "to", "convert", "float", "long", "int", "bool", "type")
    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE, (TensorSpec((3, 2), "bool"),))
    sums_up: ClassVar[tuple[str, ...]] = ("dtype",)

    dtype: Literal["float32", "int64", "bool"] = param(
        "float32", label="Numbers", doc="Decimal numbers (float32), whole ones (int64) or truth values (bool)."
    )

    def layer(self, x: Value) -> Expression:
        return Method(x, {"float32": "float", "int64": "long", "bool": "bool"}[self.dtype])

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(x.shape, self.dtype, x.batched)


class Detach(OfDecimals):
    """Lets numbers pass and keeps gradients back.

    What lies in front of it does not learn from what follows, as in targets that a network makes for itself.
    """

    stem: ClassVar[str] = "detach"
    reference: ClassVar[str] = "torch.Tensor.detach"
    formula: ClassVar[str] = "y = x"
    aliases: ClassVar[tuple[str, ...]] = ("stop gradient", "no grad", "freeze", "stop_gradient", "block gradient")

    def layer(self, x: Decimal) -> Expression:
        return Method(x, "detach")


BLOCKS = (
    *(Affine, Negative, Reciprocal, Abs, Square, Exp, Log, Sqrt, Rsqrt, Sin, Cos),
    *(Sign, Round, Floor, Ceil, Clamp, Cast, Detach),
)
