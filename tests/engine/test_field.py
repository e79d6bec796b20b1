"""Fields say what arrives, as a shape and in words."""

from __future__ import annotations

import pytest

from engine.field import Field
from engine.tensor import TensorSpec


@pytest.mark.parametrize(
    ("field", "spec", "words"),
    [
        (Field("photo", "image", (3, 8, 9)), TensorSpec((3, 8, 9)), "3 × 8 × 9"),
        (Field("row", "vector", (5,)), TensorSpec((5,)), "5"),
        (Field("kind", "class", classes=("a", "b")), TensorSpec((), "int64"), "2 classes"),
        (Field("price", "number"), TensorSpec((1,)), "number"),
    ],
)
def test_spec_and_words(field: Field, spec: TensorSpec, words: str) -> None:
    assert field.spec == spec
    assert field.in_words == words
