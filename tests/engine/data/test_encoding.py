"""Targets arrive in the form that the `Target` block foretells."""

from __future__ import annotations

import numpy as np
import pytest

from engine.blocks.inputs import Target
from engine.data import SOURCES, encode, read
from engine.field import Field
from engine.problem import Misfit

TWO = Field("answer", "class", classes=("no", "yes"))
THREE = Field("kind", "class", classes=("a", "b", "c"))
HEIGHT = Field("height", "number")
INDEX = np.array([1, 0, 1])


@pytest.mark.parametrize(
    ("field", "encoding", "values", "expected"),
    [
        (TWO, "index", INDEX, INDEX),
        (TWO, "number", INDEX, np.array([[1], [0], [1]], "float32")),
        (TWO, "one-hot", INDEX, np.array([[0, 1], [1, 0], [0, 1]], "float32")),
        (THREE, "index", INDEX + 1, np.array([2, 1, 2])),
        (THREE, "one-hot", INDEX + 1, np.array([[0, 0, 1], [0, 1, 0], [0, 0, 1]], "float32")),
        (THREE, "one-hot", INDEX[:0], np.zeros((0, 3), "float32")),
        (HEIGHT, "index", np.array([[1.5]], "float32"), np.array([[1.5]], "float32")),
        (HEIGHT, "one-hot", np.array([[1.5]], "float32"), np.array([[1.5]], "float32")),
    ],
)
def test_encodes(field: Field, encoding: str, values: np.ndarray, expected: np.ndarray) -> None:
    encoded = encode(field, encoding, values)
    assert encoded.dtype == expected.dtype
    assert np.array_equal(encoded, expected)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("encoding", ["index", "number", "one-hot"])
def test_agrees_with_the_target_block(name: str, encoding: str) -> None:
    source = SOURCES[name]()
    fields = {field.name: field for field in source.fields()}
    for field in fields.values():
        target, values = Target(field=field.name, encoding=encoding), read(source)[field.name]
        try:
            spec = target.spec(fields)
        except Misfit:
            with pytest.raises(ValueError, match="choice of two"):
                encode(field, encoding, values)
            continue
        encoded = encode(field, encoding, values)
        assert encoded.shape == (len(values), *spec.shape)
        assert encoded.dtype == spec.dtype


def test_refuses_an_unknown_encoding() -> None:
    with pytest.raises(ValueError, match="“binary” is no encoding"):
        encode(TWO, "binary", INDEX)
