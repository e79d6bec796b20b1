"""Blocks are framed, named, moved along, annotated and muted; all of it is saved, opened again and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

import engine
from designer.window import Window
from engine import decorating
from engine.decor import Frame, Note
from engine.muting import passage
from engine.project import Project
from tests.designer.canvas.equality import scene_equals_project
from tests.journeys.user import CTRL, NONE, SHIFT, User

Key = Qt.Key


@pytest.fixture
def user(open_user: Callable[[], User]) -> User:
    user = open_user()
    user.window.commands.new()
    for kind in ("Linear", "Tanh", "Linear"):
        user.add(kind)
        user.window.canvas.setFocus()
    user.window.commands.fit()
    user.window.document.undo_stack.clear()
    return user


def typed(words: str, last: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    """Words into the field that has the focus, which must be one of the canvas's own."""
    field = QApplication.focusWidget()
    assert isinstance(field, (QLineEdit, QPlainTextEdit))
    QTest.keyClicks(field, words)
    QTest.keyClick(field, last, keys)


def placed(window: Window) -> dict[str, Frame | Note]:
    return decorating.placed(window.document.project)


def saved_and_taken_back(user: User, before: Project, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = user.window.document
    user.save_as(path, monkeypatch)
    again = engine.load(path)
    assert again.decor == document.project.decor
    assert again.graph == document.project.graph
    after = document.project
    while document.undo_stack.canUndo():
        user.press(Key.Key_Z, CTRL)
        scene_equals_project(user.window.canvas, document.project)
    assert (document.project.graph, document.project.layout) == (before.graph, before.layout)
    assert document.project.decor == before.decor
    while document.undo_stack.canRedo():
        user.press(Key.Key_Z, CTRL | SHIFT)
    assert document.project == after
    assert {key: item.what for key, item in user.window.canvas.scene.placed.items.items()} == placed(user.window)


def test_by_keys_alone(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window, before = user.window, user.window.document.project
    user.press(Key.Key_A, CTRL)
    user.press(Key.Key_F, CTRL | SHIFT)
    typed("Encoder", Key.Key_Return)
    assert placed(window)["frame1"].title == "Encoder"
    user.press(Key.Key_F2)
    typed("Stem", Key.Key_Return)
    assert placed(window)["frame1"].title == "Stem"
    user.press(Key.Key_Right, SHIFT)
    user.press(Key.Key_Down, SHIFT)
    now = window.document.project
    assert all(now.layout[key] == place.by(10, 10) for key, place in before.layout.items())
    user.press(Key.Key_K, CTRL | SHIFT)
    typed("**Why** [so](http://x)", Key.Key_Return, CTRL)
    assert placed(window)["note1"].text == "**Why** [so](http://x)"
    user.press(Key.Key_F9)
    assert window.canvas.scene.placed.selected == ("frame1",)
    user.press(Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert QApplication.focusWidget() is window.design.inspector.placed.title
    user.press(Key.Key_Escape)
    user.press(Key.Key_Escape)
    user.press(Key.Key_Home)
    user.press(Key.Key_B, CTRL)
    assert sum(passage(node) is not None for node in window.document.project.graph.nodes.values()) == 1
    saved_and_taken_back(user, before, tmp_path / "keys.plexus", monkeypatch)


def test_by_mouse(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window, before, hand = user.window, user.window.document.project, user.hand
    window.canvas.select(())
    for name in user.names:
        hand.click(hand.card(user.key_of(name)), SHIFT)
    window.actions_["frame"].trigger()
    typed("Encoder", Key.Key_Return)
    window.commands.fit()
    area = window.canvas.scene.placed.items["frame1"].area
    bar = area.topLeft() + QPointF(area.width() / 2, 12)
    hand.drag(bar, bar + QPointF(20, 20))
    by = window.canvas.scene.placed.items["frame1"].area.topLeft() - area.topLeft()
    assert not by.isNull()
    now = window.document.project
    assert all(now.layout[key] == place.by(by.x(), by.y()) for key, place in before.layout.items())
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, NONE, hand.at(bar + by))
    typed("Stem", Key.Key_Return)
    assert placed(window)["frame1"].title == "Stem"
    window.actions_["add_note"].trigger()
    typed("# Why", Key.Key_Escape)
    assert placed(window)["note1"].text == "# Why"
    window.canvas.select([user.key_of(user.names[1])])
    window.actions_["mute"].trigger()
    saved_and_taken_back(user, before, tmp_path / "mouse.plexus", monkeypatch)
