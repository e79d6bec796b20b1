"""The list of shortcuts holds every key and every gesture, and can be searched."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.actions import SPECS, Actions, keys_of
from designer.dialogs.shortcuts import ShortcutsDialog, lines
from designer.gesture_list import GESTURES


def test_every_key_and_gesture_is_listed(actions: Actions) -> None:
    listed = lines(actions)
    keys = [keys_of(spec.name) for spec in SPECS if keys_of(spec.name)]
    assert len(keys) > 30
    assert {line.keys for line in listed} >= set(keys)
    assert len(listed) == len(keys) + len(GESTURES)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [("ctrl+g", {"Ctrl+G"}), ("pinch", {"pinch, or Ctrl and two fingers"}), ("walk along", {"Left, Right"})],
)
def test_typing_searches_what_is_done_and_the_keys(qtbot: QtBot, actions: Actions, typed: str, keys: set[str]) -> None:
    dialog = ShortcutsDialog(actions)
    qtbot.addWidget(dialog)
    QTest.keyClicks(dialog.field, typed)
    assert {line.keys for line in dialog.shown} == keys
    model = dialog.tree.model()
    assert model.rowCount() == 1
    heading = model.index(0, 0)
    assert model.index(0, 1, heading).data() in keys
    dialog.show()
    shown = dialog.tree.visualRect(model.index(0, 1, heading))
    assert shown.width() > 100
    assert dialog.tree.viewport().rect().contains(shown)


def test_nothing_found_is_said(qtbot: QtBot, actions: Actions) -> None:
    dialog = ShortcutsDialog(actions)
    qtbot.addWidget(dialog)
    QTest.keyClicks(dialog.field, "zzz")
    assert dialog.shown == []
    assert dialog._none.text() == "No shortcut fits “zzz”."
