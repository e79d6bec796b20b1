"""Operations that cut a tensor into several, or into windows."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.axes import COUNTED, axis, replaced
from engine.blocks.base import Block
from engine.call import Expression, Infix, Method, size, torch
from engine.problem import Misfit
from engine.record import Axes, param
from engine.tensor import AnyTensor, Size, TensorSpec, Value

CATEGORY = "Shape"
Examples = tuple[tuple[TensorSpec, ...], ...]
ORDINARY: Examples = (
    (TensorSpec((3, 6)),),
    (TensorSpec((6,), "int64"),),
    (TensorSpec((3, 6), batched=False),),
)


class Split(Block):
    """Cuts an axis into parts of given sizes, each with an output of its own.

    The features of one layer can thus go different ways, such as mean and spread in a variational autoencoder.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "split"
    reference: ClassVar[str] = "torch.split"
    formula: ClassVar[str] = r"y_{1,i} = x_i, y_{2,i} = x_{s + i}"
    aliases: ClassVar[tuple[str, ...]] = ("divide", "cut", "partition", "unstack", "tensor_split", "slices")
    examples: ClassVar[Examples] = ORDINARY
    sums_up: ClassVar[tuple[str, ...]] = ("sizes",)

    sizes: Axes = param((1, -1), ge=-1, label="Sizes", doc="Size of each part along the axis; -1 for one rest.")
    dim: int = param(-1, label="Axis", doc=f"Axis to cut, {COUNTED}")

    def output_ports(self) -> tuple[str, ...]:
        return tuple(f"y{number + 1}" for number in range(len(self.sizes)))

    def layer(self, x: Value) -> Expression:
        place = axis(x, self.dim, "cuts")
        given = sum(length for length in self.sizes if length != -1)
        whole = x.shape[place]
        rest = Infix("-", (size(x, self.dim), given)) if whole is None else whole - given
        return torch.split(x, [rest if length == -1 else length for length in self.sizes], dim=self.dim)

    def shape(self, x: AnyTensor) -> tuple[TensorSpec, ...]:
        place = axis(x, self.dim, "cuts")
        whole = x.shape[place]
        if self.sizes.count(-1) > 1 or 0 in self.sizes or len(self.sizes) < 2:
            raise Misfit("takes at least two sizes of at least 1, and -1 once at most", param="sizes")
        given = sum(length for length in self.sizes if length != -1)
        if whole is None and -1 not in self.sizes:
            raise Misfit("needs -1 among its sizes, since its axis varies from batch to batch", "x", "sizes")
        rest: Size = None if whole is None else whole - given
        if rest is not None and (rest < 1 if -1 in self.sizes else rest != 0):
            need = f"more than {given}" if -1 in self.sizes else f"{given}"
            raise Misfit(f"cuts an axis of {whole} into {len(self.sizes)} parts, which need {need}", "x", "sizes")
        parts = [rest if length == -1 else length for length in self.sizes]
        return tuple(TensorSpec(replaced(x.shape, place, part), x.dtype, x.batched) for part in parts)


class Chunk(Block):
    """Cuts an axis into equal parts, each with an output of its own; the last part may be smaller.

    Queries, keys and values that one layer made together come apart in this way.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "chunk"
    reference: ClassVar[str] = "torch.chunk"
    formula: ClassVar[str] = r"y_{k,i} = x_{k s + i}, s = \lceil n / c \rceil"
    aliases: ClassVar[tuple[str, ...]] = ("split", "equal parts", "halves", "qkv", "divide")
    examples: ClassVar[Examples] = ORDINARY

    chunks: int = param(2, ge=2, le=16, label="Parts", doc="Number of parts, and so of outputs.")
    dim: int = param(-1, label="Axis", doc=f"Axis to cut, {COUNTED}")

    def output_ports(self) -> tuple[str, ...]:
        return tuple(f"y{number + 1}" for number in range(self.chunks))

    def layer(self, x: Value) -> Expression:
        return torch.chunk(x, self.chunks, dim=self.dim)

    def shape(self, x: AnyTensor) -> tuple[TensorSpec, ...]:
        place = axis(x, self.dim, "cuts")
        whole = x.shape[place]
        if whole is None:
            raise Misfit(f"cuts axis {self.dim}, whose length varies from batch to batch", "x", "dim")
        part = -(-whole // self.chunks)
        last = whole - part * (self.chunks - 1)
        if last < 1:
            raise Misfit(f"cuts an axis of {whole} into {self.chunks} parts, which leaves some empty", "x", "chunks")
        parts = [*[part] * (self.chunks - 1), last]
        return tuple(TensorSpec(replaced(x.shape, place, length), x.dtype, x.batched) for length in parts)


class UnfoldAxis(Block):
    """Cuts an axis into windows that may overlap; the numbers of each window lie along a new last axis.

    Signals become frames, and images patches.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "windows"
    reference: ClassVar[str] = "torch.Tensor.unfold"
    formula: ClassVar[str] = r"y_{i,j} = x_{i s + j}"
    aliases: ClassVar[tuple[str, ...]] = (
        "sliding window",
        "frames",
        "patches",
        "unfold",
        "sliding_window_view",
        "im2col",
    )
    examples: ClassVar[Examples] = ORDINARY

    dim: int = param(-1, label="Axis", doc=f"Axis to cut, {COUNTED}")
    size: int = param(2, ge=1, label="Width", doc="Numbers in each window.")
    step: int = param(1, ge=1, doc="Places from one window to the next.")

    def layer(self, x: Value) -> Expression:
        return Method(x, "unfold", (self.dim, self.size, self.step))

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "cuts")
        whole = x.shape[place]
        if whole is not None and whole < self.size:
            raise Misfit(f"cuts windows of {self.size}, but axis {self.dim} of {x} has {whole}", "x", "size")
        count = None if whole is None else (whole - self.size) // self.step + 1
        return TensorSpec((*replaced(x.shape, place, count), self.size), x.dtype, x.batched)


BLOCKS = (Split, Chunk, UnfoldAxis)
