"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from designer.training.figures import duration, measured, percent, rate

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.071, "0.071"), (0.0712, "0.071"), (0.388, "0.388"), (2.304, "2.30"), (12.34, "12.3"), (123.4, "123"),
        (1234.5, "1234"), (0.0, "0.000"), (0.0042, "0.0042"), (4.2e-6, "4.2e-6"), (1e-9, "1e-9"), (250_000, "2.5e5"),
        (-0.5, "−0.500"), (-3e-7, "−3e-7"), (NAN, "NaN"), (INF, "∞"), (-INF, "−∞"),
    ],
)  # fmt: skip
def test_measured(value: float, expected: str) -> None:
    assert measured(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(1e-3, "1e-3"), (2.5e-4, "2.5e-4"), (0.01, "1e-2"), (0.5, "5e-1"), (0.0, "0"), (1.0, "1")]
)
def test_rate(value: float, expected: str) -> None:
    assert rate(value) == expected


def test_a_rate_on_its_way_has_few_digits() -> None:
    """A schedule goes through numbers without end, and a column is narrow."""
    assert (rate(4.6237e-4), rate(4.6237e-4, 1)) == ("4.624e-4", "4.6e-4")


@pytest.mark.parametrize(("value", "expected"), [(0.971, "97.1 %"), (1.0, "100.0 %"), (0.0, "0.0 %"), (NAN, "NaN")])
def test_percent(value: float, expected: str) -> None:
    assert percent(value) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (0.2, "< 1 s"),
        (41.3, "41 s"),
        (59.6, "1 min 00 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 05 min"),
        (-1, "0 s"),
        (INF, "0 s"),
    ],
)
def test_duration(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected
