"""Smoothing calms a curve, keeps its level, and doesn't depend on the zoom."""

from __future__ import annotations

import numpy as np
import pytest

from designer.training.series import Series
from designer.training.smoothing import reach, smoothed


def test_no_weight_changes_nothing() -> None:
    window = Series().append([0, 1, 2], [5, np.nan, 7]).window(0, 2, 10)
    np.testing.assert_array_equal(smoothed(window, 0.0), window.mean)


def test_the_mean_that_forgets() -> None:
    window = Series().append([0, 1, 2], [1, 2, 4]).window(0, 2, 10)
    expected = [1.0, (1 * 0.5 + 2 * 1) / 1.5, (1 * 0.25 + 2 * 0.5 + 4 * 1) / 1.75]  # weighted means, newest first
    assert smoothed(window, 0.5) == pytest.approx(expected)


def test_gaps_stay_gaps_and_are_passed_over() -> None:
    window = Series().append([0, 1, 2], [3, np.nan, 3]).window(0, 2, 10)
    assert smoothed(window, 0.9) == pytest.approx([3, np.nan, 3], nan_ok=True)


def test_a_level_curve_stays_level_and_noise_shrinks() -> None:
    noise = np.random.default_rng(0).normal(size=5000)
    series = Series().append(np.arange(5000), 7 + noise)
    calm = smoothed(series.window(0, 5000, 5000), 0.97)
    assert abs(calm[200:].mean() - 7) < 0.05
    assert calm[200:].std() < 0.2


def test_the_zoom_does_not_change_the_curve() -> None:
    x = np.arange(8000.0)
    series = Series().append(x, np.sin(x / 1000))
    fine, coarse = series.window(0, 8000, 8000), series.window(0, 8000, 500)
    assert not coarse.whole
    at_same_place = np.interp(coarse.right, fine.x, smoothed(fine, 0.99))
    assert smoothed(coarse, 0.99)[5:] == pytest.approx(at_same_place[5:], abs=0.02)


@pytest.mark.parametrize(("weight", "expected"), [(0, 0), (0.6, 14), (0.9, 66), (0.97, 227), (0.9999, 5000)])
def test_reach(weight: float, expected: int) -> None:
    assert reach(weight) == expected
    if 0 < weight < 0.999:
        assert weight**expected <= 1e-3 < weight ** (expected - 1)
