"""The text beside the pointer is as wide as it must be, stays in the room, and goes by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.canvas.cursor_label import WIDEST, CursorLabel
from designer.theme import DARK

LONG = "What was copied holds no blocks. Copy some here, or the text of a project file."


@pytest.fixture
def label(qtbot: QtBot) -> Iterator[CursorLabel]:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(600, 400)
    room.show()
    label = CursorLabel(room)
    label.show_theme(DARK)
    yield label
    room.hide()  # it had to live until now, as it owns the label


def test_a_short_text_after_a_long_one_is_short_again(label: CursorLabel) -> None:
    label.say("Cuts 2 wires", QPointF(20, 20), False)
    narrow = label.size()
    label.say(LONG, QPointF(20, 20), True)
    assert label.width() == WIDEST
    assert label.height() > narrow.height()
    label.say("Cuts 2 wires", QPointF(20, 20), False)
    assert label.size() == narrow


@pytest.mark.parametrize("at", [(0, 0), (599, 0), (0, 399), (599, 399), (300, 200)])
def test_it_stays_in_the_room_and_away_from_the_pointer(label: CursorLabel, at: tuple[int, int]) -> None:
    label.say(LONG, QPointF(*at), False)
    assert label.parentWidget().rect().contains(label.geometry())
    assert not label.geometry().contains(*at)


def test_a_refusal_is_told_by_a_sign_and_goes_by_itself(label: CursorLabel, qtbot: QtBot) -> None:
    label.say("No", QPointF(20, 20), True)
    assert label.text() == "✕ No"
    label.hush(0.05)
    assert label.isVisible()
    qtbot.waitUntil(label.isHidden)
