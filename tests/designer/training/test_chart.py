"""A chart is told runs and points; it draws them in time, reads them off, zooms and goes back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton

from designer.theme import DARK, LIGHT
from designer.training.chart import FRAME, Chart
from tests.designer.training.pixels import painted


@pytest.fixture
def chart(qtbot: object) -> Chart:
    made = Chart("Loss", DARK)
    made.resize(430, 200)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def told(chart: Chart, count: int = 50) -> Chart:
    chart.add_run(7, "7", DARK.curve(0))
    chart.append(7, "train", np.linspace(0.1, 5, count), np.linspace(2, 0.1, count))
    chart.append(7, "validation", [1, 2, 3], [1.5, 1.0, 0.5])
    chart.redraw()
    return chart


def words(chart: Chart) -> list[str]:
    """What is written on it, from top to bottom."""
    labels = [label for label in chart.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in sorted(labels, key=lambda label: label.mapTo(chart, QPoint()).y())]


def test_without_runs_it_says_what_to_do(chart: Chart) -> None:
    chart.redraw()
    assert words(chart) == ["Loss", "No run yet. Press Run to train."]
    assert chart.accessibleName() == "Chart: Loss"
    told(chart)
    assert words(chart) == ["Loss"]
    chart.set_visible(7, False)
    chart.redraw()
    assert words(chart) == ["Loss", "No run is shown. Click one in the table to see its curves."]
    chart.set_visible(7, True)
    chart.clear_run(7)
    chart.redraw()
    assert words(chart) == ["Loss", "Waiting for the first values…"]


def test_many_appends_are_drawn_as_one(chart: Chart, qtbot: object) -> None:
    told(chart)
    drawn = []
    plot = chart._plot
    show = plot.show_lines
    plot.show_lines = lambda lines: drawn.append(1) or show(lines)
    for step in range(200):
        chart.append(7, "train", [6 + step], [1.0])
    assert drawn == []
    qtbot.waitUntil(lambda: drawn == [1])
    qtbot.wait(3 * FRAME)
    assert drawn == [1]


def test_a_hidden_chart_draws_nothing_until_it_is_shown(qtbot: object) -> None:
    chart = Chart("Loss", DARK)
    qtbot.addWidget(chart)
    told(chart)
    assert chart._plot is None
    chart.show()
    qtbot.waitUntil(lambda: chart._plot is not None)


def test_it_fits_what_it_shows_until_the_user_zooms(chart: Chart, qtbot: object) -> None:
    told(chart)
    assert chart._plot.x_range == (0.1, 5)
    chart.set_span(0, 10)
    chart.redraw()
    assert chart._plot.x_range == (0, 10)

    chart._plot.zoom(0.5)
    assert chart._plot.x_range == (2.5, 7.5)
    fit = next(button for button in chart.findChildren(QToolButton) if button.accessibleName() == "Fit")
    assert fit.isVisible()
    chart.append(7, "train", [12], [1.0])
    chart.redraw()
    assert chart._plot.x_range == (2.5, 7.5)

    qtbot.mouseClick(fit, Qt.MouseButton.LeftButton)
    chart.redraw()
    assert not fit.isVisible()
    assert chart._plot.x_range == (0, 12)


def test_a_double_click_shows_the_whole_curve(chart: Chart, qtbot: object) -> None:
    told(chart)._plot.zoom(0.5)
    qtbot.mouseDClick(chart._plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 80))
    chart.redraw()
    assert chart._plot.x_range == (0.1, 5)


def test_keys(chart: Chart, qtbot: object) -> None:
    told(chart)
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_L)
    assert chart.log
    button = next(button for button in chart.findChildren(QToolButton) if button.text() == "log")
    assert button.isChecked()
    qtbot.keyClick(chart, Qt.Key.Key_L)
    assert not chart.log

    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    zoomed = chart._plot.x_range
    assert zoomed[1] - zoomed[0] < 4.9
    qtbot.keyClick(chart, Qt.Key.Key_F)
    chart.redraw()
    assert chart._plot.x_range == (0.1, 5)

    qtbot.keyClick(chart, Qt.Key.Key_Right)
    first = chart._plot._reading.x
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart._plot._reading.x > first
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart._plot._reading is None


def test_the_crosshair_reads_every_visible_curve(chart: Chart) -> None:
    told(chart)
    chart.add_run(8, "8", DARK.curve(1))
    chart.append(8, "train", [1, 2, 3], [30, 20, 10])
    reading = chart.reading(2.2)
    assert reading.columns == ("epoch 2.20", "train", "validation")
    assert [cells for _, cells in reading.rows] == [("7", "1.19", "1.00"), ("8", "20.0", "–")]
    chart.set_span(0, 400)
    chart.append(8, "train", [200], [10])
    assert chart.reading(2.2).columns[0] == "epoch 2", "hundredths are lost among hundreds"
    chart.set_visible(7, False)
    assert [cells[0] for _, cells in chart.reading(2.2).rows] == ["8"]
    chart.redraw()
    QTest.mouseMove(chart._plot.viewport(), QPoint(200, 60))
    assert [cells[0] for _, cells in chart._plot._reading.rows] == ["8"]


def test_runs_can_be_cleared_and_removed(chart: Chart) -> None:
    told(chart).set_visible(7, False)
    chart.clear_run(7)
    chart.append(7, "train", [0], [1.0])
    assert chart.reading(0).rows == ()  # still hidden
    chart.set_visible(7, True)
    assert [cells for _, cells in chart.reading(0).rows] == [("7", "1.00", "–")]
    chart.remove_run(7)
    with pytest.raises(KeyError):
        chart.append(7, "train", [1], [1.0])


@pytest.mark.parametrize("weight", [-0.1, 1.0, 2.0])
def test_smoothing_that_makes_no_sense_is_refused(chart: Chart, weight: float) -> None:
    with pytest.raises(ValueError, match="from 0 to below 1"):
        chart.set_smoothing(weight)


@pytest.mark.parametrize("values", [[np.nan] * 5, [0.0] * 5, [-1.0] * 5, [1e308, -1e308, 0, 1, 2], [5.0] * 5])
@pytest.mark.parametrize("log", [False, True])
def test_odd_values_are_drawn_without_a_word(chart: Chart, values: list[float], log: bool) -> None:
    chart.add_run(1, "1", DARK.curve(0))
    chart.set_log(log)
    chart.append(1, "train", range(5), values)
    chart.redraw()
    chart._hovered(2.0)
    assert not chart.grab().isNull()


def test_titles_can_be_chosen(chart: Chart, qtbot: object) -> None:
    chart.offer_titles(["Accuracy", "R²"], 1)
    box = chart.findChild(QComboBox)
    assert box.isVisible()
    assert chart.accessibleName() == "Chart: R²"
    with qtbot.waitSignal(chart.title_chosen) as chosen:
        qtbot.keyClick(box, Qt.Key.Key_Up)
    assert chosen.args == [0]


def test_the_theme_changes(chart: Chart) -> None:
    told(chart).show_theme(LIGHT)
    chart.redraw()
    assert painted(chart._plot, LIGHT.validation) > 0
    assert painted(chart._plot, DARK.validation) == 0


def test_a_million_points_are_drawn_from_a_few(chart: Chart) -> None:
    told(chart)
    handed = []
    show = chart._plot.show_lines
    chart._plot.show_lines = lambda lines: handed.extend(lines) or show(lines)
    chart.append(7, "train", np.linspace(5, 10, 1_000_000), np.random.default_rng(0).normal(size=1_000_000))
    chart.redraw()
    assert all(len(line.x) <= chart._plot.columns for line in handed)


def test_a_chart_brings_pyqtgraph_only_with_its_first_curve() -> None:
    code = "import sys, designer.training.strip; print('pyqtgraph' in sys.modules)"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "False"
