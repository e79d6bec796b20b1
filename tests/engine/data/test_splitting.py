"""The split is complete, repeatable and in proportion, whatever the groups look like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.splitting import PARTS, split
from engine.problem import UserError

ONE = np.zeros(100, "int64")


@settings(deadline=None, max_examples=150)
@given(
    groups=st.lists(st.integers(0, 9), min_size=3, max_size=120),
    validation=st.floats(0.01, 0.6),
    test=st.floats(0, 0.3),
    seed=st.integers(0, 1000),
)
def test_every_row_is_in_exactly_one_part(groups: list[int], validation: float, test: float, seed: int) -> None:
    try:
        rows = split(np.array(groups), validation, test, seed)
    except UserError:
        return
    assert tuple(rows) == PARTS
    assert sorted(np.concatenate(list(rows.values())).tolist()) == list(range(len(groups)))
    assert len(rows["train"])
    assert len(rows["validation"])
    assert bool(len(rows["test"])) == bool(test)
    assert all(np.array_equal(part, np.sort(part)) for part in rows.values())


@pytest.mark.parametrize(
    ("validation", "test", "sizes"),
    [
        (0.2, 0.1, (70, 20, 10)),
        (0.2, 0, (80, 20, 0)),
        (0.005, 0.005, (98, 1, 1)),
        (0.125, 0.125, (74, 13, 13)),
        (0.9, 0.09, (1, 90, 9)),
    ],
)
def test_sizes_are_the_shares_rounded(validation: float, test: float, sizes: tuple[int, ...]) -> None:
    rows = split(ONE, validation, test, 0)
    assert tuple(len(rows[part]) for part in PARTS) == sizes


@pytest.mark.parametrize("seed", range(5))
def test_even_groups_are_split_evenly(seed: int) -> None:
    groups = np.repeat([0, 1, 2], 50)
    rows = split(groups, 0.2, 0.1, seed)
    assert {part: np.bincount(groups[rows[part]]).tolist() for part in PARTS} == {
        "train": [35] * 3,
        "validation": [10] * 3,
        "test": [5] * 3,
    }


@pytest.mark.parametrize("seed", range(20))
def test_uneven_groups_keep_their_proportions(seed: int) -> None:
    groups = np.random.default_rng(seed).permutation(np.repeat(np.arange(5), [7, 23, 111, 350, 509]))
    rows = split(groups, 0.2, 0.1, seed)
    for part, share in (("train", 0.7), ("validation", 0.2), ("test", 0.1)):
        expected = np.bincount(groups) * share
        assert np.abs(np.bincount(groups[rows[part]], minlength=5) - expected).max() < 2.5, part


@pytest.mark.parametrize("seed", range(20))
def test_a_rare_group_is_trained_with(seed: int) -> None:
    groups = np.array([0] * 60 + [1] * 39 + [2])
    assert 99 in split(groups, 0.6, 0.2, seed)["train"]


def test_the_same_seed_gives_the_same_split_and_another_another() -> None:
    first, again, other = (split(ONE, 0.2, 0.1, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(first[part], again[part]) for part in PARTS)
    assert all(not np.array_equal(first[part], other[part]) for part in PARTS)


def test_the_split_is_not_the_order_of_the_rows() -> None:
    for rows in split(np.arange(300), 0.2, 0.1, 0).values():  # every row a group of its own
        assert 100 < rows.mean() < 200


@pytest.mark.parametrize(("count", "validation", "test"), [(1, 0.2, 0), (2, 0.2, 0.1), (10, 0.9, 0.05), (0, 0.2, 0.1)])
def test_refuses_to_leave_nothing_to_train_with(count: int, validation: float, test: float) -> None:
    with pytest.raises(UserError, match=f"Of {count} samples.*none to train with. Lower these shares"):
        split(np.zeros(count, "int64"), validation, test, 0)
