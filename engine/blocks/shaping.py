"""Operations that lay out the same numbers in another shape."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.blocks.axes import COUNTED, axes, axis, has, rank, replaced, short
from engine.blocks.base import Block
from engine.blocks.combine import new_axis
from engine.call import Expression, size, torch
from engine.problem import Misfit
from engine.record import Axes, Shape, param
from engine.tensor import AnyTensor, Size, TensorSpec, Value

CATEGORY = "Shape"
Examples = tuple[tuple[TensorSpec, ...], ...]
TABLE: tuple[TensorSpec, ...] = (TensorSpec((3, 4), batched=False),)


class Flatten(Block):
    """Lays several axes out as one, usually all of them as a vector.

    It stands between convolutions, which work on images, and linear layers, which work on features.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "flatten"
    reference: ClassVar[str] = "torch.flatten"
    formula: ClassVar[str] = r"(C, H, W) \to (C H W)"
    aliases: ClassVar[tuple[str, ...]] = ("vector", "unroll", "ravel", "merge axes")
    examples: ClassVar[Examples] = (
        (TensorSpec((3, 4, 5)),),
        (TensorSpec((6,), "int64"),),
        (TensorSpec((1, 2, 3), "float32", False),),
    )

    start_dim: int = param(1, ge=1, label="First axis", doc="First axis to merge; 0 would be the batch.")
    end_dim: int = param(-1, label="Last axis", doc="Last axis to merge; -1 is the last there is.")

    def layer(self, x: Value) -> Expression:
        self._axes(x)
        if self.end_dim == -1:
            return torch.flatten(x, self.start_dim)
        return torch.flatten(x, self.start_dim, self.end_dim)

    def _axes(self, x: AnyTensor) -> tuple[int, int]:
        end = rank(x) - 1
        last = self.end_dim if self.end_dim >= 0 else self.end_dim + rank(x)
        if not x.shape:
            raise Misfit("has nothing to flatten: one number arrives" + " for each sample" * x.batched, "x")
        if not 1 <= self.start_dim <= end:
            raise Misfit(f"starts at axis {self.start_dim}, but {has(x)}", "x", "start_dim")
        if not self.start_dim <= last <= end:
            raise Misfit(f"ends at axis {self.end_dim}, which is not between its first axis and {end}", "x", "end_dim")
        return self.start_dim - x.batched, last - x.batched

    def shape(self, x: AnyTensor) -> TensorSpec:
        first, last = self._axes(x)
        merged = x.shape[first : last + 1]
        length: Size = None if None in merged else math.prod(x.sizes[first : last + 1])
        return TensorSpec((*x.shape[:first], length, *x.shape[last + 1 :]), x.dtype, x.batched)


