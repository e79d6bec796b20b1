"""Layers that slide learned filters over their input."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.blocks.parametrize import WEIGHT_NORM, WeightNorm, parametrized, parametrized_weights
from engine.blocks.rules import divides, in_words, reach_of, window
from engine.blocks.sliding import DILATION, EACH, STRIDE, each
from engine.call import Call, F, nn
from engine.problem import Misfit
from engine.record import Size2d, Size3d, param
from engine.tensor import Grid, Image, Signal, Size, TensorSpec, Volume

CATEGORY = "Convolution"
Examples = tuple[tuple[TensorSpec, ...], ...]
Padding = Literal["same", "valid"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

FILTERS: dict[str, Any] = {"ge": 1, "label": "Filters", "doc": "Number of filters, and so of output channels."}
KERNEL: dict[str, Any] = {"ge": 1, "doc": f"Size of each filter; {EACH}."}
PADDING: dict[str, Any] = {
    "ge": 0,
    "doc": f"What is added at both ends, {EACH}; “same” adds what keeps the size, “valid” nothing.",
}
GROUPS: dict[str, Any] = {
    "ge": 1,
    "doc": "Splits channels and filters into this many parts that do not see each other; equal to the channels: "
    "depthwise.",
}
BIAS: dict[str, Any] = {"doc": "Whether a learned number is added to each channel."}
PADDING_MODE: dict[str, Any] = {"doc": "What the padding is filled with."}


def check_groups(groups: int, channels: int, filters: int) -> None:
    """Refuse a number of groups that does not divide both.

    Raises:
        Misfit
    """
    divides(groups, channels, "input channels", "groups")
    divides(groups, filters, "filters", "groups")


class Convolution(Block):
    """What convolutions share, whatever the number of axes."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "conv"
    formula: ClassVar[str] = r"y_k = b_k + \sum_c w_{k,c} \star x_c"
    sums_up: ClassVar[tuple[str, ...]] = ("out_channels", "kernel_size")

    if TYPE_CHECKING:  # each class declares them for its own number of axes
        out_channels: int
        kernel_size: int | tuple[int, ...]
        stride: int | tuple[int, ...]
        padding: int | tuple[int, ...] | Padding
        dilation: int | tuple[int, ...]
        groups: int
        bias: bool
        padding_mode: PaddingMode
        weight_norm: WeightNorm

    def _quoted(self, layer: Callable[..., Call], x: Grid) -> Call:
        plain = 0 if self._uneven() or self.padding == "valid" else self.padding
        call = layer(
            x.channels,
            self.out_channels,
            self.kernel_size,
            stride=self.stride,
            padding=plain,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
            padding_mode=self.padding_mode,
        )
        return parametrized(call, self.weight_norm)

    def applied(self, x: Grid) -> Call:
        uneven = self._uneven()
        return Call("module", (F.pad(x, uneven),)) if uneven else super().applied(x)

    def _uneven(self) -> tuple[int, ...]:
        """Zeros before and behind each axis, the last axis first, where “same” needs one more behind; else empty.

        Torch would add them as well, but with a warning.
        """
        spans = [reach - 1 for reach in reach_of(each(self.kernel_size), each(self.dilation))]
        if self.padding != "same" or self.padding_mode != "zeros" or all(span % 2 == 0 for span in spans):
            return ()
        return tuple(zeros for span in reversed(spans) for zeros in (span // 2, span - span // 2))

    def _padded(self, sizes: tuple[Size, ...]) -> tuple[int, ...]:
        """What is added at both ends of each axis.

        Raises:
            Misfit: where the input has too little to fill it with.
        """
        reach = reach_of(each(self.kernel_size), each(self.dilation))
        if isinstance(self.padding, str):
            pads = tuple(r // 2 if self.padding == "same" else 0 for r in reach)
        else:
            pads = each(self.padding)
        limit = {"reflect": 1, "circular": 0}.get(self.padding_mode)
        for size, pad in zip(sizes, pads, strict=True):
            if limit is not None and size is not None and pad > size - limit:
                raise Misfit(
                    f"pads {pad} with “{self.padding_mode}”, more than the {in_words(sizes)} that arrive can give",
                    "x",
                    "padding",
                )
        return pads

    def shape(self, x: Grid) -> TensorSpec:
        check_groups(self.groups, x.channels, self.out_channels)
        if self.padding == "same" and any(step != 1 for step in each(self.stride)):
            raise Misfit("keeps the size with padding “same” only at stride 1", param="stride")
        sizes = x.shape[1:]
        pads = self._padded(sizes)
        if self.padding != "same":
            sizes = window(sizes, each(self.kernel_size), each(self.stride), pads, each(self.dilation))
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: Grid) -> Mapping[str, Shape]:
        weights: dict[str, Shape] = {"weight": (self.out_channels, x.channels // self.groups, *each(self.kernel_size))}
        if self.bias:
            weights["bias"] = (self.out_channels,)
        return parametrized_weights(weights, self.weight_norm)

    def multiply_adds(self, output: TensorSpec, x: Grid) -> int:
        return math.prod(output.sizes) * x.channels // self.groups * math.prod(each(self.kernel_size))


class Conv1d(Convolution):
    """Slides learned filters along a signal and sums over its channels.

    It finds the same pattern wherever it stands, in sound, sensor data or text with features for channels.
    """

    reference: ClassVar[str] = "torch.nn.Conv1d"
    aliases: ClassVar[tuple[str, ...]] = (
        "convolution",
        "temporal",
        "filter",
        "cnn",
        "tdnn",
        "depthwise",
        "dilated",
        "atrous",
    )
    examples: ClassVar[Examples] = ((TensorSpec((4, 30)),),)

    out_channels: int = param(32, **FILTERS)
    kernel_size: int = param(3, **KERNEL)
    stride: int = param(1, **STRIDE)
    padding: int | Padding = param("valid", **PADDING)
    dilation: int = param(1, **DILATION)
    groups: int = param(1, **GROUPS)
    bias: bool = param(True, **BIAS)
    padding_mode: PaddingMode = param("zeros", **PADDING_MODE)
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Signal) -> Call:
        return self._quoted(nn.Conv1d, x)


class Conv2d(Convolution):
    """Slides learned filters over an image and sums over its channels.

    It finds the same pattern wherever it stands; stacked, such layers find ever larger and more abstract ones.
    """

    reference: ClassVar[str] = "torch.nn.Conv2d"
    aliases: ClassVar[tuple[str, ...]] = (
        *("convolution", "filter", "cnn", "kernel", "depthwise", "pointwise", "separable convolution", "1x1 conv"),
        *("dilated", "atrous", "patch embedding"),
    )
    examples: ClassVar[Examples] = ((TensorSpec((3, 32, 32)),),)

    out_channels: int = param(32, **FILTERS)
    kernel_size: Size2d = param((3, 3), **KERNEL)
    stride: Size2d = param((1, 1), **STRIDE)
    padding: Size2d | Padding = param("valid", **PADDING)
    dilation: Size2d = param((1, 1), **DILATION)
    groups: int = param(1, **GROUPS)
    bias: bool = param(True, **BIAS)
    padding_mode: PaddingMode = param("zeros", **PADDING_MODE)
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Image) -> Call:
        return self._quoted(nn.Conv2d, x)


class Conv3d(Convolution):
    """Slides learned filters through a volume and sums over its channels.

    It finds patterns in three dimensions, in scans of bodies for example, or in films with time for depth.
    """

    reference: ClassVar[str] = "torch.nn.Conv3d"
    aliases: ClassVar[tuple[str, ...]] = (
        "convolution",
        "volumetric",
        "voxel",
        "video",
        "filter",
        "cnn",
        "dilated",
        "atrous",
    )
    examples: ClassVar[Examples] = ((TensorSpec((4, 6, 7, 8)),),)

    out_channels: int = param(32, **FILTERS)
    kernel_size: Size3d = param((3, 3, 3), **KERNEL)
    stride: Size3d = param((1, 1, 1), **STRIDE)
    padding: Size3d | Padding = param("valid", **PADDING)
    dilation: Size3d = param((1, 1, 1), **DILATION)
    groups: int = param(1, **GROUPS)
    bias: bool = param(True, **BIAS)
    padding_mode: PaddingMode = param("zeros", **PADDING_MODE)
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Volume) -> Call:
        return self._quoted(nn.Conv3d, x)


BLOCKS = (Conv1d, Conv2d, Conv3d)
