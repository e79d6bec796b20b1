"""What a tensor looks like, told without torch: the shape of one sample, its dtype, and words for its axes.

The batch axis is left out everywhere. An axis whose length varies from batch to batch is `None`.
The classes below `TensorSpec` are what a block's port asks for: an `Image` has three axes with
names, `Tokens` hold whole numbers, and so on. A port's value is handed to the block as an
instance of that class, so that a block can say `x.channels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

Size = int | None
FLOATS = ("float32",)
INTEGERS = ("int64",)
TRUTHS = ("bool",)
WIDTHS = {"float32": 4, "int64": 8, "bool": 1}  # bytes of one number
NUMBERS = {"float32": "decimal numbers", "int64": "whole numbers", "bool": "truth values"}  # dtypes in words


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """Shape of one sample (the batch axis left out) and dtype.

    `batched=False` marks a tensor without a batch axis, whose shape is then all of it: a loss, a learned table.
    """

    shape: tuple[Size, ...]
    dtype: str = "float32"
    batched: bool = True

    @property
    def numel(self) -> int:
        """Numbers in one sample; an axis that varies counts as one."""
        return math.prod(size or 1 for size in self.shape)

    @property
    def bytes(self) -> int:
        """Memory of one sample."""
        return self.numel * WIDTHS[self.dtype]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape with every free axis taken as one, for counting."""
        return tuple(1 if size is None else size for size in self.shape)

    def __str__(self) -> str:
        if not self.shape:
            return {"int64": "one whole number", "bool": "one truth value"}.get(self.dtype, "scalar")
        return " × ".join("n" if size is None else str(size) for size in self.shape)


@dataclass(frozen=True, slots=True)
class AnyTensor(TensorSpec):
    """A tensor of any shape and dtype, as it arrives at the port of that name."""

    port: str = "x"

    axes: ClassVar[tuple[str, ...]] = ()
    ranks: ClassVar[tuple[int, ...] | None] = None
    dtypes: ClassVar[tuple[str, ...] | None] = None
    unbatched: ClassVar[bool] = False  # whether a tensor without a batch axis may enter
    words: ClassVar[str] = "any tensor"

    @classmethod
    def refusal(cls, spec: TensorSpec) -> str | None:
        """Why `spec` can't enter a port of this kind, in words; None when it can."""
        if not spec.batched and not cls.unbatched:
            received = "a loss, which is a single number" if not spec.shape else f"{spec} for the whole batch"
            return f"expects {cls.words} for each sample, but receives {received}"
        if cls.dtypes is not None and spec.dtype not in cls.dtypes:
            wanted = " or ".join(f"{NUMBERS[dtype]} ({dtype})" for dtype in cls.dtypes)
            return f"expects {wanted}, but receives {NUMBERS[spec.dtype]} ({spec.dtype})"
        if cls.ranks is not None and len(spec.shape) not in cls.ranks:
            return f"expects {cls.words}, but receives {axes_in_words(spec)}"
        return None

    @classmethod
    def view(cls, spec: TensorSpec, port: str) -> AnyTensor:
        """`spec` as the block behind `port` sees it."""
        return cls(spec.shape, spec.dtype, spec.batched, port)


@dataclass(frozen=True, slots=True)
class Tensor(AnyTensor):
    """Decimal numbers in any shape."""

    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "decimal numbers in any shape"


@dataclass(frozen=True, slots=True)
class Value(AnyTensor):
    """Any tensor, with or without a batch axis: what arithmetic works on."""

    unbatched: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Number(AnyTensor):
    """Decimal or whole numbers, with or without a batch axis."""

    dtypes: ClassVar[tuple[str, ...] | None] = (*FLOATS, *INTEGERS)
    unbatched: ClassVar[bool] = True
    words: ClassVar[str] = "numbers in any shape"


@dataclass(frozen=True, slots=True)
class Decimal(AnyTensor):
    """Decimal numbers, with or without a batch axis."""

    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    unbatched: ClassVar[bool] = True
    words: ClassVar[str] = "decimal numbers in any shape"


@dataclass(frozen=True, slots=True)
class Mask(AnyTensor):
    """Truth values, with or without a batch axis."""

    dtypes: ClassVar[tuple[str, ...] | None] = TRUTHS
    unbatched: ClassVar[bool] = True
    words: ClassVar[str] = "truth values (such as a comparison gives)"


