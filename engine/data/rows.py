"""What the rows of a dataset must be, and words for one that is not: its field, its number and, where known, its file.

Rows are counted from 1, as in a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.field import Field
from engine.problem import UserError

if TYPE_CHECKING:
    from engine.data.base import Array

REMEDY = "Correct it, or leave the row out."


class BadData(UserError):
    """The data can't be used as they are; nothing else is touched by it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, ("check_data",))


class BadRow(BadData):
    """One row can't be used; raised by a source while it reads, or by what looks through the rows it read."""

    def __init__(self, index: int, what: str, file: str = "", others: int = 0) -> None:
        """`index` counts from 0; `what` follows the row's number, and `others` are rows with the same fault."""
        where = f"Row {index + 1} of {file or 'the data'}"
        more = f" So it is in {others} more rows." if others > 1 else " So it is in one more row." if others else ""
        super().__init__(f"{where} {what}.{more} {REMEDY}")


def refuse_bad_rows(field: Field, values: Array) -> None:
    """Look through the values of one field.

    Raises:
        BadRow: for the first row that is of another form than the field, or holds what is no number or no class.
    """
    import numpy as np

    if values.dtype == object:
        _refuse_words(field, values)
    shape = field.spec.sizes
    if values.shape[1:] != shape:
        raise BadRow(0, _other_form(field, values.shape[1:]), others=len(values) - 1)
    if field.kind == "class":
        bad = np.flatnonzero((values < 0) | (values >= len(field.classes)))
        what = f"has a class in the field “{field.name}” that is none of its {len(field.classes)}"
    else:
        bad = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(axis=1))
        what = f"has a missing or infinite value in the field “{field.name}”"
    if len(bad):
        raise BadRow(int(bad[0]), what, others=len(bad) - 1)


def _refuse_words(field: Field, values: Array) -> None:
    """Rows that are no numbers, or of different lengths, keep an array from being one of numbers."""
    import numpy as np

    for index, row in enumerate(values):
        try:
            form = np.asarray(row, dtype="float64").shape
        except (TypeError, ValueError):
            raise BadRow(index, f"has no numbers in the field “{field.name}”") from None
        if form != field.spec.sizes:
            raise BadRow(index, _other_form(field, form))


def _other_form(field: Field, form: tuple[int, ...]) -> str:
    got, expected = (" × ".join(str(size) for size in sizes) or "a single number" for sizes in (form, field.spec.sizes))
    return f"has {got} in the field “{field.name}”, where {expected} is expected"
