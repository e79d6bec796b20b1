"""Tensors that come from no input: constants, positions, masks, learned tensors and random numbers."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from engine.blocks.arithmetic import is_whole, plain
from engine.blocks.axes import COUNTED, axis
from engine.blocks.base import Block
from engine.blocks.rules import in_words
from engine.call import Attribute, Buffer, Call, Expression, Infix, Method, nn, size, torch
from engine.call import Constant as Named
from engine.problem import Misfit
from engine.record import Shape, param
from engine.tensor import AnyTensor, TensorSpec, Value

CATEGORY = "Create"
Examples = tuple[tuple[TensorSpec | None, ...], ...]
LIKE: Examples = ((TensorSpec((4, 6)),), (TensorSpec((3, 4), batched=False),))


class Constant(Block):
    """Holds fixed numbers: one number everywhere, or a list laid out in a shape.

    It has no batch axis; arithmetic lines it up from the last axis on. It is not learned.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "constant"
    reference: ClassVar[str] = "torch.full"
    formula: ClassVar[str] = "y = c"
    aliases: ClassVar[tuple[str, ...]] = (
        "fill",
        "number",
        "value",
        "full",
        "buffer",
        "mean and std",
        "fixed",
        "tensor",
    )
    examples: ClassVar[Examples] = ((),)
    sums_up: ClassVar[tuple[str, ...]] = ("numbers", "sizes")

    numbers: tuple[float, ...] = param((1.0,), doc="One number for all places, or one for each, row by row.")
    sizes: Shape = param((1,), ge=1, label="Shape", doc="Shape of the constant, such as 3 × 1 × 1.")
    dtype: Literal["float32", "int64", "bool"] = param(
        "float32", label="Kind of number", doc="Decimal numbers (float32), whole ones (int64) or truth values (bool)."
    )

    def layer(self) -> Expression:
        numbers = [self._exact(number) for number in self.numbers]
        if len(numbers) == 1:
            return Buffer(torch.full(self.sizes, numbers[0]))
        listed = torch.tensor(numbers)
        return Buffer(listed if len(self.sizes) == 1 else torch.reshape(listed, self.sizes))

    def shape(self) -> TensorSpec:
        places = math.prod(self.sizes)
        if len(self.numbers) not in (1, places):
            raise Misfit(
                f"lays {len(self.numbers)} numbers out as {in_words(self.sizes)}, which has {places} places",
                param="numbers",
            )
        return TensorSpec(self.sizes, self.dtype, batched=False)

    def _exact(self, number: float) -> float | int | bool:
        exact = plain(number, "numbers")
        if self.dtype == "float32":
            return float(exact)
        if not is_whole(number):
            raise Misfit(f"holds {number:g}, which is too long or no whole number", param="numbers")
        return int(number) if self.dtype == "int64" else bool(number)


