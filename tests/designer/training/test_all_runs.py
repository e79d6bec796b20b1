"""The table of all runs sorts by what was measured, finds by words, and asks for what is done by keys and edits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from designer.training.all_runs import FIRST, NAME, RUN, AllRuns, in_line
from engine import templates
from engine.training.events import Changed, WarmStarted
from engine.training.history import RunLabel, RunRecord
from engine.training.settings import OPTIMIZERS

Key = Qt.Key


def told(number: int, loss: float | None, **values: object) -> RunRecord:
    given = {
        "label": RunLabel(),
        "end": "finished",
        "started": datetime(2026, 1, 2, 3, 4),
        "optimizer": "Adam",
        "learning_rate": 1e-3,
        "batch_size": 32,
        "epochs": 5,
        "wanted": 10,
        "best_epoch": 4,
        "validation": {} if loss is None else {"loss": loss, "accuracy": 1 - loss},
        "test": {},
        "seconds": 61.0,
        **values,
    }
    return RunRecord(number=number, path=Path(str(number)), **given)


@pytest.fixture
def dialog(qtbot: QtBot) -> AllRuns:
    made = AllRuns()
    qtbot.addWidget(made)
    made.show_line([])
    starred = RunLabel(name="baseline", tags=("small",), starred=True)
    made.show_runs([told(10, 0.09), told(9, 0.5, label=starred), told(2, None, end="failed", learning_rate=None)], 10)
    made.show()
    return made


def column(dialog: AllRuns, header: str) -> list[str]:
    headers = [dialog.model.horizontalHeaderItem(c).text() for c in range(dialog.model.columnCount())]
    rows = range(dialog.sorted.rowCount())
    return [dialog.sorted.index(row, headers.index(header)).data() for row in rows]


def test_what_can_be_done_with_a_run_stands_below_the_table(dialog: AllRuns) -> None:
    """A menu that only a right click opens is found by nobody."""
    assert dialog.hint.isVisible()
    for word in ("Double click", "F2", "Space", "Delete", "right click"):
        assert word in dialog.hint.text()
    dialog.show_runs([])
    assert not dialog.hint.isVisible()


def test_what_each_run_came_to(dialog: AllRuns) -> None:
    assert column(dialog, "Run") == ["10", "9 ★", "2"]
    assert column(dialog, "State") == ["training", "finished", "failed"]
    assert column(dialog, "Rate") == ["1e-3", "1e-3", ""]
    assert column(dialog, "Val loss") == ["0.090", "0.500", ""]
    assert column(dialog, "Epochs") == ["5 / 10"] * 3
    assert column(dialog, "Time") == ["1 min 01 s"] * 3


def test_sorted_by_number_not_by_letters(dialog: AllRuns) -> None:
    dialog.table.sortByColumn(RUN, Qt.SortOrder.AscendingOrder)
    assert column(dialog, "Run") == ["2", "9 ★", "10"]
    headers = [dialog.model.horizontalHeaderItem(c).text() for c in range(dialog.model.columnCount())]
    dialog.table.sortByColumn(headers.index("Val loss"), Qt.SortOrder.AscendingOrder)
    assert column(dialog, "Val loss") == ["0.090", "0.500", ""], "what has no loss comes last"


def test_scores_of_several_losses_have_columns_of_their_own(dialog: AllRuns) -> None:
    validation = {"loss": 2.0, "real_loss": 0.7, "digit_accuracy": 0.9, "letter_accuracy": 0.4, "letter_mae": 3.0}
    dialog.show_runs([told(2, None, validation=validation, test={"digit_accuracy": 0.8}), told(1, 0.1)])
    headers = [dialog.model.horizontalHeaderItem(c) for c in range(dialog.model.columnCount())]
    assert [header.text() for header in headers[len(FIRST) : -1]] == [
        "Val real loss",
        "Val acc · digit",
        "Val acc · letter",
        "Val MAE · letter",
        "Val acc",
        "Test acc · digit",
    ]
    assert column(dialog, "Val acc · digit") == ["90.0 %", ""]
    assert column(dialog, "Val acc · letter") == ["40.0 %", ""]
    assert headers[-2].toolTip() == "Accuracy · digit, over the test part with the best weights"
    place = [header.text() for header in headers].index
    dialog.table.sortByColumn(place("Val acc · digit"), Qt.SortOrder.DescendingOrder)
    assert column(dialog, "Run") == ["2", "1"], "what has no score comes behind the worst"
    dialog.table.sortByColumn(place("Val MAE · letter"), Qt.SortOrder.AscendingOrder)
    assert column(dialog, "Run") == ["2", "1"]


@pytest.mark.parametrize(("words", "found"), [("BASE", ["9 ★"]), ("small", ["9 ★"]), ("fail", ["2"])])
def test_found_by_words(dialog: AllRuns, words: str, found: list[str]) -> None:
    QTest.keyClicks(dialog.search, words)
    assert column(dialog, "Run") == found


def test_the_starred_ones_alone(dialog: AllRuns) -> None:
    dialog.only_starred.click()
    assert column(dialog, "Run") == ["9 ★"]
    dialog.only_starred.click()
    assert len(column(dialog, "Run")) == 3
    dialog.only_starred.click()
    dialog.search.clear()
    assert not dialog.only_starred.isChecked()


def test_nothing_found_and_nothing_there_are_said(dialog: AllRuns) -> None:
    QTest.keyClicks(dialog.search, "nowhere")
    assert (dialog.table.isVisible(), dialog.empty.text()) == (False, "No run is found.")
    dialog.search.clear()
    assert dialog.table.isVisible()
    dialog.show_runs([])
    assert (dialog.table.isVisible(), dialog.empty.text()) == (False, "No run yet.")


def test_keys_ask_for_what_is_done_with_the_chosen_run(dialog: AllRuns, qtbot: QtBot) -> None:
    dialog.table.setCurrentIndex(dialog.sorted.index(1, RUN))
    for key, signal in ((Key.Key_Space, dialog.star_wanted), (Key.Key_Delete, dialog.bin_wanted)):
        with qtbot.waitSignal(signal) as asked:
            QTest.keyClick(dialog.table, key)
        assert asked.args == [9]
    with qtbot.waitSignal(dialog.opened) as asked:
        QTest.keyClick(dialog.table, Key.Key_Return)
    assert asked.args == [9]


def test_a_name_is_typed_into_its_cell(dialog: AllRuns, qtbot: QtBot) -> None:
    dialog.table.setCurrentIndex(dialog.sorted.index(0, NAME))
    QTest.keyClick(dialog.table, Key.Key_F2)
    field = dialog.table.findChild(QLineEdit)
    with qtbot.waitSignal(dialog.named) as named:
        QTest.keyClicks(field, "wide")
        QTest.keyClick(field, Key.Key_Return)
    assert named.args == [10, "wide"]


def test_the_chosen_run_stays_when_the_table_is_read_anew(dialog: AllRuns) -> None:
    dialog.table.setCurrentIndex(dialog.sorted.index(1, RUN))
    dialog.show_runs([told(11, 0.1), told(10, 0.09), told(9, 0.5)])
    assert dialog.chosen() == 9


def test_what_is_in_line_is_listed_and_can_be_taken_out(dialog: AllRuns, qtbot: QtBot) -> None:
    assert not dialog.line.isVisible()
    dialog.show_line(["first", "second"])
    assert dialog.line.isVisible()
    dialog.line.setCurrentRow(1)
    with qtbot.waitSignal(dialog.taken_out) as taken:
        dialog.take_out.click()
    assert taken.args == [1]


def test_a_line_that_stands_can_be_gone_on_with(dialog: AllRuns, qtbot: QtBot) -> None:
    dialog.show_line(["first"])
    assert not dialog.begin.isVisible(), "it goes on by itself"
    dialog.show_line(["first"], stands=True)
    dialog.begin.setFocus()
    with qtbot.waitSignal(dialog.line_wanted):
        QTest.keyClick(dialog.begin, Key.Key_Space)
    dialog.show_line([], stands=True)
    assert not dialog.begin.isVisible()


def test_runs_in_line_are_told_apart() -> None:
    project = templates.open_template("iris")
    other = project.training.change(optimizer=OPTIMIZERS["SGD"](lr=0.05), batch_size=8, epochs=3)
    assert in_line(project.with_(training=other)) == "iris · SGD at 5e-2 · batches of 8 · epochs: 3"


def test_changes_and_what_it_began_with_are_told(dialog: AllRuns) -> None:
    warm = WarmStarted(2, "r/2", "best", 7, ("conv",), {"fc": "not in run 2"}, 1, 2)
    changes = (Changed("lr", 1e-3, 3e-4, 4, 12, 3.5), Changed("epochs", 10, 20, 5, 0, 4.0))
    dialog.show_runs([told(3, 0.1, changes=changes, warm=warm, wanted=20)])
    assert column(dialog, "Rate") == ["1e-3 → 3e-4"]
    assert column(dialog, "Epochs") == ["5 / 20"]
    tip = dialog.sorted.index(0, RUN).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines() == [
        "begins with the weights of run 2 · 1 of 2 blocks kept",
        "Learning rate 1e-3 → 3e-4, epoch 4, step 12",
        "Epochs 10 → 20, epoch 5, step 0",
    ]
