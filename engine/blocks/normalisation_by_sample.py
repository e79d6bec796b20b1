"""Layers that bring groups of numbers within each sample to a common size; they never look at the batch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Block, Shape
from engine.blocks.normalisation import CATEGORY, EPSILON, FORMULA
from engine.blocks.rules import divides, same
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import ChannelsFirst, Features, TensorSpec, fixed

Examples = tuple[tuple[TensorSpec, ...], ...]


class OverLastAxes(Block):
    """What layer and RMS normalisation share: they treat the last axes as one."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "norm"
    examples: ClassVar[Examples] = ((TensorSpec((20,)),), (TensorSpec((7, 20)),))

    last_axes: int = param(1, ge=1, label="Axes", doc="Number of axes, counted from the last, that are normalised.")

    def _normalised(self, x: Features) -> tuple[int, ...]:
        if self.last_axes > len(x.shape):
            raise Misfit(
                f"normalises the last {self.last_axes} axes, but {x} has only {len(x.shape)}", param="last_axes"
            )
        return tuple(fixed(x, axis, "features") for axis in range(-self.last_axes, 0))

    def _told_axes(self, x: Features) -> Shape | int:
        """The normalised axes as a layer is told them: one as a number."""
        shape = self._normalised(x)
        return shape[0] if len(shape) == 1 else shape

    def shape(self, x: Features) -> TensorSpec:
        self._normalised(x)
        return same(x)


class LayerNorm(OverLastAxes):
    """Brings the last axes of each sample to mean 0 and variance 1, then scales and shifts them.

    It does not look at the batch, so it does the same in training and in use; transformers rest on it.
    """

    reference: ClassVar[str] = "torch.nn.LayerNorm"
    formula: ClassVar[str] = FORMULA
    aliases: ClassVar[tuple[str, ...]] = ("ln", "layer normalization", "normalise", "normalize", "standardise")

    eps: float = param(1e-5, gt=0, label="Epsilon", doc=EPSILON)
    elementwise_affine: bool = param(True, label="Learn scale", doc="Whether each number learns a scale.")
    bias: bool = param(True, label="Learn shift", doc="Whether each number learns a shift as well.")

    def layer(self, x: Features) -> Call:
        return nn.LayerNorm(
            self._told_axes(x), eps=self.eps, elementwise_affine=self.elementwise_affine, bias=self.bias
        )

    def weights(self, x: Features) -> Mapping[str, Shape]:
        if not self.elementwise_affine:
            return {}
        shape = self._normalised(x)
        return {"weight": shape} | ({"bias": shape} if self.bias else {})


class RMSNorm(OverLastAxes):
    """Divides the last axes of each sample by the root of their mean square, then scales them.

    It is LayerNorm without subtracting the mean: cheaper, as good, and usual in large language models.
    """

    reference: ClassVar[str] = "torch.nn.RMSNorm"
    formula: ClassVar[str] = r"y = \frac{x}{\sqrt{E[x^2] + \epsilon}} \gamma"
    aliases: ClassVar[tuple[str, ...]] = ("root mean square", "llama", "normalise", "normalize")

    eps: float | None = param(
        None, gt=0, label="Epsilon", doc="Small number added to the mean square; empty: the smallest that makes sense."
    )
    elementwise_affine: bool = param(True, label="Learn scale", doc="Whether each number learns a scale.")

    def layer(self, x: Features) -> Call:
        return nn.RMSNorm(self._told_axes(x), eps=self.eps, elementwise_affine=self.elementwise_affine)

    def weights(self, x: Features) -> Mapping[str, Shape]:
        return {"weight": self._normalised(x)} if self.elementwise_affine else {}


class GroupNorm(Block):
    """Brings groups of channels of each sample to mean 0 and variance 1, then scales and shifts each channel.

    It does not look at the batch, so it works where batches are too small for BatchNorm.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "norm"
    reference: ClassVar[str] = "torch.nn.GroupNorm"
    formula: ClassVar[str] = FORMULA
    aliases: ClassVar[tuple[str, ...]] = ("gn", "group normalization", "normalise", "normalize")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((6, 9)),), (TensorSpec((6,)),))
    sums_up: ClassVar[tuple[str, ...]] = ("num_groups",)

    num_groups: int = param(1, ge=1, label="Groups", doc="Number of groups; it must divide the number of channels.")
    eps: float = param(1e-5, gt=0, label="Epsilon", doc=EPSILON)
    affine: bool = param(True, label="Learn scale", doc="Whether each channel learns a scale.")
    bias: bool = param(True, label="Learn shift", doc="Whether each channel learns a shift as well.")

    def layer(self, x: ChannelsFirst) -> Call:
        return nn.GroupNorm(self.num_groups, x.channels, eps=self.eps, affine=self.affine, bias=self.bias)

    def shape(self, x: ChannelsFirst) -> TensorSpec:
        divides(self.num_groups, x.channels, "channels", "num_groups")
        if None not in x.shape and math.prod(x.sizes) == self.num_groups:
            raise Misfit(
                "compares the numbers of a group with each other, but each group has only one", "x", "num_groups"
            )
        return same(x)

    def weights(self, x: ChannelsFirst) -> Mapping[str, Shape]:
        if not self.affine:
            return {}
        return {"weight": (x.channels,)} | ({"bias": (x.channels,)} if self.bias else {})


class LocalResponseNorm(Block):
    """Makes a number smaller where the same place is strong in neighbouring channels.

    Channels compete with each other, as in AlexNet; later networks use BatchNorm instead.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "norm"
    reference: ClassVar[str] = "torch.nn.LocalResponseNorm"
    formula: ClassVar[str] = r"y_c = x_c (k + \frac{\alpha}{n} \sum_i x_i^2)^{-\beta}"
    aliases: ClassVar[tuple[str, ...]] = ("lrn", "alexnet", "lateral inhibition", "cross map")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((6, 9)),))
    sums_up: ClassVar[tuple[str, ...]] = ("size",)

    size: int = param(
        5, ge=1, label="Channels", doc="Number of neighbouring channels that count, the own one included."
    )
    alpha: float = param(1e-4, gt=0, doc="How strongly the neighbours count.")
    beta: float = param(0.75, gt=0, doc="Exponent of what is divided by.")
    k: float = param(1.0, gt=0, doc="What is divided by where the neighbours are all zero.")

    def layer(self, x: ChannelsFirst) -> Call:
        return nn.LocalResponseNorm(self.size, alpha=self.alpha, beta=self.beta, k=self.k)

    def shape(self, x: ChannelsFirst) -> TensorSpec:
        if len(x.shape) == 1:
            raise Misfit(f"expects channels and at least one more axis, but receives {x} (1 axis)", "x")
        return same(x)


BLOCKS = (LayerNorm, RMSNorm, GroupNorm, LocalResponseNorm)
