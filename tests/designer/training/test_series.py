"""However long a curve is, what is drawn of it hides no point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from designer.training.series import Series

VALUES = st.one_of(
    st.floats(-1e6, 1e6),
    st.just(float("nan")),
    st.just(float("inf")),
    st.just(float("-inf")),
    st.just(1.7e308),
    st.just(-1.7e308),
)
BATCHES = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400), st.integers(0, 99)), min_size=1, max_size=6)


def reference(batches: list[tuple[int, int, int]]) -> tuple[Series, np.ndarray, np.ndarray]:
    """A series, and the same points kept in plain arrays; each batch begins at some x, maybe an earlier one."""
    series, xs, ys = Series(), np.empty(0), np.empty(0)
    for first, count, seed in batches:
        random = np.random.default_rng(seed)
        x = first + np.arange(count) / 4
        y = random.normal(5, 100, count)
        y[random.random(count) < 0.3] = random.choice([np.nan, np.inf])
        if len(xs) and first < xs[-1]:
            ys, xs = ys[xs < first], xs[xs < first]
        xs, ys = np.concatenate((xs, x)), np.concatenate((ys, np.where(np.isfinite(y), y, np.nan)))
        series.append(x, y)
    return series, xs, ys


@settings(deadline=None, max_examples=100)
@given(BATCHES, st.floats(-10, 600), st.floats(0, 600), st.integers(1, 300), st.integers(0, 50))
def test_a_window_contains_every_point(
    batches: list[tuple[int, int, int]], start: float, width: float, pixels: int, lead: int
) -> None:
    series, xs, ys = reference(batches)
    np.testing.assert_array_equal(series.x, xs)
    np.testing.assert_array_equal(series.y, ys)
    window = series.window(start, start + width, pixels, lead)
    assert len(window) <= pixels + 2
    assert (np.diff(window.left) >= 0).all()
    assert (window.left <= window.right).all()

    # the points that the buckets were made of, one after the other: every one lies within its bucket
    counts = window.counts.astype(int)
    first = int(np.searchsorted(xs, window.left[0])) if len(window) else 0
    assert first + counts.sum() <= len(xs)
    bucket = np.repeat(np.arange(len(window)), counts)
    x, y = xs[first : first + len(bucket)], ys[first : first + len(bucket)]
    assert (window.left[bucket] <= x).all()
    assert (x <= window.right[bucket]).all()
    known = np.isfinite(y)
    assert (window.low[bucket][known] <= y[known]).all()
    assert (y[known] <= window.high[bucket][known]).all()

    # and none that lies in the view is missing, nor its neighbours outside
    inside = (xs >= start) & (xs <= start + width)
    assert not inside[:first].any()
    assert not inside[first + len(bucket) :].any()
    if len(xs) and inside.any():
        assert window.left[0] <= max(xs[0], xs[xs < start].max(initial=xs[0]))

    for index in range(len(window)):
        members = y[bucket == index]
        members = members[np.isfinite(members)]
        if len(members):
            assert (window.low[index], window.high[index]) == (members.min(), members.max())
            assert window.mean[index] == pytest.approx(members.mean(), rel=1e-9, abs=1e-9)
        else:
            assert np.isnan([window.low[index], window.high[index], window.mean[index]]).all()


@settings(deadline=None)
@given(st.lists(VALUES, max_size=60), st.integers(1, 20))
@example([1.7e308, 1.7e308, -1.7e308], 1)
@example([1.7e308] * 9 + [-1.7e308] * 8, 2)
def test_any_value_is_borne(values: list[float], pixels: int) -> None:
    series = Series()
    for index, value in enumerate(values):
        series.append([index], [value])
    window = series.window(0, len(values), pixels)
    for part in (window.low, window.high, window.mean):
        assert not np.isinf(part).any()
    known = np.isfinite(window.mean)
    assert (window.low[known] <= window.mean[known]).all()
    assert (window.mean[known] <= window.high[known]).all()


@pytest.mark.parametrize(("points", "pixels"), [(10, 100), (1000, 100), (100_000, 500), (300_001, 700)])
def test_appended_in_pieces_is_the_same_as_at_once(points: int, pixels: int) -> None:
    x, y = np.linspace(0, 10, points), np.sin(np.linspace(0, 60, points))
    pieces = Series()
    for start in range(0, points, 777):
        pieces.append(x[start : start + 777], y[start : start + 777])
    one, other = pieces.window(2, 7, pixels), Series().append(x, y).window(2, 7, pixels)
    for part in ("left", "right", "low", "high", "mean", "counts"):
        np.testing.assert_allclose(getattr(one, part), getattr(other, part), rtol=1e-12)
    assert one.whole == (points * 0.5 + 2 <= pixels)


def test_buckets_stand_still_while_the_curve_grows() -> None:
    x = np.arange(3000.0)
    series = Series().append(x[:2100], x[:2100] % 7)
    before = series.window(0, 3000, 100)
    series.append(x[2100:2900], x[2100:2900] % 7)
    after = series.window(0, 3000, 100)
    complete = int(before.counts.sum() // before.counts[0])
    np.testing.assert_array_equal(before.left[:complete], after.left[:complete])
    np.testing.assert_array_equal(before.low[:complete], after.low[:complete])


def test_a_window_costs_the_same_however_long_the_curve_is() -> None:
    """Counted in numbers looked at, not in seconds: the pyramid gives at most 8 blocks a bucket."""
    series = Series().append(np.arange(1_000_000.0), np.zeros(1_000_000))
    looked_at = []
    blocks = series._blocks
    series._blocks = lambda depth, start, stop: looked_at.append(stop - start) or blocks(depth, start, stop)
    window = series.window(0, 1e6, 800)
    assert 400 <= len(window) <= 802
    assert sum(looked_at) < 8 * 800


@pytest.mark.parametrize(
    ("xs", "ys", "words"),
    [
        ([1, 2], [1], "as many x as y, but got 2 and 1"),
        ([2, 1], [1, 1], "never fall"),
        ([np.nan], [1], "finite"),
        ([1, np.inf], [1, 1], "finite"),
        ([[1, 2]], [[1, 2]], "as many x as y"),
    ],
)
def test_what_is_no_curve_is_refused(xs: object, ys: object, words: str) -> None:
    series = Series().append([0, 1], [5, 6])
    with pytest.raises(ValueError, match=words):
        series.append(xs, ys)
    assert series.y.tolist() == [5, 6]


def test_nothing_in_nothing_out() -> None:
    series = Series().append([], [])
    assert (len(series), series.span(), series.at(3.0)) == (0, None, None)
    assert len(series.window(0, 1, 100)) == 0


@pytest.mark.parametrize(("x", "expected"), [(-5, 0), (0.4, 0), (0.5, 0), (0.6, 1), (1.9, 2), (99, 2)])
def test_the_nearest_point(x: float, expected: int) -> None:
    series = Series().append([0, 1, 2], [10, 11, 12])
    assert series.at(x) == (expected, 10 + expected)
    assert series.span() == (0, 2)
