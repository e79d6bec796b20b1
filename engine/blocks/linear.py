"""Layers that multiply by a learned matrix, and the one that does nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Block, Shape
from engine.blocks.parametrize import WEIGHT_NORM, WeightNorm, parametrized, parametrized_weights
from engine.blocks.rules import in_words
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Features, TensorSpec, Value

CATEGORY = "Linear"
Examples = tuple[tuple[TensorSpec, ...], ...]


class Linear(Block):
    """Multiplies the features by a learned matrix and adds a bias.

    Each output is a weighted sum of all inputs; other axes, if there are any, are treated one by one.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "fc"
    reference: ClassVar[str] = "torch.nn.Linear"
    formula: ClassVar[str] = r"y = x W^T + b"
    aliases: ClassVar[tuple[str, ...]] = (
        "dense",
        "fully connected",
        "affine",
        "fc",
        "perceptron",
        "projection",
        "inner product",
    )
    examples: ClassVar[Examples] = ((TensorSpec((20,)),), (TensorSpec((7, 20)),))
    sums_up: ClassVar[tuple[str, ...]] = ("out_features",)

    out_features: int = param(64, ge=1, label="Features out", doc="Number of outputs, one weighted sum each.")
    bias: bool = param(True, doc="Whether a learned number is added to each output.")
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x: Features) -> Call:
        return parametrized(nn.Linear(x.features, self.out_features, bias=self.bias), self.weight_norm)

    def shape(self, x: Features) -> TensorSpec:
        return TensorSpec((*x.shape[:-1], self.out_features))

    def weights(self, x: Features) -> Mapping[str, Shape]:
        shapes = {"weight": (self.out_features, x.features)} | ({"bias": (self.out_features,)} if self.bias else {})
        return parametrized_weights(shapes, self.weight_norm)

    def multiply_adds(self, output: TensorSpec, x: Features) -> int:
        return math.prod(output.sizes) * x.features


class Bilinear(Block):
    """Multiplies every feature of one input with every feature of another, and takes learned weighted sums of that.

    It tells how two things go together, such as a question and an answer or two parts of a sentence.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "bilinear"
    reference: ClassVar[str] = "torch.nn.Bilinear"
    formula: ClassVar[str] = r"y_k = x_1^T W_k x_2 + b_k"
    aliases: ClassVar[tuple[str, ...]] = ("interaction", "tensor product", "biaffine")
    examples: ClassVar[Examples] = (
        (TensorSpec((6,)), TensorSpec((5,))),
        (TensorSpec((3, 7, 6)), TensorSpec((3, 7, 5))),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("out_features",)

    out_features: int = param(64, ge=1, label="Features out", doc="Number of outputs, one weighted sum each.")
    bias: bool = param(True, doc="Whether a learned number is added to each output.")
    weight_norm: WeightNorm = param("none", **WEIGHT_NORM)

    def layer(self, x1: Features, x2: Features) -> Call:
        return parametrized(nn.Bilinear(x1.features, x2.features, self.out_features, bias=self.bias), self.weight_norm)

    def shape(self, x1: Features, x2: Features) -> TensorSpec:
        if x1.shape[:-1] != x2.shape[:-1]:
            raise Misfit(
                "pairs its inputs place by place, so all axes but the last must agree, "
                f"but x1 is {in_words(x1.shape)} and x2 is {in_words(x2.shape)}",
                "x2",
            )
        return TensorSpec((*x1.shape[:-1], self.out_features))

    def weights(self, x1: Features, x2: Features) -> Mapping[str, Shape]:
        shapes: dict[str, Shape] = {"weight": (self.out_features, x1.features, x2.features)}
        return parametrized_weights(shapes | ({"bias": (self.out_features,)} if self.bias else {}), self.weight_norm)

    def multiply_adds(self, output: TensorSpec, x1: Features, x2: Features) -> int:
        """Each output multiplies a matrix by one input, and the result by the other."""
        return math.prod(output.sizes) * (x1.features + 1) * x2.features


class Identity(Block):
    """Hands on what arrives, unchanged.

    It holds a place, such as the end of a branch or of a shortcut, where another block may stand one day.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "identity"
    reference: ClassVar[str] = "torch.nn.Identity"
    formula: ClassVar[str] = r"y = x"
    aliases: ClassVar[tuple[str, ...]] = ("pass through", "nothing", "no-op", "placeholder", "skip", "reroute")
    examples: ClassVar[Examples] = (
        (TensorSpec((6, 5, 4)),),
        (TensorSpec((), "int64"),),
        (TensorSpec((3, 2), batched=False),),
    )

    def layer(self, x: Value) -> Call:
        return nn.Identity()

    def shape(self, x: Value) -> TensorSpec:
        return TensorSpec(x.shape, x.dtype, x.batched)


BLOCKS = (Linear, Bilinear, Identity)
