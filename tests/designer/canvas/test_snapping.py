"""Lines and distances, as plain numbers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF

from designer.canvas.snapping import Box, Guide, Neighbours


def area(x: float, y: float, width: float = 150, height: float = 58) -> QRectF:
    return QRectF(x, y, width, height)


# others, the moving card, and how far it is shifted across and down
SHIFTS = {
    "nothing near": ([area(0, 0)], area(300, 300), (None, None)),
    "left edges": ([area(0, 0)], area(4, 300), (-4, None)),
    "right edges of other widths": ([area(0, 0, 200)], area(53, 300), (-3, None)),
    "middles of other heights": ([area(0, 0, 150, 100)], area(400, 18), (None, 3)),
    "tops": ([area(0, 0, 150, 100)], area(400, -5), (None, 5)),
    "the nearer of two": ([area(0, 0), area(7, 100)], area(5, 400), (2, None)),
    "just out of reach": ([area(0, 0)], area(6.5, 300), (None, None)),
    "as far as the two before": ([area(0, 0), area(190, 10)], area(383, 20), (-3, None)),
    "as far as the two behind": ([area(600, 0), area(790, 10)], area(405, 20), (5, None)),
    "between two": ([area(0, 0), area(500, 0)], area(252, 20), (-2, None)),
    "in line before at a distance": ([area(0, 0), area(190, 0), area(381, 300)], area(383, 100), (-2, None)),
}


@pytest.mark.parametrize("case", SHIFTS)
def test_shift(case: str) -> None:
    others, moving, wanted = SHIFTS[case]
    neighbours = Neighbours(others)
    assert tuple(neighbours.shift([Box.of(moving)], axis, 6) for axis in (0, 1)) == wanted


def test_a_part_of_what_moves_is_brought_in_line_too() -> None:
    whole, held = Box.of(area(100, 300, 400)), Box.of(area(203, 300))
    assert Neighbours([area(200, 0)]).shift([whole, held], 0, 6) == -3


def test_the_middle_of_several_is_no_line() -> None:
    whole, held = Box.of(area(100, 300, 400)), Box.of(area(100, 300))
    assert Neighbours([area(225, 0)]).shift([whole, held], 0, 6) is None


def test_guides_go_over_all_that_stand_in_line() -> None:
    found = Neighbours([area(0, 0), area(0, 100), area(40, 520)]).guides([Box.of(area(0, 300))])
    assert found == [Guide(1, 0, 0, 358)]


def test_one_guide_for_cards_that_share_all_three_lines() -> None:
    found = Neighbours([area(0, 0), area(190, 100, 150, 100)]).guides([Box.of(area(600, 0))])
    assert found == [Guide(0, 0, 0, 750)]
    taller = Neighbours([area(0, 0), area(0, 21, 150, 16)]).guides([Box.of(area(600, 0))])
    assert taller == [Guide(0, 0, 0, 750), Guide(0, 29, 0, 750)]


def test_equal_distances_are_marked_between_the_cards() -> None:
    found = Neighbours([area(0, 5), area(190, 5)]).guides([Box.of(area(380, 0))])
    assert [guide for guide in found if guide.gap] == [
        Guide(0, 34.0, 150, 190, gap=True),
        Guide(0, 31.5, 340, 380, gap=True),
    ]


def test_unequal_distances_are_not() -> None:
    assert not Neighbours([area(0, 5), area(190, 5)]).guides([Box.of(area(384, 0))])


def test_cards_that_touch_have_no_distance() -> None:
    assert not Neighbours([area(0, 5), area(150, 5)]).guides([Box.of(area(300, 0))])
