"""The list of shortcuts holds every key and every gesture, and can be searched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.actions import SPECS, Actions, keys_of
from designer.dialogs.shortcuts import ShortcutsDialog, lines
from designer.gesture_list import GESTURES
from designer.theme import DARK, LIGHT
from designer.theme_switch import ThemeSwitch


def test_every_key_and_gesture_is_listed(actions: Actions) -> None:
    listed = lines(actions)
    keys = [keys_of(spec.name) for spec in SPECS if keys_of(spec.name)]
    assert len(keys) > 30
    assert {line.keys for line in listed} >= set(keys)
    assert len(listed) == len(keys) + len(GESTURES)


def test_actions_are_called_as_in_the_table_whatever_they_would_do_now(actions: Actions) -> None:
    actions["undo"].setText("Undo “Move conv1”")
    assert "Undo" in {line.what for line in lines(actions)}


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


def test_its_colours_follow_the_theme(qtbot: QtBot, qapp: QApplication, actions: Actions) -> None:
    switch = ThemeSwitch(qapp, "dark")
    dialog = ShortcutsDialog(actions)
    qtbot.addWidget(dialog)
    switch.changed.connect(dialog.show_theme)

    def colour() -> str:
        model = dialog.tree.model()
        return model.index(0, 1, model.index(0, 0)).data(Qt.ItemDataRole.ForegroundRole).color().name()

    assert colour() == DARK.link
    switch.choose("light")
    assert colour() == LIGHT.link
    switch.choose("dark")
