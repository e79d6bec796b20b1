"""A block without a shape rule, as tests need one: only torch can tell what it does."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.base import Block
from engine.call import Call, nn
from engine.record import param
from engine.tensor import Features


class Probed(Block):
    """A linear layer, or a norm over groups of features, that does not say what it does to shapes.

    Otherwise it is like any other.
    """

    category: ClassVar[str] = "Linear"
    stem: ClassVar[str] = "probed"

    rows: int = param(4, ge=1, label="Features out", doc="Number of outputs.")
    groups: int = param(0, ge=0, doc="Groups that the features are normalised in; 0 for the linear layer.")

    def layer(self, x: Features) -> Call:
        if self.groups:
            return nn.GroupNorm(self.groups, x.features)
        return nn.Linear(x.features, self.rows)
