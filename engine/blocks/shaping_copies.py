"""Operations that repeat numbers along axes, shift them, turn them round or add to their edges."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.blocks.arithmetic import is_whole, plain
from engine.blocks.axes import COUNTED, axes, axis, rank, replaced, short
from engine.blocks.base import Block
from engine.blocks.rules import in_words
from engine.call import Expression, F, Method, size, torch
from engine.problem import Misfit
from engine.record import Axes, Shape, param
from engine.tensor import AnyTensor, Size, TensorSpec, Value

CATEGORY = "Shape"
Examples = tuple[tuple[TensorSpec | None, ...], ...]
ORDINARY: Examples = (
    (TensorSpec((3, 4)),),
    (TensorSpec((6,), "int64"),),
    (TensorSpec((3, 4), batched=False),),
)


class Expand(Block):
    """Stretches axes of size 1 to another size, without copying.

    With a second wire, a tensor without a batch axis, such as a learned one, is repeated for each sample of it.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "expand"
    reference: ClassVar[str] = "torch.Tensor.expand"
    formula: ClassVar[str] = r"y_{i,j} = x_{i,1}"
    aliases: ClassVar[tuple[str, ...]] = ("broadcast", "broadcast_to", "expand_as", "stretch", "repeat", "tile")
    examples: ClassVar[Examples] = (
        (TensorSpec((3, 1)), None),
        (TensorSpec((1, 5), batched=False), None),
        (TensorSpec((1, 5), batched=False), TensorSpec((7,))),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("sample_shape",)

    sample_shape: Shape = param(
        (-1, -1), ge=-1, label="Shape", doc="Shape to stretch to, the batch left out; -1 leaves an axis as it is."
    )

    def layer(self, x: Value, like: AnyTensor | None = None) -> Expression:
        sizes = self.sample_shape
        if x.batched:
            return Method(x, "expand", (-1, *sizes))
        return Method(x, "expand", sizes if like is None else (size(like, 0), *sizes))

    def shape(self, x: AnyTensor, like: AnyTensor | None = None) -> TensorSpec:
        if like is not None and x.batched:
            raise Misfit("takes a batch axis from its second wire, but its first has one already", "like")
        new = len(self.sample_shape) - len(x.shape)
        if new < 0 or (new and x.batched):
            raise Misfit(f"needs a size an axis, but has {in_words(self.sample_shape)} for {x}", param="sample_shape")
        result: list[Size] = []
        for wanted, length in zip(self.sample_shape, (*(1,) * new, *x.shape), strict=True):
            if wanted not in (-1, length) and length != 1:
                raise Misfit(
                    f"stretches axes of size 1 alone, but would make {in_words(self.sample_shape)} of {x}",
                    "x",
                    "sample_shape",
                )
            result.append(length if wanted == -1 else wanted)
        if 0 in result or not (result or x.batched or like) or -1 in self.sample_shape[:new]:
            raise Misfit("takes sizes of at least 1, and -1 for present axes alone", param="sample_shape")
        return TensorSpec(tuple(result), x.dtype, x.batched or like is not None)


class Repeat(Block):
    """Lays copies of the whole tensor side by side along its axes.

    The numbers 1 2 repeated twice become 1 2 1 2; RepeatInterleave makes 1 1 2 2 of them.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "repeat"
    reference: ClassVar[str] = "torch.Tensor.repeat"
    formula: ClassVar[str] = r"y_i = x_{i mod n}"
    aliases: ClassVar[tuple[str, ...]] = ("tile", "copy", "RepeatVector", "duplicate")
    examples: ClassVar[Examples] = ORDINARY
    sums_up: ClassVar[tuple[str, ...]] = ("repeats",)

    repeats: Shape = param(
        (2,), ge=1, doc="Copies along the last axes, the batch left out: 2 × 3 speaks of the last two."
    )

    def layer(self, x: Value) -> Expression:
        return Method(x, "repeat", (*(1,) * (rank(x) - len(self.repeats)), *self.repeats))

    def shape(self, x: AnyTensor) -> TensorSpec:
        untouched = len(x.shape) - len(self.repeats)
        if untouched < 0 or not self.repeats:
            raise Misfit(f"repeats {len(self.repeats)} axes, but {x} arrives", param="repeats")
        times = (*(1,) * untouched, *self.repeats)
        sizes = tuple(None if s is None else s * count for s, count in zip(x.shape, times, strict=True))
        return TensorSpec(sizes, x.dtype, x.batched)


class RepeatInterleave(Block):
    """Repeats each number (or row) along an axis, the copies next to each other.

    The numbers 1 2 become 1 1 2 2, which also enlarges an image without smoothing.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "repeat_interleave"
    reference: ClassVar[str] = "torch.repeat_interleave"
    formula: ClassVar[str] = r"y_i = x_{\lfloor i / r \rfloor}"
    aliases: ClassVar[tuple[str, ...]] = ("repeat", "upsample", "UpSampling1D", "nearest", "np.repeat", "enlarge")
    examples: ClassVar[Examples] = ORDINARY

    repeats: int = param(2, ge=1, doc="How often each is there afterwards.")
    dim: int = param(-1, label="Axis", doc=f"Axis to repeat along, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        return torch.repeat_interleave(x, self.repeats, dim=self.dim)

    def shape(self, x: AnyTensor) -> TensorSpec:
        place = axis(x, self.dim, "repeats")
        length = x.shape[place]
        return TensorSpec(
            replaced(x.shape, place, None if length is None else length * self.repeats), x.dtype, x.batched
        )


class Roll(Block):
    """Shifts along an axis; what falls off one end comes in at the other.

    Windows of shifted-window attention are made in this way.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "roll"
    reference: ClassVar[str] = "torch.roll"
    formula: ClassVar[str] = r"y_i = x_{(i - s) mod n}"
    aliases: ClassVar[tuple[str, ...]] = ("shift", "circular shift", "rotate", "cyclic", "swin")
    examples: ClassVar[Examples] = ORDINARY

    shifts: Axes = param((1,), label="Steps", doc="Places to shift, one number an axis; negative ones shift back.")
    dims: Axes = param((-1,), label="Axes", doc=f"Axes to shift along, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        return torch.roll(x, short(self.shifts), dims=short(self.dims))

    def shape(self, x: AnyTensor) -> TensorSpec:
        if len(axes(x, self.dims, "shifts", "dims")) != len(self.shifts) or not self.dims:
            raise Misfit(
                f"needs a number of steps an axis, but has {len(self.shifts)} for {len(self.dims)}", param="shifts"
            )
        return TensorSpec(x.shape, x.dtype, x.batched)


class Flip(Block):
    """Turns the order along axes round.

    A sequence runs backwards, and an image becomes its mirror image.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "flip"
    reference: ClassVar[str] = "torch.flip"
    formula: ClassVar[str] = r"y_i = x_{n - i}"
    aliases: ClassVar[tuple[str, ...]] = ("reverse", "mirror", "backwards", "fliplr", "flipud")
    examples: ClassVar[Examples] = ORDINARY

    dims: Axes = param((-1,), label="Axes", doc=f"Axes to turn round, {COUNTED}")

    def layer(self, x: Value) -> Expression:
        return torch.flip(x, self.dims)

    def shape(self, x: AnyTensor) -> TensorSpec:
        axes(x, self.dims, "turns round", "dims")
        return TensorSpec(x.shape, x.dtype, x.batched)


class Pad(Block):
    """Adds numbers at the edges, or cuts edges off where a width is negative.

    It works on any axis but the batch; the layers for padding know images and sequences.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "pad"
    reference: ClassVar[str] = "torch.nn.functional.pad"
    formula: ClassVar[str] = r"y_{i + p} = x_i"
    aliases: ClassVar[tuple[str, ...]] = (
        "border",
        "zero padding",
        "crop",
        "margin",
        "ZeroPadding",
        "Cropping",
        "np.pad",
    )
    examples: ClassVar[Examples] = (*ORDINARY, (TensorSpec((2, 6, 6)),), (TensorSpec((4,), "bool"),))
    sums_up: ClassVar[tuple[str, ...]] = ("pad",)

    pad: Axes = param(
        (1, 1),
        label="Widths",
        doc="Two widths an axis, before and after, from the last axis on: left, right, top, bottom.",
    )
    mode: Literal["constant", "reflect", "replicate", "circular"] = param(
        "constant", doc="What is added: one number, the mirror image, the number at the edge, or the other end."
    )
    value: float = param(0.0, doc="The number that “constant” adds.")

    def layer(self, x: Value) -> Expression:
        if self.mode != "constant":
            return F.pad(x, self.pad, mode=self.mode)
        value = bool(self.value) if x.dtype == "bool" else plain(self.value, "value")
        return F.pad(x, self.pad, value=value) if self.value else F.pad(x, self.pad)

    def shape(self, x: AnyTensor) -> TensorSpec:
        count, odd = divmod(len(self.pad), 2)
        if odd or not count:
            raise Misfit("needs two widths an axis, before and after", param="pad")
        if count > len(x.shape):
            raise Misfit(f"pads {count} axes, but {x} arrives", "x", "pad")
        if x.dtype == "int64" and not is_whole(self.value):
            raise Misfit("adds a decimal number to whole ones", "x", "value")
        sizes = list(x.shape)
        for number in range(count):
            before, after = self.pad[2 * number : 2 * number + 2]
            sizes[-1 - number] = self._padded(sizes[-1 - number], before, after)
        self._judge(x, count)
        return TensorSpec(tuple(sizes), x.dtype, x.batched)

    def _padded(self, length: Size, before: int, after: int) -> Size:
        if length is None:
            return None
        limit = {"constant": None, "replicate": None, "reflect": length - 1, "circular": length}[self.mode]
        if limit is not None and max(before, after) > limit:
            raise Misfit(
                f"pads {max(before, after)} with “{self.mode}”, more than the {length} that arrive can give", "x", "pad"
            )
        if length + before + after < 1 or (self.mode != "constant" and min(before, after) < 0):
            raise Misfit(f"leaves nothing of an axis of {length}, or cuts with “{self.mode}”", "x", "pad")
        return length + before + after

    def _judge(self, x: AnyTensor, count: int) -> None:
        """What PyTorch asks of all modes but “constant”: decimal numbers, and one or two axes in front."""
        if self.mode == "constant":
            return
        if x.dtype != "float32":
            raise Misfit(f"pads with “{self.mode}” decimal numbers alone, but receives {x.dtype}", "x", "mode")
        if count > 3 or rank(x) - count not in (1, 2):
            raise Misfit(
                f"pads with “{self.mode}” all axes behind the batch, or all behind the first after it, but {x} arrives",
                "x",
                "pad",
            )


BLOCKS = (Expand, Repeat, RepeatInterleave, Roll, Flip, Pad)
