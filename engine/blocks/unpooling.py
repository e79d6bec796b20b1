"""Layers that put maxima back to where a max pooling found them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.pooling import CATEGORY, Examples
from engine.blocks.rules import in_words
from engine.blocks.sliding import EACH, each
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, Size3d, param
from engine.tensor import Grid, Image, Signal, Size, TensorSpec, Tokens, Volume

KERNEL: dict[str, Any] = {"ge": 1, "doc": f"Size of the window that was pooled; {EACH}."}
STRIDE: dict[str, Any] = {"ge": 1, "doc": f"How far that window moved in one step, {EACH}; empty: its own size."}
PADDING: dict[str, Any] = {"ge": 0, "doc": f"Border that was added before pooling; {EACH}."}
OUTPUT_SIZE: dict[str, Any] = {
    "ge": 1,
    "doc": f"Size before pooling, {EACH}; needed where it did not divide evenly, empty otherwise.",
}


def _examples(*shape: int) -> Examples:
    return ((TensorSpec(shape), TensorSpec(shape, "int64")),)


class Unpooling(Block):
    """What unpoolings share, whatever the number of axes."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "unpool"
    formula: ClassVar[str] = r"y_{k_i} = x_i, otherwise 0"
    aliases: ClassVar[tuple[str, ...]] = ("unpooling", "upsampling", "segnet", "inverse pooling", "switches")
    sums_up: ClassVar[tuple[str, ...]] = ("kernel_size",)

    if TYPE_CHECKING:  # each class declares them for its own number of axes
        kernel_size: int | tuple[int, ...]
        stride: int | tuple[int, ...] | None
        padding: int | tuple[int, ...]
        output_size: int | tuple[int, ...] | None

    def _quoted(self, layer: Callable[..., Call]) -> Call:
        return layer(self.kernel_size, stride=self.stride, padding=self.padding)

    def applied(self, x: Grid, indices: Tokens) -> Call:
        more = {} if self.output_size is None else {"output_size": each(self.output_size)}
        return Call("module", (x, indices), more)

    def shape(self, x: Grid, indices: Tokens) -> TensorSpec:
        if indices.shape != x.shape:
            raise Misfit(f"needs one index for each value, but receives {indices} indices for {x}", "indices")
        kernel, padding = each(self.kernel_size), each(self.padding)
        stride = kernel if self.stride is None else each(self.stride)
        sizes: list[Size] = []
        for axis, size in enumerate(x.shape[1:]):
            grown = None if size is None else (size - 1) * stride[axis] - 2 * padding[axis] + kernel[axis]
            if self.output_size is not None:
                wanted = each(self.output_size)[axis]
                if grown is None:
                    raise Misfit("is told the size it shall give, but the size that arrives varies", "x", "output_size")
                if not grown - stride[axis] < wanted < grown + stride[axis]:
                    low, high = max(grown - stride[axis] + 1, 1), grown + stride[axis] - 1
                    raise Misfit(
                        f"can't come from {wanted} along an axis where {size} arrive; {low} to {high} are possible",
                        param="output_size",
                    )
                grown = wanted
            if grown is not None and grown < 1:
                raise Misfit(f"cuts off more than it makes: nothing is left of {in_words(x.shape[1:])}", "x", "padding")
            sizes.append(grown)
        return TensorSpec((x.shape[0], *sizes))


class MaxUnpool1d(Unpooling):
    """Puts each value of a pooled signal back to where MaxPool1d found it, with zeros in between.

    It wants the second output of that pooling; autoencoders use the two as a pair.
    """

    reference: ClassVar[str] = "torch.nn.MaxUnpool1d"
    examples: ClassVar[Examples] = _examples(4, 6)

    kernel_size: int = param(2, **KERNEL)
    stride: int | None = param(None, **STRIDE)
    padding: int = param(0, **PADDING)
    output_size: int | None = param(None, **OUTPUT_SIZE)

    def layer(self, x: Signal, indices: Tokens) -> Call:
        return self._quoted(nn.MaxUnpool1d)


class MaxUnpool2d(Unpooling):
    """Puts each value of a pooled image back to where MaxPool2d found it, with zeros in between.

    It wants the second output of that pooling; networks for segmentation use the two as a pair.
    """

    reference: ClassVar[str] = "torch.nn.MaxUnpool2d"
    examples: ClassVar[Examples] = _examples(4, 6, 5)

    kernel_size: Size2d = param((2, 2), **KERNEL)
    stride: Size2d | None = param(None, **STRIDE)
    padding: Size2d = param((0, 0), **PADDING)
    output_size: Size2d | None = param(None, **OUTPUT_SIZE)

    def layer(self, x: Image, indices: Tokens) -> Call:
        return self._quoted(nn.MaxUnpool2d)


class MaxUnpool3d(Unpooling):
    """Puts each value of a pooled volume back to where MaxPool3d found it, with zeros in between.

    It wants the second output of that pooling; networks for segmentation use the two as a pair.
    """

    reference: ClassVar[str] = "torch.nn.MaxUnpool3d"
    examples: ClassVar[Examples] = _examples(4, 4, 3, 2)

    kernel_size: Size3d = param((2, 2, 2), **KERNEL)
    stride: Size3d | None = param(None, **STRIDE)
    padding: Size3d = param((0, 0, 0), **PADDING)
    output_size: Size3d | None = param(None, **OUTPUT_SIZE)

    def layer(self, x: Volume, indices: Tokens) -> Call:
        return self._quoted(nn.MaxUnpool3d)


BLOCKS = (MaxUnpool1d, MaxUnpool2d, MaxUnpool3d)
