"""The bundled datasets agree with what scikit-learn says of them."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.datasets

from engine.data.bundled import BreastCancer, Diabetes, Digits, Iris, Wine
from engine.data.sources import Source


@pytest.mark.parametrize(
    ("source", "loader", "field"),
    [
        (Digits(), "load_digits", "digit"),
        (Iris(), "load_iris", "species"),
        (Wine(), "load_wine", "cultivar"),
        (BreastCancer(), "load_breast_cancer", "diagnosis"),
    ],
)
def test_classes_are_named_and_ordered_as_in_scikit_learn(source: Source, loader: str, field: str) -> None:
    bunch = getattr(sklearn.datasets, loader)()
    classes = {f.name: f.classes for f in source.fields()}[field]
    assert list(classes) == [str(name) for name in bunch.target_names]
    assert np.array_equal(source.read()[field], bunch.target)


def test_digit_image_and_pixels_hold_the_same_ink() -> None:
    arrays, scans = Digits().read(), sklearn.datasets.load_digits().images
    assert np.array_equal(arrays["image"][:, 0] * 16, scans)
    assert np.array_equal(arrays["image"].reshape(-1, 64), arrays["pixels"])


@pytest.mark.parametrize(
    ("source", "parts"), [(Iris(), ("sepal", "petal")), (BreastCancer(), ("mean", "error", "worst"))]
)
def test_parts_side_by_side_are_all_features(source: Source, parts: tuple[str, ...]) -> None:
    arrays = source.read()
    assert np.array_equal(np.concatenate([arrays[part] for part in parts], axis=1), arrays["features"])


def test_diabetes_is_in_measured_units() -> None:
    arrays = Diabetes().read()
    age, sex = arrays["features"][:, 0], arrays["features"][:, 1]
    assert 18 < age.min() < age.max() < 80
    assert set(sex.tolist()) == {1, 2}
    assert (arrays["progression"].min(), arrays["progression"].max()) == (25, 346)
