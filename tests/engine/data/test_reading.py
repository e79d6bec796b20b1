"""A source is read once, can't be spoilt, and is refused where it has holes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.data import Source, read, samples
from engine.data.rows import BadData, BadRow
from engine.data.sources import SOURCES, Iris, Moons
from engine.field import Field
from engine.problem import UserError

VECTOR = Field("point", "vector", (2,))
NUMBER = Field("height", "number")


def test_equal_sources_are_read_once() -> None:
    assert read(Moons(seed=3)) is read(Moons(seed=3))
    assert read(Moons(seed=3)) is not read(Moons(seed=4))


def test_what_is_remembered_can_not_be_changed() -> None:
    arrays = read(Iris())
    for values in arrays.values():
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1
    with pytest.raises(TypeError):
        arrays["features"] = arrays["petal"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("row", "value", "words"),
    [
        ((2, 1), np.nan, "Row 3 of the data has"),
        ((0, 0), np.inf, "Row 1 of the data has"),
        (([1, 3], 0), -np.inf, "Row 2 of the data has"),
    ],
)
def test_refuses_holes_by_field_and_row(table: Callable[..., Source], row: object, value: float, words: str) -> None:
    point, height = np.zeros((4, 2), "float32"), np.zeros((4, 1), "float32")
    point[row] = value
    with pytest.raises(UserError, match=f"{words} a missing or infinite value in the field “point”.*leave the row out"):
        read(table(VECTOR, NUMBER, height=height, point=point))


@pytest.mark.parametrize("name", SOURCES)
def test_samples_are_values_of_the_source(name: str) -> None:
    source = SOURCES[name]()
    shown, arrays = samples(source, 4), read(source)
    count = len(next(iter(arrays.values())))
    rows = [0, count // 4, count // 2, 3 * count // 4]
    assert list(shown) == list(arrays)
    assert all(np.array_equal(shown[field], arrays[field][rows]) for field in arrays)


def test_samples_of_sorted_data_show_every_class() -> None:
    assert set(samples(Iris(), 6)["species"].tolist()) == {0, 1, 2}


@pytest.mark.parametrize(("count", "given"), [(0, 0), (-1, 0), (1, 1), (149, 149), (150, 150), (9999, 150)])
def test_samples_are_as_many_as_there_are(count: int, given: int) -> None:
    shown = samples(Moons(samples=150), count)
    assert {len(values) for values in shown.values()} == {given}
    assert len(np.unique(shown["point"], axis=0)) == given  # none is shown twice


def test_samples_can_be_changed_without_harm() -> None:
    shown = samples(Iris(), 3)
    shown["features"][:] = -1
    assert read(Iris())["features"].min() > 0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            BadRow(16, "has no label", "a.csv"),
            "Row 17 of a.csv has no label. Correct it, or leave the row out.",
        ),
        (ValueError("day is out of range"), "Broken can't be read: day is out of range. Choose other data."),
        (KeyError(), "Broken can't be read: KeyError. Choose other data."),
    ],
)
def test_a_source_that_fails_is_told_in_a_sentence(error: Exception, words: str) -> None:
    class Broken(Source):
        def fields(self) -> tuple[Field, ...]:
            return (NUMBER,)

        def read(self) -> dict[str, np.ndarray]:
            raise error

    with pytest.raises(BadData) as told:
        read(Broken())
    assert str(told.value) == words
    assert told.value.ways == ("check_data",)


def test_fields_of_different_lengths_are_told(table: Callable[..., Source]) -> None:
    words = "The fields have different numbers of rows: “point” has 4, “height” has 3. Fill in what is missing."
    with pytest.raises(BadData, match=words):
        read(table(VECTOR, NUMBER, point=np.zeros((4, 2)), height=np.zeros((3, 1))))
