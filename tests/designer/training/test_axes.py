"""The figures at the axes stand where the curves do, and are painted anew only when the view changes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from designer.theme import DARK, LIGHT, Theme
from designer.training.axes import Axes, View, intervals

VIEW = View(QRectF(40, 10, 200, 100), (0, 10), (-1, 1))


def paint(axes: Axes, view: View = VIEW, theme: Theme = DARK) -> QImage:
    image = QImage(260, 140, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    axes.paint(painter, image.size(), view, theme)
    painter.end()
    return image


@pytest.mark.parametrize(
    ("x", "y", "place"), [(0, -1, (40, 110)), (10, 1, (240, 10)), (5, 0, (140, 60)), (-5, 0, (-60, 60))]
)
def test_places(x: float, y: float, place: tuple[float, float]) -> None:
    assert VIEW.place(x, y) == QPointF(*place)


@pytest.mark.parametrize(("width", "height", "expected"), [(200, 100, (3, 4)), (10, 10, (1, 2)), (1000, 1000, (15, 6))])
def test_intervals(width: float, height: float, expected: tuple[int, int]) -> None:
    assert intervals(QRectF(0, 0, width, height)) == expected


def test_lines_stand_at_the_ticks(qapp: QApplication) -> None:
    image = paint(Axes("epoch"))
    lines = [y for y in range(image.height()) if image.pixelColor(150, y) == QColor(DARK.grid)]
    assert [label for _, label in VIEW.ticks()[1]] == ["−1.0", "−0.5", "0.0", "0.5", "1.0"]
    assert lines == [10, 35, 60, 85, 110]


def test_the_last_figure_across_stands_whole_before_the_edge(qapp: QApplication) -> None:
    axes, image = Axes("epoch"), QImage(260, 140, QImage.Format.Format_ARGB32_Premultiplied)
    view = View(QRectF(40, 10, 215, 100), (0, 20000), (-1, 1))  # as in a chart: little room at the right
    assert view.ticks()[0][-1] == (20000, "20000")
    inked = {}
    for end in (20000, 9):  # the same area; a short figure shows where its ink lies
        image.fill(0)
        painter = QPainter(image)
        axes.paint(painter, image.size(), View(view.area, (0, end), view.y), DARK)
        painter.end()
        inked[end] = [x for x in range(200, 260) if any(image.pixelColor(x, y).alpha() for y in range(115, 140))]
    assert 259 not in inked[20000]
    assert inked[20000][-1] - inked[20000][0] > axes.metrics.horizontalAdvance("2000")


def test_the_picture_is_kept_while_nothing_changes(qapp: QApplication) -> None:
    axes, drawn = Axes("epoch"), []
    draw = axes._draw
    axes._draw = lambda *given: drawn.append(1) or draw(*given)
    first = paint(axes)
    assert paint(axes) == first
    assert len(drawn) == 1
    paint(axes, View(VIEW.area, (0, 11), VIEW.y))
    paint(axes, View(VIEW.area, (0, 11), VIEW.y, log=True))
    assert len(drawn) == 3
    assert paint(axes, theme=LIGHT) != first
    assert paint(axes) == first


def test_room_for_the_longest_figure(qapp: QApplication) -> None:
    axes = Axes("epoch")
    assert axes.widest(View(VIEW.area, (0, 1), (0, 0.0001))) > axes.widest(VIEW)
    assert axes.height > axes.metrics.height()
