"""The palette over some widget: what it lists, and where the focus goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from designer.action_search import Command
from designer.dialogs.command_palette import ROWS, CommandPalette

COMMANDS = [
    Command("save", "Save", "File", "Ctrl+S", "Write the project", ""),
    Command("undo", "Undo", "Edit", "Ctrl+Z", "Take back", "Nothing to take back"),
    *(Command(f"more{number}", f"More {number}", "View", "", "", "") for number in range(40)),
]


@pytest.fixture
def palette(qtbot: QtBot) -> Iterator[CommandPalette]:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(900, 700)
    room.other = QLineEdit(room)
    with qtbot.waitExposed(room):
        room.show()
    room.other.setFocus()
    made = CommandPalette(lambda: COMMANDS, room)
    made.open_palette(())
    yield made
    room.close()


def test_each_row_says_its_name_menu_and_keys_or_what_it_lacks(palette: CommandPalette) -> None:
    spoken = [palette.list.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)]
    assert spoken == ["Save, File, Ctrl+S", "Undo, Nothing to take back, Ctrl+Z"]


def test_it_stays_inside_and_shows_so_many_rows(palette: CommandPalette) -> None:
    room = palette.parentWidget()
    assert room.rect().contains(palette.geometry())
    tall = palette.height()
    QTest.keyClicks(palette.field, "save")
    assert palette.shown == ["save"]
    assert palette.height() < tall
    assert tall < (ROWS + 4) * 28


def test_a_page_down_and_the_end(palette: CommandPalette) -> None:
    QTest.keyClick(palette.field, Qt.Key.Key_PageDown)
    assert palette.list.currentIndex().row() == ROWS
    for _ in range(9):
        QTest.keyClick(palette.field, Qt.Key.Key_PageDown)
    assert palette.list.currentIndex().row() == len(COMMANDS) - 1


def test_the_pointer_chooses_a_row_when_it_moves_not_when_it_rests(palette: CommandPalette) -> None:
    row = palette.list.model().index(5, 0)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    palette.list.entered.emit(row)  # scrolled under the pointer, which rests
    assert palette.list.currentIndex().row() == 1
    QCursor.setPos(QCursor.pos() + QPoint(7, 7))
    palette.list.entered.emit(row)
    assert palette.list.currentIndex().row() == 5


def test_a_click_chooses_and_gives_the_focus_back(palette: CommandPalette) -> None:
    told: list[str] = []
    palette.chosen.connect(told.append)
    for row in (1, 0):  # what can't be done stays where it is
        place = palette.list.visualRect(palette.list.model().index(row, 0)).center()
        QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == ["save"]
    assert not palette.isVisible()
    assert palette.parentWidget().other.hasFocus()
