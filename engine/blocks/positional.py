"""What tells attention where in a sequence a thing stands."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from engine.blocks.arithmetic import plain
from engine.blocks.base import Block
from engine.blocks.create import moved
from engine.call import Buffer, Call, Expression, Infix, Item, Method, Prefix, nn, size, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Features, Sequence, Size, TensorSpec, fixed

CATEGORY = "Attention"
Examples = tuple[tuple[TensorSpec, ...], ...]
LONGEST: dict[str, Any] = {
    "ge": 1,
    "label": "Longest",
    "doc": "Length of the longest sequence; shorter ones use the beginning.",
}


def length_of(x: AnyTensor, longest: int) -> Size:
    """The length of a sequence, which must not exceed what is prepared.

    Raises:
        Misfit
    """
    length = x.shape[-2]
    if length is not None and length > longest:
        raise Misfit(f"is made for at most {longest} places, but {length} arrive", "x", "max_length")
    return length


def first(table: Expression, x: AnyTensor, longest: int) -> Expression:
    """As many rows of a table as the sequence is long."""
    return table if length_of(x, longest) == longest else table[: size(x, -2)]


class AddedPositions(Block):
    """What encodings share that are added to the features."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = ((TensorSpec((5, 6)),),)

    max_length: int = param(1024, **LONGEST)

    def forward(self, answer: Call, x: AnyTensor) -> Expression:
        return Infix("+", (x, first(answer, x, self.max_length)))

    def shape(self, x: AnyTensor) -> TensorSpec:
        length_of(x, self.max_length)
        return TensorSpec(x.shape)


class SinusoidalPositionalEncoding(AddedPositions):
    """Adds waves of many lengths to the features, so that each place of a sequence looks different.

    Attention alone does not see the order; this one has nothing to learn.
    """

    stem: ClassVar[str] = "positions"
    reference: ClassVar[str] = ""
    formula: ClassVar[str] = (
        r"y_{t,2i} = x_{t,2i} + \sin(t / 10000^{2i/d}), y_{t,2i+1} = x_{t,2i+1} + \cos(t / 10000^{2i/d})"
    )
    aliases: ClassVar[tuple[str, ...]] = (
        *("position encoding", "positional embedding", "transformer", "sine", "SinePositionEncoding", "order"),
    )

    base: float = param(10000.0, gt=1, doc="The longest wave takes 2π times this many places.")

    def layer(self, x: Sequence) -> Expression:
        features = x.features
        if features % 2:
            raise Misfit(
                f"needs an even number of features, a sine and a cosine for each wave, but {features} arrive", "x"
            )
        waves = turns(self.max_length, features, self.base)
        return Buffer(torch.flatten(torch.stack([torch.sin(waves), torch.cos(waves)], dim=-1), 1))


def turns(length: int, features: int, base: float) -> Expression:
    """Angles, length × features / 2, the slowest last (Vaswani et al. 2017, section 3.5)."""
    return torch.outer(
        torch.arange(length),
        Infix("**", (plain(base, "base"), Infix("/", (torch.arange(0, features, 2), -features)))),
    )


class LearnedPositionalEncoding(AddedPositions):
    """Adds numbers to the features that are learned for each place of a sequence.

    Attention alone does not see the order; GPT and BERT are told of it in this way.
    """

    stem: ClassVar[str] = "positions"
    reference: ClassVar[str] = ""
    formula: ClassVar[str] = "y_t = x_t + w_t"
    aliases: ClassVar[tuple[str, ...]] = (
        *("position embedding", "positional embedding", "absolute position", "gpt", "bert", "vit", "order"),
        "PositionEmbedding",
    )

    std: float = param(0.02, gt=0, label="Standard deviation", doc="Spread of the numbers at the beginning.")

    def layer(self, x: Sequence) -> Expression:
        return nn.Parameter(moved(torch.randn(self.max_length, x.features), plain(self.std, "std"), 0))

    def weights(self, x: AnyTensor) -> dict[str, tuple[int, ...]]:
        return {"": (self.max_length, fixed(x, -1, "features"))}


class RotaryEmbedding(Block):
    """Turns pairs of features by an angle that grows with the place in the sequence.

    Applied to queries and keys in front of attention, it makes their likeness depend on how far apart they are.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "rotary"
    reference: ClassVar[str] = ""
    formula: ClassVar[str] = r"y_t = x_t \cos(t \theta) + r(x_t) \sin(t \theta)"
    aliases: ClassVar[tuple[str, ...]] = (
        "rope",
        "rotary position",
        "RoPE",
        "llama",
        "relative position",
        "RotaryEmbedding",
    )
    examples: ClassVar[Examples] = ((TensorSpec((5, 6)),), (TensorSpec((2, 5, 8)),))

    max_length: int = param(2048, **LONGEST)
    base: float = param(10000.0, gt=1, doc="The slowest pair turns once in 2π times this many places.")
    pairs: Literal["halves", "neighbours"] = param(
        "halves", doc="Which features turn together: those of the first half with those of the second, or neighbours."
    )

    def layer(self, x: Features) -> Expression:
        self._judge(x)
        angles = turns(self.max_length, x.features, self.base)
        if self.pairs == "neighbours":
            return Buffer(torch.repeat_interleave(angles, 2, dim=1))
        return Buffer(Method(angles, "repeat", (1, 2)))

    def forward(self, answer: Call, x: Features) -> Expression:
        half = x.features // 2
        if self.pairs == "halves":
            turned = torch.cat([Prefix("-", Item(x, (..., slice(half, None)))), Item(x, (..., slice(half)))], dim=-1)
        else:
            odd, even = Item(x, (..., slice(1, None, 2))), Item(x, (..., slice(None, None, 2)))
            turned = torch.flatten(torch.stack([Prefix("-", odd), even], dim=-1), -2)
        angles = first(answer, x, self.max_length)
        return Infix("+", (Infix("*", (x, torch.cos(angles))), Infix("*", (turned, torch.sin(angles)))))

    def shape(self, x: AnyTensor) -> TensorSpec:
        self._judge(x)
        return TensorSpec(x.shape)

    def _judge(self, x: AnyTensor) -> None:
        if len(x.shape) < 2:
            raise Misfit(f"expects length × features as its last axes, but receives {x}", "x")
        length_of(x, self.max_length)
        if fixed(x, -1, "features") % 2:
            raise Misfit(f"turns pairs of features, but an odd number of them ({x.shape[-1]}) arrives", "x")


BLOCKS = (SinusoidalPositionalEncoding, LearnedPositionalEncoding, RotaryEmbedding)
