"""Operations that make one tensor of several."""

from __future__ import annotations

from typing import Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.rules import broadcast, in_words
from engine.call import Expression, Infix, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Size, TensorSpec

CATEGORY = "Combine"
Examples = tuple[tuple[TensorSpec, ...], ...]
INPUTS: dict[str, Any] = {"ge": 2, "le": 16, "doc": "Number of inputs."}


def _one_dtype(xs: tuple[AnyTensor, ...]) -> str:
    for x in xs[1:]:
        if x.dtype != xs[0].dtype:
            raise Misfit(f"needs one kind of numbers, but receives {xs[0].dtype} and {x.dtype}", x.port)
    return xs[0].dtype


class Elementwise(Block):
    """What Add and Multiply share."""

    category: ClassVar[str] = CATEGORY
    symbol: ClassVar[str] = "+"
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5, 4)), TensorSpec((6, 5, 4))),
        (TensorSpec((6, 5, 4)), TensorSpec((6, 1, 1))),
    )

    inputs: int = param(2, **INPUTS)

    def layer(self, *xs: AnyTensor) -> Expression:
        return Infix(self.symbol, xs)

    def shape(self, *xs: AnyTensor) -> TensorSpec:
        return TensorSpec(broadcast([x.shape for x in xs]), _one_dtype(xs))


class Add(Elementwise):
    """Adds its inputs number by number.

    With a wire that skips some layers it makes a residual connection, which keeps deep networks trainable.
    """

    stem: ClassVar[str] = "add"
    reference: ClassVar[str] = "torch.add"
    formula: ClassVar[str] = r"y = x_1 + x_2 + \dots"
    aliases: ClassVar[tuple[str, ...]] = ("sum", "plus", "skip", "residual", "shortcut")


class Multiply(Elementwise):
    """Multiplies its inputs number by number.

    An input between 0 and 1 acts as a gate for the other.
    """

    symbol: ClassVar[str] = "*"
    stem: ClassVar[str] = "multiply"
    reference: ClassVar[str] = "torch.mul"
    formula: ClassVar[str] = r"y = x_1 \cdot x_2 \cdot \dots"
    aliases: ClassVar[tuple[str, ...]] = ("product", "times", "gate", "hadamard", "scale")


class Concat(Block):
    """Joins its inputs along one axis.

    All other axes must agree; on axis 1 it stacks channels or features.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "concat"
    reference: ClassVar[str] = "torch.cat"
    aliases: ClassVar[tuple[str, ...]] = ("cat", "join", "merge", "stack", "skip")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5)), TensorSpec((2, 5))), (TensorSpec((4,)), TensorSpec((3,))))

    inputs: int = param(2, **INPUTS)
    dim: int = param(1, label="Axis", doc="Axis to join along, counted as torch does: 0 is the batch, -1 the last.")

    def layer(self, *xs: AnyTensor) -> Expression:
        return torch.cat(list(xs), dim=self.dim)

    def shape(self, *xs: AnyTensor) -> TensorSpec:
        first, rank = xs[0].shape, len(xs[0].shape)
        axis = self.dim - 1 if self.dim > 0 else self.dim + rank
        if self.dim in (0, -rank - 1):
            raise Misfit("would join the samples of one input to those of another: axis 0 is the batch", param="dim")
        if not 0 <= axis < rank:
            has = f"{xs[0]} has axes 1 to {rank}" if rank else "its inputs are single numbers"
            raise Misfit(f"joins along axis {self.dim}, but {has}", param="dim")
        total: Size = first[axis]
        for x in xs[1:]:
            if len(x.shape) != rank or any(
                a != b for i, (a, b) in enumerate(zip(first, x.shape, strict=True)) if i != axis
            ):
                raise Misfit(
                    f"joins along axis {self.dim}, so all other axes must agree, but {xs[0].port} is {in_words(first)} "
                    f"and {x.port} is {in_words(x.shape)}",
                    x.port,
                )
            size = x.shape[axis]
            total = None if total is None or size is None else total + size
        return TensorSpec((*first[:axis], total, *first[axis + 1 :]), _one_dtype(xs))
