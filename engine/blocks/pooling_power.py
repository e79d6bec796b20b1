"""Poolings that lie between the sum and the maximum: the p-norm of each window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.pooling import CEIL_MODE, IMAGE, SIGNAL, STRIDE, VOLUME, Examples, Pooling
from engine.blocks.sliding import KERNEL
from engine.call import Call, nn
from engine.record import Size2d, Size3d, param
from engine.tensor import Grid, Image, Signal, TensorSpec, Volume

NORM_TYPE: dict[str, Any] = {
    "gt": 0,
    "label": "Power",
    "doc": "The p of the norm: 1 gives the sum of a window, and the larger it is, the closer the result comes to the "
    "maximum. Inputs should not be negative unless it is an even number.",
}


class PowerPooling(Pooling):
    """What these poolings share, whatever the number of axes."""

    formula: ClassVar[str] = r"y_i = \left( \sum_{u \in window(i)} x_u^p \right)^{1/p}"
    aliases: ClassVar[tuple[str, ...]] = ("power pooling", "norm", "generalized mean", "gem", "energy", "downsample")
    sums_up: ClassVar[tuple[str, ...]] = ("norm_type", "kernel_size")

    if TYPE_CHECKING:
        norm_type: float

    def _quoted(self, layer: Callable[..., Call]) -> Call:
        return layer(self.norm_type, self.kernel_size, stride=self.stride, ceil_mode=self.ceil_mode)

    def shape(self, x: Grid) -> TensorSpec:
        axes = len(x.shape[1:])
        return self.pooled(x, (0,) * axes, (1,) * axes)


class LPPool1d(PowerPooling):
    """Takes the p-norm of each window along a signal, channel by channel.

    With power 2 it measures the energy in each window; a sum and a maximum are its two ends.
    """

    reference: ClassVar[str] = "torch.nn.LPPool1d"
    examples: ClassVar[Examples] = SIGNAL

    norm_type: float = param(2.0, **NORM_TYPE)
    kernel_size: int = param(2, **KERNEL)
    stride: int | None = param(None, **STRIDE)
    ceil_mode: bool = param(False, **CEIL_MODE)

    def layer(self, x: Signal) -> Call:
        return self._quoted(nn.LPPool1d)


class LPPool2d(PowerPooling):
    """Takes the p-norm of each window over an image, channel by channel.

    With power 2 it measures the energy in each window; a sum and a maximum are its two ends.
    """

    reference: ClassVar[str] = "torch.nn.LPPool2d"
    examples: ClassVar[Examples] = IMAGE

    norm_type: float = param(2.0, **NORM_TYPE)
    kernel_size: Size2d = param((2, 2), **KERNEL)
    stride: Size2d | None = param(None, **STRIDE)
    ceil_mode: bool = param(False, **CEIL_MODE)

    def layer(self, x: Image) -> Call:
        return self._quoted(nn.LPPool2d)


class LPPool3d(PowerPooling):
    """Takes the p-norm of each window through a volume, channel by channel.

    With power 2 it measures the energy in each window; a sum and a maximum are its two ends.
    """

    reference: ClassVar[str] = "torch.nn.LPPool3d"
    examples: ClassVar[Examples] = VOLUME
    whole: ClassVar[bool] = True

    norm_type: float = param(2.0, **NORM_TYPE)
    kernel_size: Size3d = param((2, 2, 2), **KERNEL)
    stride: Size3d | None = param(None, **STRIDE)
    ceil_mode: bool = param(False, **CEIL_MODE)

    def layer(self, x: Volume) -> Call:
        return self._quoted(nn.LPPool3d)


BLOCKS = (LPPool1d, LPPool2d, LPPool3d)
