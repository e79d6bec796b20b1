"""The curve of a trial has a crosshair for mouse and keys, and marks what is suggested."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from designer.training.trial_chart import TrialChart

POINTS = [(10.0**power, loss) for power, loss in ((-4, 3.0), (-3, 2.0), (-2, 1.0), (-1, 2.5))]


@pytest.fixture
def chart(qtbot: object) -> TrialChart:
    made = TrialChart("rate", log=True)
    qtbot.addWidget(made)
    made.resize(500, 260)
    made.show_points(POINTS, marked=2e-3)
    made.show()
    return made


def test_the_suggestion_is_marked_at_the_nearest_rate(chart: TrialChart) -> None:
    assert chart.marked == 1


def test_the_crosshair_follows_keys_and_mouse(chart: TrialChart, qtbot: object) -> None:
    assert chart.reading() == ""
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.reading() == "rate 1e-2, loss 1.00"
    for _ in range(9):
        qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading() == "rate 1e-4, loss 3.00"
    qtbot.mouseMove(chart, QPoint(chart.width() - 20, 100))
    qtbot.waitUntil(lambda: chart.at == 3)
    assert chart.accessibleDescription() == "rate 1e-1, loss 2.50"


def test_one_point_is_no_curve(chart: TrialChart) -> None:
    chart.show_points(POINTS[:1])
    assert not chart.grab().isNull()


def test_the_same_tried_again_stands_in_the_middle(chart: TrialChart) -> None:
    chart.show_points([POINTS[1], POINTS[1]], marked=POINTS[1][0])
    assert not chart.grab().isNull()
    view = chart._view()
    assert chart._place(view, 0).x() == pytest.approx(view.area.center().x())