class Filled(Block):
    """What blocks share that fill the shape of their input, or another shape for each of its samples."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = (*LIKE, (TensorSpec((4,), "int64"),))

    sample_shape: Shape | None = param(
        None, ge=1, label="Shape", doc="Shape of one sample, the batch left out. Empty: the shape of the input."
    )

    def layer(self, x: Value) -> Expression:
        return self.filled(x)

    def filled(self, x: AnyTensor) -> Call:
        name = self.reference
        if self.sample_shape is None:
            return Call(f"{name}_like", (x,))
        sizes = (size(x, 0), *self.sample_shape) if x.batched else self.sample_shape
        return Call(name, tuple(sizes) or ((),), {"device": Attribute(x, "device")})

    def shape(self, x: AnyTensor) -> TensorSpec:
        if self.sample_shape is None:
            return TensorSpec(x.shape, x.dtype, x.batched)
        return TensorSpec(self.sample_shape, "float32", x.batched)


class Zeros(Filled):
    """Fills the shape of its input with 0; only the shape of the input counts.

    It is the memory with which a recurrent layer begins, or an input that is left out.
    """

    stem: ClassVar[str] = "zeros"
    reference: ClassVar[str] = "torch.zeros"
    formula: ClassVar[str] = "y = 0"
    aliases: ClassVar[tuple[str, ...]] = ("zeros_like", "ZerosLike", "blank", "initial state")


class Ones(Filled):
    """Fills the shape of its input with 1; only the shape of the input counts.

    It is a mask that hides nothing, or a gate that is open.
    """

    stem: ClassVar[str] = "ones"
    reference: ClassVar[str] = "torch.ones"
    formula: ClassVar[str] = "y = 1"
    aliases: ClassVar[tuple[str, ...]] = ("ones_like", "OnesLike")


class Random(Filled):
    """What random numbers share."""

    examples: ClassVar[Examples] = LIKE

    def shape(self, x: AnyTensor) -> TensorSpec:
        spec = super().shape(x)
        if spec.dtype != "float32":
            raise Misfit("draws decimal numbers, but its input is of whole ones; give it a shape", "x", "sample_shape")
        return spec


class RandomNormal(Random):
    """Draws numbers from a bell curve, new ones at each step, in the shape of its input.

    Multiplied by a spread and added to a mean they make a variational autoencoder; alone they feed a generator.
    """

    stem: ClassVar[str] = "noise"
    reference: ClassVar[str] = "torch.randn"
    formula: ClassVar[str] = r"y \sim N(\mu, \sigma^2)"
    aliases: ClassVar[tuple[str, ...]] = (
        *("noise", "gaussian", "randn", "sample", "latent", "reparameterization", "epsilon"),
        *("RandomNormal", "GaussianNoise", "normal distribution"),
    )

    mean: float = param(0.0, doc="Centre of the bell curve.")
    std: float = param(1.0, gt=0, label="Standard deviation", doc="Width of the bell curve.")

    def layer(self, x: Value) -> Expression:
        return moved(self.filled(x), plain(self.std, "std"), plain(self.mean, "mean"))


class RandomUniform(Random):
    """Draws numbers evenly from a range, new ones at each step, in the shape of its input.

    Compared with a probability they make a random mask.
    """

    stem: ClassVar[str] = "noise"
    reference: ClassVar[str] = "torch.rand"
    formula: ClassVar[str] = r"a \le y < b"
    aliases: ClassVar[tuple[str, ...]] = ("noise", "rand", "uniform distribution", "sample", "random mask")

    low: float = param(0.0, label="Lowest", doc="Lower end of the range.")
    high: float = param(1.0, label="Highest", doc="Upper end of the range, which is not reached.")

    def layer(self, x: Value) -> Expression:
        if self.low >= self.high:
            raise Misfit(f"draws from {self.low:g} to {self.high:g}, which is no range", param="high")
        return moved(self.filled(x), plain(self.high - self.low, "high"), plain(self.low, "low"))


def moved(x: Call, factor: float, offset: float) -> Expression:
    """`x * factor + offset`, without what changes nothing."""
    scaled = x if factor == 1 else Infix("*", (x, factor))
    return scaled if offset == 0 else Infix("+" if offset > 0 else "-", (scaled, abs(offset)))


class Arange(Block):
    """Counts the places along an axis of its input, from 0 on.

    The positions may go into arithmetic or comparisons; it has no batch axis.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "positions"
    reference: ClassVar[str] = "torch.arange"
    formula: ClassVar[str] = "y_i = i"
    aliases: ClassVar[tuple[str, ...]] = ("positions", "range", "counter", "index", "coordinates", "np.arange")
    examples: ClassVar[Examples] = (*LIKE, (TensorSpec((4,), "int64"),))

    dim: int = param(-1, label="Axis", doc=f"Axis whose places are counted, {COUNTED}")
    dtype: Literal["int64", "float32"] = param(
        "int64", label="Kind of number", doc="Whole numbers (int64) or decimal ones (float32)."
    )

    def layer(self, x: Value) -> Expression:
        self._place(x)
        told: dict[str, Any] = {} if self.dtype == "int64" else {"dtype": Named("torch.float32")}
        return torch.arange(size(x, self.dim), **told, device=Attribute(x, "device"))

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec((x.shape[self._place(x)],), self.dtype, batched=False)

    def _place(self, x: AnyTensor) -> int:
        return axis(x, self.dim, "counts")


