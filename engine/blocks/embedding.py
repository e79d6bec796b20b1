"""Layers that look up learned vectors for whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.blocks.rules import in_words
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Tensor, TensorSpec, Tokens

CATEGORY = "Embedding"
Examples = tuple[tuple[TensorSpec | None, ...], ...]


class Table(Block):
    """What the two kinds of embedding share: a table of learned vectors."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "embedding"
    sums_up: ClassVar[tuple[str, ...]] = ("num_embeddings", "embedding_dim")

    num_embeddings: int = param(
        1000, ge=1, label="Entries", doc="Size of the table: indices run from 0 to one less than this."
    )
    embedding_dim: int = param(64, ge=1, label="Features", doc="Length of each vector.")
    padding_idx: int | None = param(
        None, ge=0, label="Padding index", doc="Index whose vector stays as it is and counts for nothing; empty: none."
    )
    max_norm: float | None = param(
        None, gt=0, label="Largest norm", doc="Vectors longer than this are scaled back when used; empty for no limit."
    )
    norm_type: float = param(2.0, gt=0, label="Norm", doc="The p of the p-norm that “Largest norm” measures with.")
    scale_grad_by_freq: bool = param(
        False, label="Scale by frequency", doc="Divides each gradient by how often its index occurs in the batch."
    )

    def _table(self) -> Shape:
        if self.padding_idx is not None and self.padding_idx >= self.num_embeddings:
            raise Misfit(
                f"pads with index {self.padding_idx}, but its table ends at {self.num_embeddings - 1}",
                param="padding_idx",
            )
        return self.num_embeddings, self.embedding_dim

    def _arguments(self) -> dict[str, object]:
        return {
            "padding_idx": self.padding_idx,
            "max_norm": self.max_norm,
            "norm_type": self.norm_type,
            "scale_grad_by_freq": self.scale_grad_by_freq,
        }


class Embedding(Table):
    """Looks up a learned vector for each whole number that arrives.

    It turns words, categories or other indices into features; similar indices can learn similar vectors.
    """

    reference: ClassVar[str] = "torch.nn.Embedding"
    formula: ClassVar[str] = r"y = W_x"
    aliases: ClassVar[tuple[str, ...]] = (
        "lookup",
        "word vector",
        "token",
        "table",
        "text",
        "words",
        "positional embedding",
    )
    examples: ClassVar[Examples] = ((TensorSpec((12,), "int64"),), (TensorSpec((), "int64"),))

    def layer(self, x: Tokens) -> Call:
        return nn.Embedding(*self._table(), **self._arguments())

    def shape(self, x: Tokens) -> TensorSpec:
        return TensorSpec((*x.shape, self.embedding_dim))

    def weights(self, x: Tokens) -> Mapping[str, Shape]:
        return {"weight": self._table()}


class EmbeddingBag(Table):
    """Looks up a learned vector for each whole number of a list and gives their sum, mean or maximum.

    It turns a bag of words into one vector, faster than Embedding and a mean behind it.
    """

    reference: ClassVar[str] = "torch.nn.EmbeddingBag"
    formula: ClassVar[str] = r"y = \frac{1}{n} \sum_i W_{x_i}"
    aliases: ClassVar[tuple[str, ...]] = ("bag of words", "mean embedding", "sum embedding", "lookup", "fasttext")
    examples: ClassVar[Examples] = (
        (TensorSpec((12,), "int64"), None),
        (TensorSpec((12,), "int64"), TensorSpec((12,))),
    )

    mode: Literal["mean", "sum", "max"] = param("mean", doc="What is made of the vectors of a list.")

    def layer(self, x: Tokens, per_sample_weights: Tensor | None = None) -> Call:
        return nn.EmbeddingBag(*self._table(), mode=self.mode, **self._arguments())

    def applied(self, x: Tokens, per_sample_weights: Tensor | None = None) -> Call:
        kwargs = {} if per_sample_weights is None else {"per_sample_weights": per_sample_weights}
        return Call("module", (x,), kwargs)

    def shape(self, x: Tokens, per_sample_weights: Tensor | None = None) -> TensorSpec:
        if len(x.shape) != 1:
            raise Misfit(f"expects a list of whole numbers for each sample, but receives {in_words(x.shape)}", "x")
        if self.mode == "max" and self.scale_grad_by_freq:
            raise Misfit("scales by frequency, which can't be done with the maximum", param="scale_grad_by_freq")
        if per_sample_weights is not None:
            self._weighted(x, per_sample_weights)
        return TensorSpec((self.embedding_dim,))

    def _weighted(self, x: Tokens, given: Tensor) -> None:
        if self.mode != "sum":
            raise Misfit(
                f"weighs its vectors only for their sum, not for their {self.mode}", "per_sample_weights", "mode"
            )
        if given.shape != x.shape:
            raise Misfit(
                f"expects one weight for each whole number, but there are {given} for {x}", "per_sample_weights"
            )

    def weights(self, x: Tokens, per_sample_weights: Tensor | None = None) -> Mapping[str, Shape]:
        return {"weight": self._table()}


BLOCKS = (Embedding, EmbeddingBag)
