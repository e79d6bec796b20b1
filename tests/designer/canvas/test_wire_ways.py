"""The curve of a wire through its bends: where it runs, which leg is near, and what lies on a straight line."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF

from designer.canvas.wire_ways import bent_lines, bent_path, leg_at, legs, middle_of_longest, off_line

START, FIRST, SECOND, END = QPointF(0, 0), QPointF(100, -80), QPointF(300, -80), QPointF(400, 0)
POINTS = [START, FIRST, SECOND, END]


def test_the_curve_runs_through_every_point_and_has_no_corner() -> None:
    path, found = bent_path(POINTS), legs(POINTS)
    assert path.pointAtPercent(0) == START
    assert path.pointAtPercent(1) == END
    assert [leg[0] for leg in found] == POINTS[:-1]
    assert [leg[3] for leg in found] == POINTS[1:]
    assert found[0][1].y() == START.y()
    assert found[-1][2].y() == END.y()
    for before, after in itertools.pairwise(found):
        one, other = before[3] - before[2], after[1] - after[0]
        assert one.x() * other.y() - one.y() * other.x() == pytest.approx(0, abs=1e-6)
        assert one.x() * other.x() + one.y() * other.y() > 0


def test_points_upon_each_other_make_a_curve_too() -> None:
    path = bent_path([START, START, END, END])
    assert path.pointAtPercent(1) == END


@pytest.mark.parametrize(("point", "leg"), [((10, -5), 0), ((200, -90), 1), ((390, -10), 2), ((500, 0), 2)])
def test_the_leg_nearest_to_a_point(point: tuple[float, float], leg: int) -> None:
    assert leg_at(POINTS, QPointF(*point)) == leg


def test_the_middle_of_the_longest_leg() -> None:
    place, middle = middle_of_longest(POINTS)
    assert place == 1
    assert middle.x() == pytest.approx(200)


def test_from_far_the_way_is_straight_from_point_to_point() -> None:
    assert [(line.p1(), line.p2()) for line in bent_lines(POINTS)] == [(START, FIRST), (FIRST, SECOND), (SECOND, END)]


@pytest.mark.parametrize(
    ("point", "start", "end", "distance"),
    [
        ((5, 3), (0, 0), (10, 0), 3),
        ((-4, 3), (0, 0), (10, 0), 5),
        ((14, -3), (0, 0), (10, 0), 5),
        ((3, 4), (0, 0), (0, 0), 5),
        ((5, 5), (0, 0), (10, 10), 0),
    ],
)
def test_distance_from_a_straight_line(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float], distance: float
) -> None:
    assert off_line(QPointF(*point), QPointF(*start), QPointF(*end)) == pytest.approx(distance)
