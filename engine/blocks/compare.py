"""Questions asked of numbers, place by place; the answers are truth values."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.arithmetic import Pairwise
from engine.blocks.base import Block
from engine.blocks.broadcasting import broadcast, spec_of
from engine.call import Call, Expression, Infix, Prefix
from engine.tensor import AnyTensor, Mask, Number, TensorSpec, Value

CATEGORY = "Compare"
Examples = tuple[tuple[TensorSpec, ...], ...]
TRUTHS = TensorSpec((6, 5), "bool")


class Comparison(Pairwise):
    """What comparisons share: the second side may be a number in the block."""

    category: ClassVar[str] = CATEGORY

    def dtype(self, one: str, other: str) -> str:
        return "bool"


class Equal(Comparison):
    """Asks where both sides are the same.

    Numbers that were computed are rarely the same to the last digit; it is for whole numbers and truth values.
    """

    symbol: ClassVar[str] = "=="
    kind: ClassVar[type[AnyTensor]] = Value
    stem: ClassVar[str] = "equal"
    reference: ClassVar[str] = "torch.eq"
    formula: ClassVar[str] = "y = (x_1 = x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("eq", "same", "==", "is")


class NotEqual(Comparison):
    """Asks where both sides differ.

    Tokens that are not 0, the padding, make a mask of what counts.
    """

    symbol: ClassVar[str] = "!="
    kind: ClassVar[type[AnyTensor]] = Value
    stem: ClassVar[str] = "not_equal"
    reference: ClassVar[str] = "torch.ne"
    formula: ClassVar[str] = r"y = (x_1 \ne x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("ne", "differ", "!=", "padding mask", "mask_zero")


class Less(Comparison):
    """Asks where the first side is below the second.

    The answer is a mask for Where, MaskedFill or attention.
    """

    symbol: ClassVar[str] = "<"
    stem: ClassVar[str] = "less"
    reference: ClassVar[str] = "torch.lt"
    formula: ClassVar[str] = "y = (x_1 < x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("lt", "smaller", "below", "<", "threshold")


class LessEqual(Comparison):
    """Asks where the first side is below the second or the same.

    The answer is a mask for Where, MaskedFill or attention.
    """

    symbol: ClassVar[str] = "<="
    stem: ClassVar[str] = "less_equal"
    reference: ClassVar[str] = "torch.le"
    formula: ClassVar[str] = r"y = (x_1 \le x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("le", "at most", "<=", "not above")


class Greater(Comparison):
    """Asks where the first side is above the second.

    With a number it is a threshold, such as one half for scores between 0 and 1.
    """

    symbol: ClassVar[str] = ">"
    stem: ClassVar[str] = "greater"
    reference: ClassVar[str] = "torch.gt"
    formula: ClassVar[str] = "y = (x_1 > x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("gt", "larger", "above", ">", "threshold", "binarize")


class GreaterEqual(Comparison):
    """Asks where the first side is above the second or the same.

    The answer is a mask for Where, MaskedFill or attention.
    """

    symbol: ClassVar[str] = ">="
    stem: ClassVar[str] = "greater_equal"
    reference: ClassVar[str] = "torch.ge"
    formula: ClassVar[str] = r"y = (x_1 \ge x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("ge", "at least", ">=", "not below")


class Junction(Block):
    """What joins two masks to one."""

    category: ClassVar[str] = CATEGORY
    symbol: ClassVar[str] = "&"
    examples: ClassVar[Examples] = (
        (TRUTHS, TRUTHS),
        (TRUTHS, TensorSpec((5,), "bool", batched=False)),
        (TensorSpec((6, 1), "bool"), TensorSpec((1, 5), "bool")),
    )

    def layer(self, x1: Mask, x2: Mask) -> Expression:
        return Infix(self.symbol, (x1, x2))

    def shape(self, x1: AnyTensor, x2: AnyTensor) -> TensorSpec:
        return spec_of(broadcast((x1, x2)), "bool")


class LogicalAnd(Junction):
    """True where both masks are true.

    It joins conditions: what is no padding and has been seen.
    """

    stem: ClassVar[str] = "both"
    reference: ClassVar[str] = "torch.logical_and"
    formula: ClassVar[str] = r"y = \min(x_1, x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("and", "&", "both", "intersection", "logical_and")


class LogicalOr(Junction):
    """True where at least one of two masks is true.

    It joins conditions: what is padding or lies ahead.
    """

    symbol: ClassVar[str] = "|"
    stem: ClassVar[str] = "either"
    reference: ClassVar[str] = "torch.logical_or"
    formula: ClassVar[str] = r"y = \max(x_1, x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("or", "|", "either", "union", "logical_or")


class LogicalXor(Junction):
    """True where exactly one of two masks is true.

    It finds the places where two masks differ.
    """

    symbol: ClassVar[str] = "^"
    stem: ClassVar[str] = "one_of"
    reference: ClassVar[str] = "torch.logical_xor"
    formula: ClassVar[str] = r"y = (x_1 \ne x_2)"
    aliases: ClassVar[tuple[str, ...]] = ("xor", "^", "exclusive or", "differ", "logical_xor")


class LogicalNot(Block):
    """Turns true into false, and false into true.

    Some layers want a mask of what they may see, others of what they must not.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "invert"
    reference: ClassVar[str] = "torch.logical_not"
    formula: ClassVar[str] = "y = 1 - x"
    aliases: ClassVar[tuple[str, ...]] = ("not", "~", "invert", "negate", "logical_not")
    examples: ClassVar[Examples] = ((TRUTHS,), (TensorSpec((5,), "bool", batched=False),))

    def layer(self, x: Mask) -> Expression:
        return Prefix("~", x)

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(x.shape, "bool", x.batched)


class IsNaN(Block):
    """Asks where a number is none, as missing values and 0 divided by 0 are.

    With Where the gaps are filled.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "isnan"
    reference: ClassVar[str] = "torch.isnan"
    formula: ClassVar[str] = r"y = (x \ne x)"
    aliases: ClassVar[tuple[str, ...]] = ("nan", "missing", "not a number", "isfinite")
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5)),),
        (TensorSpec((4,), "int64"),),
        (TensorSpec((5,), batched=False),),
    )

    def layer(self, x: Number) -> Expression:
        return Call(self.reference, (x,))

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(x.shape, "bool", x.batched)


BLOCKS = (
    *(Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual),
    *(LogicalAnd, LogicalOr, LogicalXor, LogicalNot, IsNaN),
)
