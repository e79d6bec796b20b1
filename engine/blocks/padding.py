"""Layers that add a border to their input, or cut one off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.rules import in_words
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import Margin1d, Margin2d, Margin3d, param
from engine.tensor import Grid, Image, Signal, Size, TensorSpec, Volume

Examples = tuple[tuple[TensorSpec, ...], ...]
SIGNAL: Examples = ((TensorSpec((3, 7)),),)
IMAGE: Examples = ((TensorSpec((3, 7, 6)),),)
VOLUME: Examples = ((TensorSpec((3, 5, 4, 6)),),)

ENDS: dict[str, Any] = {"doc": "Steps added before and behind the signal; a negative number cuts off."}
EDGES: dict[str, Any] = {"doc": "Pixels added left, right, above and below; a negative number cuts off."}
FACES: dict[str, Any] = {
    "doc": "Voxels added left, right, above, below, in front and behind; a negative number cuts off."
}
VALUE: dict[str, Any] = {"doc": "The number that the border is filled with."}


class Border(Block):
    """What paddings share, whatever fills the border and whatever the number of axes."""

    category: ClassVar[str] = "Padding"
    stem: ClassVar[str] = "pad"
    sums_up: ClassVar[tuple[str, ...]] = ("padding",)
    source: ClassVar[str] = ""  # what the border is made of, where it is taken from the input

    if TYPE_CHECKING:  # each class declares it for its own number of axes
        padding: tuple[int, ...]

    def most(self, size: int, left: int) -> int | None:
        """How much an axis of this size, of which so much is left after cutting, can add at one end; None: any."""
        return None

    def shape(self, x: Grid) -> TensorSpec:
        sizes: list[Size] = []
        margins = list(zip(self.padding[::2], self.padding[1::2], strict=True))
        for size, (before, behind) in zip(x.shape[1:], reversed(margins), strict=True):
            if size is None:
                sizes.append(None)
                continue
            left = size + min(before, 0) + min(behind, 0)
            if left < 1:
                raise Misfit(f"cuts off so much that nothing is left of {in_words(x.shape[1:])}", "x", "padding")
            wanted, most = max(before, behind), self.most(size, left)
            if most is not None and wanted > most:
                raise Misfit(
                    f"adds {wanted} {self.source}, but along an axis of {size} it can add at most {most}",
                    "x",
                    "padding",
                )
            sizes.append(size + before + behind)
        return TensorSpec((x.shape[0], *sizes))


class ZeroPad(Border):
    """What paddings with zeros share."""

    formula: ClassVar[str] = r"y_{i + p} = x_i, y_i = 0 elsewhere"
    aliases: ClassVar[tuple[str, ...]] = ("zero padding", "border", "margin", "crop")


class ConstantPad(Border):
    """What paddings with a number share."""

    formula: ClassVar[str] = r"y_{i + p} = x_i, y_i = v elsewhere"
    aliases: ClassVar[tuple[str, ...]] = ("constant padding", "border", "fill", "margin", "crop")

    if TYPE_CHECKING:
        value: float


class ReflectionPad(Border):
    """What paddings with a mirror image share."""

    formula: ClassVar[str] = r"y_i = x_{|i - p|}, y_{p + n - 1 + i} = x_{n - 1 - i}"
    aliases: ClassVar[tuple[str, ...]] = ("reflection padding", "reflect", "mirror", "symmetric", "border")
    source: ClassVar[str] = "mirrored numbers, the edge itself not among them"

    def most(self, size: int, left: int) -> int:
        return size - 1


class ReplicationPad(Border):
    """What paddings with the edge share."""

    formula: ClassVar[str] = r"y_i = x_{\min(\max(i - p, 0), n - 1)}"
    aliases: ClassVar[tuple[str, ...]] = ("replication padding", "replicate", "edge", "nearest", "border")


class CircularPad(Border):
    """What paddings with the other end share."""

    formula: ClassVar[str] = r"y_i = x_{(i - p) mod n}"
    aliases: ClassVar[tuple[str, ...]] = ("circular padding", "wrap", "periodic", "torus", "border")
    source: ClassVar[str] = "numbers from the other end"

    def most(self, size: int, left: int) -> int:
        return left


class ZeroPad1d(ZeroPad):
    """Adds zeros before and behind a signal.

    A convolution then reaches its ends; with zeros before it alone, it never looks ahead (a causal one).
    """

    reference: ClassVar[str] = "torch.nn.ZeroPad1d"
    examples: ClassVar[Examples] = SIGNAL

    padding: Margin1d = param((1, 1), **ENDS)

    def layer(self, x: Signal) -> Call:
        return nn.ZeroPad1d(self.padding)


class ZeroPad2d(ZeroPad):
    """Adds a border of zeros around an image.

    A convolution then reaches its edges, and the border may be wider on one side than on the other.
    """

    reference: ClassVar[str] = "torch.nn.ZeroPad2d"
    examples: ClassVar[Examples] = IMAGE

    padding: Margin2d = param((1, 1, 1, 1), **EDGES)

    def layer(self, x: Image) -> Call:
        return nn.ZeroPad2d(self.padding)


class ZeroPad3d(ZeroPad):
    """Adds zeros around a volume.

    A convolution then reaches its faces, and the border may be thicker on one side than on the other.
    """

    reference: ClassVar[str] = "torch.nn.ZeroPad3d"
    examples: ClassVar[Examples] = VOLUME

    padding: Margin3d = param((1, 1, 1, 1, 1, 1), **FACES)

    def layer(self, x: Volume) -> Call:
        return nn.ZeroPad3d(self.padding)


class ConstantPad1d(ConstantPad):
    """Adds a number of your choice before and behind a signal.

    Take it where zero already means something, such as silence or a missing value.
    """

    reference: ClassVar[str] = "torch.nn.ConstantPad1d"
    examples: ClassVar[Examples] = SIGNAL

    padding: Margin1d = param((1, 1), **ENDS)
    value: float = param(0.0, **VALUE)

    def layer(self, x: Signal) -> Call:
        return nn.ConstantPad1d(self.padding, self.value)


class ConstantPad2d(ConstantPad):
    """Adds a border filled with a number of your choice around an image.

    Take it where zero already means something, such as black where the background is white.
    """

    reference: ClassVar[str] = "torch.nn.ConstantPad2d"
    examples: ClassVar[Examples] = IMAGE

    padding: Margin2d = param((1, 1, 1, 1), **EDGES)
    value: float = param(0.0, **VALUE)

    def layer(self, x: Image) -> Call:
        return nn.ConstantPad2d(self.padding, self.value)


class ConstantPad3d(ConstantPad):
    """Adds a border filled with a number of your choice around a volume.

    Take it where zero already means something, such as air in a scan whose values begin at -1000.
    """

    reference: ClassVar[str] = "torch.nn.ConstantPad3d"
    examples: ClassVar[Examples] = VOLUME

    padding: Margin3d = param((1, 1, 1, 1, 1, 1), **FACES)
    value: float = param(0.0, **VALUE)

    def layer(self, x: Volume) -> Call:
        return nn.ConstantPad3d(self.padding, self.value)


class ReflectionPad1d(ReflectionPad):
    """Adds the mirror image of a signal's ends before and behind it.

    The signal goes on smoothly, so that no false jump appears at its ends.
    """

    reference: ClassVar[str] = "torch.nn.ReflectionPad1d"
    examples: ClassVar[Examples] = SIGNAL

    padding: Margin1d = param((1, 1), **ENDS)

    def layer(self, x: Signal) -> Call:
        return nn.ReflectionPad1d(self.padding)


class ReflectionPad2d(ReflectionPad):
    """Adds the mirror image of an image's edges around it.

    The content goes on smoothly, which avoids dark frames in networks that make images.
    """

    reference: ClassVar[str] = "torch.nn.ReflectionPad2d"
    examples: ClassVar[Examples] = IMAGE

    padding: Margin2d = param((1, 1, 1, 1), **EDGES)

    def layer(self, x: Image) -> Call:
        return nn.ReflectionPad2d(self.padding)


class ReflectionPad3d(ReflectionPad):
    """Adds the mirror image of a volume's faces around it.

    The content goes on smoothly, so that no false edge appears at the faces.
    """

    reference: ClassVar[str] = "torch.nn.ReflectionPad3d"
    examples: ClassVar[Examples] = VOLUME

    padding: Margin3d = param((1, 1, 1, 1, 1, 1), **FACES)

    def layer(self, x: Volume) -> Call:
        return nn.ReflectionPad3d(self.padding)


class ReplicationPad1d(ReplicationPad):
    """Repeats the first and the last value of a signal before and behind it.

    The border holds what the signal held last, whatever its width.
    """

    reference: ClassVar[str] = "torch.nn.ReplicationPad1d"
    examples: ClassVar[Examples] = SIGNAL

    padding: Margin1d = param((1, 1), **ENDS)

    def layer(self, x: Signal) -> Call:
        return nn.ReplicationPad1d(self.padding)


class ReplicationPad2d(ReplicationPad):
    """Repeats the outermost pixels of an image around it.

    The border holds what stood at the edge, whatever its width.
    """

    reference: ClassVar[str] = "torch.nn.ReplicationPad2d"
    examples: ClassVar[Examples] = IMAGE

    padding: Margin2d = param((1, 1, 1, 1), **EDGES)

    def layer(self, x: Image) -> Call:
        return nn.ReplicationPad2d(self.padding)


class ReplicationPad3d(ReplicationPad):
    """Repeats the outermost voxels of a volume around it.

    The border holds what stood at the face, whatever its thickness.
    """

    reference: ClassVar[str] = "torch.nn.ReplicationPad3d"
    examples: ClassVar[Examples] = VOLUME

    padding: Margin3d = param((1, 1, 1, 1, 1, 1), **FACES)

    def layer(self, x: Volume) -> Call:
        return nn.ReplicationPad3d(self.padding)


class CircularPad1d(CircularPad):
    """Puts the end of a signal before it and its beginning behind it.

    Right for what repeats itself, such as the hours of a day or a closed curve.
    """

    reference: ClassVar[str] = "torch.nn.CircularPad1d"
    examples: ClassVar[Examples] = SIGNAL

    padding: Margin1d = param((1, 1), **ENDS)

    def layer(self, x: Signal) -> Call:
        return nn.CircularPad1d(self.padding)


class CircularPad2d(CircularPad):
    """Goes on at each edge of an image with what stands at the opposite one.

    Right for what closes on itself, such as a panorama, a map of the globe or a tile.
    """

    reference: ClassVar[str] = "torch.nn.CircularPad2d"
    examples: ClassVar[Examples] = IMAGE

    padding: Margin2d = param((1, 1, 1, 1), **EDGES)

    def layer(self, x: Image) -> Call:
        return nn.CircularPad2d(self.padding)


class CircularPad3d(CircularPad):
    """Goes on at each face of a volume with what stands at the opposite one.

    Right for what repeats in space, such as a simulated cell of a crystal.
    """

    reference: ClassVar[str] = "torch.nn.CircularPad3d"
    examples: ClassVar[Examples] = VOLUME

    padding: Margin3d = param((1, 1, 1, 1, 1, 1), **FACES)

    def layer(self, x: Volume) -> Call:
        return nn.CircularPad3d(self.padding)


BLOCKS = (
    *(ZeroPad1d, ZeroPad2d, ZeroPad3d),
    *(ConstantPad1d, ConstantPad2d, ConstantPad3d),
    *(ReflectionPad1d, ReflectionPad2d, ReflectionPad3d),
    *(ReplicationPad1d, ReplicationPad2d, ReplicationPad3d),
    *(CircularPad1d, CircularPad2d, CircularPad3d),
)
