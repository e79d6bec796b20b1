"""A row that can't be used is told by its number, its field and its fault."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.data.rows import BadRow, refuse_bad_rows
from engine.field import Field

POINT = Field("point", "vector", (2,))
KIND = Field("kind", "class", classes=("a", "b"))
END = " Correct it, or leave the row out."


def ragged(*rows: Any) -> np.ndarray:
    values = np.empty(len(rows), dtype=object)
    values[:] = rows
    return values


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        (
            POINT,
            np.array([[0, 1], [2, np.nan]]),
            "Row 2 of the data has a missing or infinite value in the field “point”.",
        ),
        (
            POINT,
            np.array([[np.inf, 1], [2, np.nan]]),
            "Row 1 of the data has a missing or infinite value in the field “point”. So it is in one more row.",
        ),
        (
            POINT,
            np.zeros((3, 5)),
            "Row 1 of the data has 5 in the field “point”, where 2 is expected. So it is in 2 more rows.",
        ),
        (
            POINT,
            ragged([1.0, 2.0], [3.0]),
            "Row 2 of the data has 1 in the field “point”, where 2 is expected.",
        ),
        (POINT, ragged([1.0, 2.0], ["x", "y"]), "Row 2 of the data has no numbers in the field “point”."),
        (KIND, np.array([0, 1, 2]), "Row 3 of the data has a class in the field “kind” that is none of its 2."),
        (KIND, np.array([0, -1, 1]), "Row 2 of the data has a class in the field “kind” that is none of its 2."),
    ],
)
def test_the_first_bad_row_is_named(field: Field, values: np.ndarray, words: str) -> None:
    with pytest.raises(BadRow) as told:
        refuse_bad_rows(field, values)
    assert str(told.value) == words + END


def test_good_rows_pass() -> None:
    refuse_bad_rows(POINT, np.zeros((3, 2), "float32"))
    refuse_bad_rows(KIND, np.array([0, 1, 1]))
