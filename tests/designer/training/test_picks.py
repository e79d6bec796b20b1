"""Blocks are ticked in a list that stays open, in the order of the list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from designer.training.picks import BlocksEditor
from engine.training.turn import Turn


@pytest.fixture
def editor(qtbot: QtBot) -> BlocksEditor:
    made = BlocksEditor(Turn.param("blocks"), lambda value: value)
    qtbot.addWidget(made)
    made.show()
    made.show_value(("b",))
    made.show_offer({"a": "first", "b": "second", "c": "third"})
    return made


def tick(editor: BlocksEditor, place: int, qtbot: QtBot, by_mouse: bool = False) -> None:
    action = editor._list.actions()[place]
    editor._list.setActiveAction(action)
    if by_mouse:
        qtbot.mouseMove(editor._list, editor._list.actionGeometry(action).center())
        editor._list.setActiveAction(action)
        qtbot.mouseClick(editor._list, Qt.MouseButton.LeftButton, pos=editor._list.actionGeometry(action).center())
    else:
        qtbot.keyClick(editor._list, Qt.Key.Key_Space)


@pytest.mark.parametrize("by_mouse", [False, True])
def test_ticks_are_told_in_the_order_of_the_list(by_mouse: bool, editor: BlocksEditor, qtbot: QtBot) -> None:
    told: list[object] = []
    editor.edited.connect(told.append)
    qtbot.keyClick(editor.control, Qt.Key.Key_Space)
    for place in (2, 0, 1):
        tick(editor, place, qtbot, by_mouse)
        assert editor._list.isVisible()
    assert told == [("b", "c"), ("a", "b", "c"), ("a", "c")]
    assert editor.control.currentText() == "first, third"
    with qtbot.waitSignal(editor.settled):
        qtbot.keyClick(editor._list, Qt.Key.Key_Escape)


def test_what_is_missing_can_be_taken_out(editor: BlocksEditor, qtbot: QtBot) -> None:
    told: list[object] = []
    editor.edited.connect(told.append)
    editor.show_value(("b", "gone"))
    assert editor.control.currentText() == "second, gone (missing)"
    qtbot.keyClick(editor.control, Qt.Key.Key_Space)
    tick(editor, 3, qtbot)
    assert told == [("b",)]


def test_none_and_nothing_to_pick(editor: BlocksEditor, qtbot: QtBot) -> None:
    editor.show_value(())
    assert editor.control.currentText() == "none"
    editor.show_offer({})
    qtbot.keyClick(editor.control, Qt.Key.Key_Space)
    (action,) = editor._list.actions()
    assert not action.isEnabled()
