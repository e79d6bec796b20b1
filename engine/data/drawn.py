"""Points in the plane, drawn by a formula and a seed: small puzzles that show what a network can bend around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.data.base import Source
from engine.field import Field
from engine.record import param

if TYPE_CHECKING:
    from engine.data.base import Array


def _noise(default: float) -> Any:
    return param(default, ge=0, le=2, doc="How far points stray, as a standard deviation; the figure is about 2 wide.")


class Drawn(Source):
    """Points in the plane with a label each, as many of one class as of any other."""

    samples: int = param(1000, ge=50, le=100_000, doc="Number of points, over all classes.")
    noise: float = _noise(0.1)
    seed: int = param(0, ge=0, le=2**31 - 1, doc="Start of the random numbers; the same seed draws the same points.")

    def labels(self) -> tuple[str, ...]:
        """Names of the classes."""
        raise NotImplementedError(type(self).__name__)

    def figure(self, label: Array, along: Array) -> Array:
        """Where points stand before noise, as (samples, 2).

        Args:
            label: the class of each point, as (samples,).
            along: two random numbers from 0 to 1 for each point, as (samples, 2).
        """
        raise NotImplementedError(type(self).__name__)

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("point", "vector", (2,), doc="Where the point stands: x and y."),
            Field("label", "class", classes=self.labels(), doc="The class of the point."),
        )

    def read(self) -> dict[str, Array]:
        import numpy as np

        random = np.random.default_rng(self.seed)
        label = np.arange(self.samples) % len(self.labels())
        point = self.figure(label, random.random((self.samples, 2)))
        point = point + self.noise * random.standard_normal((self.samples, 2))
        return {"point": point.astype("float32"), "label": label.astype("int64")}


class Moons(Drawn):
    """Two half moons, one inside the bend of the other: no straight line parts them."""

    title: ClassVar[str] = "Moons"
    reference: ClassVar[str] = "Drawn by a formula, as scikit-learn's make_moons."

    def labels(self) -> tuple[str, ...]:
        return ("upper", "lower")

    def figure(self, label: Array, along: Array) -> Array:
        import numpy as np

        angle = np.pi * along[:, 0]
        upper = np.stack((np.cos(angle) - 0.5, np.sin(angle) - 0.25), axis=1)
        return np.where(label[:, None] == 0, upper, -upper)


class Circles(Drawn):
    """A ring within a ring: what counts is the distance from the middle."""

    title: ClassVar[str] = "Circles"
    reference: ClassVar[str] = "Drawn by a formula, as scikit-learn's make_circles."

    factor: float = param(
        0.5, gt=0, lt=1, label="Inner radius", doc="Radius of the inner ring; the outer one has radius 1."
    )

    def labels(self) -> tuple[str, ...]:
        return ("outer", "inner")

    def figure(self, label: Array, along: Array) -> Array:
        import numpy as np

        angle, radius = 2 * np.pi * along[:, 0], np.where(label == 0, 1.0, self.factor)
        return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)


class Spirals(Drawn):
    """Arms that wind around each other: hard for a small network, plain for a deeper one."""

    title: ClassVar[str] = "Spirals"
    reference: ClassVar[str] = (
        "Drawn by a formula, after K. Lang and M. Witbrock: Learning to Tell Two Spirals Apart, 1988."
    )

    noise: float = _noise(0.02)
    classes: int = param(2, ge=2, le=8, label="Arms", doc="Number of arms; each is a class.")
    turns: float = param(1.5, gt=0, le=5, doc="How often each arm winds around the middle.")

    def labels(self) -> tuple[str, ...]:
        return tuple(f"arm {number + 1}" for number in range(self.classes))

    def figure(self, label: Array, along: Array) -> Array:
        import numpy as np

        radius = np.sqrt(0.01 + 0.99 * along[:, 0])  # evenly dense; the arms begin apart, at radius 0.1
        angle = 2 * np.pi * (self.turns * radius + label / self.classes)
        return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)


class Xor(Drawn):
    """Four quarters of a square; a point's class is whether the signs of x and y differ: the exclusive or."""

    title: ClassVar[str] = "Exclusive or"
    reference: ClassVar[str] = "Drawn by a formula, after M. Minsky and S. Papert: Perceptrons, 1969."

    noise: float = _noise(0.05)

    def labels(self) -> tuple[str, ...]:
        return ("same sign", "signs differ")

    def figure(self, label: Array, along: Array) -> Array:
        import numpy as np

        x = 2 * along[:, 0] - 1
        sign = np.where(label == 0, 1.0, -1.0) * np.where(x < 0, -1.0, 1.0)
        return np.stack((x, sign * along[:, 1]), axis=1)
