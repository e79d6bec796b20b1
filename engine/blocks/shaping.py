"""Operations that lay out the same numbers in another shape."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.blocks.base import Block
from engine.call import Call, torch
from engine.problem import Misfit
from engine.record import Shape, param
from engine.tensor import AnyTensor, Size, TensorSpec

CATEGORY = "Shape"


class Flatten(Block):
    """Lays several axes out as one, usually all of them as a vector.

    It stands between convolutions, which work on images, and linear layers, which work on features.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "flatten"
    reference: ClassVar[str] = "torch.flatten"
    aliases: ClassVar[tuple[str, ...]] = ("vector", "unroll")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((3, 4, 5)),), (TensorSpec((6,), "int64"),))

    start_dim: int = param(1, ge=1, label="First axis", doc="First axis to merge; 0 would be the batch.")
    end_dim: int = param(-1, label="Last axis", doc="Last axis to merge; -1 is the last there is.")

    def layer(self, x: AnyTensor) -> Call:
        self._axes(x)
        if self.end_dim == -1:
            return torch.flatten(x, self.start_dim)
        return torch.flatten(x, self.start_dim, self.end_dim)

    def _axes(self, x: AnyTensor) -> tuple[int, int]:
        rank = len(x.shape)
        last = self.end_dim if self.end_dim >= 0 else self.end_dim + rank + 1
        if not x.shape:
            raise Misfit("has nothing to flatten: one number arrives for each sample", "x")
        if not 1 <= self.start_dim <= rank:
            raise Misfit(f"starts at axis {self.start_dim}, but {x} has axes 1 to {rank}", "x", "start_dim")
        if not self.start_dim <= last <= rank:
            raise Misfit(f"ends at axis {self.end_dim}, which is not between its first axis and {rank}", "x", "end_dim")
        return self.start_dim - 1, last - 1

    def shape(self, x: AnyTensor) -> TensorSpec:
        first, last = self._axes(x)
        merged = x.shape[first : last + 1]
        size: Size = None if None in merged else math.prod(x.sizes[first : last + 1])
        return TensorSpec((*x.shape[:first], size, *x.shape[last + 1 :]), x.dtype)


class Reshape(Block):
    """Lays the numbers of each sample out in another shape, in the same order.

    One size may be -1: it is worked out from the others.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "reshape"
    reference: ClassVar[str] = "torch.reshape"
    aliases: ClassVar[tuple[str, ...]] = ("view", "unflatten", "layout")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((3, 4, 5)),), (TensorSpec((6,), "int64"),))
    sums_up: ClassVar[tuple[str, ...]] = ("sample_shape",)

    sample_shape: Shape = param(
        (-1,), ge=-1, label="Shape", doc="Shape of one sample, the batch left out, such as 1 × 8 × 8; -1 for one rest."
    )

    def layer(self, x: AnyTensor) -> Call:
        return torch.reshape(x, (-1, *self._sizes(x)))

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(self._sizes(x), x.dtype)

    def _sizes(self, x: AnyTensor) -> tuple[int, ...]:
        if None in x.shape:
            raise Misfit("needs fixed sizes, but an axis of its input varies from batch to batch", "x")
        if self.sample_shape.count(-1) > 1 or 0 in self.sample_shape:
            raise Misfit("takes sizes of at least 1, and -1 once at most", param="sample_shape")
        given = math.prod(size for size in self.sample_shape if size != -1)
        rest, uneven = divmod(x.numel, given)
        if uneven or (rest != 1 and -1 not in self.sample_shape):
            raise Misfit(
                f"lays {x.numel} numbers ({x}) out as {TensorSpec(self.sample_shape)}, which holds "
                + (f"a multiple of {given}" if -1 in self.sample_shape else f"{given}"),
                "x",
                "sample_shape",
            )
        return tuple(rest if size == -1 else size for size in self.sample_shape)
