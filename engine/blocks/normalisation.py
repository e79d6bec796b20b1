"""Layers that bring each channel to mean 0 and variance 1, over the batch or in each sample by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from engine.blocks.base import Block, Shape
from engine.blocks.rules import same
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Channels, Image, Signal, TensorSpec, Volume, fixed

CATEGORY = "Normalisation"
FORMULA = r"y = \frac{x - E[x]}{\sqrt{Var[x] + \epsilon}} \gamma + \beta"
EPSILON = "Small number added to the variance against division by zero."
Examples = tuple[tuple[TensorSpec, ...], ...]


class ByChannel(Block):
    """What batch and instance normalisation share: a scale and a shift for each channel."""

    category: ClassVar[str] = CATEGORY
    formula: ClassVar[str] = FORMULA

    def shape(self, x: Any) -> TensorSpec:
        return same(x)

    def weights(self, x: Any) -> Mapping[str, Shape]:
        channels, learned = (fixed(x, 0, "channels"),), self.values()
        if not learned["affine"]:
            return {}
        return {"weight": channels} | ({"bias": channels} if learned["bias"] else {})


class BatchNorm(ByChannel):
    """Parameters that batch normalisation has in every dimension."""

    stem: ClassVar[str] = "bn"
    aliases: ClassVar[tuple[str, ...]] = (
        "bn",
        "batch normalization",
        "batchnorm",
        "normalise",
        "normalize",
        "standardise",
    )

    eps: float = param(1e-5, gt=0, label="Epsilon", doc=EPSILON)
    momentum: float | None = param(
        0.1, ge=0, le=1, doc="How fast the running mean and variance follow the batches; empty: their plain average."
    )
    affine: bool = param(True, label="Learn scale", doc="Whether each channel learns a scale.")
    bias: bool = param(True, label="Learn shift", doc="Whether each channel learns a shift as well.")
    track_running_stats: bool = param(
        True, label="Track statistics", doc="Whether means and variances are remembered for use after training."
    )


class BatchNorm1d(BatchNorm):
    """Brings each feature (or channel of a signal) to mean 0 and variance 1 over the batch, then scales and shifts it.

    Training becomes faster and less touchy; in use, the averages gathered during training stand in for the batch.
    """

    reference: ClassVar[str] = "torch.nn.BatchNorm1d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 9)),), (TensorSpec((6,)),))

    def layer(self, x: Channels) -> Call:
        return nn.BatchNorm1d(x.channels, **self.values())


class BatchNorm2d(BatchNorm):
    """Brings each channel of an image to mean 0 and variance 1 over the batch, then scales and shifts it.

    Training becomes faster and less touchy; in use, the averages gathered during training stand in for the batch.
    """

    reference: ClassVar[str] = "torch.nn.BatchNorm2d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),),)

    def layer(self, x: Image) -> Call:
        return nn.BatchNorm2d(x.channels, **self.values())


class BatchNorm3d(BatchNorm):
    """Brings each channel of a volume to mean 0 and variance 1 over the batch, then scales and shifts it.

    Training becomes faster and less touchy; in use, the averages gathered during training stand in for the batch.
    """

    reference: ClassVar[str] = "torch.nn.BatchNorm3d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4, 3)),),)

    def layer(self, x: Volume) -> Call:
        return nn.BatchNorm3d(x.channels, **self.values())


class InstanceNorm(ByChannel):
    """Parameters that instance normalisation has in every dimension."""

    stem: ClassVar[str] = "norm"
    aliases: ClassVar[tuple[str, ...]] = ("in", "instance normalization", "contrast", "style transfer", "normalise")

    eps: float = param(1e-5, gt=0, label="Epsilon", doc=EPSILON)
    momentum: float = param(
        0.1, ge=0, le=1, doc="How fast the running mean and variance follow, if they are remembered at all."
    )
    affine: bool = param(False, label="Learn scale", doc="Whether each channel learns a scale.")
    bias: bool = param(True, label="Learn shift", doc="Whether each channel that learns a scale learns a shift too.")
    track_running_stats: bool = param(
        False, label="Track statistics", doc="Whether means and variances are remembered for use after training."
    )

    def shape(self, x: Any) -> TensorSpec:
        if None not in x.shape and math.prod(x.shape[1:]) == 1:
            raise Misfit("compares the numbers of a channel with each other, but each channel has only one", "x")
        return same(x)


class InstanceNorm1d(InstanceNorm):
    """Brings each channel of each signal to mean 0 and variance 1 by itself.

    It takes away how loud and how high a signal is, and does not look at the rest of the batch.
    """

    reference: ClassVar[str] = "torch.nn.InstanceNorm1d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 9)),),)

    def layer(self, x: Signal) -> Call:
        return nn.InstanceNorm1d(x.channels, **self.values())


class InstanceNorm2d(InstanceNorm):
    """Brings each channel of each image to mean 0 and variance 1 by itself.

    It takes away brightness and contrast, which suits the transfer of styles; it does not look at the batch.
    """

    reference: ClassVar[str] = "torch.nn.InstanceNorm2d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),),)

    def layer(self, x: Image) -> Call:
        return nn.InstanceNorm2d(x.channels, **self.values())


class InstanceNorm3d(InstanceNorm):
    """Brings each channel of each volume to mean 0 and variance 1 by itself.

    It suits medical images, which are large and come in small batches, since it does not look at the batch.
    """

    reference: ClassVar[str] = "torch.nn.InstanceNorm3d"
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4, 3)),),)

    def layer(self, x: Volume) -> Call:
        return nn.InstanceNorm3d(x.channels, **self.values())


BLOCKS = (BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d)
