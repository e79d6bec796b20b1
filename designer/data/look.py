"""What the Data workspace shows of a dataset, read and counted off the screen's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.data import DataSettings, prepare, read, samples
from engine.field import Field

if TYPE_CHECKING:
    import numpy.typing

    Array = numpy.typing.NDArray[Any]

ROWS = 100  # of the table
PICTURES = 200
POINTS = 3000


@dataclass(frozen=True, eq=False)
class Look:
    """A dataset at a glance. Values are those of the source, before they are normalised."""

    fields: Mapping[str, Field]
    sizes: Mapping[str, int]  # samples of each part
    counts: Mapping[str, Mapping[str, Mapping[str, int]]]  # by class field, part and class
    ranges: Mapping[str, tuple[float, float]]  # least and greatest value of each field but classes
    rows: Mapping[str, Array]  # the first samples
    pictures: Mapping[str, Array]  # samples from all over the data, of which there are enough to fill a page
    points: Mapping[str, Array]
    notes: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    @property
    def images(self) -> list[str]:
        return [name for name, field in self.fields.items() if field.kind == "image"]

    @property
    def planes(self) -> list[str]:
        """Vectors of two numbers, which can be shown as points."""
        return [name for name, field in self.fields.items() if field.kind == "vector" and field.shape == (2,)]

    @property
    def class_field(self) -> str | None:
        """The first field that is a class: pictures and points are labelled by it."""
        return next((name for name, field in self.fields.items() if field.kind == "class"), None)


def look_at(settings: DataSettings) -> Look:
    """Read, split and count.

    Raises:
        UserError: when the data can't be used, in words.
    """
    prepared, arrays = prepare(settings), read(settings.source)
    fields = prepared.fields
    look = Look(
        fields,
        prepared.sizes,
        {name: prepared.counts(name) for name, field in fields.items() if field.kind == "class"},
        {name: (float(a.min()), float(a.max())) for name, a in arrays.items() if fields[name].kind != "class"},
        {name: values[:ROWS] for name, values in arrays.items()},
        samples(settings.source, PICTURES),
        samples(settings.source, POINTS),
        prepared.notes,
    )
    if look.planes:
        import pyqtgraph  # noqa: F401  (a third of a second, which the screen's thread is spared here)
    return look
