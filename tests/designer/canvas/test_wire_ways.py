"""The curve of a wire through its bends: where it runs, which leg is near, and what lies on a straight line."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF

from designer.canvas.wire_ways import bent_lines, bent_path, leg_at, legs, middle_of_longest, off_line

START, FIRST, SECOND, END = QPointF(0, 0), QPointF(100, -80), QPointF(300, -80), QPointF(400, 0)
POINTS = [START, FIRST, SECOND, END]


BACK = [QPointF(300, 0), QPointF(150, 60), QPointF(0, 120)]
LANE = [QPointF(200, 0), QPointF(150, 60), QPointF(150, 200), QPointF(0, 260)]


@pytest.mark.parametrize("points", [POINTS, BACK, LANE, [START, FIRST, END], [END, FIRST, START]])
def test_the_curve_runs_through_every_point_and_has_no_corner(points: list[QPointF]) -> None:
    path, found = bent_path(points), legs(points)
    assert path.pointAtPercent(0) == points[0]
    assert path.pointAtPercent(1) == points[-1]
    assert [leg.pointAtPercent(0) for leg in found] == points[:-1]
    assert [leg.pointAtPercent(1) for leg in found] == points[1:]
    assert found[0].angleAtPercent(0) == pytest.approx(0), "out of a port to the right"
    assert found[-1].angleAtPercent(1) % 360 == pytest.approx(0, abs=1e-6), "and into one from the left"
    for before, after in itertools.pairwise(found):
        turn = (before.angleAtPercent(1) - after.angleAtPercent(0)) % 360
        assert min(turn, 360 - turn) == pytest.approx(0, abs=0.5)


def test_between_two_bends_of_one_height_the_wire_is_level() -> None:
    around = legs(POINTS)[1].boundingRect()
    assert (around.top(), around.bottom()) == (-80, -80)


def test_backwards_it_swings_out_and_runs_level_through_the_bend() -> None:
    path = bent_path(BACK)
    assert path.boundingRect().right() > BACK[0].x() + 30
    assert path.boundingRect().left() < BACK[-1].x() - 30
    level = [path.pointAtPercent(part / 100) for part in range(101)]
    assert {round(point.y()) for point in level if 20 < point.x() < 280} == {60}


def test_an_upright_lane_is_straight_and_nothing_overshoots_it() -> None:
    lane = legs(LANE)[1].boundingRect()
    assert (lane.left(), lane.right()) == (150, 150)
    before, after = legs(LANE)[0].boundingRect(), legs(LANE)[2].boundingRect()
    assert (before.bottom(), after.top()) == (60, 200)


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
    corners = [(300, 0), (332, 0), (332, 60), (150, 60), (-32, 60), (-32, 120), (0, 120)]
    assert [line.p1().toTuple() for line in bent_lines(BACK)] == corners[:-1]


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
