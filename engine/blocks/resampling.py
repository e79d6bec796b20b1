"""Layers without weights that enlarge, shrink or rearrange a signal, an image or a volume."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from engine.blocks.base import Block
from engine.blocks.rules import divides, in_words
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Shape, Size2d, param
from engine.tensor import Grid, Image, Size, TensorSpec, axes_in_words

CATEGORY = "Resampling"
Examples = tuple[tuple[TensorSpec, ...], ...]
IMAGE: Examples = ((TensorSpec((8, 6, 4)),),)
Mode = Literal["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"]
RANKS = {"linear": 2, "bilinear": 3, "bicubic": 3, "trilinear": 4}  # of what may arrive; the other modes take any

SIZE: dict[str, Any] = {"ge": 1, "doc": "Size of the result, one number for each axis; empty: the factor decides."}
FACTOR: dict[str, Any] = {
    "gt": 0,
    "label": "Factor",
    "doc": "How many times larger each axis becomes; below 1 it shrinks. Used without a size.",
}


class Resized(Block):
    """What the layers share that compute new places between the old ones."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "upsample"
    sums_up: ClassVar[tuple[str, ...]] = ("scale_factor",)

    def resized(self, x: Grid, size: tuple[int, ...] | None, factor: float) -> TensorSpec:
        """The channels of `x` in a new size, or `factor` times as large and rounded down.

        Raises:
            Misfit: when nothing would be left.
        """
        if size is not None:
            return TensorSpec((x.shape[0], *size))
        sizes: list[Size] = [None if own is None else int(own * factor) for own in x.shape[1:]]
        if 0 in sizes:
            raise Misfit(
                f"shrinks by {factor:g}, so that nothing is left of {in_words(x.shape[1:])}", "x", "scale_factor"
            )
        return TensorSpec((x.shape[0], *sizes))


def _plain(factor: float) -> float:
    """A whole factor without a decimal point."""
    return int(factor) if factor.is_integer() else factor


