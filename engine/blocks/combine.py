"""Operations that make one tensor of several."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from engine.blocks.axes import COUNTED, replaced
from engine.blocks.base import Block
from engine.blocks.rules import in_words
from engine.call import Expression, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Size, TensorSpec, Value

CATEGORY = "Combine"
Examples = tuple[tuple[TensorSpec, ...], ...]
INPUTS: dict[str, Any] = {"ge": 2, "le": 16, "doc": "Number of inputs."}
TABLES = (TensorSpec((3, 5), batched=False), TensorSpec((3, 5), batched=False))


def of_one_kind(xs: tuple[AnyTensor, ...]) -> str:
    """The dtype that all of them have.

    Raises:
        Misfit: when they differ, or some have a batch axis and some have none.
    """
    for x in xs[1:]:
        if x.dtype != xs[0].dtype:
            raise Misfit(f"needs one kind of numbers, but receives {xs[0].dtype} and {x.dtype}", x.port)
        if x.batched != xs[0].batched:
            single = xs[0] if x.batched else x
            raise Misfit(
                f"needs a batch axis in each input, but {single.port} ({single}) has none; Expand gives it one",
                single.port,
            )
    return xs[0].dtype


class Concat(Block):
    """Joins its inputs along one axis.

    All other axes must agree; on axis 1 it stacks channels or features.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "concat"
    reference: ClassVar[str] = "torch.cat"
    formula: ClassVar[str] = r"y = [x_1 ; x_2 ; \dots]"
    aliases: ClassVar[tuple[str, ...]] = (
        "cat",
        "concatenate",
        "join",
        "merge",
        "append",
        "skip connection",
        "Concatenate",
    )
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5)), TensorSpec((2, 5))),
        (TensorSpec((4,)), TensorSpec((3,))),
        TABLES,
    )

    inputs: int = param(2, **INPUTS)
    dim: int = param(1, label="Axis", doc=f"Axis to join along, {COUNTED}")

    def layer(self, *xs: Value) -> Expression:
        return torch.cat(list(xs), dim=self.dim)

    def shape(self, *xs: AnyTensor) -> TensorSpec:
        dtype = of_one_kind(xs)
        first, rank, batched = xs[0].shape, len(xs[0].shape), xs[0].batched
        axis = self.dim + (rank if self.dim < 0 else -batched)
        if batched and self.dim in (0, -rank - 1):
            raise Misfit("would join the samples of one input to those of another: axis 0 is the batch", param="dim")
        if not 0 <= axis < rank:
            has = (
                f"{xs[0]} has axes {int(batched)} to {rank - (not batched)}"
                if rank
                else "its inputs are single numbers"
            )
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
        return TensorSpec(replaced(first, axis, total), dtype, batched)


class Stack(Block):
    """Puts its inputs side by side along a new axis.

    They must all look alike; to join them along an axis that they have, take Concat.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "stack"
    reference: ClassVar[str] = "torch.stack"
    formula: ClassVar[str] = r"y_{i,k} = x_{k,i}"
    aliases: ClassVar[tuple[str, ...]] = ("pack", "new axis", "pile", "combine")
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5)), TensorSpec((6, 5))),
        (TensorSpec((), "int64"), TensorSpec((), "int64")),
        TABLES,
    )

    inputs: int = param(2, **INPUTS)
    dim: int = param(1, label="Axis", doc=f"Place of the new axis in what leaves, {COUNTED}")

    def layer(self, *xs: Value) -> Expression:
        return torch.stack(list(xs), dim=self.dim)

    def shape(self, *xs: AnyTensor) -> TensorSpec:
        dtype = of_one_kind(xs)
        first, batched = xs[0], xs[0].batched
        for x in xs[1:]:
            if x.shape != first.shape:
                raise Misfit(
                    f"needs inputs that all look alike, but {first.port} is {first} and {x.port} is {x}", x.port
                )
        place = new_axis(first, self.dim)
        return TensorSpec((*first.shape[:place], len(xs), *first.shape[place:]), dtype, batched)


def new_axis(x: TensorSpec, dim: int) -> int:
    """The place in `x.shape` in front of which a new axis comes to stand; `dim` counts in what leaves.

    Raises:
        Misfit: when it would come to stand before the batch, or beyond the end.
    """
    last = len(x.shape) + x.batched
    place = dim + last + 1 if dim < 0 else dim
    if x.batched and place == 0:
        raise Misfit(f"would put axis {dim} in front of the batch, which has to stay first", param="dim")
    if not 0 <= place <= last:
        raise Misfit(f"makes axis {dim}, but what leaves has axes {int(x.batched)} to {last}", param="dim")
    return place - x.batched


class Meshgrid(Block):
    """Spreads rows of coordinates over a grid: each output holds one coordinate of every point.

    Arange gives the rows; the inputs have one axis each and no batch axis.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "grid"
    reference: ClassVar[str] = "torch.meshgrid"
    formula: ClassVar[str] = "y_{i,j} = x_i, z_{i,j} = x_j"
    aliases: ClassVar[tuple[str, ...]] = ("coordinates", "grid", "mesh", "np.meshgrid", "positions", "CoordConv")
    examples: ClassVar[Examples] = ((TensorSpec((3,), batched=False), TensorSpec((4,), batched=False)),)

    inputs: int = param(2, ge=2, le=4, doc="Number of inputs, and so of outputs and their axes.")
    indexing: Literal["ij", "xy"] = param(
        "ij", doc="Whether the first input runs along the first axis (ij, as in matrices) or the second (xy)."
    )

    def output_ports(self) -> tuple[str, ...]:
        return tuple(f"y{number + 1}" for number in range(self.inputs))

    def layer(self, *xs: Value) -> Expression:
        return torch.meshgrid(*xs, indexing=self.indexing)

    def shape(self, *xs: AnyTensor) -> tuple[TensorSpec, ...]:
        for x in xs:
            if x.batched or len(x.shape) != 1:
                raise Misfit(
                    f"expects one axis and no batch axis, but {x.port} is {x}{' each sample' * x.batched}", x.port
                )
        sizes = [x.shape[0] for x in xs]
        if self.indexing == "xy":
            sizes[:2] = sizes[1], sizes[0]
        return (TensorSpec(tuple(sizes), of_one_kind(xs), batched=False),) * len(xs)


BLOCKS = (Concat, Stack, Meshgrid)
