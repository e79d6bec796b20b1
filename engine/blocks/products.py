"""Products of matrices and of tensors."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import field_validator

from engine.blocks.base import Block
from engine.blocks.broadcasting import BATCH, FullShape, full, lined_up, spec_of
from engine.blocks.einsum import Einstein
from engine.call import Expression, Infix, torch
from engine.problem import Misfit
from engine.record import param, refuse
from engine.tensor import AnyTensor, Decimal, TensorSpec

CATEGORY = "Arithmetic"
Examples = tuple[tuple[TensorSpec, ...], ...]


class MatMul(Block):
    """Multiplies two matrices: rows of the first with columns of the second.

    Axes before the last two are lined up, so each sample (or head) has its own product; one side may be a
    table without a batch axis.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "matmul"
    reference: ClassVar[str] = "torch.matmul"
    formula: ClassVar[str] = r"y_{i,j} = \sum_k a_{i,k} b_{k,j}"
    aliases: ClassVar[tuple[str, ...]] = ("matrix multiplication", "dot", "product", "@", "mm", "bmm", "BatchMatmul")
    examples: ClassVar[Examples] = (
        (TensorSpec((5, 4)), TensorSpec((4, 3))),
        (TensorSpec((2, 5, 4)), TensorSpec((2, 4, 3))),
        (TensorSpec((2, 5, 4)), TensorSpec((1, 4, 3))),
        (TensorSpec((4,)), TensorSpec((4, 3), batched=False)),
        (TensorSpec((2, 5, 4)), TensorSpec((4, 3), batched=False)),
        (TensorSpec((6, 5), batched=False), TensorSpec((5, 4))),
        (TensorSpec((6, 5), batched=False), TensorSpec((5, 4), batched=False)),
    )

    def layer(self, x1: Decimal, x2: Decimal) -> Expression:
        return Infix("@", (x1, x2))

    def shape(self, x1: AnyTensor, x2: AnyTensor) -> TensorSpec:
        left, right = full(x1), full(x2)
        for x, shape in ((x1, left), (x2, right)):
            if not shape or shape == (BATCH,):
                raise Misfit(f"multiplies matrices, but {x.port} is one number{' each sample' * x.batched}", x.port)
        rows: FullShape = left[:-1][-1:]
        columns: FullShape = right[-1:] if len(right) > 1 else ()
        inner = right[-2] if len(right) > 1 else right[-1]
        if BATCH in (inner, *columns) or (rows == (BATCH,) and (x2.batched or len(right) > 2)):
            raise Misfit(
                f"would multiply along the batch axis, since {x1.port} is {x1} and {x2.port} is {x2}: "
                "each sample needs a matrix (rows × columns); Unsqueeze adds an axis",
                (x2 if BATCH in (inner, *columns) else x1).port,
            )
        if left[-1] != inner:
            raise Misfit(
                f"needs as many columns in {x1.port} as rows in {x2.port}, but {x1.port} is {x1} and {x2.port} is {x2}",
                x2.port,
            )
        before = lined_up([left[:-2], right[:-2]])
        if before is None:
            raise Misfit(f"lines up the axes before the last two, but {x1.port} is {x1} and {x2.port} is {x2}", x2.port)
        return spec_of((*before, *rows, *columns), "float32")

    def multiply_adds(self, output: TensorSpec, x1: AnyTensor, x2: AnyTensor) -> int:
        if len(full(x1)) < 2 or len(full(x2)) < 2:
            return 0
        return output.numel * (x1.shape[-1] or 1)


class BatchMatMul(MatMul):
    """Multiplies one matrix with another for each sample, and takes nothing but matrices.

    MatMul does the same and more; this one tells when an axis is missing or is too many.
    """

    stem: ClassVar[str] = "bmm"
    reference: ClassVar[str] = "torch.bmm"
    aliases: ClassVar[tuple[str, ...]] = ("bmm", "batch dot", "batch_dot", "batched matrix multiplication")
    examples: ClassVar[Examples] = ((TensorSpec((5, 4)), TensorSpec((4, 3))),)

    def layer(self, x1: Decimal, x2: Decimal) -> Expression:
        return torch.bmm(x1, x2)

    def shape(self, x1: AnyTensor, x2: AnyTensor) -> TensorSpec:
        for x in (x1, x2):
            if len(x.shape) != 2 or not x.batched:
                samples = "" if x.batched else " for the whole batch"
                raise Misfit(f"expects rows × columns for each sample, but {x.port} is {x}{samples}", x.port)
        return super().shape(x1, x2)


EQUATION = re.compile(r"[A-Za-z.,> \-]{0,200}")


class Einsum(Block):
    """Multiplies tensors along named axes and sums over the letters that are missing on the right.

    “bik,bkj->bij” is a matrix product for each sample: the first letter stands for the batch.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "einsum"
    reference: ClassVar[str] = "torch.einsum"
    formula: ClassVar[str] = r"y_{b,i,j} = \sum_k a_{b,i,k} b_{b,k,j}"
    aliases: ClassVar[tuple[str, ...]] = ("einstein", "summation", "tensordot", "contraction", "tensor product")
    sums_up: ClassVar[tuple[str, ...]] = ("equation",)
    examples: ClassVar[Examples] = (
        (TensorSpec((5, 4)), TensorSpec((4, 3))),
        (TensorSpec((2, 5, 4)), TensorSpec((2, 3, 4))),
        (TensorSpec((5, 4)), TensorSpec((4, 3), batched=False)),
        (TensorSpec((5, 5)),),
        (TensorSpec((4,)), TensorSpec((4, 6)), TensorSpec((6,))),
    )

    equation: str = param(
        "bik,bkj->bij",
        doc="A letter an axis, commas between the inputs, and after the arrow what is left. "
        "The first letter of an input with a batch axis stands for the batch; ... stands for any axes.",
    )
    inputs: int = param(2, ge=1, le=8, doc="Number of inputs.")

    @field_validator("equation")
    @classmethod
    def _harmless(cls, value: str) -> str:
        if not EQUATION.fullmatch(value):
            raise refuse("equation", "Equation must hold letters, commas, dots and one arrow, such as bik,bkj->bij.")
        return value

    def layer(self, *xs: Decimal) -> Expression:
        return torch.einsum(self.equation, *xs)

    def shape(self, *xs: AnyTensor) -> TensorSpec:
        return spec_of(Einstein.read(self.equation, xs).result(), "float32")

    def multiply_adds(self, output: TensorSpec, *xs: AnyTensor) -> int:
        return Einstein.read(self.equation, xs).multiply_adds()


BLOCKS = (MatMul, BatchMatMul, Einsum)
