"""Places of ports, curves of wires and free places."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from designer.canvas.geometry import (
    COLUMN,
    HEIGHT,
    ROW,
    free_place,
    snapped,
    wire_lines,
    wire_path,
)

STARTS_AND_ENDS = [
    (QPointF(0, 0), QPointF(40, 0)),  # straight on
    (QPointF(0, 0), QPointF(220, -87)),  # up
    (QPointF(0, 0), QPointF(10, 300)),  # nearly below
    (QPointF(0, 0), QPointF(-40, 200)),  # a little back
    (QPointF(0, 0), QPointF(-530, 130)),  # back to the next row
    (QPointF(0, 0), QPointF(-300, 0)),  # back in the same row
    (QPointF(0, 0), QPointF(-5, 3)),
]


@pytest.mark.parametrize(("start", "end"), STARTS_AND_ENDS)
def test_a_wire_leads_from_start_to_end(start: QPointF, end: QPointF) -> None:
    path = wire_path(start, end)
    assert path.pointAtPercent(0) == start
    assert (path.pointAtPercent(1) - end).manhattanLength() < 1e-6
    lines = wire_lines(start, end)
    assert lines[0].p1() == start
    assert lines[-1].p2() == end
    assert all(one.p2() == other.p1() for one, other in itertools.pairwise(lines))


@pytest.mark.parametrize(("start", "end"), STARTS_AND_ENDS)
def test_a_wire_leaves_to_the_right_and_arrives_from_the_left(start: QPointF, end: QPointF) -> None:
    path = wire_path(start, end)
    assert path.pointAtPercent(0.02).x() > start.x()
    assert path.pointAtPercent(0.98).x() < end.x()


def test_a_wire_to_the_next_row_runs_between_the_rows() -> None:
    path = wire_path(QPointF(720, 29), QPointF(190, 29 + ROW))
    assert path.pointAtPercent(0.5).y() == pytest.approx(29 + ROW / 2)
    assert path.boundingRect().left() > 190 - 64
    assert path.boundingRect().right() < 720 + 64


def test_a_wire_back_in_the_same_row_passes_below_the_cards() -> None:
    path = wire_path(QPointF(400, 29), QPointF(100, 29))
    assert path.boundingRect().bottom() > HEIGHT


@pytest.mark.parametrize(
    ("point", "grid", "expected"),
    [((14, -14), 10, (10, -10)), ((15, -15), 10, (20, -10)), ((3.3, 7), 0, (3.3, 7)), ((16, 4), 8, (16, 8))],
)
def test_snapping(point: tuple[float, float], grid: float, expected: tuple[float, float]) -> None:
    assert snapped(QPointF(*point), grid) == QPointF(*expected)


def test_a_free_place_is_the_wanted_one_or_the_nearest_below() -> None:
    size = QSizeF(150, 58)
    taken = [QRectF(0, 0, 150, 58)]

    def free(area: QRectF) -> bool:
        return not any(area.intersects(other) for other in taken)

    assert free_place(QPointF(500, 0), size, free) == QPointF(500, 0)
    assert free_place(QPointF(0, 0), size, free) == QPointF(0, ROW)
    taken += [
        QRectF(0, ROW, 150, 58),
        QRectF(0, -ROW, 150, 58),
        QRectF(COLUMN, 0, 150, 58),
        QRectF(-COLUMN, 0, 150, 58),
    ]
    place = free_place(QPointF(0, 0), size, free)
    assert free(QRectF(place, size))


def test_what_is_large_finds_its_place_in_few_steps() -> None:
    taken, asked = QRectF(0, 0, 60 * COLUMN, 60 * ROW), list[QRectF]()

    def free(area: QRectF) -> bool:
        asked.append(area)
        return not area.intersects(taken)

    place = free_place(QPointF(190, 130), taken.size(), free)
    assert not QRectF(place, taken.size()).intersects(taken)
    assert (place.x() - 190) % COLUMN == (place.y() - 130) % ROW == 0  # so that it stands on the grid
    assert len(asked) < 60


def test_a_place_is_found_even_where_all_is_taken() -> None:
    assert free_place(QPointF(1, 2), QSizeF(9, 9), lambda area: False) == QPointF(1, 2)
