"""Layers that shrink their input by summing up its neighbourhoods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.rules import window
from engine.blocks.sliding import DILATION, EACH, KERNEL, each
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, Size3d, param
from engine.tensor import Grid, Image, Signal, Size, TensorSpec, Volume

CATEGORY = "Pooling"
Examples = tuple[tuple[TensorSpec, ...], ...]
SIGNAL: Examples = ((TensorSpec((4, 13)),),)
IMAGE: Examples = ((TensorSpec((4, 13, 12)),),)
VOLUME: Examples = ((TensorSpec((4, 7, 6, 5)),),)

STRIDE: dict[str, Any] = {
    "ge": 1,
    "doc": f"How far the window moves in one step, {EACH}; empty: as far as it is large.",
}
PADDING: dict[str, Any] = {"ge": 0, "doc": f"Border added at both ends, at most half of the window; {EACH}."}
CEIL_MODE: dict[str, Any] = {"label": "Round up", "doc": "Keeps a window that is cut off at the border."}
RETURN_INDICES: dict[str, Any] = {
    "label": "Indices",
    "doc": "Whether a second output tells where each maximum stood, as MaxUnpool wants to know.",
}
COUNT_PADDING: dict[str, Any] = {"label": "Count padding", "doc": "Whether the border counts in the average."}
DIVISOR: dict[str, Any] = {
    "ge": 1,
    "label": "Divisor",
    "doc": "Number to divide each sum by; empty: how many numbers the window holds.",
}


class Pooling(Block):
    """What layers share that put one number in the place of each window."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pool"
    sums_up: ClassVar[tuple[str, ...]] = ("kernel_size",)
    whole: ClassVar[bool] = False  # whether the input must be as large as the window, whatever is added to it

    if TYPE_CHECKING:  # each class declares them for its own number of axes
        kernel_size: int | tuple[int, ...]
        stride: int | tuple[int, ...] | None
        ceil_mode: bool

    def pooled(self, x: Grid, padding: Sequence[int], dilation: Sequence[int]) -> TensorSpec:
        """What is left after the window has gone over all of `x`.

        Raises:
            Misfit
        """
        kernel = each(self.kernel_size)
        if any(2 * pad > size for pad, size in zip(padding, kernel, strict=True)):
            raise Misfit(
                "pads by more than half of its window, so that some windows would see nothing", param="padding"
            )
        stride = kernel if self.stride is None else each(self.stride)
        if self.whole:
            window(x.shape[1:], kernel, stride, (0,) * len(kernel), dilation)
        return TensorSpec((x.shape[0], *window(x.shape[1:], kernel, stride, padding, dilation, self.ceil_mode)))


class Indexed(Block):
    """What layers share that can tell where each maximum stood."""

    unpacked: ClassVar[str] = "y, indices"

    if TYPE_CHECKING:
        return_indices: bool

    def output_ports(self) -> tuple[str, ...]:
        return ("y", "indices") if self.return_indices else ("y",)

    def with_indices(self, x: Grid, sizes: Sequence[Size]) -> TensorSpec | tuple[TensorSpec, ...]:
        """What leaves: the maxima of each channel and, on request, their places."""
        shape = (x.shape[0], *sizes)
        return (TensorSpec(shape), TensorSpec(shape, "int64")) if self.return_indices else TensorSpec(shape)


class MaxPooling(Pooling, Indexed):
    """What the largest-value poolings share, whatever the number of axes."""

    formula: ClassVar[str] = r"y_i = \max_{u \in window(i)} x_u"
    aliases: ClassVar[tuple[str, ...]] = ("max pooling", "downsample", "subsample")

    if TYPE_CHECKING:
        padding: int | tuple[int, ...]
        dilation: int | tuple[int, ...]

    def _quoted(self, layer: Callable[..., Call]) -> Call:
        return layer(
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            return_indices=self.return_indices,
            ceil_mode=self.ceil_mode,
        )

    def shape(self, x: Grid) -> TensorSpec | tuple[TensorSpec, ...]:
        return self.with_indices(x, self.pooled(x, each(self.padding), each(self.dilation)).shape[1:])


class AveragePooling(Pooling):
    """What the averaging poolings share, whatever the number of axes."""

    formula: ClassVar[str] = r"y_i = \frac{1}{|window(i)|} \sum_{u \in window(i)} x_u"
    aliases: ClassVar[tuple[str, ...]] = ("mean pooling", "average", "downsample")

    if TYPE_CHECKING:
        padding: int | tuple[int, ...]
        count_include_pad: bool

    def _quoted(self, layer: Callable[..., Call], **more: Any) -> Call:
        return layer(
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad,
            **more,
        )

    def shape(self, x: Grid) -> TensorSpec:
        return self.pooled(x, each(self.padding), (1,) * len(x.shape[1:]))


