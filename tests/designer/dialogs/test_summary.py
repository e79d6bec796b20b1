"""The table of counts: sorted by numbers, searched, copied, and from it back to the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from designer.dialogs.summary import SummaryDialog
from engine import templates
from engine.project import Project


@pytest.fixture
def dialog(qtbot: QtBot) -> SummaryDialog:
    dialog = SummaryDialog(templates.open_template("resnet-18"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def names(dialog: SummaryDialog) -> list[str]:
    return [dialog.sorted.index(row, 0).data() for row in range(dialog.sorted.rowCount())]


def test_blocks_stand_in_the_order_they_run_until_a_column_is_clicked(dialog: SummaryDialog) -> None:
    assert names(dialog)[:4] == ["image", "stem", "stage1", "stage2"]
    dialog.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert names(dialog)[:4] == ["stage4", "stage3", "stage2", "fc"]
    dialog.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert names(dialog)[-1] == "stage4"


def test_all_words_have_room(dialog: SummaryDialog) -> None:
    dialog.table.expandAll()
    metrics, header = dialog.table.fontMetrics(), dialog.table.header()
    index, seen = dialog.sorted.index(0, 0), 0
    while index.isValid():
        for column in range(1, dialog.sorted.columnCount()):
            words = index.siblingAtColumn(column).data()
            assert metrics.horizontalAdvance(words) + 8 <= header.sectionSize(column), words
        index, seen = dialog.table.indexBelow(index), seen + 1
    assert seen > 60, "those in groups too"
    assert sum(header.sectionSize(column) for column in range(6)) <= dialog.table.width()


def test_totals_and_the_memory_of_a_training(dialog: SummaryDialog, qtbot: QtBot) -> None:
    assert "11\u2009689\u2009512 parameters" in dialog.total.text()
    qtbot.waitUntil(lambda: "Training at batch size 32" in dialog.memory.text())
    assert "MiB" in dialog.memory.text()


def test_a_search_finds_blocks_inside_of_groups(dialog: SummaryDialog) -> None:
    dialog.search.setText("bn2")
    assert names(dialog) == ["stage1", "stage2", "stage3", "stage4"]
    dialog.search.clear()
    assert len(names(dialog)) > 4


def test_the_table_is_copied_for_a_spreadsheet(dialog: SummaryDialog) -> None:
    dialog.copy()
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert rows[0] == ["Block", "Type", "Output", "Parameters", "Multiply-adds", "Activations"]
    assert ["stem/conv", "Conv2d", "64 × 112 × 112", "9408", "118013952", "3211264"] in rows


def test_a_block_that_is_activated_is_shown(dialog: SummaryDialog, qtbot: QtBot) -> None:
    stem = dialog.sorted.index(1, 0)
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog.table.activated.emit(dialog.sorted.index(0, 2, stem))
    assert told.args == ["stem/conv"]


def test_a_design_with_errors_says_why_there_is_no_memory(qtbot: QtBot) -> None:
    dialog = SummaryDialog(Project())
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "once the design has no errors" in dialog.memory.text())
