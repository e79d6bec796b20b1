"""A source's values, read once, checked, and kept from being changed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.data.base import Source
from engine.data.rows import BadData, refuse_bad_rows
from engine.problem import UserError

if TYPE_CHECKING:
    from engine.data.base import Array

UNREADABLE = (OSError, ValueError, TypeError, IndexError, KeyError, ArithmeticError)  # what reading may come to


@functools.lru_cache(maxsize=8)
def read(source: Source) -> Mapping[str, Array]:
    """What `source.read()` answers, remembered for the sources read last; the arrays can't be written to.

    Raises:
        BadData: when they can't be read, or when a row is bad, with its number.
    """
    try:
        arrays = source.read()
    except UserError:
        raise
    except UNREADABLE as error:
        name, reason = source.title or type(source).__name__, str(error).strip() or type(error).__name__
        raise BadData(f"{name} can't be read: {reason}. Choose other data.") from None
    lengths = {name: len(values) for name, values in arrays.items()}
    if len(set(lengths.values())) != 1:
        told = ", ".join(f"“{name}” has {length}" for name, length in lengths.items())
        raise BadData(f"The fields have different numbers of rows: {told}. Fill in what is missing.")
    fields = {field.name: field for field in source.fields()}
    for name, values in arrays.items():
        refuse_bad_rows(fields[name], values)
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
