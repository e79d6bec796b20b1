"""Layers that spread each place of their input over a window of learned weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.base import Block, Shape
from engine.blocks.convolution import BIAS, CATEGORY, FILTERS, GROUPS, KERNEL, Examples, check_groups
from engine.blocks.parametrize import WEIGHT_NORM, WeightNorm, parametrized, parametrized_weights
from engine.blocks.rules import in_words, reach_of
from engine.blocks.sliding import DILATION, EACH, each
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, Size3d, param
from engine.tensor import Grid, Image, Signal, Size, TensorSpec, Volume

STRIDE: dict[str, Any] = {"ge": 1, "doc": f"Distance between the windows in the output; {EACH}."}
PADDING: dict[str, Any] = {"ge": 0, "doc": f"What is cut from both ends of the output; {EACH}."}
OUTPUT_PADDING: dict[str, Any] = {
    "ge": 0,
    "doc": f"What is added at the far end of the output, {EACH}; less than stride or dilation.",
}


class TransposedConvolution(Block):
    """What transposed convolutions share, whatever the number of axes."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "deconv"
    formula: ClassVar[str] = r"H_{out} = (H - 1) s - 2 p + d (k - 1) + p_{out} + 1"
    aliases: ClassVar[tuple[str, ...]] = (
        *("deconvolution", "upsampling", "upconv", "up-convolution", "transposed", "fractionally strided"),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("out_channels", "kernel_size")

    if TYPE_CHECKING:  # each class declares them for its own number of axes
        out_channels: int
        kernel_size: int | tuple[int, ...]
        stride: int | tuple[int, ...]
        padding: int | tuple[int, ...]
        output_padding: int | tuple[int, ...]
        groups: int
        bias: bool
        dilation: int | tuple[int, ...]
        weight_norm: WeightNorm

    def _quoted(self, layer: Callable[..., Call], x: Grid) -> Call:
        call = layer(
            x.channels,
            self.out_channels,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            groups=self.groups,
            bias=self.bias,
            dilation=self.dilation,
        )
        return parametrized(call, self.weight_norm)

    def shape(self, x: Grid) -> TensorSpec:
        check_groups(self.groups, x.channels, self.out_channels)
        reach = reach_of(each(self.kernel_size), each(self.dilation))
        stride, padding, extra = each(self.stride), each(self.padding), each(self.output_padding)
        sizes: list[Size] = []
        for axis, size in enumerate(x.shape[1:]):
            if extra[axis] >= max(stride[axis], each(self.dilation)[axis]):
                raise Misfit(
                    f"has an output padding of {extra[axis]}, which must be less than its stride or its dilation",
                    param="output_padding",
                )
            ends = reach[axis] + extra[axis] - 2 * padding[axis]
            grown = None if size is None else (size - 1) * stride[axis] + ends
            if grown is not None and grown < 1:
                raise Misfit(f"cuts off more than it makes: nothing is left of {in_words(x.shape[1:])}", "x", "padding")
            sizes.append(grown)
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: Grid) -> Mapping[str, Shape]:
        weights: dict[str, Shape] = {"weight": (x.channels, self.out_channels // self.groups, *each(self.kernel_size))}
        if self.bias:
            weights["bias"] = (self.out_channels,)
        return parametrized_weights(weights, self.weight_norm)

    def multiply_adds(self, output: TensorSpec, x: Grid) -> int:
        return math.prod(x.sizes) * self.out_channels // self.groups * math.prod(each(self.kernel_size))


class ConvTranspose1d(TransposedConvolution):
    """Spreads each step of a signal over a window of learned weights, so that the signal grows.

    It is the gradient of a convolution turned into a layer; vocoders and decoders use it to enlarge.
    """

    reference: ClassVar[str] = "torch.nn.ConvTranspose1d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 9)),),)

    out_channels: int = param(32, **FILTERS)
    kernel_size: int = param(2, **KERNEL)
    stride: int = param(2, **STRIDE)
    padding: int = param(0, **PADDING)
    output_padding: int = param(0, **OUTPUT_PADDING)
    groups: int = param(1, **GROUPS)
    bias: bool = param(True, **BIAS)
    dilation: int = param(1, **DILATION)
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Signal) -> Call:
        return self._quoted(nn.ConvTranspose1d, x)


class ConvTranspose2d(TransposedConvolution):
    """Spreads each pixel over a window of learned weights, so that an image grows.

    It is the gradient of a convolution turned into a layer; decoders and generators use it to enlarge.
    """

    reference: ClassVar[str] = "torch.nn.ConvTranspose2d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 8, 8)),),)

    out_channels: int = param(32, **FILTERS)
    kernel_size: Size2d = param((2, 2), **KERNEL)
    stride: Size2d = param((2, 2), **STRIDE)
    padding: Size2d = param((0, 0), **PADDING)
    output_padding: Size2d = param((0, 0), **OUTPUT_PADDING)
    groups: int = param(1, **GROUPS)
    bias: bool = param(True, **BIAS)
    dilation: Size2d = param((1, 1), **DILATION)
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Image) -> Call:
        return self._quoted(nn.ConvTranspose2d, x)


class ConvTranspose3d(TransposedConvolution):
    """Spreads each voxel over a window of learned weights, so that a volume grows.

    It is the gradient of a convolution turned into a layer; decoders of scans and films use it to enlarge.
    """

    reference: ClassVar[str] = "torch.nn.ConvTranspose3d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 3, 4, 5)),),)

    out_channels: int = param(32, **FILTERS)
    kernel_size: Size3d = param((2, 2, 2), **KERNEL)
    stride: Size3d = param((2, 2, 2), **STRIDE)
    padding: Size3d = param((0, 0, 0), **PADDING)
    output_padding: Size3d = param((0, 0, 0), **OUTPUT_PADDING)
    groups: int = param(1, **GROUPS)
    bias: bool = param(True, **BIAS)
    dilation: Size3d = param((1, 1, 1), **DILATION)
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Volume) -> Call:
        return self._quoted(nn.ConvTranspose3d, x)


BLOCKS = (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)
