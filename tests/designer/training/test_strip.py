"""The strip is told a training by its events, and says so in words, rows and curves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QToolButton

from designer.theme import DARK, LIGHT
from designer.training.runs import RunTable
from designer.training.strip import FOLDED, TrainingStrip
from engine.training.events import (
    Changed,
    Compiled,
    Epoch,
    Failed,
    Finished,
    Saved,
    Scoring,
    Started,
    Step,
    WarmStarted,
)


def started(run: int = 7, metrics: tuple[str, ...] = ("accuracy",), **more: Any) -> Started:
    told = {
        "run": run,
        "run_dir": "runs/7",
        "device": "cpu",
        "threads": 1,
        "parameters": 122_066,
        "samples": {"train": 1437, "validation": 180, "test": 180},
        "epochs": 10,
        "steps_per_epoch": 340,
        "metrics": metrics,
        "learning_rate": 1e-3,
    }
    return Started(**told | more)


def step(epoch: int = 7, count: int = 214, **scores: float) -> Step:
    train = scores or {"loss": 0.071, "accuracy": 0.98}
    return Step(epoch, count, 340, epoch - 1 + count / 340, train, 1e-3, 2214.0, 41.2, {"conv1": 0.1, "fc1": 1e-9})


def epoch(number: int = 1, **scores: float) -> Epoch:
    scores = scores or {"loss": 0.09, "accuracy": 0.971}
    return Epoch(number, {name: value * 0.9 for name, value in scores.items()}, scores, 4.0, True)


def finished(reason: str = "done", epochs: int = 10, **scores: float) -> Finished:
    scores = scores or {"loss": 0.08, "accuracy": 0.975}
    return Finished(reason, epochs, 8, {"loss": 0.06}, scores, scores, "runs/7", 200.0)


@pytest.fixture
def strip(qtbot: object) -> TrainingStrip:
    made = TrainingStrip(DARK)
    made.resize(1440, 226)
    qtbot.addWidget(made)
    made.show()
    return made


def says(strip: TrainingStrip) -> tuple[str, str]:
    headline, words = strip._column.findChildren(QLabel)
    return headline.text(), words.text()


def rows(strip: TrainingStrip) -> list[list[str]]:
    table = strip.findChild(RunTable)
    return [[table.item(row, column).text() for column in range(4)] for row in range(table.rowCount())]


def shown(strip: TrainingStrip) -> list[str]:
    """Names of the runs whose loss is drawn."""
    return [cells[0] for _, cells in strip._losses.chart("loss").reading(1.0).rows]


def test_before_any_run(strip: TrainingStrip) -> None:
    assert says(strip) == ("No run yet", "Press Run to train.")
    assert rows(strip) == []


def test_a_run_from_beginning_to_end(strip: TrainingStrip) -> None:
    strip.show_training(7, started())
    assert says(strip) == ("Run 7 · training", "getting ready…")
    assert rows(strip) == [["7 now", "1e-3", "", ""]]

    strip.show_training(7, step())
    assert says(strip) == ("Run 7 · training", "epoch 7 of 10 · step 214 / 340 · 41 s left")
    assert rows(strip) == [["7 now", "1e-3", "", ""]]
    assert strip._column.findChild(QProgressBar).value() == 663
    assert strip._gradients.summary() == "norm, log scale · fc1 vanishing"

    strip.show_training(7, Scoring(7, 100, 180))
    assert says(strip)[1] == "epoch 7 of 10 · scoring 100 / 180"
    strip.show_training(7, epoch(7))
    assert rows(strip) == [["7 now", "1e-3", "0.090", "97.1 %"]]
    assert strip._losses.chart("loss").reading(7).rows[0][1] == ("7", "0.071", "0.090 · best")
    assert strip._scores.currentWidget().reading(7).rows[0][1] == ("7", "0.980", "0.971")

    strip.show_training(7, Saved(7, "runs/7/last"))
    strip.show_training(7, finished())
    assert says(strip) == ("Run 7 · finished", "10 epochs in 3 min 20 s · best after epoch 8")
    assert rows(strip) == [["7", "1e-3", "0.080", "97.5 %"]]
    assert strip._column.findChild(QProgressBar).value() == 1000


def test_several_events_at_once(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), step(1, 100), step(1, 200), epoch(1)])
    assert rows(strip) == [["7 now", "1e-3", "0.090", "97.1 %"]]


def test_stopped_in_the_first_epoch(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), Finished("stopped", 0, 0, {}, {}, {}, "runs/7", 0.4)])
    assert says(strip) == ("Run 7 · stopped", "0 epochs in < 1 s")
    assert rows(strip) == [["7", "1e-3", "", ""]]


def test_stopped_after_one_epoch(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), step(1, 300), epoch(1), finished("stopped", 1)])
    assert says(strip) == ("Run 7 · stopped", "1 epoch in 3 min 20 s · best after epoch 8")


@pytest.mark.parametrize("begun", [True, False])
def test_a_failure_is_told_with_its_remedy(strip: TrainingStrip, begun: bool) -> None:
    if begun:
        strip.show_training(7, started())
    strip.show_training(7, Failed("The loss became NaN.", "Try a smaller learning rate."))
    assert says(strip) == ("Run 7 · failed", "The loss became NaN. Try a smaller learning rate.")
    words = strip._column.findChildren(QLabel)[1]
    assert words.property("role") == "danger"
    strip.show_training(8, started(8))
    assert words.property("role") == "muted"


def test_a_run_that_failed_stands_with_the_scores_of_its_best_epoch(strip: TrainingStrip) -> None:
    """So it does in the list of all runs, too."""
    worse = replace(epoch(2), best=False, validation={"loss": 7.9e23, "accuracy": 0.33})
    strip.show_events(7, [started(), epoch(1), worse])
    assert rows(strip) == [["7 now", "1e-3", "7.9e23", "33.0 %"]]
    strip.show_training(7, Failed("The loss became NaN.", "Try a smaller learning rate."))
    assert rows(strip) == [["7", "1e-3", "0.090", "97.1 %"]]


def test_a_training_that_could_not_begin(strip: TrainingStrip) -> None:
    strip.show_failed("There is no loss. Add one.")
    assert says(strip) == ("Training failed", "There is no loss. Add one.")


def test_getting_ready(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), Failed("The loss became NaN.", "Try a smaller learning rate.")])
    headline, words = strip._column.findChildren(QLabel)
    bar = strip._column.findChild(QProgressBar)
    strip.show_preparing()
    assert says(strip) == ("New run · getting ready…", "")
    assert (words.property("role"), bar.maximum()) == ("muted", 0)
    strip.show_paused(True)
    assert says(strip)[0] == "New run · paused"
    assert bar.maximum() > 0
    strip.show_paused(False)
    assert says(strip)[0] == "New run · getting ready…"
    strip.show_paused(True)
    strip.show_training(8, started(8))
    assert headline.text() == "Run 8 · paused", "a run that was on its way doesn't end the pause"
    strip.show_paused(False)
    assert headline.text() == "Run 8 · training"


def test_the_gradients_make_room_in_a_narrow_window(strip: TrainingStrip) -> None:
    assert strip._gradients.isVisible()
    strip.resize(1000, 226)
    assert not strip._gradients.isVisible()
    strip.resize(1200, 226)
    assert strip._gradients.isVisible()


def test_pause_and_going_on(strip: TrainingStrip) -> None:
    strip.show_paused(True)
    assert says(strip)[0] == "No run yet"
    strip.show_events(7, [started(), step()])
    strip.show_paused(True)
    assert says(strip) == ("Run 7 · paused", "epoch 7 of 10 · step 214 / 340 · 41 s left")
    strip.show_training(7, step(7, 216))  # it was on its way when the pause began
    assert says(strip) == ("Run 7 · paused", "epoch 7 of 10 · step 216 / 340 · 41 s left")
    strip.show_paused(False)
    assert says(strip)[0] == "Run 7 · training"
    strip.show_training(7, finished())
    strip.show_paused(False)
    assert says(strip)[0] == "Run 7 · finished"


def test_a_new_run_takes_the_place_of_the_one_before_unless_that_was_chosen(
    strip: TrainingStrip, qtbot: object
) -> None:
    for run in (5, 6):
        strip.show_events(run, [started(run), step(1), finished()])
    assert shown(strip) == ["6"]
    strip.findChild(RunTable).toggled.emit(5, True)
    assert shown(strip) == ["5", "6"]
    strip.show_events(7, [started(7), step(1)])
    assert shown(strip) == ["5", "7"]
    assert [row[0] for row in rows(strip)] == ["7 now", "6", "5"]


def test_a_resumed_run_goes_on_in_its_row_and_curves(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), step(1, 100, loss=2.0), step(1, 300, loss=1.0), finished("stopped", 0)])
    strip.show_events(7, [started(resumed=True), step(1, 200, loss=1.5)])
    assert [row[0] for row in rows(strip)] == ["7 now"]
    series = strip._losses.chart("loss")._curves.runs[7].parts["train"]
    assert series.y.tolist() == [2.0, 1.5]
    strip.show_training(7, started())
    assert len(strip._losses.chart("loss")._curves.runs[7].parts["train"]) == 0


def test_the_score_in_front_is_the_one_in_the_table(strip: TrainingStrip, qtbot: object) -> None:
    strip.show_events(7, [started(metrics=("mae", "r2")), epoch(1, loss=1.0, mae=43.2, r2=0.456)])
    assert rows(strip) == [["7 now", "1e-3", "1.00", "43.2"]]
    strip._scores.currentWidget().title_chosen.emit(1)
    assert rows(strip) == [["7 now", "1e-3", "1.00", "0.456"]]
    assert strip.findChild(RunTable).horizontalHeaderItem(3).text() == "val R²"


def test_a_network_without_scores_shows_its_loss_alone(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(metrics=()), step(1, 10, loss=1.0), epoch(1, loss=0.5)])
    assert not strip._scores.isVisible()
    assert rows(strip) == [["7 now", "1e-3", "0.500", ""]]
    strip.show_training(8, started(8))
    assert strip._scores.isVisible()


def test_it_folds_to_one_row_and_back(strip: TrainingStrip, qtbot: object) -> None:
    strip.show_events(7, [started(), step()])
    folds = []
    strip.folded_changed.connect(folds.append)
    buttons = {button.accessibleName(): button for button in strip.findChildren(QToolButton)}
    qtbot.mouseClick(buttons["Fold the strip"], Qt.MouseButton.LeftButton)
    assert strip.folded
    assert strip.maximumHeight() == strip.sizeHint().height() == FOLDED
    assert "Run 7 · training" in [label.text() for label in strip.findChildren(QLabel) if label.isVisible()]
    qtbot.mouseClick(buttons["Unfold the strip"], Qt.MouseButton.LeftButton)
    assert not strip.folded
    assert strip.minimumHeight() > FOLDED
    strip.set_folded(False)
    assert folds == [True, False]


def test_a_run_is_opened_from_the_table(strip: TrainingStrip, qtbot: object) -> None:
    strip.show_training(7, started())
    table = strip.findChild(RunTable)
    table.setCurrentCell(0, 0)
    with qtbot.waitSignal(strip.run_opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [7]


def test_another_project_begins_with_nothing(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), step(), epoch(7)])
    strip.forget_runs()
    assert says(strip) == ("No run yet", "Press Run to train.")
    assert rows(strip) == []
    assert shown(strip) == []
    strip.show_events(1, [started(1), step(1)])
    assert [row[0] for row in rows(strip)] == ["1 now"]
    assert strip._runs[1].line.colour == DARK.curve(0)


def test_the_theme_gives_new_colours_to_runs(strip: TrainingStrip) -> None:
    for run in (5, 6):
        strip.show_events(run, [started(run), step(1)])
    strip.show_theme(LIGHT)
    assert [strip._runs[run].line.colour for run in (5, 6)] == [LIGHT.curve(0), LIGHT.curve(1)]
    assert strip._losses.chart("loss").reading(1).rows[0][0] == LIGHT.curve(1)
    strip.grab()


def test_it_fits_a_small_window(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), step()])
    assert strip.minimumSizeHint().width() <= 1024


def test_each_of_several_losses_has_its_curve(strip: TrainingStrip) -> None:
    losses = {"digit": 0.4, "parity": 0.1}
    strip.show_events(
        7, [started(losses=tuple(losses)), step(1, 100, loss=0.5, **losses), epoch(1, loss=0.6, **losses)]
    )
    assert (strip._losses.metric, strip._scores.metric) == ("loss", "accuracy")  # the sum, which is learned from
    told = [charts.chart("parity").reading(1).rows[0][1][1:] for charts in (strip._losses, strip._scores)]
    assert told == [("0.100", "0.100 · best"), ("0.100", "0.100")]


def test_of_losses_against_each_other_two_are_seen_at_once(strip: TrainingStrip, qtbot: object) -> None:
    losses = {"real": 0.4, "fake": 0.1, "generator": 0.9}
    strip.show_events(7, [started(losses=tuple(losses), opposed=True), epoch(1, loss=1.4, **losses)])
    assert (strip._losses.metric, strip._scores.metric) == ("real", "generator")
    box = strip._losses.currentWidget().findChild(QComboBox)
    assert [box.itemText(place) for place in range(box.count())] == ["Loss", "Real", "Fake", "Generator"]
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert strip._losses.metric == "loss"
    strip.show_events(8, [started(8, losses=tuple(losses), opposed=True)])
    assert strip._losses.metric == "loss"  # as it was chosen
    strip.show_training(8, finished())
    assert says(strip)[1] == "10 epochs in 3 min 20 s · the last epoch counts"
    strip.forget_runs()
    assert strip._losses.metric == "loss"


def test_a_change_of_the_run_is_marked_and_told(strip: TrainingStrip) -> None:
    strip.show_events(7, [started(), step()])
    strip.show_training(7, Changed("lr", 1e-3, 3e-4, 7, 214, 6.63))
    strip.show_training(7, Changed("epochs", 10, 40, 7, 214, 6.63))
    assert says(strip)[1] == "Epochs 10 → 40, epoch 7, step 214"
    chart = strip._losses.currentWidget()
    assert [mark[0] for mark in chart._curves.turns()] == [6.63, 6.63]
    chart.redraw()
    reading = chart.reading(6.63)
    assert reading.notes == ("Learning rate 1e-3 → 3e-4, epoch 7, step 214", "Epochs 10 → 40, epoch 7, step 214")
    assert "Learning rate 1e-3 → 3e-4" in strip.findChild(RunTable).item(0, 0).toolTip()
    strip.show_training(7, step(8, 1))
    assert says(strip)[1].startswith("epoch 8 of 40")
    chart._hovered(6.63)
    for theme in (DARK, LIGHT):
        strip.show_theme(theme)
        assert not strip.grab().isNull()


def test_what_a_run_begins_with_is_told(strip: TrainingStrip) -> None:
    strip.show_training(7, started())
    strip.show_training(7, WarmStarted(3, "r/3", "best", 7, ("conv",), {"fc": "64 × 256, was 64 × 128"}, 1, 2))
    assert says(strip)[1] == "begins with the weights of run 3 · 1 of 2 blocks kept"
    assert "1 of 2 blocks kept" in strip.findChild(RunTable).item(0, 0).toolTip()


def test_how_steps_are_computed_is_told(strip: TrainingStrip) -> None:
    strip.show_training(7, started())
    strip.show_training(7, Compiled("begun", "compiling in the background, plain steps meanwhile"))
    assert says(strip)[1] == "compiling in the background, plain steps meanwhile"
    strip.show_training(7, Compiled("refused", "not compiled: there is no C++ compiler"))
    tip = strip.findChild(RunTable).item(0, 0).toolTip()
    assert "compiling in the background" in tip
    assert "not compiled: there is no C++ compiler" in tip


def test_a_run_can_be_changed_from_the_strip_while_it_goes(strip: TrainingStrip, qtbot: object) -> None:
    def buttons() -> list[QToolButton]:
        every = strip.findChildren(QToolButton)
        return [button for button in every if button.accessibleName() == "Change the run" and button.isVisible()]

    assert buttons() == []
    for folded in (False, True):
        strip.set_folded(folded)
        strip.show_changeable(True)
        (button,) = buttons()
        with qtbot.waitSignal(strip.change_wanted):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        strip.show_changeable(False)
        assert buttons() == []
