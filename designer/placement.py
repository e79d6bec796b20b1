"""Where the window stood and how it was divided: kept as plain numbers, taken up as far as they fit the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

from designer.settings import Settings, SettingsFile

SIZE = (1440, 900)
SMALLEST = (900, 600)


def restore(window: QMainWindow, settings: Settings) -> None:
    """Give the window the size and place it had."""
    window.resize(*SIZE)
    if settings.window is not None:
        x, y, width, height = settings.window
        place = QGuiApplication.primaryScreen().availableGeometry()
        width, height = min(width, place.width()), min(height, place.height())
        window.resize(max(SMALLEST[0], width), max(SMALLEST[1], height))
        # its bar must be where a hand can reach it
        if any(screen.availableGeometry().contains(x + 80, y + 20) for screen in QGuiApplication.screens()):
            window.move(x, y)
    if settings.maximised:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def remember(window: QMainWindow, columns: QSplitter | None, strip: int | None, settings: SettingsFile) -> None:
    """Write down size, place and widths; `strip` is the height of the strip at the bottom where it is unfolded."""
    place, widths = window.normalGeometry(), columns.sizes() if columns is not None else [0]
    settings.update(
        window=(place.x(), place.y(), place.width(), place.height()),
        maximised=window.isMaximized(),
        columns=tuple(widths) if min(widths) > 0 else settings.settings.columns,
        strip=strip if strip is not None and 60 <= strip <= 2000 else settings.settings.strip,
    )
