"""What every source of data is: one class that gives the list entry, the form, the fields, the values and the help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.field import Field
from engine.record import Record

if TYPE_CHECKING:
    import numpy.typing

    Array = numpy.typing.NDArray[Any]


class Source(Record):
    """A dataset. The docstring of a subclass is its help text; parameters say what is drawn or read.

    `fields` must answer at once, from the parameters alone, because shapes are shown before any data are loaded.
    """

    title: ClassVar[str] = ""
    reference: ClassVar[str] = ""  # where the data come from

    def fields(self) -> tuple[Field, ...]:
        """The fields that each sample has, told without reading the data."""
        raise NotImplementedError(type(self).__name__)

    def read(self) -> dict[str, Array]:
        """One array for each field, samples along axis 0; the same parameters always give the same values.

        An image is float32 (samples, channels, height, width) from 0 to 1, a vector float32 (samples, features),
        a class int64 (samples,), a number float32 (samples, 1).
        """
        raise NotImplementedError(type(self).__name__)
