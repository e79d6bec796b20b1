"""The contract of sources: every one of them, and every one to come, gives what its fields promise."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.sources import SOURCES, Source, Spirals
from engine.record import BadValue

# Besides its defaults, each source is tried with the least of its samples, and with these.
VARIANTS = [
    *(source() for source in SOURCES.values()),
    *(source(samples=50, noise=0) for name, source in SOURCES.items() if "samples" in source.model_fields),
    Spirals(samples=101, classes=5, turns=0.3, seed=7),
]


@pytest.fixture(params=VARIANTS, ids=repr)
def source(request: pytest.FixtureRequest) -> Source:
    return request.param


def test_values_are_what_the_fields_promise(source: Source) -> None:
    fields, arrays = source.fields(), source.read()
    assert [field.name for field in fields] == list(arrays)
    count = len(arrays[fields[0].name])
    for field in fields:
        values = arrays[field.name]
        assert values.shape == (count, *field.spec.shape), field
        assert values.dtype == field.spec.dtype, field
        assert values.flags.c_contiguous, field
        assert np.isfinite(values).all(), field
        if field.kind == "image":
            assert (values.min(), values.max()) == (0, 1)
        if field.kind == "class":
            assert sorted(set(values.tolist())) == list(range(len(field.classes)))


def test_reading_twice_gives_the_same(source: Source) -> None:
    first, second = source.read(), source.read()
    assert all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_is_documented(source: type[Source]) -> None:
    assert source.title
    assert source.reference
    assert source.doc()
    assert source.doc() != Source.doc()
    assert all(described.doc for described in source.params())
    assert all(field.doc for field in source().fields())


def test_titles_are_distinct() -> None:
    assert len({source.title for source in SOURCES.values()}) == len(SOURCES)


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("Digits", "image", "1 × 8 × 8"),
        ("Digits", "pixels", "64"),
        ("Digits", "digit", "10 classes"),
        ("Iris", "features", "4"),
        ("Iris", "sepal", "2"),
        ("Iris", "petal", "2"),
        ("Iris", "species", "3 classes"),
        ("Wine", "features", "13"),
        ("Wine", "cultivar", "3 classes"),
        ("BreastCancer", "features", "30"),
        ("BreastCancer", "mean", "10"),
        ("BreastCancer", "error", "10"),
        ("BreastCancer", "worst", "10"),
        ("BreastCancer", "diagnosis", "2 classes"),
        ("Diabetes", "features", "10"),
        ("Diabetes", "progression", "number"),
        ("Moons", "point", "2"),
        ("Circles", "label", "2 classes"),
        ("Spirals", "label", "2 classes"),
        ("Xor", "label", "2 classes"),
    ],
)
def test_fields_that_projects_name(name: str, field: str, words: str) -> None:
    assert {f.name: f.in_words for f in SOURCES[name]().fields()}[field] == words


@pytest.mark.parametrize(
    ("name", "values", "param"),
    [
        ("Moons", {"samples": 49}, "samples"),
        ("Moons", {"samples": 100_001}, "samples"),
        ("Moons", {"noise": -0.1}, "noise"),
        ("Xor", {"noise": float("nan")}, "noise"),
        ("Circles", {"factor": 1}, "factor"),
        ("Circles", {"seed": -1}, "seed"),
        ("Spirals", {"classes": 1}, "classes"),
        ("Spirals", {"turns": 0}, "turns"),
        ("Iris", {"samples": 100}, "samples"),
    ],
)
def test_refuses(name: str, values: dict[str, float], param: str) -> None:
    with pytest.raises(BadValue) as refused:
        SOURCES[name].build(values)
    assert list(refused.value.errors) == [param]
