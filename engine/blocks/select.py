"""Operations that take out some of the numbers, by place or by rank."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.axes import COUNTED, along, axis, has, rank, replaced
from engine.blocks.base import Block
from engine.call import Expression, Item, torch
from engine.problem import Misfit
from engine.record import Axes, param
from engine.tensor import AnyTensor, Indices, Number, Size, TensorSpec, Value

CATEGORY = "Select"
Examples = tuple[tuple[TensorSpec, ...], ...]
ORDINARY: Examples = (
    (TensorSpec((6, 5)),),
    (TensorSpec((4,), "int64"),),
    (TensorSpec((3, 4), batched=False),),
)


class Slice(Block):
    """Keeps a range of places along an axis.

    Negative numbers count from the end, as in Python: from -1 on is the last place alone.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "slice"
    reference: ClassVar[str] = ""
    formula: ClassVar[str] = r"y_i = x_{a + i s}"
    aliases: ClassVar[tuple[str, ...]] = (
        "crop",
        "range",
        "narrow",
        "Cropping1D",
        "subset",
        "every nth",
        "stride",
        "cut",
    )
    examples: ClassVar[Examples] = ORDINARY
    sums_up: ClassVar[tuple[str, ...]] = ("start", "stop")

    dim: int = param(-1, label="Axis", doc=f"Axis to take places of, {COUNTED}")
    start: int | None = param(
        None, label="From", doc="First place that is kept, counted from 0. Empty: the first of all."
    )
    stop: int | None = param(None, label="Up to", doc="First place that is left out again. Empty: none.")
    step: int = param(1, ge=1, doc="Every how many places one is kept.")

    def layer(self, x: Value) -> Expression:
        return Item(x, along(self.dim, slice(self.start, self.stop, None if self.step == 1 else self.step)))

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "keeps places")
        length = x.shape[place]
        left: Size = None
        if length is not None:
            left = len(range(length)[self.start : self.stop : self.step])
            if left == 0:
                raise Misfit(f"keeps nothing of axis {self.dim}, which has {length} places", "x", "start")
        elif self.stop is None and self.start == -1:
            left = 1
        return TensorSpec(replaced(x.shape, place, left), x.dtype, x.batched)


class Select(Block):
    """Keeps one place along an axis, and the axis goes.

    The last step of a sequence is place -1 of axis 1; a class token is place 0.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "select"
    reference: ClassVar[str] = "torch.select"
    formula: ClassVar[str] = r"y = x_k"
    aliases: ClassVar[tuple[str, ...]] = ("last step", "first token", "cls", "pick", "index", "take", "item")
    examples: ClassVar[Examples] = ORDINARY
    sums_up: ClassVar[tuple[str, ...]] = ("index",)

    dim: int = param(1, label="Axis", doc=f"Axis to take a place of, {COUNTED}")
    index: int = param(-1, label="Place", doc="Place that is kept, counted from 0; -1 is the last.")

    def layer(self, x: Value) -> Expression:
        return Item(x, along(self.dim, self.index))

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "keeps one place")
        length = x.shape[place]
        if length is not None and not -length <= self.index < length:
            raise Misfit(f"keeps place {self.index}, but axis {self.dim} has places 0 to {length - 1}", "x", "index")
        return TensorSpec(replaced(x.shape, place), x.dtype, x.batched)


class IndexSelect(Block):
    """Keeps some places along an axis, in the order they are named; a place may come twice.

    It reorders channels or columns, and leaves some out.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pick"
    reference: ClassVar[str] = "torch.index_select"
    formula: ClassVar[str] = r"y_i = x_{k(i)}"
    aliases: ClassVar[tuple[str, ...]] = ("take", "columns", "reorder", "pick", "fancy indexing", "np.take", "channels")
    examples: ClassVar[Examples] = ORDINARY
    sums_up: ClassVar[tuple[str, ...]] = ("index",)

    dim: int = param(-1, label="Axis", doc=f"Axis to take places of, {COUNTED}")
    index: Axes = param((0,), label="Places", doc="Places that are kept, counted from 0; -1 is the last.")

    def layer(self, x: Value) -> Expression:
        return Item(x, along(self.dim, list(self.index)))

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "keeps places")
        length = x.shape[place]
        if not self.index:
            raise Misfit("keeps no place at all", param="index")
        wrong = [one for one in self.index if length is not None and not -length <= one < length]
        if wrong and length is not None:
            raise Misfit(f"keeps place {wrong[0]}, but axis {self.dim} has places 0 to {length - 1}", "x", "index")
        return TensorSpec(replaced(x.shape, place, len(self.index)), x.dtype, x.batched)


