"""Where a block lands on a wire, and what makes room for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from designer.canvas.room import GAP, Crowd, landing

SIZE = QSizeF(150, 58)
Place = tuple[float, float]


def box(x: float, y: float = 0) -> QRectF:
    return QRectF(QPointF(x, y), SIZE)


@pytest.mark.parametrize(
    ("others", "moved"),
    [
        ({"far": (400, 0)}, {}),
        ({"below": (0, 130)}, {}),
        ({"before": (-190, 0)}, {}),
        ({"b": (100, 0)}, {"b": (190, 0)}),
        ({"b": (160, 20)}, {"b": (190, 20)}),
        ({"b": (100, 0), "c": (290, 0), "d": (480, 0)}, {"b": (190, 0), "c": (380, 0), "d": (570, 0)}),
        ({"b": (100, 0), "c": (700, 0)}, {"b": (190, 0)}),
        ({"b": (100, 0), "side": (290, 130)}, {"b": (190, 0)}),
    ],
)
def test_what_is_in_the_way_moves_right(others: dict[str, Place], moved: dict[str, Place]) -> None:
    places = Crowd({key: box(*place) for key, place in others.items()}).pushed(box(0))
    assert {key: (place.x(), place.y()) for key, place in places.items()} == moved


def test_many_blocks_never_lie_on_each_other() -> None:
    boxes = {f"b{index}": box(index * 60, index % 3 * 40) for index in range(40)}
    places = Crowd(boxes).pushed(box(300, 40))
    after = [QRectF(places.get(key, rect.topLeft()), SIZE) for key, rect in boxes.items() if key in places]
    assert after
    assert not [one for one in after if one.intersects(box(300, 40))]
    assert not [(one, other) for one in after for other in after if one is not other and one.intersects(other)]


def test_a_heap_of_cards_comes_to_an_end() -> None:
    heap = {f"b{index}": box(index * 7 % 50, index * 13 % 60) for index in range(200)}
    assert len(Crowd(heap).pushed(box(0))) > 100


def land(source: QRectF, target: QRectF, centre: Place) -> tuple[Place, dict[str, Place]]:
    ends = QPointF(source.right(), source.center().y()), QPointF(target.left(), target.center().y())
    found = landing(SIZE, QPointF(*centre), 29, ends, source, Crowd({"target": target}), 10)
    return (found.corner.x(), found.corner.y()), {key: (p.x(), p.y()) for key, p in found.moved.items()}


@pytest.mark.parametrize(
    ("target", "centre", "corner", "moved"),
    [
        (box(190), (170, 35), (190, 0), {"target": (380, 0)}),
        (box(190), (320, 20), (190, 0), {"target": (380, 0)}),
        (box(800), (475, 40), (400, 0), {}),
        (box(800), (160, 29), (190, 0), {}),
        (box(800), (790, 29), (610, 0), {}),
        (box(360), (250, 29), (180, 0), {}),
        (box(-300, 200), (40, 130), (-30, 100), {}),
        (box(190, 300), (170, 40), (190, 10), {}),
    ],
    ids=["tight", "tight, at the right", "wide", "wide, left", "wide, right", "just enough", "backwards", "near it"],
)
def test_where_it_lands(target: QRectF, centre: Place, corner: Place, moved: dict[str, Place]) -> None:
    assert land(box(0), target, centre) == (corner, moved)


def test_in_a_row_between_two_lines_of_the_grid_it_stands_level() -> None:
    assert land(box(0, 3), box(800, 3), (475, 40)) == ((400, 3), {})


def test_gaps_in_a_row_are_the_usual_ones() -> None:
    assert GAP == 40
