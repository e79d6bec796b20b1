"""Prepared data are split as told and normalised by what the training part alone shows."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest

from engine.data import SOURCES, DataSettings, Prepared, Source, prepare, read
from engine.data.sources import Diabetes, Digits, Iris
from engine.field import Field
from engine.problem import UserError

PARTS = ("train", "validation", "test")
POINT = Field("point", "vector", (2,))
HEIGHT = Field("height", "number")
PHOTO = Field("photo", "image", (3, 2, 2))
KIND = Field("kind", "class", classes=("a", "b", "c"))


@pytest.fixture(params=SOURCES.values(), ids=list(SOURCES))
def source(request: pytest.FixtureRequest) -> Source:
    return request.param()


def rows_of(prepared: Prepared) -> list[list[int]]:
    return [prepared.rows[part].tolist() for part in PARTS]


@pytest.mark.parametrize("normalise", [True, False])
def test_parts_hold_their_rows_of_the_source(source: Source, normalise: bool) -> None:
    prepared, arrays = prepare(DataSettings(source=source, normalise=normalise)), read(source)
    assert list(prepared.fields) == list(prepared.train) == list(arrays)
    assert sorted(np.concatenate(rows_of(prepared)).tolist()) == list(range(len(arrays[next(iter(arrays))])))
    for part, values in prepared.parts.items():
        for name, field in prepared.fields.items():
            assert values[name].shape == (prepared.sizes[part], *field.spec.shape)
            assert values[name].dtype == field.spec.dtype
            assert np.isfinite(values[name]).all()
            original = arrays[name][prepared.rows[part]]
            if normalise and field.kind != "class":
                assert np.allclose(prepared.scaling[name].undo(values[name]), original, rtol=1e-5, atol=1e-5)
            else:
                assert np.array_equal(values[name], original)


def test_the_training_part_is_normal(source: Source) -> None:
    prepared = prepare(DataSettings(source=source))
    for name, field in prepared.fields.items():
        if field.kind == "class":
            assert name not in prepared.scaling
            continue
        axes = (0, 2, 3) if field.kind == "image" else 0
        spread = prepared.train[name].std(axis=axes, dtype="float64")
        assert prepared.train[name].mean(axis=axes, dtype="float64") == pytest.approx(0, abs=1e-4)
        assert np.all(np.isclose(spread, 1, atol=1e-4) | (spread == 0))
        if name in ("pixels", "image", "features"):
            assert np.any(spread > 0)


def test_pixels_without_ink_stay_finite() -> None:
    prepared = prepare(DataSettings(source=Digits()))
    assert np.ptp(prepared.train["pixels"], axis=0).min() == 0  # some pixels never have ink
    assert prepared.scaling["image"].mean.shape == (1, 1, 1)


def test_classes_keep_their_proportions(source: Source) -> None:
    prepared = prepare(DataSettings(source=source))
    for name, field in prepared.fields.items():
        if field.kind != "class":
            continue
        whole = np.bincount(read(source)[name])
        for part, share in (("train", 0.7), ("validation", 0.2), ("test", 0.1)):
            counts = prepared.counts(name)[part]
            assert list(counts) == list(field.classes)
            assert np.abs(np.array(list(counts.values())) - share * whole).max() < 2.5
    assert prepared.notes == ()


def test_the_seed_decides_the_split(source: Source) -> None:
    first, again, other = (prepare(DataSettings(source=source, seed=seed)) for seed in (5, 5, 6))
    assert rows_of(first) == rows_of(again)
    assert all(one != two for one, two in zip(rows_of(first), rows_of(other), strict=True))


def test_later_parts_leave_no_trace_in_the_scaling(table: Callable[..., Source]) -> None:
    random = np.random.default_rng(0)
    arrays = {
        "point": random.normal(size=(60, 2)).astype("float32"),
        "height": random.normal(size=(60, 1)).astype("float32"),
        "photo": random.random((60, 3, 2, 2)).astype("float32"),
        "kind": np.arange(60) % 3,
    }
    fields = (POINT, HEIGHT, PHOTO, KIND)
    before = prepare(DataSettings(source=table(*fields, **arrays)))

    unseen = np.concatenate([before.rows["validation"], before.rows["test"]])
    for name in ("point", "height", "photo"):
        arrays[name] = arrays[name].copy()
        arrays[name][unseen] = 1000 + 10 * arrays[name][unseen]
    after = prepare(DataSettings(source=table(*fields, **arrays)))

    assert rows_of(before) == rows_of(after)
    for name, scaling in before.scaling.items():
        assert np.array_equal(scaling.mean, after.scaling[name].mean)
        assert np.array_equal(scaling.std, after.scaling[name].std)
        assert np.array_equal(before.train[name], after.train[name])
        assert after.validation[name].min() > 100  # the change did arrive


def test_a_changed_training_row_does_move_the_scaling(table: Callable[..., Source]) -> None:
    height = np.arange(20, dtype="float32").reshape(-1, 1)
    before = prepare(DataSettings(source=table(HEIGHT, height=height)))
    height[before.rows["train"][0]] += 100
    after = prepare(DataSettings(source=table(HEIGHT, height=height)))
    assert after.scaling["height"].mean > before.scaling["height"].mean


def test_what_is_prepared_can_be_changed_without_harm() -> None:
    settings = DataSettings(source=Iris(), normalise=False)
    prepared, before = prepare(settings), read(Iris())["features"].copy()
    for part in prepared.parts.values():
        for name, values in part.items():
            assert values.flags.writeable
            assert values.flags.c_contiguous
            assert not np.shares_memory(values, read(Iris())[name])
            values[:] = 0
    assert np.array_equal(read(Iris())["features"], before)
    assert prepare(settings).train["features"].min() > 0


def test_torch_takes_the_arrays_without_a_warning() -> None:
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for values in prepare(DataSettings(source=Iris())).train.values():
            assert torch.from_numpy(values).shape == values.shape


def test_no_test_part_when_none_is_asked_for() -> None:
    prepared = prepare(DataSettings(source=Iris(), test=0))
    assert prepared.sizes == {"train": 120, "validation": 30, "test": 0}
    assert prepared.test["features"].shape == (0, 4)
    assert prepared.notes == ()


@pytest.mark.parametrize(
    ("kind", "notes"),
    [
        (
            [0] * 30 + [1] * 29 + [2],
            [
                "The validation part has no sample of “c”: there are too few of them to stand in every part. "
                "Add samples of that class, or change the shares.",
                "The test part has no sample of “c”: there are too few of them to stand in every part. "
                "Add samples of that class, or change the shares.",
            ],
        ),
        ([0] * 30 + [1] * 30, []),  # a class without any sample is no matter of the split
    ],
)
def test_a_class_too_rare_for_every_part_is_told(
    table: Callable[..., Source], kind: list[int], notes: list[str]
) -> None:
    prepared = prepare(DataSettings(source=table(KIND, kind=np.array(kind))))
    assert list(prepared.notes) == notes


def test_numbers_are_not_counted() -> None:
    with pytest.raises(ValueError, match="“progression” is no class"):
        prepare(DataSettings(source=Diabetes())).counts("progression")


def test_refuses_missing_values_and_too_few_samples(table: Callable[..., Source]) -> None:
    height = np.array([[1], [2], [np.nan], [4]], "float32")
    with pytest.raises(UserError, match="Row 3 of the data has a missing or infinite value in the field “height”"):
        prepare(DataSettings(source=table(HEIGHT, height=height)))
    with pytest.raises(UserError, match=r"Of 2 samples.*none to train with"):
        prepare(DataSettings(source=table(HEIGHT, height=height[:2])))