class CausalMask(Block):
    """Makes the mask by which each place of a sequence sees itself and what came before, not what is to come.

    True means “may see”, as ScaledDotProductAttention wants it; MultiheadAttention wants true where it may not.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "causal_mask"
    reference: ClassVar[str] = "torch.tril"
    formula: ClassVar[str] = r"y_{i,j} = (j \le i)"
    aliases: ClassVar[tuple[str, ...]] = (
        "triangular mask",
        "subsequent mask",
        "look-ahead",
        "tril",
        "autoregressive",
        "gpt",
    )
    examples: ClassVar[Examples] = ((TensorSpec((4, 6)),), (TensorSpec((4,), "int64"),), (TensorSpec((2, 4, 6)),))

    dim: int = param(1, label="Axis", doc=f"Axis of the input that is the length of the sequence, {COUNTED}")
    hides: bool = param(False, label="True hides", doc="Whether true means “must not see” instead of “may see”.")

    def layer(self, x: Value) -> Expression:
        self._place(x)
        length = size(x, self.dim)
        square = torch.ones(length, length, dtype=Named("torch.bool"), device=Attribute(x, "device"))
        return torch.triu(square, 1) if self.hides else torch.tril(square)

    def shape(self, x: AnyTensor) -> TensorSpec:
        length = x.shape[self._place(x)]
        return TensorSpec((length, length), "bool", batched=False)

    def _place(self, x: AnyTensor) -> int:
        return axis(x, self.dim, "goes")


class LearnedParameter(Block):
    """Holds numbers that training changes, and that come from no input.

    Without a wire it has no batch axis; with one it is repeated for each sample, as a class token needs it.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "learned"
    reference: ClassVar[str] = "torch.nn.parameter.Parameter"
    formula: ClassVar[str] = "y = w"
    aliases: ClassVar[tuple[str, ...]] = (
        *("parameter", "weight", "variable", "class token", "cls token", "query", "trainable", "learnable"),
        *("Parameter", "bias", "prompt", "latent"),
    )
    examples: ClassVar[Examples] = ((None,), (TensorSpec((4, 6)),))
    sums_up: ClassVar[tuple[str, ...]] = ("sizes",)

    sizes: Shape = param((1, 64), ge=1, label="Shape", doc="Shape of what is learned, the batch left out.")
    init: Literal["normal", "zeros", "ones"] = param("normal", label="Begins as", doc="Random numbers, or all 0 or 1.")
    std: float = param(0.02, gt=0, label="Standard deviation", doc="Spread of the random numbers at the beginning.")

    def layer(self, like: AnyTensor | None = None) -> Expression:
        if self.init != "normal":
            return nn.Parameter(Call(f"torch.{self.init}", self.sizes or ((),)))
        return nn.Parameter(moved(torch.randn(*(self.sizes or ((),))), plain(self.std, "std"), 0))

    def forward(self, answer: Call, like: AnyTensor | None = None) -> Expression:
        if like is None:
            return answer
        return Method(answer, "expand", (size(like, 0), *(-1,) * len(self.sizes)))

    def shape(self, like: AnyTensor | None = None) -> TensorSpec:
        return TensorSpec(self.sizes, "float32", batched=like is not None)

    def weights(self, like: AnyTensor | None = None) -> dict[str, tuple[int, ...]]:
        return {"": self.sizes}


BLOCKS = (Constant, LearnedParameter, Arange, CausalMask, Zeros, Ones, RandomNormal, RandomUniform)
