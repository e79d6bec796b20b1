"""The core of attention, without the layers around it."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.blocks.arithmetic import plain
from engine.blocks.base import Block
from engine.blocks.broadcasting import FullShape, full, lined_up, spec_of
from engine.call import Attribute, Call, Constant, Expression, F, Infix, Prefix, nn, size, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Decimal, TensorSpec, Value, fixed

Examples = tuple[tuple[TensorSpec | None, ...], ...]
LEAST = Prefix("-", Constant("torch.inf"))
MASK = TensorSpec((5, 7), "bool", batched=False)


class ScaledDotProductAttention(Block):
    """Lets each query gather values, weighted by how well the key of each value fits it.

    Queries, keys and values are length × features, or heads × length × features; a mask says which keys a
    query may see (true, or a number to add).
    """

    category: ClassVar[str] = "Attention"
    stem: ClassVar[str] = "attention"
    reference: ClassVar[str] = "torch.nn.functional.scaled_dot_product_attention"
    formula: ClassVar[str] = (
        r"y_i = \sum_j \frac{e^{s_{i,j}}}{\sum_k e^{s_{i,k}}} v_j, s_{i,j} = \frac{q_i \cdot k_j}{\sqrt{d}}"
    )
    aliases: ClassVar[tuple[str, ...]] = (
        *("attention", "sdpa", "self-attention", "cross-attention", "causal", "flash attention", "qkv"),
        *("dot product", "Attention", "DotProductAttention"),
    )
    examples: ClassVar[Examples] = (
        (TensorSpec((2, 5, 4)), TensorSpec((2, 7, 4)), TensorSpec((2, 7, 3)), None),
        (TensorSpec((5, 4)), TensorSpec((5, 4)), TensorSpec((5, 4)), None),
        (TensorSpec((5, 4)), TensorSpec((7, 4)), TensorSpec((7, 4)), MASK),
        (TensorSpec((2, 5, 4)), TensorSpec((2, 7, 4)), TensorSpec((2, 7, 4)), TensorSpec((1, 5, 7))),
    )

    is_causal: bool = param(
        False, label="Causal", doc="Whether a query sees only the keys up to its own place, as when a text is written."
    )
    dropout: float = param(
        0.0, ge=0, lt=1, doc="Share of the weights that are set to zero while training, the others scaled up."
    )
    scale: float | None = param(
        None, gt=0, doc="Factor of the likeness of query and key. Empty: one divided by the root of their length."
    )

    def layer(self, query: Decimal, key: Decimal, value: Decimal, mask: Value | None = None) -> Expression:
        if mask is not None and self.is_causal:
            raise Misfit("is causal and has a mask as well; the mask would have to say all", "mask", "is_causal")
        if self.dropout:  # torch's function would drop weights in use as well
            return nn.Dropout(self.dropout)
        told = {"attn_mask": mask, "is_causal": self.is_causal or None, "scale": self.scale}
        more = {name: value for name, value in told.items() if value is not None}
        return F.scaled_dot_product_attention(query, key, value, **more)

    def applied(self, query: AnyTensor, key: AnyTensor, value: AnyTensor, mask: AnyTensor | None = None) -> Call:
        """The weights, written out, go through the dropout."""
        scores: Expression = Infix("@", (query, torch.transpose(key, -2, -1)))
        if self.scale is None:
            scores = Infix("/", (scores, plain(math.sqrt(fixed(query, -1, "features")))))
        else:
            scores = Infix("*", (scores, self.scale))
        if self.is_causal:
            sizes = size(query, -2), size(key, -2)
            ones = torch.ones(*sizes, dtype=Constant("torch.bool"), device=Attribute(query, "device"))
            scores = torch.masked_fill(scores, torch.triu(ones, 1), LEAST)
        elif mask is not None and mask.dtype == "bool":
            scores = torch.masked_fill(scores, Prefix("~", mask), LEAST)
        elif mask is not None:
            scores = Infix("+", (scores, mask))
        return Call("module", (torch.softmax(scores, dim=-1),))

    def forward(
        self, answer: Call, query: AnyTensor, key: AnyTensor, value: AnyTensor, mask: AnyTensor | None = None
    ) -> Expression:
        return Infix("@", (answer, value)) if self.dropout else answer

    def shape(self, query: AnyTensor, key: AnyTensor, value: AnyTensor, mask: AnyTensor | None = None) -> TensorSpec:
        shapes = [full(x) for x in (query, key, value)]
        for x in (query, key, value):
            if len(x.shape) < 2:
                raise Misfit(f"expects length × features, but {x.port} is {x}", x.port)
        if query.shape[-1] != key.shape[-1]:
            raise Misfit(f"compares queries with keys, but they have {query} and {key} features each", "key")
        if key.shape[-2] != value.shape[-2]:
            raise Misfit(f"needs a value for each key, but the keys are {key} and the values {value}", "value")
        before = lined_up([shape[:-2] for shape in shapes])
        if before is None or len({len(shape) for shape in shapes}) > 1:
            raise Misfit(
                f"needs the same axes before length × features, but receives {query}, {key} and {value}", "key"
            )
        weights: FullShape = (*before, query.shape[-2], key.shape[-2])
        if mask is not None:
            self._judge(mask, weights)
        return spec_of((*before, query.shape[-2], value.shape[-1]), "float32")

    def _judge(self, mask: AnyTensor, weights: FullShape) -> None:
        """The mask may stretch to the weights, never the weights to the mask."""
        if mask.dtype == "int64":
            raise Misfit("expects truth values or decimal numbers as its mask, but receives whole numbers", "mask")
        wanted = spec_of(weights, "float32")
        if lined_up([full(mask), weights]) != weights:
            raise Misfit(f"expects a mask of {wanted} (axes of size 1 stretch), but receives {mask}", "mask")

    def multiply_adds(self, output: TensorSpec, *args: AnyTensor | None) -> int:
        query, key = args[0], args[1]
        assert query is not None
        assert key is not None
        keys = key.shape[-2] or 1
        return output.numel * keys + output.numel // (output.shape[-1] or 1) * (query.shape[-1] or 1) * keys


BLOCKS = (ScaledDotProductAttention,)
