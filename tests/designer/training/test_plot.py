"""The drawing holds what it is given, and says where the pointer is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.theme import DARK, LIGHT
from designer.training.curves import Line, Reading
from designer.training.plot import Plot, isolated
from tests.designer.training.pixels import painted


@pytest.fixture
def plot(qtbot: object) -> Plot:
    made = Plot(DARK)
    made.resize(400, 200)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.show_range((0, 10), (0, 1), log=False)
    return made


def line(key: int = 1, colour: str = "#ff0000", **more: object) -> Line:
    return Line((key, "train"), np.array([0.0, 10.0]), np.array([0.5, 0.5]), colour, **more)


def test_lines_come_and_go(plot: Plot) -> None:
    assert painted(plot, "#ff0000") == 0
    plot.show_lines([line(1, "#ff0000"), line(2, "#00ff00")])
    assert painted(plot, "#00ff00") > 200
    plot.show_lines([line(1, "#ff0000")])
    assert painted(plot, "#00ff00") == 0
    assert painted(plot, "#ff0000") > 200
    plot.show_lines([])
    assert painted(plot, "#ff0000") == 0


def test_a_dashed_line_has_gaps_and_a_lonely_value_is_a_point(plot: Plot) -> None:
    plot.show_lines([line()])
    whole = painted(plot, "#ff0000")
    plot.show_lines([line(dashed=True)])
    assert 0.3 * whole < painted(plot, "#ff0000") < 0.8 * whole
    lonely = Line((1, "train"), np.array([2.0, 5.0, 8.0]), np.array([np.nan, 0.5, np.nan]), "#ff0000")
    plot.show_lines([lonely])
    assert 4 <= painted(plot, "#ff0000") <= 40


def test_a_band_is_filled_behind_its_line(plot: Plot) -> None:
    plot.show_lines([line()])
    bare = plot.grab().toImage().pixelColor(200, 60)
    plot.show_lines([line(low=np.array([0.1, 0.1]), high=np.array([0.9, 0.9]))])
    assert plot.grab().toImage().pixelColor(200, 60) != bare


@pytest.mark.parametrize(
    ("y", "expected"),
    [([1, 2], [0, 0]), ([1], [1]), ([np.nan, 1, np.nan, 2, 3], [0, 1, 0, 0, 0]), ([1, np.nan], [1, 0]), ([], [])],
)
def test_isolated(y: list[float], expected: list[int]) -> None:
    assert isolated(np.array(y)).tolist() == expected


def test_the_range_is_rounded_so_that_the_grid_reaches_the_edges(plot: Plot) -> None:
    plot.show_range((0, 10), (0.13, 0.93), log=False)
    assert plot.x_range == (0, 10)
    ticks = [label for _, label in plot.view().ticks()[1]]
    assert (ticks[0], ticks[-1]) == ("0.0", "1.0")
    plot.show_range((0, 10), (-2, 1), log=True)
    assert [label for _, label in plot.view().ticks()[1]] == ["0.01", "0.1", "1", "10"]


def test_long_figures_get_room(plot: Plot) -> None:
    before = plot.columns
    plot.show_range((0, 10), (123456.1, 123456.9), log=False)
    plot.grab()
    QApplication.processEvents()
    assert plot.columns < before


def test_the_pointer_and_the_wheel(plot: Plot, qtbot: object) -> None:
    seen, moved = [], []
    plot.hovered.connect(seen.append)
    plot.moved.connect(lambda: moved.append(plot.x_range))
    middle = QPoint(plot.width() // 2, plot.height() // 2)
    QTest.mouseMove(plot.viewport(), middle)
    assert 4 < seen[-1] < 6
    QTest.mouseMove(plot.viewport(), QPoint(3, plot.height() // 2))  # over the figures at the left
    assert seen[-1] is None
    place, none = QPointF(middle), Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        place,
        plot.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), turn)
    left, right = moved[-1]
    assert 0 < left < right < 10


@pytest.mark.parametrize("x", [0.5, 5.0, 9.9, 50.0])
def test_the_reading_stays_inside_the_drawing(plot: Plot, x: float) -> None:
    before = painted(plot, DARK.raised)
    reading = Reading(x, ("epoch", "train"), (("#ff00ff", ("7", "0.071")),), ((x, 0.5, "#ff00ff"),))
    plot.show_reading(reading)
    assert (painted(plot, DARK.raised) > before + 300) == (x <= 10)
    plot.show_reading(None)
    assert painted(plot, DARK.raised) == before


def test_the_theme_colours_the_figures(plot: Plot) -> None:
    assert painted(plot, DARK.grid) > 200
    plot.show_theme(LIGHT)
    assert painted(plot, DARK.grid) == 0
    assert painted(plot, LIGHT.grid) > 200
