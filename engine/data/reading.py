"""A source's values, read once, checked, and kept from being changed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.data.base import Source
from engine.problem import UserError

if TYPE_CHECKING:
    from engine.data.base import Array


@functools.lru_cache(maxsize=8)
def read(source: Source) -> Mapping[str, Array]:
    """What `source.read()` answers, remembered for the sources read last; the arrays can't be written to.

    Raises:
        UserError: when a value is infinite or not a number, with its field and row.
    """
    arrays = source.read()
    lengths = {name: len(values) for name, values in arrays.items()}
    assert len(set(lengths.values())) == 1, f"{type(source).__name__} gives fields of different lengths: {lengths}"
    for name, values in arrays.items():
        _refuse_non_finite(name, values)
        values.flags.writeable = False
    return MappingProxyType(arrays)


def samples(source: Source, count: int) -> dict[str, Array]:
    """Up to `count` samples for a look at the data, spread evenly over the whole source; values as they were read.

    Raises:
        UserError: as `read` does.
    """
    import numpy as np

    arrays = read(source)
    total = len(next(iter(arrays.values())))
    count = max(0, min(count, total))
    rows = np.arange(count) * total // max(count, 1)
    return {name: values[rows] for name, values in arrays.items()}


def _refuse_non_finite(name: str, values: Array) -> None:
    import numpy as np

    finite = np.isfinite(values).reshape(len(values), -1).all(axis=1)
    if finite.all():
        return
    bad = np.flatnonzero(~finite)
    rows = "row" if len(bad) == 1 else f"{len(bad)} rows, the first of them row"
    raise UserError(
        f"The field “{name}” has a missing or infinite value in {rows} {bad[0] + 1} (counted from 1). "
        "Fill in the value or leave the row out."
    )
