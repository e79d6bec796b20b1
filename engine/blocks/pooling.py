"""Layers that shrink an image by summing up its neighbourhoods."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.base import Block
from engine.blocks.rules import window
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, param
from engine.tensor import Image, TensorSpec

CATEGORY = "Pooling"


def _half(padding: tuple[int, int], kernel: tuple[int, int]) -> None:
    if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        raise Misfit("pads by more than half of its window, so that some windows would see nothing", param="padding")


class MaxPool2d(Block):
    """Keeps the largest value of each window, channel by channel.

    The image shrinks, and small shifts of its content matter less.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pool"
    reference: ClassVar[str] = "torch.nn.MaxPool2d"
    formula: ClassVar[str] = r"y_{i,j} = \max_{(u,v) \in window(i,j)} x_{u,v}"
    aliases: ClassVar[tuple[str, ...]] = ("max pooling", "downsample", "subsample")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((4, 13, 12)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: Size2d = param((2, 2), ge=1, doc="Height and width of the window, in pixels.")
    stride: Size2d | None = param(None, ge=1, doc="Step of the window, in pixels; empty: as large as the window.")
    padding: Size2d = param((0, 0), ge=0, doc="Border added around the image, at most half of the window.")
    dilation: Size2d = param((1, 1), ge=1, doc="Distance between the pixels of a window.")
    ceil_mode: bool = param(False, label="Round up", doc="Keeps a window that is cut off at the border.")

    def layer(self, x: Image) -> Call:
        return nn.MaxPool2d(
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            ceil_mode=self.ceil_mode,
        )

    def shape(self, x: Image) -> TensorSpec:
        _half(self.padding, self.kernel_size)
        stride = self.stride or self.kernel_size
        sizes = window(x.shape[1:], self.kernel_size, stride, self.padding, self.dilation, self.ceil_mode)
        return TensorSpec((x.shape[0], *sizes))


class AvgPool2d(Block):
    """Averages each window, channel by channel.

    The image shrinks smoothly, every pixel having its say.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pool"
    reference: ClassVar[str] = "torch.nn.AvgPool2d"
    formula: ClassVar[str] = r"y_{i,j} = \frac{1}{k_h k_w} \sum_{(u,v) \in window(i,j)} x_{u,v}"
    aliases: ClassVar[tuple[str, ...]] = ("mean pooling", "average", "downsample")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((4, 13, 12)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: Size2d = param((2, 2), ge=1, doc="Height and width of the window, in pixels.")
    stride: Size2d | None = param(None, ge=1, doc="Step of the window, in pixels; empty: as large as the window.")
    padding: Size2d = param((0, 0), ge=0, doc="Zeros added around the image, at most half of the window.")
    ceil_mode: bool = param(False, label="Round up", doc="Keeps a window that is cut off at the border.")
    count_include_pad: bool = param(True, label="Count padding", doc="Whether the padding counts in the average.")
    divisor_override: int | None = param(
        None, ge=1, label="Divisor", doc="Number to divide each sum by; empty: the number of pixels in the window."
    )

    def layer(self, x: Image) -> Call:
        return nn.AvgPool2d(
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad,
            divisor_override=self.divisor_override,
        )

    def shape(self, x: Image) -> TensorSpec:
        _half(self.padding, self.kernel_size)
        stride = self.stride or self.kernel_size
        sizes = window(x.shape[1:], self.kernel_size, stride, self.padding, (1, 1), self.ceil_mode)
        return TensorSpec((x.shape[0], *sizes))


class AdaptiveAvgPool2d(Block):
    """Averages an image down (or up) to the size you name, whatever size arrives.

    With size 1 × 1 each channel becomes one number: “global average pooling”.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pool"
    reference: ClassVar[str] = "torch.nn.AdaptiveAvgPool2d"
    formula: ClassVar[str] = r"y_{i,j} = mean_{(u,v) \in part(i,j)} x_{u,v}"
    aliases: ClassVar[tuple[str, ...]] = ("global average pooling", "gap", "mean pooling")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((4, 13, 12)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("output_size",)

    output_size: Size2d = param((1, 1), ge=1, doc="Height and width of the result, in pixels.")

    def layer(self, x: Image) -> Call:
        return nn.AdaptiveAvgPool2d(self.output_size)

    def shape(self, x: Image) -> TensorSpec:
        return TensorSpec((x.shape[0], *self.output_size))
