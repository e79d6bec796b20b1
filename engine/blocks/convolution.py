"""Layers that slide learned filters over their input."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.blocks.rules import divides, in_words, reach_of, window
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, param
from engine.tensor import Image, Signal, Size, TensorSpec

CATEGORY = "Convolution"
Padding = Literal["same", "valid"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

FILTERS: dict[str, Any] = {"ge": 1, "label": "Filters", "doc": "Number of filters, and so of output channels."}
GROUPS = (
    "Splits channels and filters into this many parts that do not see each other; equal to the channels: depthwise."
)


def _padding_sizes(padding: Sequence[int] | str, reach: Sequence[int]) -> tuple[int, ...]:
    """Zeros at each side of each axis; for "same", half of what the window reaches beyond one."""
    if isinstance(padding, str):
        return tuple((r - 1) // 2 if padding == "same" else 0 for r in reach)
    return tuple(padding)


def _slide(
    sizes: Sequence[Size],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int] | str,
    dilation: Sequence[int],
    padding_mode: str,
) -> tuple[Size, ...]:
    """Sizes after a convolution, refusing what torch refuses.

    Raises:
        Misfit
    """
    reach = reach_of(kernel, dilation)
    if padding == "same" and any(s != 1 for s in stride):
        raise Misfit("keeps the size with padding “same” only at stride 1", param="stride")
    pads = _padding_sizes(padding, reach)
    if padding_mode in ("reflect", "circular"):
        for size, pad in zip(sizes, pads, strict=True):
            if size is not None and (pad >= size if padding_mode == "reflect" else pad > size):
                raise Misfit(
                    f"pads {pad} with “{padding_mode}”, more than the {in_words(sizes)} that arrive can give",
                    "x",
                    "padding",
                )
    if padding == "same":
        return tuple(sizes)
    return window(sizes, kernel, stride, pads, dilation)


def _groups(groups: int, channels: int, filters: int) -> None:
    divides(groups, channels, "input channels", "groups")
    divides(groups, filters, "filters", "groups")


class Conv1d(Block):
    """Slides learned filters along a signal and sums over its channels.

    Each output channel is a 1-D cross-correlation of the input with one filter, plus a bias.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "conv"
    reference: ClassVar[str] = "torch.nn.Conv1d"
    formula: ClassVar[str] = r"y_k = b_k + \sum_c w_{k,c} \star x_c"
    aliases: ClassVar[tuple[str, ...]] = ("convolution", "temporal", "filter", "cnn")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((4, 30)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("out_channels", "kernel_size")

    out_channels: int = param(32, **FILTERS)
    kernel_size: int = param(3, ge=1, doc="Length of each filter, in steps.")
    stride: int = param(1, ge=1, doc="Step of the window, in steps of the signal.")
    padding: int | Padding = param("valid", ge=0, doc="Zeros added at each end; “same” keeps the length.")
    dilation: int = param(1, ge=1, doc="Distance between the taps of a filter.")
    groups: int = param(1, ge=1, doc=GROUPS)
    bias: bool = param(True, doc="Whether a learned number is added to each channel.")
    padding_mode: PaddingMode = param("zeros", doc="What the padding is filled with.")

    def layer(self, x: Signal) -> Call:
        return nn.Conv1d(
            x.channels,
            self.out_channels,
            self.kernel_size,
            stride=self.stride,
            padding=0 if self.padding == "valid" else self.padding,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
            padding_mode=self.padding_mode,
        )

    def shape(self, x: Signal) -> TensorSpec:
        _groups(self.groups, x.channels, self.out_channels)
        padding = self.padding if isinstance(self.padding, str) else (self.padding,)
        sizes = _slide(x.shape[1:], (self.kernel_size,), (self.stride,), padding, (self.dilation,), self.padding_mode)
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: Signal) -> Mapping[str, Shape]:
        weight = (self.out_channels, x.channels // self.groups, self.kernel_size)
        return {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})

    def multiply_adds(self, output: TensorSpec, x: Signal) -> int:
        return math.prod(output.sizes) * x.channels // self.groups * self.kernel_size


