"""Layers that bring their input to mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Block, Shape
from engine.blocks.rules import same
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Channels, Features, Image, TensorSpec, fixed

CATEGORY = "Normalisation"
FORMULA = r"y = \frac{x - E[x]}{\sqrt{Var[x] + \epsilon}} \gamma + \beta"


class BatchNorm(Block):
    """Parameters and weights that batch normalisation has in every dimension."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "bn"
    formula: ClassVar[str] = FORMULA
    aliases: ClassVar[tuple[str, ...]] = ("bn", "batch normalization", "batchnorm", "normalise")

    eps: float = param(1e-5, gt=0, label="Epsilon", doc="Small number added to the variance against division by zero.")
    momentum: float | None = param(
        0.1, ge=0, le=1, doc="How fast the running mean and variance follow the batches; empty: their plain average."
    )
    affine: bool = param(True, label="Learn scale", doc="Whether each channel learns a scale.")
    bias: bool = param(True, label="Learn shift", doc="Whether each channel learns a shift as well.")
    track_running_stats: bool = param(
        True, label="Track statistics", doc="Whether means and variances are remembered for use after training."
    )

    def shape(self, x: TensorSpec) -> TensorSpec:
        return same(x)

    def weights(self, x: TensorSpec) -> Mapping[str, Shape]:
        channels = (fixed(x, 0, "channels"),)
        if not self.affine:
            return {}
        return {"weight": channels} | ({"bias": channels} if self.bias else {})

    def _arguments(self) -> dict[str, object]:
        return {
            "eps": self.eps,
            "momentum": self.momentum,
            "affine": self.affine,
            "bias": self.bias,
            "track_running_stats": self.track_running_stats,
        }


class BatchNorm1d(BatchNorm):
    """Brings each feature (or channel of a signal) to mean 0 and variance 1 over the batch, then scales and shifts it.

    Training becomes faster and less touchy; in use, the averages gathered during training stand in for the batch.
    """

    reference: ClassVar[str] = "torch.nn.BatchNorm1d"
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((6, 9)),), (TensorSpec((6,)),))

    def layer(self, x: Channels) -> Call:
        return nn.BatchNorm1d(x.channels, **self._arguments())


class BatchNorm2d(BatchNorm):
    """Brings each channel of an image to mean 0 and variance 1 over the batch, then scales and shifts it.

    Training becomes faster and less touchy; in use, the averages gathered during training stand in for the batch.
    """

    reference: ClassVar[str] = "torch.nn.BatchNorm2d"
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((6, 5, 4)),),)

    def layer(self, x: Image) -> Call:
        return nn.BatchNorm2d(x.channels, **self._arguments())


class LayerNorm(Block):
    """Brings the last axes of each sample to mean 0 and variance 1, then scales and shifts them.

    It does not look at the batch, so it does the same in training and in use; transformers rest on it.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "norm"
    reference: ClassVar[str] = "torch.nn.LayerNorm"
    formula: ClassVar[str] = FORMULA
    aliases: ClassVar[tuple[str, ...]] = ("ln", "layer normalization", "normalise")
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ((TensorSpec((20,)),), (TensorSpec((7, 20)),))

    last_axes: int = param(1, ge=1, label="Axes", doc="Number of axes, counted from the last, that are normalised.")
    eps: float = param(1e-5, gt=0, label="Epsilon", doc="Small number added to the variance against division by zero.")
    elementwise_affine: bool = param(True, label="Learn scale", doc="Whether each number learns a scale.")
    bias: bool = param(True, label="Learn shift", doc="Whether each number learns a shift as well.")

    def _normalised(self, x: Features) -> tuple[int, ...]:
        if self.last_axes > len(x.shape):
            raise Misfit(
                f"normalises the last {self.last_axes} axes, but {x} has only {len(x.shape)}", param="last_axes"
            )
        return tuple(fixed(x, axis, "features") for axis in range(-self.last_axes, 0))

    def layer(self, x: Features) -> Call:
        shape = self._normalised(x)
        return nn.LayerNorm(
            shape[0] if len(shape) == 1 else shape,
            eps=self.eps,
            elementwise_affine=self.elementwise_affine,
            bias=self.bias,
        )

    def shape(self, x: Features) -> TensorSpec:
        self._normalised(x)
        return same(x)

    def weights(self, x: Features) -> Mapping[str, Shape]:
        if not self.elementwise_affine:
            return {}
        shape = self._normalised(x)
        return {"weight": shape} | ({"bias": shape} if self.bias else {})
