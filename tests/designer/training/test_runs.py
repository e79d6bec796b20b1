"""The table of runs says how each did; a click, Space and Enter act on a run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from designer.theme import DARK, LIGHT
from designer.training.runs import FIGURE, NAME, SCORE, SWATCH, WIDEST, RunLine, RunTable, swatch

SEVEN = RunLine(7, "#ff0000", "1e-3", "0.071", "97.1 %", now=True)


@pytest.fixture
def table(qtbot: object) -> RunTable:
    made = RunTable(DARK)
    made.resize(300, 150)
    qtbot.addWidget(made)
    made.show()
    return made


def rows(table: RunTable) -> list[list[str]]:
    return [[table.item(row, column).text() for column in range(4)] for row in range(table.rowCount())]


def place(table: RunTable, row: int) -> QPoint:
    return table.visualItemRect(table.item(row, 1)).center()


def test_the_newest_run_is_at_the_top_and_rows_change_in_place(table: RunTable) -> None:
    assert not table.horizontalHeader().isVisible()
    table.show_run(replace(SEVEN, run_id=6, now=False))
    table.show_run(SEVEN)
    assert rows(table) == [["7 now", "1e-3", "0.071", "97.1 %"], ["6", "1e-3", "0.071", "97.1 %"]]
    table.show_run(replace(SEVEN, run_id=6, now=False, loss="0.212"))
    table.show_run(replace(SEVEN, now=False))
    assert rows(table) == [["7", "1e-3", "0.071", "97.1 %"], ["6", "1e-3", "0.212", "97.1 %"]]
    assert table.horizontalHeader().isVisible()
    table.name_score("val acc")
    assert [table.horizontalHeaderItem(column).text() for column in range(4)] == ["run", "lr", "val loss", "val acc"]
    assert "best" in table.horizontalHeaderItem(2).toolTip()
    table.forget()
    assert rows(table) == []


@pytest.mark.parametrize("heading", ["val acc", "val AUROC", "val top-5", "val generator"])
def test_a_heading_is_whole(table: RunTable, heading: str) -> None:
    table.show_run(SEVEN)
    table.name_score(heading, "A long name")
    header = table.horizontalHeader()
    assert header.sectionSize(SCORE) >= header.sectionSizeHint(SCORE)
    assert header.sectionSize(NAME) >= table.sizeHintForColumn(NAME), "the run can still be read"
    assert table.horizontalHeaderItem(SCORE).toolTip().startswith("A long name\n")
    table.name_score("val acc")
    assert header.sectionSize(SCORE) == FIGURE


def test_a_very_long_heading_leaves_room_for_the_run(table: RunTable) -> None:
    table.show_run(SEVEN)
    table.name_score("val reconstruction of the whole picture")
    assert table.horizontalHeader().sectionSize(SCORE) == WIDEST
    assert table.horizontalHeader().textElideMode() == Qt.TextElideMode.ElideRight


def test_a_click_and_space_turn_the_curves_on_and_off(table: RunTable, qtbot: object) -> None:
    table.show_run(replace(SEVEN, run_id=6, visible=False))
    table.show_run(SEVEN)
    with qtbot.waitSignal(table.toggled) as clicked:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place(table, 1))
    assert clicked.args == [6, True]
    table.setCurrentCell(0, 0)
    with qtbot.waitSignal(table.toggled) as pressed:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert pressed.args == [7, False]


def test_a_double_click_and_enter_open_a_run_and_leave_its_curves_as_they_were(table: RunTable, qtbot: object) -> None:
    table.show_run(SEVEN)
    toggled = []
    table.toggled.connect(
        lambda run_id, visible: (toggled.append(visible), table.show_run(replace(SEVEN, visible=visible)))
    )
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place(table, 0))
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place(table, 0))
    assert opened.args == [7]
    assert toggled == [False, True]
    with qtbot.waitSignal(table.opened):
        qtbot.keyClick(table, Qt.Key.Key_Return)


def test_a_hidden_run_is_told_by_form_and_word_too(table: RunTable) -> None:
    table.show_run(SEVEN)
    spoken = table.item(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "7 now, shown"
    table.show_run(replace(SEVEN, visible=False))
    assert table.item(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "7 now, hidden"
    assert "shows them" in table.item(0, 0).toolTip()
    middle = SWATCH // 2
    for filled in (True, False):
        image = swatch("#ff0000", filled).pixmap(SWATCH, SWATCH).toImage()
        assert (image.pixelColor(middle, middle).alpha() == 255) == filled


def test_the_theme_colours_the_text(table: RunTable) -> None:
    table.show_run(SEVEN)
    assert table.item(0, 1).foreground().color().name() == DARK.text
    table.show_theme(LIGHT)
    assert table.item(0, 1).foreground().color().name() == LIGHT.text


def test_name_star_and_tags_are_seen(table: RunTable) -> None:
    table.show_run(replace(SEVEN, now=False, name="baseline", tags=("small", "first"), starred=True))
    assert rows(table)[0][0] == "★ 7 baseline"
    assert table.item(0, 0).toolTip().startswith("baseline · small, first\n")
    table.show_run(replace(SEVEN, now=False, name="baseline"))
    assert rows(table)[0][0] == "7 baseline"


def test_a_run_can_be_taken_away(table: RunTable) -> None:
    table.show_run(replace(SEVEN, run_id=6))
    table.show_run(SEVEN)
    table.remove(7)
    assert [row[0] for row in rows(table)] == ["6 now"]
    table.remove(6)
    assert not table.horizontalHeader().isVisible()


def test_the_menu_is_asked_for_by_mouse_and_key(table: RunTable, qtbot: object) -> None:
    table.show_run(SEVEN)
    for reason, at in (
        (QContextMenuEvent.Reason.Mouse, place(table, 0)),
        (QContextMenuEvent.Reason.Keyboard, QPoint()),
    ):
        table.setCurrentCell(0, 0)
        with qtbot.waitSignal(table.menu_wanted) as wanted:
            event = QContextMenuEvent(reason, at, table.viewport().mapToGlobal(at))
            QApplication.sendEvent(table.viewport(), event)
        assert wanted.args[0] == 7
