"""Scores are ticked in a list that stays open; what is offered depends on the network."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from designer.training.scores_editor import ScoresEditor
from engine.training.settings import TrainingSettings


@pytest.fixture
def editor(qtbot: object) -> ScoresEditor:
    made = ScoresEditor(TrainingSettings.param("scores"), lambda value: value)
    made.resize(400, 30)
    qtbot.addWidget(made)
    made.show()
    made.show_value(None)
    made.show_offer(("accuracy", "f1", "auroc"), ("accuracy",))
    return made


def menu(editor: ScoresEditor) -> QMenu:
    return editor.findChild(QMenu)


def ticked(editor: ScoresEditor) -> list[str]:
    return [action.text() for action in menu(editor).actions() if action.isChecked()]


def test_the_usual_are_named(editor: ScoresEditor) -> None:
    assert editor.control.currentText() == "Accuracy"


def test_ticks_by_mouse_and_key_are_told_one_by_one(editor: ScoresEditor, qtbot: object) -> None:
    told: list[object] = []
    editor.edited.connect(told.append)
    qtbot.keyClick(editor.control, Qt.Key.Key_Space)
    assert ticked(editor) == ["The usual", "Accuracy"]
    f1, auroc = menu(editor).actions()[3:5]
    qtbot.mouseMove(menu(editor), menu(editor).actionGeometry(f1).center())
    menu(editor).setActiveAction(f1)
    qtbot.mouseClick(menu(editor), Qt.MouseButton.LeftButton, pos=menu(editor).actionGeometry(f1).center())
    assert told == [("accuracy", "f1")]
    assert menu(editor).isVisible()
    assert ticked(editor) == ["Accuracy", "F1"]
    menu(editor).setActiveAction(auroc)
    qtbot.keyClick(menu(editor), Qt.Key.Key_Space)
    assert told[-1] == ("accuracy", "f1", "auroc")
    menu(editor).setActiveAction(menu(editor).actions()[0])
    qtbot.keyClick(menu(editor), Qt.Key.Key_Space)
    assert told[-1] is None
    with qtbot.waitSignal(editor.settled):
        qtbot.keyClick(menu(editor), Qt.Key.Key_Escape)


def test_none_at_all(editor: ScoresEditor) -> None:
    editor.show_value(())
    assert editor.control.currentText() == "only the loss"


def test_what_the_network_no_longer_has_stays_visible(editor: ScoresEditor) -> None:
    editor.show_value(("f1", "rmse"))
    assert editor.control.currentText() == "F1, Root mean squared error (missing)"
