"""The window's actions without a window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from designer.actions import Actions


class Target(QObject):
    """Takes every action without doing anything."""

    def __getattr__(self, name: str) -> object:
        return lambda *_words: None


@pytest.fixture
def actions(qtbot: QtBot) -> Iterator[Actions]:
    owner = QWidget()
    qtbot.addWidget(owner)
    yield Actions(owner, Target(owner))
    owner.hide()  # it had to live until now, as it owns the actions
