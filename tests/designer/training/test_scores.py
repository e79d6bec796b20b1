"""Each score has its chart; the title chooses, and names are those of the field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from designer.theme import DARK
from designer.training.chart import Chart
from designer.training.scores import ScoreCharts, figure, heading, title


@pytest.mark.parametrize(
    ("metric", "named", "headed"),
    [
        ("accuracy", "Accuracy", "val acc"),
        ("mae", "Mean absolute error", "val MAE"),
        ("r2", "R²", "val R²"),
        ("digit_accuracy", "Accuracy · digit", "val acc"),
        ("loss_2_mae", "Mean absolute error · loss_2", "val MAE"),
        ("f1", "F1", "val F1"),
        ("top5", "Top-5 accuracy", "val top-5"),
        ("digit_auroc", "AUROC · digit", "val AUROC"),
        ("perplexity", "Perplexity", "val ppl"),
        ("rmse", "Root mean squared error", "val RMSE"),
        ("top_five", "Top five", "val top five"),
        ("real_loss", "Real loss", "val real"),
        ("loss", "Loss", "val loss"),
    ],
)
def test_names(metric: str, named: str, headed: str) -> None:
    assert title(metric) == named
    assert heading(metric) == headed


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("accuracy", 0.971, "97.1 %"),
        ("digit_accuracy", 1.0, "100.0 %"),
        ("r2", 0.4567, "0.457"),
        ("top5", 0.5, "50.0 %"),
        ("f1", 0.4567, "0.457"),
        ("mae", 43.21, "43.2"),
    ],
)
def test_figures(metric: str, value: float, expected: str) -> None:
    assert figure(metric, value) == expected


@pytest.fixture
def charts(qtbot: object) -> ScoreCharts:
    made = ScoreCharts(DARK)
    made.resize(430, 200)
    qtbot.addWidget(made)
    made.show()
    return made


def test_one_score_has_a_plain_title(charts: ScoreCharts) -> None:
    assert charts.metric is None
    charts.show_metrics(("accuracy",))
    assert charts.metric == "accuracy"
    assert charts.currentWidget().accessibleName() == "Chart: Accuracy"
    assert not charts.currentWidget().findChild(QComboBox).isVisible()


def test_several_scores_are_chosen_by_the_title(charts: ScoreCharts, qtbot: object) -> None:
    charts.show_metrics(("mae", "r2"))
    assert charts.metric == "mae"
    with qtbot.waitSignal(charts.chosen) as chosen:
        qtbot.keyClick(charts.currentWidget().findChild(QComboBox), Qt.Key.Key_Down)
    assert chosen.args == ["r2"]
    assert charts.metric == "r2"
    boxes = [chart.findChild(QComboBox).currentText() for chart in charts.findChildren(Chart)[1:]]
    assert boxes == ["Mean absolute error", "R²"]


def test_a_chart_that_comes_later_knows_the_runs(charts: ScoreCharts) -> None:
    charts.show_metrics(("accuracy",))
    charts.add_run(1, "1", "#ff0000")
    charts.append(1, "train", [0.5], {"loss": 2.0, "accuracy": 0.5})
    charts.set_visible(1, False)
    charts.add_run(2, "2", "#00ff00")
    charts.show_metrics(("mae",))
    assert charts.metric == "mae"
    charts.append(1, "train", [1], {"mae": 3.0})
    charts.append(2, "train", [1], {"mae": 4.0, "unheard": 1.0})
    assert [cells for _, cells in charts.currentWidget().reading(1).rows] == [("2", "4.00", "–")]
    charts.set_visible(1, True)
    assert [cells[0] for _, cells in charts.currentWidget().reading(1).rows] == ["1", "2"]
    charts.clear_run(2)
    assert [cells[0] for _, cells in charts.currentWidget().reading(1).rows] == ["1"]


def test_forgetting_takes_all_away(charts: ScoreCharts) -> None:
    charts.show_metrics(("mae", "r2"))
    charts.add_run(1, "1", "#ff0000")
    charts.forget()
    assert charts.metric is None
    assert charts.count() == 1
    charts.show_metrics(("r2",))
    assert charts.metric == "r2"
