"""Operations that choose numbers place by place, by a mask or by where they stand."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.blocks.arithmetic import literal_dtype, plain
from engine.blocks.base import Block, Port
from engine.blocks.broadcasting import broadcast, promoted, spec_of
from engine.call import Call, Constant, Expression, F, Method, Prefix, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Indices, Mask, Number, TensorSpec, Value

CATEGORY = "Select"
Examples = tuple[tuple[TensorSpec, ...], ...]
TRUTHS = TensorSpec((6, 5), "bool")


class MaskedFill(Block):
    """Puts one number wherever a mask is true.

    Scores of places that must not be seen become −inf before a softmax, which then gives them no weight.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "masked_fill"
    reference: ClassVar[str] = "torch.masked_fill"
    formula: ClassVar[str] = r"y_i = v where m_i, y_i = x_i elsewhere"
    aliases: ClassVar[tuple[str, ...]] = ("mask", "hide", "padding mask", "fill where", "Masking", "-inf")
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5)), TRUTHS),
        (TensorSpec((2, 6, 5)), TensorSpec((1, 6, 1), "bool")),
        (TensorSpec((6, 5)), TensorSpec((5,), "bool", batched=False)),
        (TensorSpec((1, 5)), TensorSpec((5, 5), "bool", batched=False)),
        (TensorSpec((6, 5), "int64"), TRUTHS),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("value",)

    value: float | Literal["-inf"] = param(
        0.0, label="Number", doc="What stands where the mask is true: a number, or “-inf” for less than any number."
    )

    def layer(self, x: Number, mask: Mask) -> Expression:
        infinite = self.value == "-inf"
        return torch.masked_fill(
            x, mask, Prefix("-", Constant("torch.inf")) if infinite else plain(float(self.value), "value")
        )

    def shape(self, x: AnyTensor, mask: AnyTensor) -> TensorSpec:
        decimal = self.value == "-inf" or literal_dtype(float(self.value)) == "float32"
        if x.dtype == "int64" and decimal:
            raise Misfit(f"puts {self.value} among whole numbers; Cast makes them decimal", "x", "value")
        return spec_of(broadcast((x, mask), "fills place by place"), x.dtype)


class Where(Block):
    """Takes from the first input where a condition is true, and from the second elsewhere.

    All three stretch to one shape, place by place.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "where"
    reference: ClassVar[str] = "torch.where"
    formula: ClassVar[str] = r"y_i = a_i where c_i, y_i = b_i elsewhere"
    aliases: ClassVar[tuple[str, ...]] = ("if", "choose", "switch", "select", "condition", "ternary", "np.where")
    examples: ClassVar[Examples] = (
        (TRUTHS, TensorSpec((6, 5)), TensorSpec((6, 5))),
        (TensorSpec((6, 1), "bool"), TensorSpec((1, 5)), TensorSpec((5,), "int64", batched=False)),
        (TRUTHS, TensorSpec((6, 5))),
    )

    number: float | None = param(
        None, doc="What stands where the condition is false. Empty: the block has a third input for it."
    )

    def input_ports(self) -> tuple[Port, ...]:
        ports = (Port("condition", Mask), Port("x1", Value), Port("x2", Value))
        return ports if self.number is None else ports[:2]

    def layer(self, condition: Mask, x1: Value, x2: Value | None = None) -> Expression:
        return torch.where(condition, x1, self._number() if x2 is None else x2)

    def shape(self, condition: AnyTensor, x1: AnyTensor, x2: AnyTensor | None = None) -> TensorSpec:
        xs = (condition, x1) if x2 is None else (condition, x1, x2)
        other = literal_dtype(self.number) if x2 is None else x2.dtype
        return spec_of(broadcast(xs), promoted(x1.dtype, other))

    def _number(self) -> int | float:
        assert self.number is not None, "the third input is there unless a number stands in for it"
        return plain(self.number)


class Triangle(Block):
    """What Tril and Triu share."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = (
        (TensorSpec((4, 5)),),
        (TensorSpec((2, 4, 4), "int64"),),
        (TensorSpec((4, 4), "bool", batched=False),),
    )

    diagonal: int = param(
        0, doc="The last diagonal that is kept: 0 the main one, 1 the one above it, -1 the one below."
    )

    def layer(self, x: Value) -> Expression:
        return Call(self.reference, (x, self.diagonal) if self.diagonal else (x,))

    def shape(self, x: AnyTensor) -> TensorSpec:
        if len(x.shape) < 2:
            raise Misfit(f"expects rows × columns, but receives {x}", "x")
        return TensorSpec(x.shape, x.dtype, x.batched)


class Tril(Triangle):
    """Keeps what lies on the diagonal and below it; what lies above becomes 0.

    Rows and columns are the last two axes.
    """

    stem: ClassVar[str] = "tril"
    reference: ClassVar[str] = "torch.tril"
    formula: ClassVar[str] = r"y_{i,j} = x_{i,j} (j \le i + d)"
    aliases: ClassVar[tuple[str, ...]] = ("lower triangle", "triangular", "causal", "band_part")


class Triu(Triangle):
    """Keeps what lies on the diagonal and above it; what lies below becomes 0.

    Rows and columns are the last two axes.
    """

    stem: ClassVar[str] = "triu"
    reference: ClassVar[str] = "torch.triu"
    formula: ClassVar[str] = r"y_{i,j} = x_{i,j} (j \ge i + d)"
    aliases: ClassVar[tuple[str, ...]] = ("upper triangle", "triangular", "band_part")

    diagonal: int = param(
        0, doc="The first diagonal that is kept: 0 the main one, 1 the one above it, -1 the one below."
    )


class OneHot(Block):
    """Writes a whole number as a row that is 1 at its place and 0 elsewhere.

    Classes become numbers that arithmetic and linear layers take; for many classes, take Embedding.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "one_hot"
    reference: ClassVar[str] = "torch.nn.functional.one_hot"
    formula: ClassVar[str] = r"y_k = 1 (k = x), y_k = 0 (k \ne x)"
    aliases: ClassVar[tuple[str, ...]] = ("to_categorical", "CategoryEncoding", "indicator", "dummy", "onehot")
    examples: ClassVar[Examples] = (
        (TensorSpec((), "int64"),),
        (TensorSpec((4,), "int64"),),
        (TensorSpec((4,), "int64", batched=False),),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("num_classes",)

    num_classes: int = param(10, ge=1, label="Classes", doc="Length of the row; every number must be below it.")
    dtype: Literal["float32", "int64"] = param(
        "float32", label="Numbers", doc="Decimal numbers (float32), which layers take, or whole ones (int64)."
    )

    def layer(self, x: Indices) -> Expression:
        row = F.one_hot(x, self.num_classes)
        return Method(row, "float") if self.dtype == "float32" else row

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec((*x.shape, self.num_classes), self.dtype, x.batched)


BLOCKS = (Where, MaskedFill, Tril, Triu, OneHot)
