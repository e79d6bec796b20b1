"""A finder that is made when it is first asked for, since a window opens sooner without it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from designer.canvas.finder import Finder, Row
from designer.theme import Theme, current_theme


class LateFinder:
    """Before it is made, it is closed, and has nothing to close or to colour."""

    def __init__(
        self,
        room: QWidget,
        typed: Callable[[str], None],
        pointed: Callable[[Row | None], None],
        chosen: Callable[[str], None],
        closed: Callable[[], None] | None = None,
    ) -> None:
        """`room` is what it opens over; the others are told what happens in it."""
        self._room = room
        self._made: Finder | None = None
        self._typed, self._pointed, self._chosen, self._closed = typed, pointed, chosen, closed

    @property
    def finder(self) -> Finder:
        if self._made is None:
            self._made = Finder(self._room, current_theme())
            self._made.typed.connect(self._typed)
            self._made.pointed.connect(self._pointed)
            self._made.chosen.connect(self._chosen)
            if self._closed is not None:
                self._made.closed.connect(self._closed)
        return self._made

    @property
    def open(self) -> bool:
        return self._made is not None and not self._made.isHidden()

    def show_theme(self, theme: Theme) -> None:
        if self._made is not None:
            self._made.show_theme(theme)

    def close(self) -> None:
        """Close without a choice."""
        if self._made is not None:
            self._made.close_()