class Upsample(Resized):
    """Enlarges (or shrinks) a signal, an image or a volume by computing values between its own.

    A decoder uses it where a transposed convolution would leave a checkerboard.
    """

    reference: ClassVar[str] = "torch.nn.Upsample"
    formula: ClassVar[str] = r"y_i = x_{\lfloor i / s \rfloor}"
    aliases: ClassVar[tuple[str, ...]] = (
        "interpolate",
        "resize",
        "upsampling",
        "zoom",
        "unpool",
        "bilinear",
        "bicubic",
    )
    examples: ClassVar[Examples] = (
        (TensorSpec((3, 6, 5)),),
        (TensorSpec((3, 6)),),
        (TensorSpec((3, 4, 2, 5)),),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("scale_factor", "mode")

    size: Shape | None = param(
        None, ge=1, doc="Size of the result, one number for each axis or one for all; empty: the factor decides."
    )
    scale_factor: float = param(2.0, **FACTOR)
    mode: Mode = param(
        "nearest",
        doc="How values between are found: copies of the nearest, or along lines (signals), “bilinear” or “bicubic” "
        "(images), “trilinear” (volumes), or averages over areas.",
    )
    align_corners: bool = param(
        False, doc="Whether the outermost values stay at the outermost places; for modes with “linear” or “cubic” only."
    )
    recompute_scale_factor: bool = param(
        False, label="Exact factor", doc="Whether places are computed from the rounded size instead of from the factor."
    )

    def layer(self, x: Grid) -> Call:
        size = self._wanted(x)
        return nn.Upsample(
            size=size[0] if size is not None and len(set(size)) == 1 else size,
            scale_factor=_plain(self.scale_factor) if size is None else None,
            mode=self.mode,
            align_corners=self.align_corners if self.mode in RANKS and self.align_corners else None,
            recompute_scale_factor=True if self.recompute_scale_factor and size is None else None,
        )

    def shape(self, x: Grid) -> TensorSpec:
        rank = RANKS.get(self.mode, len(x.shape))
        if len(x.shape) != rank:
            kinds = {2: "channels × length", 3: "channels × height × width", 4: "channels × depth × height × width"}
            raise Misfit(f"computes “{self.mode}” on {kinds[rank]}, but receives {axes_in_words(x)}", "x", "mode")
        return self.resized(x, self._wanted(x), self.scale_factor)

    def _wanted(self, x: Grid) -> tuple[int, ...] | None:
        axes = len(x.shape) - 1
        if self.size is not None and len(self.size) not in (1, axes):
            raise Misfit(
                f"is told a size of {len(self.size)} axes ({in_words(self.size)}), but resizes {axes} of what arrives",
                "x",
                "size",
            )
        return self.size * axes if self.size is not None and len(self.size) == 1 else self.size


class UpsamplingNearest2d(Resized):
    """Enlarges an image by repeating its pixels.

    The same as Upsample in mode “nearest”; kept since many networks name it.
    """

    reference: ClassVar[str] = "torch.nn.UpsamplingNearest2d"
    formula: ClassVar[str] = r"y_{i,j} = x_{\lfloor i / s \rfloor, \lfloor j / s \rfloor}"
    aliases: ClassVar[tuple[str, ...]] = ("interpolate", "resize", "upsampling", "zoom", "repeat pixels")
    examples: ClassVar[Examples] = IMAGE

    size: Size2d | None = param(None, **SIZE)
    scale_factor: float = param(2.0, **FACTOR)

    def layer(self, x: Image) -> Call:
        return nn.UpsamplingNearest2d(
            size=self.size, scale_factor=_plain(self.scale_factor) if self.size is None else None
        )

    def shape(self, x: Image) -> TensorSpec:
        return self.resized(x, self.size, self.scale_factor)


class UpsamplingBilinear2d(Resized):
    """Enlarges an image smoothly, each new pixel a mixture of its four neighbours.

    The same as Upsample in mode “bilinear” with aligned corners; kept since many networks name it.
    """

    reference: ClassVar[str] = "torch.nn.UpsamplingBilinear2d"
    formula: ClassVar[str] = r"y = (1 - a)(1 - b) x_{00} + a (1 - b) x_{10} + (1 - a) b x_{01} + a b x_{11}"
    aliases: ClassVar[tuple[str, ...]] = ("interpolate", "resize", "upsampling", "zoom", "smooth")
    examples: ClassVar[Examples] = IMAGE

    size: Size2d | None = param(None, **SIZE)
    scale_factor: float = param(2.0, **FACTOR)

    def layer(self, x: Image) -> Call:
        return nn.UpsamplingBilinear2d(
            size=self.size, scale_factor=_plain(self.scale_factor) if self.size is None else None
        )

    def shape(self, x: Image) -> TensorSpec:
        return self.resized(x, self.size, self.scale_factor)


class PixelShuffle(Block):
    """Turns channels into pixels: each group of them becomes a small square of an image that is larger.

    Behind a convolution it enlarges without computing values in between; usual in super-resolution.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "shuffle"
    reference: ClassVar[str] = "torch.nn.PixelShuffle"
    formula: ClassVar[str] = r"(C r^2, H, W) \to (C, H r, W r)"
    aliases: ClassVar[tuple[str, ...]] = ("depth to space", "sub-pixel", "subpixel convolution", "super-resolution")
    examples: ClassVar[Examples] = IMAGE
    sums_up: ClassVar[tuple[str, ...]] = ("upscale_factor",)

    upscale_factor: int = param(2, ge=1, label="Factor", doc="How many times larger height and width become.")

    def layer(self, x: Image) -> Call:
        return nn.PixelShuffle(self.upscale_factor)

    def shape(self, x: Image) -> TensorSpec:
        factor = self.upscale_factor
        if x.channels % factor**2:
            raise Misfit(
                f"makes {factor} × {factor} pixels of {factor**2} channels each, which {x.channels} channels don't "
                "divide into",
                "x",
                "upscale_factor",
            )
        sizes = (None if size is None else size * factor for size in x.shape[1:])
        return TensorSpec((x.channels // factor**2, *sizes))


class PixelUnshuffle(Block):
    """Turns pixels into channels: each small square of an image becomes a stack of channels at one place.

    It shrinks an image without losing anything, and undoes PixelShuffle.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "unshuffle"
    reference: ClassVar[str] = "torch.nn.PixelUnshuffle"
    formula: ClassVar[str] = r"(C, H r, W r) \to (C r^2, H, W)"
    aliases: ClassVar[tuple[str, ...]] = ("space to depth", "reorg", "passthrough", "focus")
    examples: ClassVar[Examples] = IMAGE
    sums_up: ClassVar[tuple[str, ...]] = ("downscale_factor",)

    downscale_factor: int = param(2, ge=1, label="Factor", doc="How many times smaller height and width become.")

    def layer(self, x: Image) -> Call:
        return nn.PixelUnshuffle(self.downscale_factor)

    def shape(self, x: Image) -> TensorSpec:
        factor = self.downscale_factor
        for size in x.shape[1:]:
            if size is not None and size % factor:
                raise Misfit(
                    f"cuts the image into squares of {factor} × {factor} pixels, which does not come out even on "
                    f"{in_words(x.shape[1:])}",
                    "x",
                    "downscale_factor",
                )
        sizes = (None if size is None else size // factor for size in x.shape[1:])
        return TensorSpec((x.channels * factor**2, *sizes))


class ChannelShuffle(Block):
    """Deals the channels of each group out over all groups, as cards are dealt.

    Between two grouped convolutions it lets the groups learn from each other.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "shuffle"
    reference: ClassVar[str] = "torch.nn.ChannelShuffle"
    formula: ClassVar[str] = r"y_{j g + i} = x_{i C / g + j}"
    aliases: ClassVar[tuple[str, ...]] = ("shufflenet", "mix groups", "permute channels")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((4, 7)),), (TensorSpec((4, 3, 2, 5)),))
    sums_up: ClassVar[tuple[str, ...]] = ("groups",)

    groups: int = param(2, ge=1, doc="Number of groups; it must divide the channels.")

    def layer(self, x: Grid) -> Call:
        return nn.ChannelShuffle(self.groups)

    def shape(self, x: Grid) -> TensorSpec:
        divides(self.groups, x.channels, "channels", "groups")
        return TensorSpec(x.shape)


BLOCKS = (Upsample, UpsamplingNearest2d, UpsamplingBilinear2d, PixelShuffle, PixelUnshuffle, ChannelShuffle)