class Reshape(Block):
    """Lays the numbers of each sample out in another shape, in the same order.

    One size may be -1: it is worked out from the others.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "reshape"
    reference: ClassVar[str] = "torch.reshape"
    formula: ClassVar[str] = r"(C, H, W) \to (n, m), C H W = n m"
    aliases: ClassVar[tuple[str, ...]] = ("view", "layout", "resize", "fold axes")
    examples: ClassVar[Examples] = ((TensorSpec((3, 4, 5)),), (TensorSpec((6,), "int64"),), TABLE)
    sums_up: ClassVar[tuple[str, ...]] = ("sample_shape",)

    sample_shape: Shape = param(
        (-1,), ge=-1, label="Shape", doc="Shape of one sample, the batch left out, such as 1 × 8 × 8; -1 for one rest."
    )

    def layer(self, x: Value) -> Expression:
        sizes = self._sizes(x)
        if None not in sizes:
            return torch.reshape(x, (-1, *sizes) if x.batched else sizes)
        return torch.reshape(x, (size(x, 0), *self.sample_shape) if x.batched else self.sample_shape)

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(self._sizes(x), x.dtype, x.batched)

    def _sizes(self, x: AnyTensor) -> tuple[Size, ...]:
        if self.sample_shape.count(-1) > 1 or 0 in self.sample_shape:
            raise Misfit("takes sizes of at least 1, and -1 once at most", param="sample_shape")
        given = math.prod(length for length in self.sample_shape if length != -1)
        free = None in x.shape
        if free and -1 not in self.sample_shape:
            raise Misfit(
                "needs -1 among its sizes, since an axis of its input varies from batch to batch", "x", "sample_shape"
            )
        rest, uneven = divmod(x.numel, given)
        if uneven or (rest != 1 and -1 not in self.sample_shape):
            raise Misfit(
                f"lays {x.numel} numbers ({x}) out as {TensorSpec(self.sample_shape)}, which holds "
                + (f"a multiple of {given}" if -1 in self.sample_shape else f"{given}"),
                "x",
                "sample_shape",
            )
        return tuple((None if free else rest) if length == -1 else length for length in self.sample_shape)


class Unflatten(Block):
    """Splits one axis into several.

    It undoes Flatten, and cuts features into heads: 512 into 8 × 64.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "unflatten"
    reference: ClassVar[str] = "torch.unflatten"
    formula: ClassVar[str] = r"(C H W) \to (C, H, W)"
    aliases: ClassVar[tuple[str, ...]] = ("split axis", "heads", "view", "reshape")
    examples: ClassVar[Examples] = ((TensorSpec((3, 6)),), (TensorSpec((8,), "int64"),), TABLE)
    sums_up: ClassVar[tuple[str, ...]] = ("unflattened_size",)

    dim: int = param(-1, label="Axis", doc=f"Axis to split, {COUNTED}")
    unflattened_size: Shape = param(
        (2, -1), ge=-1, label="Sizes", doc="Sizes of the axes that come in its place, such as 8 × 64; -1 for one rest."
    )

    def layer(self, x: Value) -> Expression:
        return torch.unflatten(x, self.dim, self.unflattened_size)

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "splits")
        sizes, whole = self.unflattened_size, x.shape[place]
        if sizes.count(-1) > 1 or 0 in sizes or not sizes:
            raise Misfit("takes sizes of at least 1, and -1 once at most", param="unflattened_size")
        given = math.prod(length for length in sizes if length != -1)
        if whole is None:
            raise Misfit(f"splits axis {self.dim}, whose length varies from batch to batch", "x", "dim")
        if whole % given or (whole != given and -1 not in sizes):
            what = f"a multiple of {given}" if -1 in sizes else f"{given}"
            raise Misfit(
                f"splits an axis of {whole} into {TensorSpec(sizes)}, which holds {what}", "x", "unflattened_size"
            )
        rest = tuple(whole // given if length == -1 else length for length in sizes)
        return TensorSpec(replaced(x.shape, place, *rest), x.dtype, x.batched)


class Permute(Block):
    """Puts the axes in another order.

    Sequences of features become channels × length for a convolution, and the other way round.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "permute"
    reference: ClassVar[str] = "torch.permute"
    formula: ClassVar[str] = r"y_{k,i,j} = x_{i,j,k}"
    aliases: ClassVar[tuple[str, ...]] = ("reorder", "swap axes", "moveaxis", "rearrange", "transpose", "Permute")
    examples: ClassVar[Examples] = (
        (TensorSpec((3, 4)),),
        (TensorSpec((3, 4, 5)),),
        (TensorSpec((3, 4), "int64"),),
        (TensorSpec((2, 3, 4), batched=False),),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("dims",)

    dims: Axes = param(
        (0, 2, 1), label="Axes", doc=f"The present axes in their new order, {COUNTED} The batch stays first."
    )

    def layer(self, x: Value) -> Expression:
        return torch.permute(x, self.dims)

    def shape(self, x: AnyTensor) -> TensorSpec:
        order = tuple(dim + rank(x) if dim < 0 else dim for dim in self.dims)
        if sorted(order) != list(range(rank(x))):
            last = rank(x) - 1
            raise Misfit(f"needs each axis from 0 to {last} once, since {x} arrives, but has {self.dims}", param="dims")
        if x.batched and order[:1] != (0,):
            raise Misfit("has to leave the batch in front: its order must begin with 0", param="dims")
        return TensorSpec(tuple(x.shape[place - x.batched] for place in order[x.batched :]), x.dtype, x.batched)


class Transpose(Block):
    """Swaps two axes.

    The last two swapped make the transpose of a matrix, as attention needs of its keys.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "transpose"
    reference: ClassVar[str] = "torch.transpose"
    formula: ClassVar[str] = r"y_{i,j} = x_{j,i}"
    aliases: ClassVar[tuple[str, ...]] = ("swap axes", "swapaxes", "swapdims", "matrix transpose", "mT", "T")
    examples: ClassVar[Examples] = ((TensorSpec((3, 4)),), (TensorSpec((2, 3, 4), "int64"),), TABLE)

    dim0: int = param(-2, label="One axis", doc=f"Axis to swap, {COUNTED}")
    dim1: int = param(-1, label="Other axis", doc=f"Axis to swap it with, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        return torch.transpose(x, self.dim0, self.dim1)

    def shape(self, x: AnyTensor) -> TensorSpec:
        one, other = axis(x, self.dim0, "swaps", "dim0"), axis(x, self.dim1, "swaps", "dim1")
        sizes = list(x.shape)
        sizes[one], sizes[other] = sizes[other], sizes[one]
        return TensorSpec(tuple(sizes), x.dtype, x.batched)


class Squeeze(Block):
    """Takes away axes of size 1.

    The numbers stay as they are.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "squeeze"
    reference: ClassVar[str] = "torch.squeeze"
    formula: ClassVar[str] = r"(n, 1, m) \to (n, m)"
    aliases: ClassVar[tuple[str, ...]] = ("remove axis", "drop axis", "flatten", "reduce rank")
    examples: ClassVar[Examples] = (
        (TensorSpec((3, 1)),),
        (TensorSpec((1, 4, 1), "int64"),),
        (TensorSpec((1, 1), batched=False),),
    )

    dim: Axes = param((-1,), label="Axes", doc=f"Axes to take away, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        return torch.squeeze(x, short(self.dim))

    def shape(self, x: AnyTensor) -> TensorSpec:
        places = axes(x, self.dim, "takes away")
        if not places:
            raise Misfit("has no axis to take away", param="dim")
        for dim, place in zip(self.dim, places, strict=True):
            if x.shape[place] != 1:
                length = "varies" if x.shape[place] is None else f"has size {x.shape[place]}"
                raise Misfit(f"takes away axes of size 1, but axis {dim} of {x} {length}", "x", "dim")
        return TensorSpec(tuple(s for place, s in enumerate(x.shape) if place not in places), x.dtype, x.batched)


class Unsqueeze(Block):
    """Adds an axis of size 1.

    It lines up tensors for arithmetic, and gives an image of one colour its channel.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "unsqueeze"
    reference: ClassVar[str] = "torch.unsqueeze"
    formula: ClassVar[str] = r"(n, m) \to (n, 1, m)"
    aliases: ClassVar[tuple[str, ...]] = ("expand_dims", "new axis", "add axis", "newaxis", "ExpandDims")
    examples: ClassVar[Examples] = ((TensorSpec((3, 4)),), (TensorSpec((), "int64"),), TABLE)

    dim: int = param(1, label="Axis", doc=f"Place of the new axis in what leaves, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        return torch.unsqueeze(x, self.dim)

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = new_axis(x, self.dim)
        return TensorSpec((*x.shape[:place], 1, *x.shape[place:]), x.dtype, x.batched)


BLOCKS = (Flatten, Unflatten, Reshape, Permute, Transpose, Squeeze, Unsqueeze)
