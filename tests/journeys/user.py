"""A user at the window: what they do, in their words, as real mouse and key events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from designer.window import Window
from engine.training.events import Event
from tests.designer.canvas.hand import Hand

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


class User:
    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.hand = Hand(window.canvas)
        self.events: list[Event] = []
        window.session.events.connect(lambda _run, events: self.events.extend(events))

    # Around the window

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """A key, to whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def button(self, action: str) -> QToolButton:
        """The button of an action in the bar at the top."""
        wanted = self.window.actions_[action]
        return next(b for b in self.window.bar.findChildren(QToolButton) if b.defaultAction() is wanted)

    def wait(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        self.qtbot.waitUntil(condition, timeout=int(seconds * 1000))

    # Drawing

    @property
    def names(self) -> list[str]:
        return [node.name for node in self.window.document.project.graph.nodes.values()]

    def key_of(self, name: str) -> str:
        nodes = self.window.document.project.graph.nodes
        return next(key for key, node in nodes.items() if node.name == name)

    def add(self, words: str) -> str:
        """Search the palette and press Enter; answers with the new block's name."""
        self.press(Qt.Key.Key_K, CTRL)
        search = QApplication.focusWidget()
        assert isinstance(search, QLineEdit)
        search.selectAll()
        QTest.keyClicks(search, words)
        before = set(self.names)
        QTest.keyClick(search, Qt.Key.Key_Return)
        (added,) = set(self.names) - before
        return added

    def select(self, name: str) -> None:
        self.hand.click(self.hand.card(self.key_of(name)))

    def rename(self, name: str, to: str) -> None:
        self.select(name)
        self.press(Qt.Key.Key_F2)
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, to)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def set(self, name: str, param: str, text: str) -> None:
        """Type a value into the inspector's form (or choose it by its first letters)."""
        self.select(name)
        editor = self.window.design.inspector.block.form.editors[param]
        field = editor.findChild(QComboBox) or editor.findChild(QLineEdit)
        assert field is not None
        field.setFocus()
        if isinstance(field, QLineEdit):
            field.selectAll()
        QTest.keyClicks(field, text)
        if isinstance(field, QLineEdit):
            QTest.keyClick(field, Qt.Key.Key_Return)

    def wire(self, source: str, target: str, port: str, *, backwards: bool = False) -> None:
        """Drag a wire from output to input, or from input to output."""
        start = self.hand.port(self.key_of(source), "out", "y")
        end = self.hand.port(self.key_of(target), "in", port)
        self.hand.drag(*((end, start) if backwards else (start, end)))

    def move(self, name: str, across: float, down: float) -> None:
        start = self.hand.card(self.key_of(name))
        self.hand.drag(start, start + QPointF(across, down))

    # Files

    def save_as(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **kwargs: (str(path), ""))
        self.press(Qt.Key.Key_S, CTRL | SHIFT)

    # Training

    def told(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]
