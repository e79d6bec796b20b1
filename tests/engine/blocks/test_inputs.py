"""What inputs and targets bring in, from the fields of a dataset."""

from __future__ import annotations

import pytest

from engine.field import Field
from engine.problem import Misfit
from engine.tensor import TensorSpec
from tests.engine.drawing import block

FIELDS = {
    field.name: field
    for field in (
        Field("photo", "image", (3, 8, 8)),
        Field("row", "vector", (5,)),
        Field("kind", "class", classes=("a", "b", "c")),
        Field("sick", "class", classes=("no", "yes")),
        Field("price", "number"),
    )
}


@pytest.mark.parametrize(
    ("kind", "values", "spec"),
    [
        ("Input", {"field": "photo"}, TensorSpec((3, 8, 8))),
        ("Input", {"field": "row"}, TensorSpec((5,))),
        ("Input", {"field": "kind"}, TensorSpec((), "int64")),
        ("Input", {"field": "price"}, TensorSpec((1,))),
        ("Input", {"sample_shape": (2, 3)}, TensorSpec((2, 3))),
        ("Input", {"sample_shape": (2,), "dtype": "int64"}, TensorSpec((2,), "int64")),
        ("Input", {"sample_shape": (9,), "field": "row"}, TensorSpec((5,))),
        ("Target", {"field": "kind"}, TensorSpec((), "int64")),
        ("Target", {"field": "kind", "encoding": "one-hot"}, TensorSpec((3,))),
        ("Target", {"field": "sick", "encoding": "number"}, TensorSpec((1,))),
        ("Target", {"field": "price", "encoding": "one-hot"}, TensorSpec((1,))),
        ("Target", {"field": "photo"}, TensorSpec((3, 8, 8))),
    ],
)
def test_brings_in(kind: str, values: dict[str, object], spec: TensorSpec) -> None:
    assert block(kind, **values).spec(FIELDS) == spec


@pytest.mark.parametrize(
    ("kind", "values", "param", "words"),
    [
        ("Input", {}, "field", "is not bound to a field of the dataset yet. It has “photo”, “row”"),
        ("Input", {"field": "colour"}, "field", "asks for the field “colour”, which the dataset does not have"),
        ("Target", {}, "field", "is not bound to a field"),
        ("Target", {"field": "kind", "encoding": "number"}, "encoding", "as 0 or 1, but “kind” has 3 classes"),
    ],
)
def test_misses(kind: str, values: dict[str, object], param: str, words: str) -> None:
    with pytest.raises(Misfit) as misfit:
        block(kind, **values).spec(FIELDS)
    assert misfit.value.param == param
    assert words in misfit.value.message


def test_a_dataset_without_fields_says_none() -> None:
    with pytest.raises(Misfit, match="It has none"):
        block("Input").spec({})


def test_an_output_passes_on_what_arrives() -> None:
    from engine.plan import trace_block

    assert trace_block(block("Output"), (TensorSpec((3,)),)).outputs == ()
    with pytest.raises(NotImplementedError):
        block("Output").layer(TensorSpec((3,)))
