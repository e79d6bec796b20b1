"""Places of cards in line and at equal distances."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF

from designer.canvas.aligning import SIDES, aligned, distributed, same_spacing

AREAS = {"a": QRectF(0, 0, 150, 58), "b": QRectF(40, 200, 150, 98), "c": QRectF(300, 100, 150, 58)}
ALIGNED = {
    "left": [(0, 0), (0, 200), (0, 100)],
    "centre": [(150, 0), (150, 200), (150, 100)],
    "right": [(300, 0), (300, 200), (300, 100)],
    "top": [(0, 0), (190, 0), (380, 0)],  # b would lie upon a, and c upon b then
    "middle": [(0, 120), (190, 100), (380, 120)],
    "bottom": [(0, 240), (190, 200), (380, 240)],
}


@pytest.mark.parametrize("side", SIDES)
def test_aligned(side: str) -> None:
    assert list(aligned(AREAS, side).values()) == ALIGNED[side]


def test_a_row_that_is_aligned_left_becomes_a_column() -> None:
    row = {key: QRectF(190 * index, 0, 150, 58) for index, key in enumerate("abc")}
    assert aligned(row, "left") == {"a": (0, 0), "b": (0, 98), "c": (0, 196)}


@pytest.mark.parametrize(
    ("axis", "wanted"),
    [
        (0, {"a": (0, 0), "b": (150, 5), "c": (300, 0), "d": (450, 9)}),
        (1, {"a": (0, 0), "b": (160, 5), "c": (210, 0), "d": (450, 9)}),
    ],
)
def test_distributed(axis: int, wanted: dict[str, tuple[float, float]]) -> None:
    row = {
        "d": QRectF(450, 9, 100, 50),
        "a": QRectF(0, 0, 100, 50),
        "c": QRectF(210, 0, 100, 50),
        "b": QRectF(160, 5, 100, 50),
    }
    found = distributed(row, axis)
    if axis == 0:
        assert found == wanted
    assert {key: place[1 - axis] for key, place in found.items()} == {
        key: (area.left(), area.top())[1 - axis] for key, area in row.items()
    }
    order = sorted(row, key=lambda key: (row[key].left(), row[key].top())[axis])
    steps = {round(found[b][axis] - found[a][axis]) for a, b in itertools.pairwise(order)}
    assert max(steps) - min(steps) <= 1


SPACED = {
    "across": ([0, 170, 500], "x", [0, 170, 340]),
    "down": ([0, 80, 500], "y", [0, 80, 160]),
    "the first two overlap": ([0, 90, 500], "x", [0, 190, 380]),
}


@pytest.mark.parametrize("case", SPACED)
def test_same_spacing(case: str) -> None:
    starts, axis, wanted = SPACED[case]
    areas = {
        key: QRectF(start, 0, 150, 58) if axis == "x" else QRectF(0, start, 150, 58)
        for key, start in zip("abc", starts, strict=True)
    }
    found = same_spacing(areas)
    assert [found[key][0 if axis == "x" else 1] for key in "abc"] == wanted
