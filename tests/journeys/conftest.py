"""The window as a user finds it on the first day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.settings import SettingsFile
from designer.theme_switch import ThemeSwitch
from designer.window import Window
from tests.journeys.user import User


@pytest.fixture
def open_user(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[], User]]:
    """Opens the window; windows opened one after the other share their settings."""
    opened: list[Window] = []

    def open_() -> User:
        window = Window(SettingsFile(tmp_path / "config" / "settings.json"), ThemeSwitch(qapp, "dark"))
        opened.append(window)
        window.resize(1440, 900)
        with qtbot.waitExposed(window):
            window.show()
        return User(window, qtbot)

    yield open_
    for window in opened:
        window.session.close()
        window.document.undo_stack.setClean()
        window.close()
        window.deleteLater()


@pytest.fixture
def user(open_user: Callable[[], User]) -> User:
    return open_user()
