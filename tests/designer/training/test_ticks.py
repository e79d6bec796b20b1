"""Figures at an axis are round and few."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.training.ticks import linear_ticks, log_ticks, round_range


@pytest.mark.parametrize(
    ("low", "high", "intervals", "expected"),
    [
        (0.0, 2.4, 5, ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        (0.0, 1.0, 4, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (0.95, 0.99, 5, ["0.95", "0.96", "0.97", "0.98", "0.99"]),
        (-5.0, 15.0, 4, ["−5", "0", "5", "10", "15"]),
        (0.0, 1e6, 5, ["0", "2e5", "4e5", "6e5", "8e5", "1e6"]),
        (1e-7, 4e-7, 3, ["1e-7", "2e-7", "3e-7", "4e-7"]),
        (99_990, 100_010, 2, ["99990", "1e5", "1.0001e5"]),
    ],
)
def test_linear_ticks(low: float, high: float, intervals: int, expected: list[str]) -> None:
    assert [label for _, label in linear_ticks(low, high, intervals)] == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 10, ["0", "2", "4", "6", "8", "10"]),
        (0, 3, ["0", "1", "2", "3"]),
        (0, 340, ["0", "100", "200", "300"]),
        (2.2, 2.6, ["2.2", "2.3", "2.4", "2.5", "2.6"]),
    ],
)
def test_epochs_are_counted_in_whole_numbers_until_the_view_is_close(
    low: float, high: float, expected: list[str]
) -> None:
    assert [label for _, label in linear_ticks(low, high, 6, whole=True)] == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-3, 1, ["0.001", "0.01", "0.1", "1", "10"]),
        (-8, 2, ["1e-6", "0.001", "1"]),
        (-1, 1, ["0.1", "0.2", "0.5", "1", "2", "5", "10"]),
        (math.log10(0.8), 0, ["0.80", "0.85", "0.90", "0.95", "1.00"]),
    ],
)
def test_log_ticks(low: float, high: float, expected: list[str]) -> None:
    ticks = log_ticks(low, high, 4)
    assert [label for _, label in ticks] == expected
    assert [value for value, _ in ticks] == pytest.approx([math.log10(float(label)) for label in expected])


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-9)


@given(NUMBERS, NUMBERS, st.integers(1, 10))
def test_a_round_range_holds_the_range_and_has_ticks_at_both_ends(one: float, other: float, intervals: int) -> None:
    low, high = min(one, other), max(one, other)
    first, last = round_range(low, high, intervals)
    slack = 1e-8 * max(abs(first), abs(last), last - first)
    assert first - slack <= low <= high <= last + slack
    assert first < last
    ticks = linear_ticks(first, last, intervals + 2)
    assert 2 <= len(ticks) <= intervals + 3
    assert all(first - slack <= value <= last + slack for value, _ in ticks)
