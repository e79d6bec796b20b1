"""Poolings that are told the size of their result and choose their windows to suit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.pooling import CATEGORY, IMAGE, RETURN_INDICES, SIGNAL, VOLUME, Examples, Indexed
from engine.call import Call, nn
from engine.record import OpenSize2d, OpenSize3d, param
from engine.tensor import Grid, Image, Signal, Size, TensorSpec, Volume

OUTPUT_SIZE: dict[str, Any] = {"ge": 1, "doc": "Size of the result, one number for each axis; “same” leaves an axis."}


class Adaptive(Block):
    """What adaptive poolings share, whatever the number of axes."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pool"
    sums_up: ClassVar[tuple[str, ...]] = ("output_size",)

    if TYPE_CHECKING:  # each class declares it for its own number of axes
        output_size: int | tuple[int | None, ...]

    def sizes(self, x: Grid) -> tuple[Size, ...]:
        """The sizes of the result; an axis for which none is wanted keeps its own."""
        wanted = (self.output_size,) if isinstance(self.output_size, int) else self.output_size
        return tuple(own if size is None else size for size, own in zip(wanted, x.shape[1:], strict=True))


class AdaptiveMax(Adaptive, Indexed):
    """What adaptive poolings share that keep the largest value."""

    formula: ClassVar[str] = r"y_i = \max_{u \in part(i)} x_u"
    aliases: ClassVar[tuple[str, ...]] = ("global max pooling", "gmp", "max pooling", "spatial pyramid")

    def shape(self, x: Grid) -> TensorSpec | tuple[TensorSpec, ...]:
        return self.with_indices(x, self.sizes(x))


class AdaptiveAverage(Adaptive):
    """What adaptive poolings share that average."""

    formula: ClassVar[str] = r"y_i = mean_{u \in part(i)} x_u"
    aliases: ClassVar[tuple[str, ...]] = ("global average pooling", "gap", "mean pooling", "spatial pyramid")

    def shape(self, x: Grid) -> TensorSpec:
        return TensorSpec((x.shape[0], *self.sizes(x)))


class AdaptiveMaxPool1d(AdaptiveMax):
    """Shrinks a signal to the length you name by keeping the largest value of each part, however long it arrives.

    With length 1 each channel becomes one number: “global max pooling”.
    """

    reference: ClassVar[str] = "torch.nn.AdaptiveMaxPool1d"
    examples: ClassVar[Examples] = SIGNAL

    output_size: int = param(1, ge=1, doc="Length of the result, in steps.")
    return_indices: bool = param(False, **RETURN_INDICES)

    def layer(self, x: Signal) -> Call:
        return nn.AdaptiveMaxPool1d(self.output_size, return_indices=self.return_indices)


class AdaptiveMaxPool2d(AdaptiveMax):
    """Shrinks an image to the size you name by keeping the largest value of each part, whatever size arrives.

    With size 1 × 1 each channel becomes one number: “global max pooling”.
    """

    reference: ClassVar[str] = "torch.nn.AdaptiveMaxPool2d"
    examples: ClassVar[Examples] = IMAGE

    output_size: OpenSize2d = param((1, 1), **OUTPUT_SIZE)
    return_indices: bool = param(False, **RETURN_INDICES)

    def layer(self, x: Image) -> Call:
        return nn.AdaptiveMaxPool2d(self.output_size, return_indices=self.return_indices)


class AdaptiveMaxPool3d(AdaptiveMax):
    """Shrinks a volume to the size you name by keeping the largest value of each part, whatever size arrives.

    With size 1 × 1 × 1 each channel becomes one number: “global max pooling”.
    """

    reference: ClassVar[str] = "torch.nn.AdaptiveMaxPool3d"
    examples: ClassVar[Examples] = VOLUME

    output_size: OpenSize3d = param((1, 1, 1), **OUTPUT_SIZE)
    return_indices: bool = param(False, **RETURN_INDICES)

    def layer(self, x: Volume) -> Call:
        return nn.AdaptiveMaxPool3d(self.output_size, return_indices=self.return_indices)


class AdaptiveAvgPool1d(AdaptiveAverage):
    """Averages a signal down (or up) to the length you name, however long it arrives.

    With length 1 each channel becomes one number: “global average pooling”.
    """

    reference: ClassVar[str] = "torch.nn.AdaptiveAvgPool1d"
    examples: ClassVar[Examples] = SIGNAL

    output_size: int = param(1, ge=1, doc="Length of the result, in steps.")

    def layer(self, x: Signal) -> Call:
        return nn.AdaptiveAvgPool1d(self.output_size)


class AdaptiveAvgPool2d(AdaptiveAverage):
    """Averages an image down (or up) to the size you name, whatever size arrives.

    With size 1 × 1 each channel becomes one number: “global average pooling”.
    """

    reference: ClassVar[str] = "torch.nn.AdaptiveAvgPool2d"
    examples: ClassVar[Examples] = IMAGE

    output_size: OpenSize2d = param((1, 1), **OUTPUT_SIZE)

    def layer(self, x: Image) -> Call:
        return nn.AdaptiveAvgPool2d(self.output_size)


class AdaptiveAvgPool3d(AdaptiveAverage):
    """Averages a volume down (or up) to the size you name, whatever size arrives.

    With size 1 × 1 × 1 each channel becomes one number: “global average pooling”.
    """

    reference: ClassVar[str] = "torch.nn.AdaptiveAvgPool3d"
    examples: ClassVar[Examples] = VOLUME

    output_size: OpenSize3d = param((1, 1, 1), **OUTPUT_SIZE)

    def layer(self, x: Volume) -> Call:
        return nn.AdaptiveAvgPool3d(self.output_size)


BLOCKS = (
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
)
