"""Layers that leave out random numbers while training."""

from __future__ import annotations

from typing import Any, ClassVar

from engine.blocks.base import Block
from engine.blocks.rules import same
from engine.call import Call, nn
from engine.record import param
from engine.tensor import ChannelsFirst, Image, Signal, Tensor, TensorSpec, Volume

CATEGORY = "Dropout"
FORMULA = r"y = \frac{m x}{1 - p}, m \sim Bernoulli(1 - p)"
WHOLE_CHANNELS = r"y_c = \frac{m_c x_c}{1 - p}, m_c \sim Bernoulli(1 - p)"
ALPHA = r"y = a (m x + (1 - m) \alpha') + b, m \sim Bernoulli(1 - p)"
ALIASES = ("regularisation", "regularization", "overfitting")
Examples = tuple[tuple[TensorSpec, ...], ...]


class Dropping(Block):
    """What all kinds of dropout share: the share that is left out, and an output that looks like the input."""

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "drop"
    sums_up: ClassVar[tuple[str, ...]] = ("p",)

    p: float = param(0.5, ge=0, lt=1, label="Probability", doc="Share that is left out, from 0 to less than 1.")

    def shape(self, x: Any) -> TensorSpec:
        return same(x)


class Dropout(Dropping):
    """Sets random numbers to zero while training and scales the others up; does nothing in use.

    The network can't rely on any single number, which works against overfitting.
    """

    reference: ClassVar[str] = "torch.nn.Dropout"
    formula: ClassVar[str] = FORMULA
    aliases: ClassVar[tuple[str, ...]] = ALIASES
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((20,)),))

    def layer(self, x: Tensor) -> Call:
        return nn.Dropout(self.p)


class Dropout1d(Dropping):
    """Sets whole random channels of a signal to zero while training; does nothing in use.

    Neighbouring samples of a channel tell nearly the same, so that leaving out single ones would hide little.
    """

    reference: ClassVar[str] = "torch.nn.Dropout1d"
    formula: ClassVar[str] = WHOLE_CHANNELS
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "spatial dropout", "channel dropout")
    examples: ClassVar[Examples] = ((TensorSpec((6, 9)),),)

    def layer(self, x: Signal) -> Call:
        return nn.Dropout1d(self.p)


class Dropout2d(Dropping):
    """Sets whole random channels of an image to zero while training; does nothing in use.

    Neighbouring pixels of a channel tell nearly the same, so that leaving out single ones would hide little.
    """

    reference: ClassVar[str] = "torch.nn.Dropout2d"
    formula: ClassVar[str] = WHOLE_CHANNELS
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "spatial dropout", "channel dropout")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),),)

    def layer(self, x: Image) -> Call:
        return nn.Dropout2d(self.p)


class Dropout3d(Dropping):
    """Sets whole random channels of a volume to zero while training; does nothing in use.

    Neighbouring voxels of a channel tell nearly the same, so that leaving out single ones would hide little.
    """

    reference: ClassVar[str] = "torch.nn.Dropout3d"
    formula: ClassVar[str] = WHOLE_CHANNELS
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "spatial dropout", "channel dropout")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4, 3)),),)

    def layer(self, x: Volume) -> Call:
        return nn.Dropout3d(self.p)


class AlphaDropout(Dropping):
    """Leaves out random numbers while training in a way that keeps mean and variance; does nothing in use.

    It goes with SELU, whose negative limit takes the place of what is left out.
    """

    reference: ClassVar[str] = "torch.nn.AlphaDropout"
    formula: ClassVar[str] = ALPHA
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "selu dropout", "self-normalising")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((20,)),))

    def layer(self, x: Tensor) -> Call:
        return nn.AlphaDropout(self.p)


class FeatureAlphaDropout(Dropping):
    """Leaves out whole random channels while training in a way that keeps mean and variance; does nothing in use.

    It goes with SELU in convolutional networks.
    """

    reference: ClassVar[str] = "torch.nn.FeatureAlphaDropout"
    formula: ClassVar[str] = ALPHA
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "selu dropout", "channel dropout", "self-normalising")
    examples: ClassVar[Examples] = ((TensorSpec((6, 5, 4)),), (TensorSpec((20,)),))

    def layer(self, x: ChannelsFirst) -> Call:
        return nn.FeatureAlphaDropout(self.p)


BLOCKS = (Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout)
