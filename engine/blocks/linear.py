"""Layers that multiply by a learned matrix or look up a learned table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Block, Shape
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Features, TensorSpec, Tokens

CATEGORY = "Linear"


class Linear(Block):
    """Multiplies the features by a learned matrix and adds a bias.

    Each output is a weighted sum of all inputs; other axes, if there are any, are treated one by one.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "fc"
    reference: ClassVar[str] = "torch.nn.Linear"
    formula: ClassVar[str] = r"y = x W^T + b"
    aliases: ClassVar[tuple[str, ...]] = ("dense", "fully connected", "affine", "fc", "perceptron")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((20,)),), (TensorSpec((7, 20)),))
    sums_up: ClassVar[tuple[str, ...]] = ("out_features",)

    out_features: int = param(64, ge=1, label="Features out", doc="Number of outputs, one weighted sum each.")
    bias: bool = param(True, doc="Whether a learned number is added to each output.")

    def layer(self, x: Features) -> Call:
        return nn.Linear(x.features, self.out_features, bias=self.bias)

    def shape(self, x: Features) -> TensorSpec:
        return TensorSpec((*x.shape[:-1], self.out_features))

    def weights(self, x: Features) -> Mapping[str, Shape]:
        return {"weight": (self.out_features, x.features)} | ({"bias": (self.out_features,)} if self.bias else {})

    def multiply_adds(self, output: TensorSpec, x: Features) -> int:
        return math.prod(output.sizes) * x.features


class Embedding(Block):
    """Looks up a learned vector for each whole number that arrives.

    It turns words, categories or other indices into features; similar indices can learn similar vectors.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "embedding"
    reference: ClassVar[str] = "torch.nn.Embedding"
    formula: ClassVar[str] = r"y = W_x"
    aliases: ClassVar[tuple[str, ...]] = ("lookup", "word vector", "token", "table")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = (
        (TensorSpec((12,), "int64"),),
        (TensorSpec((), "int64"),),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("num_embeddings", "embedding_dim")

    num_embeddings: int = param(
        1000, ge=1, label="Entries", doc="Size of the table: indices run from 0 to one less than this."
    )
    embedding_dim: int = param(64, ge=1, label="Features", doc="Length of each vector.")
    padding_idx: int | None = param(
        None, ge=0, label="Padding index", doc="Index whose vector stays zero and is not learned; empty for none."
    )
    max_norm: float | None = param(
        None, gt=0, label="Largest norm", doc="Vectors longer than this are scaled back when used; empty for no limit."
    )
    norm_type: float = param(2.0, gt=0, label="Norm", doc="The p of the p-norm that “Largest norm” measures with.")
    scale_grad_by_freq: bool = param(
        False, label="Scale by frequency", doc="Divides each gradient by how often its index occurs in the batch."
    )

    def layer(self, x: Tokens) -> Call:
        if self.padding_idx is not None and self.padding_idx >= self.num_embeddings:
            raise Misfit(
                f"pads with index {self.padding_idx}, but its table ends at {self.num_embeddings - 1}",
                param="padding_idx",
            )
        return nn.Embedding(
            self.num_embeddings,
            self.embedding_dim,
            padding_idx=self.padding_idx,
            max_norm=self.max_norm,
            norm_type=self.norm_type,
            scale_grad_by_freq=self.scale_grad_by_freq,
        )

    def shape(self, x: Tokens) -> TensorSpec:
        return TensorSpec((*x.shape, self.embedding_dim))

    def weights(self, x: Tokens) -> Mapping[str, Shape]:
        return {"weight": (self.num_embeddings, self.embedding_dim)}
