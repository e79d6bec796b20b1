"""Scaling brings values to mean 0 and spread 1 and back, and stays finite."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.scaling import Scaling, as_it_is, fit
from engine.field import Field

RANDOM = np.random.default_rng(0)
FIELDS = {
    "vector": (Field("v", "vector", (3,)), RANDOM.normal((1, -50, 1e4), (2, 0.01, 300), (400, 3)), (3,)),
    "number": (Field("n", "number"), RANDOM.normal(150, 70, (400, 1)), (1,)),
    "image": (Field("i", "image", (2, 4, 5)), RANDOM.random((60, 2, 4, 5)) * [[[1]], [[0.2]]], (2, 1, 1)),
}


@pytest.mark.parametrize("kind", FIELDS)
def test_fits_each_feature_or_channel(kind: str) -> None:
    field, values, shape = FIELDS[kind]
    values = values.astype("float32")
    scaling = fit(field, values)
    assert scaling.mean.shape == scaling.std.shape == as_it_is(field).mean.shape == shape
    scaled = scaling.apply(values)
    assert scaled.dtype == "float32"
    assert scaled.shape == values.shape
    axes = (0, 2, 3) if kind == "image" else 0
    assert scaled.mean(axis=axes, dtype="float64") == pytest.approx(0, abs=1e-5)
    assert scaled.std(axis=axes, dtype="float64") == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("kind", FIELDS)
def test_undo_gives_the_values_back(kind: str) -> None:
    field, values, _ = FIELDS[kind]
    values = values.astype("float32")
    scaling = fit(field, values)
    assert np.allclose(scaling.undo(scaling.apply(values)), values, rtol=1e-6, atol=1e-6 * scaling.std.max())
    assert scaling.undo(scaling.apply(values)).dtype == "float32"


@pytest.mark.parametrize("kind", FIELDS)
def test_as_it_is_changes_nothing(kind: str) -> None:
    field, values, _ = FIELDS[kind]
    values = values.astype("float32")
    assert np.array_equal(as_it_is(field).apply(values), values)
    assert np.array_equal(as_it_is(field).undo(values), values)


@pytest.mark.parametrize("value", [0.0, 0.1, -7.3, 1e-6, 1e6, 16777216.0])
@pytest.mark.parametrize("count", [1, 3, 1797])
def test_what_never_varies_moves_to_zero_and_stays_finite(value: float, count: int) -> None:
    scaling = fit(Field("v", "vector", (1,)), np.full((count, 1), value, "float32"))
    assert scaling.std.tolist() == [1]
    assert scaling.apply(np.full((2, 1), value, "float32")) == pytest.approx(0, abs=1e-6 * abs(value))
    assert scaling.apply(np.full((1, 1), value + 1, "float32")) == pytest.approx(1, abs=1e-6 * max(1, abs(value)))


def test_a_small_spread_is_a_spread() -> None:
    values = np.array([[1e-6], [3e-6]], "float32")
    assert fit(Field("v", "vector", (1,)), values).apply(values) == pytest.approx(np.array([[-1], [1]]), abs=1e-5)


def test_a_scaling_is_a_value_of_its_own() -> None:
    scaling = Scaling(np.zeros(1), np.ones(1))
    assert scaling == scaling
    assert scaling != Scaling(np.zeros(1), np.ones(1))