class Gather(Block):
    """Picks numbers along an axis by an index that may differ from place to place.

    What leaves has the shape of the index: y[i, j] is x[i, index[i, j]] on the last of two axes.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "gather"
    reference: ClassVar[str] = "torch.gather"
    formula: ClassVar[str] = "y_{i,j} = x_{i,k}, k = index_{i,j}"
    aliases: ClassVar[tuple[str, ...]] = ("pick by index", "index", "lookup", "advanced indexing")
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5)), TensorSpec((6, 3), "int64")),
        (TensorSpec((4,), "int64"), TensorSpec((9,), "int64")),
        (TensorSpec((6, 5)), TensorSpec((2, 5), "int64")),
    )

    dim: int = param(-1, label="Axis", doc=f"Axis to pick along, {COUNTED}")

    def layer(self, x: Value, index: Indices) -> Expression:
        return torch.gather(x, self.dim, index)

    def shape(self, x: AnyTensor, index: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "picks")
        if rank(x) != rank(index) or x.batched != index.batched:
            raise Misfit(f"needs an index with as many axes as its input, but x is {x} and index is {index}", "index")
        for other, (own, wanted) in enumerate(zip(x.shape, index.shape, strict=True)):
            if other != place and not (own == wanted or (own and wanted and wanted <= own)):
                raise Misfit(f"goes beyond its input: x is {x} and index is {index}", "index")
        return TensorSpec(index.shape, x.dtype, x.batched)


class TakeAlongDim(Block):
    """Picks numbers along an axis by an index, where index and input stretch to each other.

    It goes with Sort, TopK and ArgMax: their positions, taken along the same axis, give back what they found.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "take"
    reference: ClassVar[str] = "torch.take_along_dim"
    formula: ClassVar[str] = "y_{i,j} = x_{i,k}, k = index_{i,j}"
    aliases: ClassVar[tuple[str, ...]] = ("take_along_axis", "pick by index", "index", "gather", "reorder")
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5)), TensorSpec((6, 3), "int64")),
        (TensorSpec((6, 5)), TensorSpec((1, 3), "int64")),
        (TensorSpec((1, 5), "int64"), TensorSpec((6, 1), "int64")),
    )

    dim: int = param(-1, label="Axis", doc=f"Axis to pick along, {COUNTED}")

    def layer(self, x: Value, index: Indices) -> Expression:
        return torch.take_along_dim(x, index, dim=self.dim)

    def shape(self, x: AnyTensor, index: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "picks")
        if rank(x) != rank(index) or x.batched != index.batched:
            raise Misfit(f"needs an index with as many axes as its input, but x is {x} and index is {index}", "index")
        sizes: list[Size] = []
        for other, (own, wanted) in enumerate(zip(x.shape, index.shape, strict=True)):
            if other != place and own != wanted and 1 not in (own, wanted):
                raise Misfit(f"stretches axes of size 1 alone, but x is {x} and index is {index}", "index")
            sizes.append(wanted if other == place or own == 1 else own)
        return TensorSpec(tuple(sizes), x.dtype, x.batched)


class Ordered(Block):
    """What TopK and Sort share: a second output tells where each number stood."""

    category: ClassVar[str] = CATEGORY
    output_names: ClassVar[tuple[str, ...]] = ("y", "indices")
    unpacked: ClassVar[str] = "y, indices"
    examples: ClassVar[Examples] = ORDINARY

    def both(self, x: AnyTensor, shape: tuple[Size, ...]) -> tuple[TensorSpec, TensorSpec]:
        return TensorSpec(shape, x.dtype, x.batched), TensorSpec(shape, "int64", x.batched)


