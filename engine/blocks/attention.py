"""Attention: each place of a sequence gathers from all others what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.attention_masks import check_padding, check_pairs, pairs
from engine.blocks.base import Block, Shape
from engine.blocks.rules import in_words
from engine.call import Call, Expression, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Mask, Sequence, Size, TensorSpec

CATEGORY = "Attention"
Examples = tuple[tuple[TensorSpec | None, ...], ...]
HEADS = "Number of heads that look in parallel; it must divide the number of features."
DROPOUT = "Share of the numbers that are set to zero while training, from 0 to less than 1."
CAUSAL = "Whether a place must not look at later ones, as where the next word is to be guessed."


def check_heads(features: int, heads: int, name: str) -> None:
    """Refuse heads that can't share the features evenly.

    Raises:
        Misfit
    """
    if features % heads:
        fits = [number for number in range(1, features + 1) if features % number == 0]
        told = f"{', '.join(map(str, fits[:6]))}{' …' if len(fits) > 6 else ''}"
        raise Misfit(
            f"shares {features} features among {heads} heads, which does not come out even; it could be {told}",
            param=name,
        )


def attention_weights(features: int, bias: bool, key: int | None = None, value: int | None = None) -> dict[str, Shape]:
    """Names and shapes of the matrices of one attention; `key` and `value` are features, if they are others."""
    wide = (features, features)
    shapes: dict[str, Shape]
    if {key or features, value or features} == {features}:
        shapes = {"in_proj_weight": (3 * features, features)}
    else:
        shapes = {
            "q_proj_weight": wide,
            "k_proj_weight": (features, key or features),
            "v_proj_weight": (features, value or features),
        }
    if bias:
        shapes |= {"in_proj_bias": (3 * features,), "out_proj.bias": (features,)}
    return shapes | {"out_proj.weight": wide}


def attention_multiply_adds(features: int, rows: int, columns: int, key: int, value: int, more: int = 0) -> int:
    """`rows` places look at `columns`, and at `more` that are added: projections in and out, scores, weighted sums."""
    projections = features * (2 * rows * features + columns * (key + value))
    return projections + 2 * rows * (columns + more) * features


class MultiheadAttention(Block):
    """Lets each place of a sequence gather what it needs from all places, by several learned ways of looking.

    A query is compared with the keys of all places, and the values of those that match are mixed. With the
    query alone, a sequence attends to itself; keys that are wired serve as values too, unless others are.
    Masks are true where a place must not be looked at.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "attention"
    reference: ClassVar[str] = "torch.nn.MultiheadAttention"
    formula: ClassVar[str] = r"y = softmax(\frac{Q K^T}{\sqrt{d}}) V"
    aliases: ClassVar[tuple[str, ...]] = (
        "self-attention",
        "cross-attention",
        "mha",
        "multi-head",
        "scaled dot product",
        "transformer",
    )
    unpacked: ClassVar[str] = "y, weights"
    sums_up: ClassVar[tuple[str, ...]] = ("num_heads",)
    examples: ClassVar[Examples] = (
        (TensorSpec((7, 16)), None, None, None, None),
        (TensorSpec((7, 16)), TensorSpec((5, 16)), None, None, None),
        (TensorSpec((7, 16)), TensorSpec((5, 12)), TensorSpec((5, 16)), None, None),
        (TensorSpec((7, 16)), None, None, TensorSpec((7,), "bool"), None),
        (TensorSpec((7, 16)), None, None, TensorSpec((7,), "bool"), TensorSpec((7, 7), "bool", batched=False)),
        (TensorSpec((7, 16)), TensorSpec((5, 16)), None, None, TensorSpec((7, 5), "bool")),
        (TensorSpec((7, 16)), None, None, None, TensorSpec((8, 7, 7), "bool")),
    )

    num_heads: int = param(8, ge=1, label="Heads", doc=HEADS)
    is_causal: bool = param(False, label="Causal", doc=CAUSAL)
    dropout: float = param(0.0, ge=0, lt=1, doc="Share of the attention weights set to zero while training.")
    bias: bool = param(True, doc="Whether learned numbers are added in each projection.")
    add_bias_kv: bool = param(
        False, label="Learned place", doc="Whether a learned key and value are added, which every query may look at."
    )
    add_zero_attn: bool = param(
        False, label="Zero place", doc="Whether a place of zeros is added, for queries that need nothing."
    )
    need_weights: bool = param(
        False, label="Attention weights", doc="Adds an output that tells how much each place looks at each other."
    )
    average_attn_weights: bool = param(
        True, label="Mean over heads", doc="Whether attention weights are told as their mean over the heads."
    )

    def output_ports(self) -> tuple[str, ...]:
        return ("y", "weights") if self.need_weights else ("y",)

    def layer(
        self,
        query: Sequence,
        key: Sequence | None = None,
        value: Sequence | None = None,
        key_padding_mask: Mask | None = None,
        attn_mask: Mask | None = None,
    ) -> Call:
        keys, values = _looked_at(query, key, value)
        return nn.MultiheadAttention(
            query.features,
            self.num_heads,
            dropout=self.dropout,
            bias=self.bias,
            add_bias_kv=self.add_bias_kv,
            add_zero_attn=self.add_zero_attn,
            **({} if keys.features == query.features else {"kdim": keys.features}),
            **({} if values.features == query.features else {"vdim": values.features}),
            batch_first=True,
        )

    def applied(
        self,
        query: Sequence,
        key: Sequence | None = None,
        value: Sequence | None = None,
        key_padding_mask: Mask | None = None,
        attn_mask: Mask | None = None,
    ) -> Call:
        keys, values = _looked_at(query, key, value)
        mask = pairs(attn_mask, self.num_heads, self.is_causal, query, keys)
        kwargs: dict[str, object] = {}
        if key_padding_mask is not None:
            kwargs["key_padding_mask"] = key_padding_mask
        if not self.need_weights:
            kwargs["need_weights"] = False
        if mask is not None:
            kwargs["attn_mask"] = mask
        if self.need_weights and not self.average_attn_weights:
            kwargs["average_attn_weights"] = False
        plain = attn_mask is None and key_padding_mask is None and not (self.add_bias_kv or self.add_zero_attn)
        if self.is_causal and plain and not self.need_weights:
            kwargs["is_causal"] = True  # torch may then do without the mask itself
        return Call("module", (query, keys, values), kwargs)

    def forward(self, answer: Call, *args: object) -> Expression | tuple[Expression, ...]:
        return (answer[0], answer[1]) if self.need_weights else answer[0]

    def shape(
        self,
        query: Sequence,
        key: Sequence | None = None,
        value: Sequence | None = None,
        key_padding_mask: Mask | None = None,
        attn_mask: Mask | None = None,
    ) -> TensorSpec | tuple[TensorSpec, ...]:
        keys, values = _looked_at(query, key, value)
        check_heads(query.features, self.num_heads, "num_heads")
        if keys.shape[0] != values.shape[0]:
            raise Misfit(
                f"needs one value for each key, but there are {in_words(values.shape[:1])} values and "
                f"{in_words(keys.shape[:1])} keys",
                "value",
            )
        rows, columns = query.shape[0], keys.shape[0]
        check_padding(key_padding_mask, columns)
        check_pairs(attn_mask, rows, columns, self.num_heads)
        y = TensorSpec(query.shape)
        if not self.need_weights:
            return y
        looked: tuple[Size, ...] = (rows, None if columns is None else columns + self._added)
        return y, TensorSpec(looked if self.average_attn_weights else (self.num_heads, *looked))

    @property
    def _added(self) -> int:
        """Places that every query may look at besides those of the keys."""
        return self.add_bias_kv + self.add_zero_attn

    def weights(
        self, query: Sequence, key: Sequence | None = None, value: Sequence | None = None, *masks: Mask | None
    ) -> Mapping[str, Shape]:
        keys, values = _looked_at(query, key, value)
        shapes = attention_weights(query.features, self.bias, keys.features, values.features)
        learned = (1, 1, query.features)
        return shapes | ({"bias_k": learned, "bias_v": learned} if self.add_bias_kv else {})

    def multiply_adds(
        self,
        output: TensorSpec,
        query: Sequence,
        key: Sequence | None = None,
        value: Sequence | None = None,
        *masks: Mask | None,
    ) -> int:
        keys, values = _looked_at(query, key, value)
        return attention_multiply_adds(
            query.features, query.sizes[0], keys.sizes[0], keys.features, values.features, self._added
        )


def _looked_at(query: Sequence, key: Sequence | None, value: Sequence | None) -> tuple[Sequence, Sequence]:
    """What stands for keys and values: the query where nothing is wired, the keys where only they are."""
    if key is None and value is not None:
        raise Misfit("has values, but no keys to find them by: wire the keys as well", "key")
    keys = key if key is not None else query
    return keys, value if value is not None else keys


BLOCKS = (MultiheadAttention,)