class Conv2d(Block):
    """Slides learned filters over an image and sums over its channels.

    Each output channel is a 2-D cross-correlation of the input with one filter, plus a bias.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "conv"
    reference: ClassVar[str] = "torch.nn.Conv2d"
    formula: ClassVar[str] = r"y_k = b_k + \sum_c w_{k,c} \star x_c"
    aliases: ClassVar[tuple[str, ...]] = ("convolution", "filter", "cnn", "depthwise")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((3, 32, 32)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("out_channels", "kernel_size")

    out_channels: int = param(32, **FILTERS)
    kernel_size: Size2d = param((3, 3), ge=1, doc="Height and width of each filter, in pixels.")
    stride: Size2d = param((1, 1), ge=1, doc="Step of the window, in pixels.")
    padding: Size2d | Padding = param("valid", ge=0, doc="Zeros added around the image; “same” keeps its size.")
    dilation: Size2d = param((1, 1), ge=1, doc="Distance between the taps of a filter, in pixels.")
    groups: int = param(1, ge=1, doc=GROUPS)
    bias: bool = param(True, doc="Whether a learned number is added to each channel.")
    padding_mode: PaddingMode = param("zeros", doc="What the padding is filled with.")

    def layer(self, x: Image) -> Call:
        return nn.Conv2d(
            x.channels,
            self.out_channels,
            self.kernel_size,
            stride=self.stride,
            padding=0 if self.padding == "valid" else self.padding,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
            padding_mode=self.padding_mode,
        )

    def shape(self, x: Image) -> TensorSpec:
        _groups(self.groups, x.channels, self.out_channels)
        sizes = _slide(x.shape[1:], self.kernel_size, self.stride, self.padding, self.dilation, self.padding_mode)
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: Image) -> Mapping[str, Shape]:
        weight = (self.out_channels, x.channels // self.groups, *self.kernel_size)
        return {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})

    def multiply_adds(self, output: TensorSpec, x: Image) -> int:
        return math.prod(output.sizes) * x.channels // self.groups * math.prod(self.kernel_size)


class ConvTranspose2d(Block):
    """Spreads each pixel over a window of learned weights, so that an image grows.

    It is the gradient of a convolution turned into a layer; decoders and generators use it to enlarge.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "deconv"
    reference: ClassVar[str] = "torch.nn.ConvTranspose2d"
    formula: ClassVar[str] = r"H_{out} = (H - 1) s - 2 p + d (k - 1) + p_{out} + 1"
    aliases: ClassVar[tuple[str, ...]] = ("deconvolution", "upsampling", "transposed", "fractionally strided")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((6, 8, 8)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("out_channels", "kernel_size")

    out_channels: int = param(32, **FILTERS)
    kernel_size: Size2d = param((2, 2), ge=1, doc="Height and width of each filter, in pixels.")
    stride: Size2d = param((2, 2), ge=1, doc="Distance between the windows in the output, in pixels.")
    padding: Size2d = param((0, 0), ge=0, doc="Pixels cut from each side of the output.")
    output_padding: Size2d = param((0, 0), ge=0, doc="Pixels added at the bottom and the right of the output.")
    groups: int = param(1, ge=1, doc=GROUPS)
    bias: bool = param(True, doc="Whether a learned number is added to each channel.")
    dilation: Size2d = param((1, 1), ge=1, doc="Distance between the taps of a filter, in pixels.")

    def layer(self, x: Image) -> Call:
        return nn.ConvTranspose2d(
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

    def shape(self, x: Image) -> TensorSpec:
        _groups(self.groups, x.channels, self.out_channels)
        sizes: list[Size] = []
        for axis, size in enumerate(x.shape[1:]):
            stride, dilation = self.stride[axis], self.dilation[axis]
            extra = self.output_padding[axis]
            if extra >= max(stride, dilation):
                raise Misfit(
                    f"has an output padding of {extra}, which must be less than its stride or its dilation",
                    param="output_padding",
                )
            reach = dilation * (self.kernel_size[axis] - 1) + 1
            grown = None if size is None else (size - 1) * stride - 2 * self.padding[axis] + reach + extra
            if grown is not None and grown < 1:
                raise Misfit(f"cuts off more than it makes: nothing is left of {in_words(x.shape[1:])}", "x", "padding")
            sizes.append(grown)
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: Image) -> Mapping[str, Shape]:
        weight = (x.channels, self.out_channels // self.groups, *self.kernel_size)
        return {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})

    def multiply_adds(self, output: TensorSpec, x: Image) -> int:
        return math.prod(x.sizes) * self.out_channels // self.groups * math.prod(self.kernel_size)
