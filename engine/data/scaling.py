"""Values brought to mean 0 and standard deviation 1, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.field import Field

if TYPE_CHECKING:
    from engine.data.base import Array


@dataclass(frozen=True, eq=False)
class Scaling:
    """Mean and standard deviation, float64, of the shape that lines up with one sample of the field.

    That is (features,) for a vector, (channels, 1, 1) for an image and (1,) for a number.
    """

    mean: Array
    std: Array

    def apply(self, values: Array) -> Array:
        """The scaled values, float32, samples along axis 0."""
        return ((values - self.mean) / self.std).astype("float32")

    def undo(self, values: Array) -> Array:
        """Scaled values in their own units again, float32, samples along axis 0."""
        return (values * self.std + self.mean).astype("float32")


def fit(field: Field, values: Array) -> Scaling:
    """The scaling that brings `values` (samples along axis 0) to mean 0 and standard deviation 1.

    Vectors and numbers are scaled feature by feature, images channel by channel. What never varies is only
    moved to 0, so that nothing is divided by zero.
    """
    import numpy as np

    axes = (0, 2, 3) if field.kind == "image" else (0,)
    keep = (-1, 1, 1) if field.kind == "image" else (-1,)
    mean = values.mean(axis=axes, dtype="float64").reshape(keep)
    std = values.std(axis=axes, dtype="float64").reshape(keep)
    # Below the resolution of float32 a spread is rounding, and dividing by it would blow rounding up.
    constant = std <= np.finfo("float32").eps * np.abs(mean)
    return Scaling(mean, np.where(constant, 1.0, std))


def as_it_is(field: Field) -> Scaling:
    """The scaling that changes nothing."""
    import numpy as np

    shape = {"image": (*field.shape[:1], 1, 1), "number": (1,)}.get(field.kind, field.shape)
    return Scaling(np.zeros(shape), np.ones(shape))