class MaxPool1d(MaxPooling):
    """Keeps the largest value of each window along a signal, channel by channel.

    The signal becomes shorter, and it matters less where exactly something happens.
    """

    reference: ClassVar[str] = "torch.nn.MaxPool1d"
    examples: ClassVar[Examples] = SIGNAL

    kernel_size: int = param(2, **KERNEL)
    stride: int | None = param(None, **STRIDE)
    padding: int = param(0, **PADDING)
    dilation: int = param(1, **DILATION)
    return_indices: bool = param(False, **RETURN_INDICES)
    ceil_mode: bool = param(False, **CEIL_MODE)

    def layer(self, x: Signal) -> Call:
        return self._quoted(nn.MaxPool1d)


class MaxPool2d(MaxPooling):
    """Keeps the largest value of each window over an image, channel by channel.

    The image shrinks, and small shifts of its content matter less.
    """

    reference: ClassVar[str] = "torch.nn.MaxPool2d"
    examples: ClassVar[Examples] = IMAGE

    kernel_size: Size2d = param((2, 2), **KERNEL)
    stride: Size2d | None = param(None, **STRIDE)
    padding: Size2d = param((0, 0), **PADDING)
    dilation: Size2d = param((1, 1), **DILATION)
    return_indices: bool = param(False, **RETURN_INDICES)
    ceil_mode: bool = param(False, **CEIL_MODE)

    def layer(self, x: Image) -> Call:
        return self._quoted(nn.MaxPool2d)


class MaxPool3d(MaxPooling):
    """Keeps the largest value of each window through a volume, channel by channel.

    The volume shrinks, and small shifts of its content matter less.
    """

    reference: ClassVar[str] = "torch.nn.MaxPool3d"
    examples: ClassVar[Examples] = VOLUME

    kernel_size: Size3d = param((2, 2, 2), **KERNEL)
    stride: Size3d | None = param(None, **STRIDE)
    padding: Size3d = param((0, 0, 0), **PADDING)
    dilation: Size3d = param((1, 1, 1), **DILATION)
    return_indices: bool = param(False, **RETURN_INDICES)
    ceil_mode: bool = param(False, **CEIL_MODE)

    def layer(self, x: Volume) -> Call:
        return self._quoted(nn.MaxPool3d)


class AvgPool1d(AveragePooling):
    """Averages each window along a signal, channel by channel.

    The signal becomes shorter and smoother, every step having its say.
    """

    reference: ClassVar[str] = "torch.nn.AvgPool1d"
    examples: ClassVar[Examples] = SIGNAL

    kernel_size: int = param(2, **KERNEL)
    stride: int | None = param(None, **STRIDE)
    padding: int = param(0, **PADDING)
    ceil_mode: bool = param(False, **CEIL_MODE)
    count_include_pad: bool = param(True, **COUNT_PADDING)

    def layer(self, x: Signal) -> Call:
        return self._quoted(nn.AvgPool1d)


class AvgPool2d(AveragePooling):
    """Averages each window over an image, channel by channel.

    The image shrinks smoothly, every pixel having its say.
    """

    reference: ClassVar[str] = "torch.nn.AvgPool2d"
    examples: ClassVar[Examples] = IMAGE

    kernel_size: Size2d = param((2, 2), **KERNEL)
    stride: Size2d | None = param(None, **STRIDE)
    padding: Size2d = param((0, 0), **PADDING)
    ceil_mode: bool = param(False, **CEIL_MODE)
    count_include_pad: bool = param(True, **COUNT_PADDING)
    divisor_override: int | None = param(None, **DIVISOR)

    def layer(self, x: Image) -> Call:
        return self._quoted(nn.AvgPool2d, divisor_override=self.divisor_override)


class AvgPool3d(AveragePooling):
    """Averages each window through a volume, channel by channel.

    The volume shrinks smoothly, every voxel having its say.
    """

    reference: ClassVar[str] = "torch.nn.AvgPool3d"
    examples: ClassVar[Examples] = VOLUME
    whole: ClassVar[bool] = True

    kernel_size: Size3d = param((2, 2, 2), **KERNEL)
    stride: Size3d | None = param(None, **STRIDE)
    padding: Size3d = param((0, 0, 0), **PADDING)
    ceil_mode: bool = param(False, **CEIL_MODE)
    count_include_pad: bool = param(True, **COUNT_PADDING)
    divisor_override: int | None = param(None, **DIVISOR)

    def layer(self, x: Volume) -> Call:
        return self._quoted(nn.AvgPool3d, divisor_override=self.divisor_override)


BLOCKS = (MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d)
