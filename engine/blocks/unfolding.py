"""Layers that lay an image out as overlapping patches, and put such patches together again."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.rules import in_words, window
from engine.blocks.sliding import DILATION, EACH, STRIDE
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, param
from engine.tensor import Image, Signal, Size, TensorSpec, fixed

Examples = tuple[tuple[TensorSpec, ...], ...]
KERNEL: dict[str, Any] = {"ge": 1, "label": "Patch size", "doc": f"Height and width of each patch; {EACH}."}
PADDING: dict[str, Any] = {"ge": 0, "doc": f"Zeros that the image has around it while it is cut; {EACH}."}


class Patches(Block):
    """What cutting into patches and putting them together share: how the patches lie on the image."""

    category: ClassVar[str] = "Resampling"
    sums_up: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: Size2d = param((2, 2), **KERNEL)
    dilation: Size2d = param((1, 1), **DILATION)
    padding: Size2d = param((0, 0), **PADDING)
    stride: Size2d = param((1, 1), **STRIDE)

    def places(self, sizes: tuple[Size, ...]) -> tuple[Size, ...]:
        """How many patches lie below and beside each other on an image of this height and width."""
        return window(sizes, self.kernel_size, self.stride, self.padding, self.dilation)


class Unfold(Patches):
    """Cuts an image into patches, which may overlap, and lays each of them out as one long column.

    With a stride as large as the patch it makes the patches of a vision transformer.
    """

    stem: ClassVar[str] = "unfold"
    reference: ClassVar[str] = "torch.nn.Unfold"
    formula: ClassVar[str] = r"(C, H, W) \to (C k_h k_w, L)"
    aliases: ClassVar[tuple[str, ...]] = ("im2col", "patches", "extract patches", "sliding window", "patchify")
    examples: ClassVar[Examples] = ((TensorSpec((3, 9, 8)),),)

    def layer(self, x: Image) -> Call:
        return nn.Unfold(self.kernel_size, dilation=self.dilation, padding=self.padding, stride=self.stride)

    def shape(self, x: Image) -> TensorSpec:
        rows, columns = self.places(x.shape[1:])
        number = None if rows is None or columns is None else rows * columns
        return TensorSpec((x.channels * math.prod(self.kernel_size), number))


class Fold(Patches):
    """Puts patches back together to an image; where they overlap, their values are added up.

    It goes back from what Unfold made, once the patches have been worked on.
    """

    stem: ClassVar[str] = "fold"
    reference: ClassVar[str] = "torch.nn.Fold"
    formula: ClassVar[str] = r"(C k_h k_w, L) \to (C, H, W)"
    aliases: ClassVar[tuple[str, ...]] = ("col2im", "patches", "combine patches", "overlap add", "unpatchify")
    examples: ClassVar[Examples] = ((TensorSpec((12, 49)),), (TensorSpec((12, 16)),))
    sums_up: ClassVar[tuple[str, ...]] = ("output_size", "kernel_size")

    output_size: Size2d = param((8, 8), ge=1, label="Image size", doc="Height and width of the image, in pixels.")

    def layer(self, x: Signal) -> Call:
        return nn.Fold(
            self.output_size, self.kernel_size, dilation=self.dilation, padding=self.padding, stride=self.stride
        )

    def shape(self, x: Signal) -> TensorSpec:
        numbers = math.prod(self.kernel_size)
        if x.channels % numbers:
            raise Misfit(
                f"reads patches of {in_words(self.kernel_size)} from each channel column, so the channels must be a "
                f"multiple of {numbers}, but {x.channels} arrive",
                "x",
                "kernel_size",
            )
        rows, columns = self.places(self.output_size)
        assert rows is not None
        assert columns is not None
        length = fixed(x, 1, "patches")
        if rows * columns != length:
            raise Misfit(
                f"lays {rows} × {columns} = {rows * columns} patches on an image of {in_words(self.output_size)}, but "
                f"receives {length}",
                "x",
                "output_size",
            )
        return TensorSpec((x.channels // numbers, *self.output_size))


BLOCKS = (Unfold, Fold)
