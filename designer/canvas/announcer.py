"""Says aloud, through a screen reader, what happens on the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


class Announcer:
    """Blocks are no widgets, so a screen reader does not meet them by itself: each is announced when it is reached."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self.said = ""  # last
        self.heard: Callable[[QAccessibleAnnouncementEvent], None] = QAccessible.updateAccessibility

    def say(self, text: str) -> None:
        """Announce a text; it takes the place of one that is still being read."""
        self.said = text
        event = QAccessibleAnnouncementEvent(self._widget, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        self.heard(event)
