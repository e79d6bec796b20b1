"""The bar tells what is typed and pressed, and shows where one stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.canvas.search_bar import SearchBar

Key, CTRL, SHIFT, NONE = (
    Qt.Key,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[SearchBar]:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(700, 300)
    made = SearchBar(room)
    with qtbot.waitExposed(room):
        room.show()
    made.open_bar()
    yield made
    room.close()


@pytest.mark.parametrize(
    ("key", "held", "told"),
    [
        (Key.Key_Return, NONE, 1),
        (Key.Key_Enter, NONE, 1),
        (Key.Key_Return, SHIFT, -1),
        (Key.Key_Down, NONE, 1),
        (Key.Key_Up, NONE, -1),
        (Key.Key_Return, CTRL, False),
        (Key.Key_Escape, NONE, True),
    ],
)
def test_keys(bar: SearchBar, key: Qt.Key, held: Qt.KeyboardModifier, told: object) -> None:
    heard: list[object] = []
    bar.stepped.connect(heard.append)
    bar.closed.connect(heard.append)
    QTest.keyClick(bar.field, key, held)
    assert heard == [told]
    assert type(heard[0]) is type(told)


def test_typing_is_told(bar: SearchBar) -> None:
    heard: list[str] = []
    bar.typed.connect(heard.append)
    QTest.keyClicks(bar.field, "ab")
    assert heard == ["a", "ab"]


@pytest.mark.parametrize(
    ("typed", "place", "count", "words", "shown", "spoken", "invalid"),
    [
        ("", 0, 0, "", "", "", False),
        ("relu", 2, 3, "", "2 of 3", "2 of 3", False),
        ("64", 1, 3, "filters 64", "1 of 3", "1 of 3, filters 64", False),
        ("zzz", 0, 0, "", "no hit", "no hit", True),
    ],
)
def test_where_one_stands(
    bar: SearchBar, typed: str, place: int, count: int, words: str, shown: str, spoken: str, invalid: bool
) -> None:
    bar.field.setText(typed)
    bar.show_place(place, count, words)
    assert bar.count.text() == shown
    assert bar.field.accessibleDescription() == spoken
    assert bar.field.property("invalid") == invalid
    assert bar.after.isEnabled() == bar.before.isEnabled() == (count > 0)
