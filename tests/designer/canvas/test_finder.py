"""The list to choose from: what keys and mouse do in it, and where it opens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.canvas.finder import EDGE, SHOWN, Finder, Row
from designer.theme import DARK, LIGHT

Key = Qt.Key
ROWS = [Row(name, name.title(), "letters", "Linear") for name in ("alpha", "beta", "gamma")]
BAD = Row("bad", "Bad", "letters", "Linear", "Bad fits nowhere.")


@pytest.fixture
def finder(qtbot: QtBot) -> Finder:
    room = QWidget()
    room.resize(700, 600)
    qtbot.addWidget(room)
    found = Finder(room, DARK)
    found.room = room
    with qtbot.waitExposed(room):
        room.show()
    found.open(QPoint(100, 50), "Choose a letter", "Search letters")
    found.show_rows(ROWS)
    return found


def chosen(finder: Finder) -> list[str]:
    names: list[str] = []
    finder.chosen.connect(names.append)
    return names


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ((), "alpha"),
        ((Key.Key_Down,), "beta"),
        ((Key.Key_Tab, Key.Key_Tab), "gamma"),
        ((Key.Key_Down, Key.Key_Up), "alpha"),
        ((Key.Key_Up,), "alpha"),
        ((Key.Key_PageDown,), "gamma"),
        ((Key.Key_PageDown, Key.Key_PageUp), "alpha"),
    ],
)
def test_keys_walk_the_list_and_enter_chooses(finder: Finder, keys: tuple[Qt.Key, ...], name: str) -> None:
    names = chosen(finder)
    for key in keys:
        QTest.keyClick(finder.field, key)
    QTest.keyClick(finder.field, Key.Key_Return)
    assert names == [name]
    assert finder.isHidden()


def test_a_click_chooses(finder: Finder) -> None:
    names = chosen(finder)
    place = finder.list.visualRect(finder.list.model().index(1, 0)).center()
    QTest.mouseClick(finder.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert names == ["beta"]


def test_what_can_not_be_chosen_stays(finder: Finder) -> None:
    names = chosen(finder)
    finder.show_rows([BAD])
    QTest.keyClick(finder.field, Key.Key_Return)
    assert names == []
    assert not finder.isHidden()


def test_escape_closes_without_a_choice(finder: Finder, qtbot: QtBot) -> None:
    names = chosen(finder)
    with qtbot.waitSignal(finder.closed):
        QTest.keyClick(finder.field, Key.Key_Escape)
    assert finder.isHidden()
    assert names == []


def test_typing_asks_for_other_rows(finder: Finder) -> None:
    typed: list[str] = []
    finder.typed.connect(typed.append)
    QTest.keyClicks(finder.field, "be")
    assert typed == ["b", "be"]


def test_the_row_that_one_went_to_stays_current(finder: Finder) -> None:
    finder.show_rows([BAD, *ROWS])
    assert finder.current == BAD, "the first one, until one has gone elsewhere"
    QTest.keyClick(finder.field, Key.Key_Down)
    finder.show_rows([*ROWS, BAD])
    assert finder.current == ROWS[0]
    finder.show_rows(ROWS[1:])
    assert finder.current == ROWS[1], "gone: the first one again"


@pytest.mark.parametrize("at", [QPoint(100, 50), QPoint(690, 590), QPoint(-50, -50)])
def test_it_opens_inside_its_room(finder: Finder, at: QPoint) -> None:
    finder.open(at, "Choose a letter", "Search letters")
    assert finder.room.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE).contains(finder.geometry())
    finder.show_rows([Row(str(number), str(number)) for number in range(3 * SHOWN)])
    assert finder.room.rect().contains(finder.geometry())
    assert finder.list.height() * 3 <= finder.list.sizeHintForRow(0) * 3 * SHOWN


def test_what_it_says_is_there_for_screen_readers(finder: Finder) -> None:
    assert finder.field.accessibleName() == "Choose a letter. Search letters"
    finder.tell("Comes first.", bad=False)
    assert finder.field.accessibleDescription() == "Alpha, letters. Comes first."
    finder.tell("No way.", bad=True)
    assert finder.told.text() == "✕ No way."


def test_both_themes(finder: Finder) -> None:
    pictures = []
    for theme in (DARK, LIGHT):
        finder.show_theme(theme)
        pictures.append(finder.grab().toImage())
    assert pictures[0] != pictures[1]
