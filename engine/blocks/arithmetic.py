"""Arithmetic between tensors, number by number; axes of size 1 stretch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from engine.blocks.base import Block, Port
from engine.blocks.broadcasting import broadcast, promoted, spec_of
from engine.call import Call, Expression, Infix, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Decimal, Number, TensorSpec, Value

CATEGORY = "Arithmetic"
Examples = tuple[tuple[TensorSpec, ...], ...]
INPUTS: dict[str, Any] = {"ge": 2, "le": 16, "doc": "Number of inputs."}
LARGEST_DECIMAL = 3.4e38  # of float32
TABLE = TensorSpec((5, 4), batched=False)


class Elementwise(Block):
    """What Add and Multiply share."""

    category: ClassVar[str] = CATEGORY
    symbol: ClassVar[str] = "+"
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5, 4)), TensorSpec((6, 5, 4))),
        (TensorSpec((6, 5, 4)), TensorSpec((6, 1, 1))),
        (TensorSpec((6, 5, 4)), TABLE),
        (TensorSpec((4,), "int64"), TensorSpec((4,))),
        (TensorSpec((4,)), TensorSpec((4,), "bool")),
    )

    inputs: int = param(2, **INPUTS)

    def layer(self, *xs: Value) -> Expression:
        return Infix(self.symbol, xs)

    def shape(self, *xs: AnyTensor) -> TensorSpec:
        return spec_of(broadcast(xs), promoted(*(x.dtype for x in xs)))


class Add(Elementwise):
    """Adds its inputs number by number.

    With a wire that skips some layers it makes a residual connection, which keeps deep networks trainable.
    """

    stem: ClassVar[str] = "add"
    reference: ClassVar[str] = "torch.add"
    formula: ClassVar[str] = r"y = x_1 + x_2 + \dots"
    aliases: ClassVar[tuple[str, ...]] = (
        "sum",
        "plus",
        "skip",
        "skip connection",
        "residual connection",
        "shortcut",
        "+",
        "Add2",
    )


class Multiply(Elementwise):
    """Multiplies its inputs number by number.

    An input between 0 and 1 acts as a gate for the other.
    """

    symbol: ClassVar[str] = "*"
    stem: ClassVar[str] = "multiply"
    reference: ClassVar[str] = "torch.mul"
    formula: ClassVar[str] = r"y = x_1 \cdot x_2 \cdot \dots"
    aliases: ClassVar[tuple[str, ...]] = ("product", "times", "gate", "hadamard", "scale", "*", "mul", "Mul2")


class Pairwise(Block):
    """What operations with two sides share: the second is a tensor, or a number that stands in the block."""

    category: ClassVar[str] = CATEGORY
    symbol: ClassVar[str] = "-"
    kind: ClassVar[type[AnyTensor]] = Number
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5, 4)), TensorSpec((6, 5, 4))),
        (TensorSpec((6, 1, 4)), TensorSpec((6, 5, 1))),
        (TABLE, TensorSpec((6, 5, 4))),
        (TensorSpec((4,), "int64"), TensorSpec((4,))),
        (TensorSpec((6, 5, 4)),),
        (TensorSpec((5,), "int64"),),
    )

    number: float | None = param(
        None, doc="The second operand as a number. Empty: the block has a second input for it."
    )

    def input_ports(self) -> tuple[Port, ...]:
        both = (Port("x1", self.kind), Port("x2", self.kind))
        return both if self.number is None else both[:1]

    def layer(self, x1: AnyTensor, x2: AnyTensor | None = None) -> Expression:
        return Infix(self.symbol, (x1, self._number() if x2 is None else x2))

    def shape(self, x1: AnyTensor, x2: AnyTensor | None = None) -> TensorSpec:
        return spec_of(broadcast((x1,) if x2 is None else (x1, x2)), self._dtype(x1, x2))

    def dtype(self, one: str, other: str) -> str:
        """What leaves, given the dtypes of both sides."""
        return promoted(one, other)

    def _dtype(self, x1: AnyTensor, x2: AnyTensor | None) -> str:
        return self.dtype(x1.dtype, literal_dtype(self.number) if x2 is None else x2.dtype)

    def _number(self) -> int | float | None:
        return None if self.number is None else plain(self.number)


def plain(number: float, param: str = "number") -> int | float:
    """A number as a person writes it: 2, not 2.0; torch then keeps whole numbers whole.

    Raises:
        Misfit: when float32 can't hold it.
    """
    if abs(number) > LARGEST_DECIMAL:
        raise Misfit(f"has the number {number:g}, but decimal numbers (float32) end at 3.4e38", param=param)
    return int(number) if is_whole(number) else number


def is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < 2**53


def literal_dtype(number: float | None) -> str:
    return "int64" if number is None or is_whole(number) else "float32"


class Subtract(Pairwise):
    """Takes the second input from the first, number by number.

    Instead of a second wire it can take a number from everything that arrives.
    """

    stem: ClassVar[str] = "subtract"
    reference: ClassVar[str] = "torch.sub"
    formula: ClassVar[str] = "y = x_1 - x_2"
    aliases: ClassVar[tuple[str, ...]] = ("minus", "difference", "sub", "-", "Sub2")


class Divide(Pairwise):
    """Divides the first input by the second, number by number.

    Instead of a second wire it can divide everything that arrives by one number.
    """

    symbol: ClassVar[str] = "/"
    stem: ClassVar[str] = "divide"
    reference: ClassVar[str] = "torch.div"
    formula: ClassVar[str] = r"y = \frac{x_1}{x_2}"
    aliases: ClassVar[tuple[str, ...]] = ("over", "ratio", "quotient", "div", "true_divide", "/", "Div2")

    def dtype(self, one: str, other: str) -> str:
        return "float32"


class FloorDivide(Pairwise):
    """Divides the first input by the second and rounds down to a whole number.

    With Remainder it turns one running index into rows and columns.
    """

    symbol: ClassVar[str] = "//"
    stem: ClassVar[str] = "floor_divide"
    reference: ClassVar[str] = "torch.floor_divide"
    formula: ClassVar[str] = r"y = \lfloor \frac{x_1}{x_2} \rfloor"
    aliases: ClassVar[tuple[str, ...]] = ("integer division", "floordiv", "quotient", "//")

    def layer(self, x1: AnyTensor, x2: AnyTensor | None = None) -> Expression:
        _not_by_zero(self.number)
        if self._dtype(x1, x2) == "int64":
            return super().layer(x1, x2)
        # the sign // has no derivative in torch, so that training would end with an error
        return torch.div(x1, self._number() if x2 is None else x2, rounding_mode="floor")


class Remainder(Pairwise):
    """Gives what is left over when the first input is divided by the second.

    It has the sign of the divisor, as in Python, so that angles and positions wrap around.
    """

    symbol: ClassVar[str] = "%"
    stem: ClassVar[str] = "remainder"
    reference: ClassVar[str] = "torch.remainder"
    formula: ClassVar[str] = r"y = x_1 - x_2 \lfloor \frac{x_1}{x_2} \rfloor"
    aliases: ClassVar[tuple[str, ...]] = ("modulo", "mod", "%", "rest")

    def layer(self, x1: AnyTensor, x2: AnyTensor | None = None) -> Expression:
        _not_by_zero(self.number)
        return super().layer(x1, x2)


def _not_by_zero(number: float | None) -> None:
    if number == 0:
        raise Misfit("divides by 0, which has no answer", param="number")


class Power(Pairwise):
    """Raises the first input to the power of the second, number by number.

    With the number 2 it squares; negative numbers have no power that is not whole.
    """

    symbol: ClassVar[str] = "**"
    stem: ClassVar[str] = "power"
    reference: ClassVar[str] = "torch.pow"
    formula: ClassVar[str] = "y = x_1^{x_2}"
    aliases: ClassVar[tuple[str, ...]] = ("pow", "exponent", "square", "**", "to the power of")

    def layer(self, x1: AnyTensor, x2: AnyTensor | None = None) -> Expression:
        if x1.dtype == "int64" and self.number is not None and self.number < 0 and self.number.is_integer():
            raise Misfit(
                "raises whole numbers to a negative power, which PyTorch refuses; Cast makes them decimal",
                "x1",
                "number",
            )
        return super().layer(x1, x2)


class Extreme(Block):
    """What Maximum and Minimum share."""

    category: ClassVar[str] = CATEGORY
    compute: ClassVar[Callable[..., Call]] = torch.maximum
    examples: ClassVar[Examples] = Elementwise.examples

    def layer(self, x1: Value, x2: Value) -> Expression:
        return type(self).compute(x1, x2)

    def shape(self, x1: AnyTensor, x2: AnyTensor) -> TensorSpec:
        return spec_of(broadcast((x1, x2)), promoted(x1.dtype, x2.dtype))


class Maximum(Extreme):
    """Keeps the larger of two numbers, place by place.

    To bound everything by one number, take Clamp; for the largest along an axis, take Max.
    """

    stem: ClassVar[str] = "maximum"
    reference: ClassVar[str] = "torch.maximum"
    formula: ClassVar[str] = r"y = \max(x_1, x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("larger", "elementwise max", "fmax", "maxout")


class Minimum(Extreme):
    """Keeps the smaller of two numbers, place by place.

    To bound everything by one number, take Clamp; for the smallest along an axis, take Min.
    """

    compute: ClassVar[Callable[..., Call]] = torch.minimum
    stem: ClassVar[str] = "minimum"
    reference: ClassVar[str] = "torch.minimum"
    formula: ClassVar[str] = r"y = \min(x_1, x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("smaller", "elementwise min", "fmin")


class Lerp(Block):
    """Mixes two inputs: weight 0 gives the first, weight 1 the second, and between them a blend.

    The weight is one number, or a third input that may differ from place to place, such as a learned gate.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "lerp"
    reference: ClassVar[str] = "torch.lerp"
    formula: ClassVar[str] = "y = x_1 + w (x_2 - x_1)"
    aliases: ClassVar[tuple[str, ...]] = ("mix", "blend", "linear interpolation", "interpolate", "gate", "weighted")
    examples: ClassVar[Examples] = (
        (TensorSpec((5, 4)), TensorSpec((5, 4))),
        (TensorSpec((5, 4)), TABLE),
        (TensorSpec((5, 4)), TensorSpec((5, 4)), TensorSpec((5, 1))),
    )

    weight: float | None = param(0.5, doc="Share of the second input. Empty: the block has a third input for it.")

    def input_ports(self) -> tuple[Port, ...]:
        ports = tuple(Port(name, Decimal) for name in ("x1", "x2", "weight"))
        return ports if self.weight is None else ports[:2]

    def layer(self, x1: Decimal, x2: Decimal, weight: Decimal | None = None) -> Expression:
        return torch.lerp(
            x1, x2, plain(self.weight, "weight") if weight is None and self.weight is not None else weight
        )

    def shape(self, x1: AnyTensor, x2: AnyTensor, weight: AnyTensor | None = None) -> TensorSpec:
        return spec_of(broadcast((x1, x2) if weight is None else (x1, x2, weight)), "float32")


BLOCKS = (
    *(Add, Subtract, Multiply, Divide, FloorDivide, Remainder, Power),
    *(Maximum, Minimum, Lerp),
)