class TopK(Ordered):
    """Keeps the k largest numbers along an axis, and tells where they stood.

    The experts that a router chooses, or the nearest neighbours, are found in this way.
    """

    stem: ClassVar[str] = "topk"
    reference: ClassVar[str] = "torch.topk"
    formula: ClassVar[str] = r"y_i = x_{k(i)}, y_1 \ge y_2 \ge \dots"
    aliases: ClassVar[tuple[str, ...]] = ("k largest", "top_k", "best", "nearest neighbours", "router", "k smallest")
    sums_up: ClassVar[tuple[str, ...]] = ("k",)

    k: int = param(1, ge=1, label="Count", doc="How many are kept.")
    dim: int = param(-1, label="Axis", doc=f"Axis to choose along, {COUNTED}")
    largest: bool = param(True, doc="Whether the largest are kept, or else the smallest.")

    def layer(self, x: Number) -> Expression:
        return torch.topk(x, self.k, dim=self.dim, **({} if self.largest else {"largest": False}))

    def shape(self, x: AnyTensor) -> tuple[TensorSpec, TensorSpec]:
        place = axis(x, self.dim, "chooses")
        length = x.shape[place]
        if length is not None and self.k > length:
            raise Misfit(f"keeps {self.k} numbers, but axis {self.dim} has {length}", "x", "k")
        return self.both(x, replaced(x.shape, place, self.k))


class Sort(Ordered):
    """Puts the numbers along an axis in order, and tells where they stood.

    Gradients find their way back to where each number came from.
    """

    stem: ClassVar[str] = "sort"
    reference: ClassVar[str] = "torch.sort"
    formula: ClassVar[str] = r"y_i = x_{k(i)}, y_1 \le y_2 \le \dots"
    aliases: ClassVar[tuple[str, ...]] = ("order", "argsort", "rank", "ascending", "descending")

    dim: int = param(-1, label="Axis", doc=f"Axis to sort along, {COUNTED}")
    descending: bool = param(False, label="Largest first", doc="Whether the largest comes first.")
    stable: bool = param(False, doc="Whether equal numbers keep their order.")

    def layer(self, x: Value) -> Expression:
        told = {"descending": self.descending, "stable": self.stable}
        return torch.sort(x, dim=self.dim, **{name: True for name, value in told.items() if value})

    def shape(self, x: AnyTensor) -> tuple[TensorSpec, TensorSpec]:
        axis(x, self.dim, "sorts")
        return self.both(x, x.shape)


class Diagonal(Block):
    """Takes the diagonal of two axes, which becomes the last axis.

    Of a table of likenesses between pairs it keeps those of each with its own partner.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "diagonal"
    reference: ClassVar[str] = "torch.diagonal"
    formula: ClassVar[str] = "y_i = x_{i,i}"
    aliases: ClassVar[tuple[str, ...]] = ("diag", "diag_part", "trace", "diagonal part")
    examples: ClassVar[Examples] = (
        (TensorSpec((4, 5)),),
        (TensorSpec((2, 4, 4), "int64"),),
        (TensorSpec((3, 4), batched=False),),
    )

    offset: int = param(0, doc="Which diagonal: 0 the main one, 1 the one above it, -1 the one below.")
    dim1: int = param(-2, label="One axis", doc=f"Axis of the rows, {COUNTED}")
    dim2: int = param(-1, label="Other axis", doc=f"Axis of the columns, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        told = {"offset": self.offset} if self.offset else {}
        return torch.diagonal(x, **told, dim1=self.dim1, dim2=self.dim2)

    def shape(self, x: AnyTensor) -> TensorSpec:
        one, other = axis(x, self.dim1, "goes", "dim1"), axis(x, self.dim2, "goes", "dim2")
        if one == other:
            raise Misfit(f"needs two axes, but has axis {self.dim1} twice: {has(x)}", param="dim2")
        rows, columns = x.shape[one], x.shape[other]
        length: Size = None
        if rows is not None and columns is not None:
            length = min(rows + min(self.offset, 0), columns - max(self.offset, 0))
            if length < 1:
                raise Misfit(f"takes diagonal {self.offset} of {rows} × {columns}, which has none", param="offset")
        left = tuple(size for place, size in enumerate(x.shape) if place not in (one, other))
        return TensorSpec((*left, length), x.dtype, x.batched)


BLOCKS = (Slice, Select, IndexSelect, Gather, TakeAlongDim, TopK, Sort, Diagonal)