@dataclass(frozen=True, slots=True)
class Indices(AnyTensor):
    """Whole numbers that say where something stands, with or without a batch axis."""

    dtypes: ClassVar[tuple[str, ...] | None] = INTEGERS
    unbatched: ClassVar[bool] = True
    words: ClassVar[str] = "whole numbers (such as ArgMax or Cast give)"


@dataclass(frozen=True, slots=True)
class Tokens(AnyTensor):
    """Whole numbers that name entries of a table, such as words of a text."""

    dtypes: ClassVar[tuple[str, ...] | None] = INTEGERS
    words: ClassVar[str] = "whole numbers"


@dataclass(frozen=True, slots=True)
class Features(AnyTensor):
    """At least one axis, the last of which holds the features."""

    ranks: ClassVar[tuple[int, ...] | None] = (1, 2, 3, 4, 5)
    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "at least one axis (… × features)"

    @property
    def features(self) -> int:
        return fixed(self, -1, "features")


@dataclass(frozen=True, slots=True)
class Vector(AnyTensor):
    """One axis, which holds the features."""

    axes: ClassVar[tuple[str, ...]] = ("features",)
    ranks: ClassVar[tuple[int, ...] | None] = (1,)
    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "one axis of features"

    @property
    def features(self) -> int:
        return fixed(self, 0, "features")


@dataclass(frozen=True, slots=True)
class Channels(AnyTensor):
    """A vector of features, or channels × length."""

    ranks: ClassVar[tuple[int, ...] | None] = (1, 2)
    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "features, or channels × length"

    @property
    def channels(self) -> int:
        return fixed(self, 0, "channels")


@dataclass(frozen=True, slots=True)
class ChannelsFirst(AnyTensor):
    """Channels, and any further axes."""

    ranks: ClassVar[tuple[int, ...] | None] = (1, 2, 3, 4, 5)
    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "at least one axis (channels × …)"

    @property
    def channels(self) -> int:
        return fixed(self, 0, "channels")


@dataclass(frozen=True, slots=True)
class Grid(AnyTensor):
    """Channels, and one to three axes of places: a signal, an image or a volume."""

    ranks: ClassVar[tuple[int, ...] | None] = (2, 3, 4)
    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "channels and one to three more axes"

    @property
    def channels(self) -> int:
        return fixed(self, 0, "channels")


@dataclass(frozen=True, slots=True)
class Signal(Grid):
    """channels × length"""

    axes: ClassVar[tuple[str, ...]] = ("channels", "length")
    ranks: ClassVar[tuple[int, ...] | None] = (2,)
    words: ClassVar[str] = "channels × length"


@dataclass(frozen=True, slots=True)
class Image(Grid):
    """channels × height × width"""

    axes: ClassVar[tuple[str, ...]] = ("channels", "height", "width")
    ranks: ClassVar[tuple[int, ...] | None] = (3,)
    words: ClassVar[str] = "channels × height × width"


@dataclass(frozen=True, slots=True)
class Volume(Grid):
    """channels × depth × height × width"""

    axes: ClassVar[tuple[str, ...]] = ("channels", "depth", "height", "width")
    ranks: ClassVar[tuple[int, ...] | None] = (4,)
    words: ClassVar[str] = "channels × depth × height × width"


@dataclass(frozen=True, slots=True)
class Sequence(AnyTensor):
    """length × features"""

    axes: ClassVar[tuple[str, ...]] = ("length", "features")
    ranks: ClassVar[tuple[int, ...] | None] = (2,)
    dtypes: ClassVar[tuple[str, ...] | None] = FLOATS
    words: ClassVar[str] = "length × features"

    @property
    def features(self) -> int:
        return fixed(self, 1, "features")


def fixed(spec: TensorSpec, axis: int, name: str) -> int:
    """The length of one axis, which a layer needs to know before it is built.

    Raises:
        ValueError: when that axis varies from batch to batch.
    """
    size = spec.shape[axis]
    if size is None:
        raise ValueError(f"needs a fixed number of {name}, but that axis varies from batch to batch")
    return size


def axes_in_words(spec: TensorSpec) -> str:
    """`64 × 5 × 5 (3 axes)`: a shape as a message names it."""
    if not spec.shape:
        return str(spec)
    return f"{spec} ({len(spec.shape)} {'axis' if len(spec.shape) == 1 else 'axes'})"
