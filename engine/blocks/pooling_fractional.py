"""Poolings that shrink by a fraction, over windows drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.pooling import CATEGORY, IMAGE, RETURN_INDICES, VOLUME, Examples, Indexed
from engine.blocks.rules import in_words
from engine.blocks.sliding import EACH, KERNEL, each
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Size2d, Size3d, param
from engine.tensor import Grid, Image, Size, TensorSpec, Volume

OUTPUT_SIZE: dict[str, Any] = {"ge": 1, "doc": f"Size of the result, {EACH}; empty: the ratio decides."}
OUTPUT_RATIO: dict[str, Any] = {
    "gt": 0,
    "lt": 1,
    "doc": "Size of the result as a share of what arrives, along every axis; rounded down. Used without an output "
    "size.",
}


class FractionalPooling(Indexed):
    """What fractional poolings share, whatever the number of axes."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pool"
    formula: ClassVar[str] = r"y_i = \max_{u \in window(i)} x_u, windows drawn at random"
    aliases: ClassVar[tuple[str, ...]] = ("fractional max pooling", "random pooling", "stochastic", "downsample")
    sums_up: ClassVar[tuple[str, ...]] = ("kernel_size",)
    slack: ClassVar[int] = 0  # how much smaller than the input result and window together must be

    if TYPE_CHECKING:  # each class declares them for its own number of axes
        kernel_size: int | tuple[int, ...]
        output_size: tuple[int, ...] | None
        output_ratio: float

    def _quoted(self, layer: Callable[..., Call]) -> Call:
        size, ratio = self.output_size, None if self.output_size else self.output_ratio
        return layer(self.kernel_size, output_size=size, output_ratio=ratio, return_indices=self.return_indices)

    def shape(self, x: Grid) -> TensorSpec | tuple[TensorSpec, ...]:
        arriving = x.shape[1:]
        shares = (None if own is None else int(own * self.output_ratio) for own in arriving)
        sizes: list[Size] = list(self.output_size or shares)
        if 0 in sizes:
            raise Misfit(
                f"keeps a share of {self.output_ratio:g}, so that nothing is left of {in_words(arriving)}",
                "x",
                "output_ratio",
            )
        for size, own, kernel in zip(sizes, arriving, each(self.kernel_size), strict=True):
            if size is not None and own is not None and size + kernel - 1 > own - self.slack:
                raise Misfit(
                    f"places {size} windows {kernel} wide at different places along an axis of {own}, which is too "
                    f"short for them; with this window {max(own - self.slack - kernel + 1, 0)} are possible",
                    "x",
                    "output_size" if self.output_size else "output_ratio",
                )
        return self.with_indices(x, sizes)


class FractionalMaxPool2d(FractionalPooling):
    """Keeps the largest value of each window over an image, where the windows are drawn at random.

    The image can shrink by any factor, such as 0.7, and the chance in it works against overfitting.
    """

    reference: ClassVar[str] = "torch.nn.FractionalMaxPool2d"
    examples: ClassVar[Examples] = IMAGE

    kernel_size: Size2d = param((2, 2), **KERNEL)
    output_size: Size2d | None = param(None, **OUTPUT_SIZE)
    output_ratio: float = param(0.7, **OUTPUT_RATIO)
    return_indices: bool = param(False, **RETURN_INDICES)

    def layer(self, x: Image) -> Call:
        return self._quoted(nn.FractionalMaxPool2d)


class FractionalMaxPool3d(FractionalPooling):
    """Keeps the largest value of each window through a volume, where the windows are drawn at random.

    The volume can shrink by any factor, such as 0.7, and the chance in it works against overfitting.
    """

    reference: ClassVar[str] = "torch.nn.FractionalMaxPool3d"
    examples: ClassVar[Examples] = VOLUME
    slack: ClassVar[int] = 1

    kernel_size: Size3d = param((2, 2, 2), **KERNEL)
    output_size: Size3d | None = param(None, **OUTPUT_SIZE)
    output_ratio: float = param(0.7, **OUTPUT_RATIO)
    return_indices: bool = param(False, **RETURN_INDICES)

    def layer(self, x: Volume) -> Call:
        return self._quoted(nn.FractionalMaxPool3d)


BLOCKS = (FractionalMaxPool2d, FractionalMaxPool3d)
