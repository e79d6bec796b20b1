"""Gradients are told in lengths and in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QToolTip

from designer.theme import DARK, LIGHT
from designer.training.gradients import ROW, GradientBars, fraction, health
from tests.designer.training.pixels import painted

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def bars(qtbot: object) -> GradientBars:
    made = GradientBars(DARK)
    made.resize(216, 200)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        (0.01, "healthy"), (1e-7, "healthy"), (1e3, "healthy"), (9e-8, "vanishing"), (0.0, "vanishing"),
        (1001.0, "exploding"), (NAN, "not finite"), (INF, "not finite"),
    ],
)  # fmt: skip
def test_health(norm: float, expected: str) -> None:
    assert health(norm) == expected


@pytest.mark.parametrize(
    ("norm", "expected"), [(1e-7, 0), (1e-2, 0.5), (1, 0.7), (1e3, 1), (0, 0), (1e-30, 0), (1e9, 1), (NAN, 1), (INF, 1)]
)
def test_bars_are_logarithms(norm: float, expected: float) -> None:
    assert fraction(norm) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("norms", "words"),
    [
        ({}, "They appear while a network trains."),
        ({"conv1": 0.1, "fc1": 2.0}, "norm, log scale · healthy"),
        ({"conv1": 1e-9, "fc1": 2.0}, "norm, log scale · conv1 vanishing"),
        ({"a": 1e-9, "b": 1e-9, "c": NAN, "d": 1.0}, "norm, log scale · 2 vanishing, 1 not finite"),
        ({"a": 1e9}, "norm, log scale · a exploding"),
    ],
)
def test_the_summary_says_what_is_ill(bars: GradientBars, norms: dict[str, float], words: str) -> None:
    bars.show_norms(norms)
    assert bars.summary() == words


def test_longer_bars_for_larger_norms_and_other_colours_for_the_ill(bars: GradientBars, qtbot: object) -> None:
    bars.show_norms({"conv1": 1e-4})
    qtbot.waitUntil(lambda: painted(bars, DARK.bar) > 0)
    short = painted(bars, DARK.bar)
    bars.show_norms({"conv1": 10.0})
    assert painted(bars, DARK.bar) > 1.5 * short
    bars.show_norms({"conv1": 1e9})
    assert painted(bars, DARK.bar) == 0
    assert painted(bars, DARK.danger) > 0
    bars.show_theme(LIGHT)
    bars.show_norms({"conv1": 10.0})
    assert painted(bars, LIGHT.bar) > 0


def test_many_blocks_scroll_and_few_do_not(bars: GradientBars, qtbot: object) -> None:
    bar = bars.findChild(QScrollArea).verticalScrollBar()
    for count in (3, 40, 3):
        bars.show_norms({f"conv{index}": 0.1 for index in range(count)})
        qtbot.waitUntil(lambda count=count: bar.isVisible() == (count == 40))
        assert (bar.maximum() > 0) == (count == 40)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_hover_and_reader_tell_the_figure(bars: GradientBars) -> None:
    bars.show_norms({"conv1": 0.0123, "fc1": 1e-9})
    scroll = bars.findChild(QScrollArea)
    assert scroll.accessibleDescription() == "conv1 0.012 healthy; fc1 1e-9 vanishing"
    rows = scroll.widget()
    place = QPoint(20, ROW + 5)
    QApplication.sendEvent(rows, QHelpEvent(QHelpEvent.Type.ToolTip, place, rows.mapToGlobal(place)))
    assert QToolTip.text() == "fc1: 1e-9 · vanishing"
    QToolTip.hideText()
