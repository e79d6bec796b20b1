"""A line of text beside the pointer: what a wire would do here, or why it may not."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from designer.theme import Theme, font

WIDEST = 320


class CursorLabel(QLabel):
    """Follows the pointer without ever being under it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._room = parent
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(8, 5, 8, 5)
        self._theme: Theme | None = None
        self._bad = False
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self.hide)
        self.hide()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setFont(font("small"))
        self._style()

    def say(self, text: str, at: QPointF, bad: bool) -> None:
        """Show a text beside a point of the parent; `bad` for a refusal."""
        self._end.stop()
        if bad != self._bad:
            self._bad = bad
            self._style()
        words = f"✕ {text}" if bad else text
        if words != self.text():
            self.setMinimumWidth(0)  # before it is measured: a width that was set for a long text counts there
            self.setMaximumWidth(WIDEST)
            self.setWordWrap(False)
            self.setText(words)
            if self.sizeHint().width() > WIDEST:
                self.setWordWrap(True)
                self.setFixedWidth(WIDEST)
            self.adjustSize()
        room = self._room.rect()
        x, y = at.x() + 18, at.y() + 20
        if x + self.width() > room.right() - 4:
            x = at.x() - self.width() - 12
        if y + self.height() > room.bottom() - 4:
            y = at.y() - self.height() - 12
        self.move(max(4, round(x)), max(4, round(y)))
        self.show()
        self.raise_()

    def hush(self, seconds: float) -> None:
        """Take the text away, now or in some seconds."""
        if seconds <= 0:
            self._end.stop()
            self.hide()
        elif self.isVisible():
            self._end.start(round(seconds * 1000))

    def _style(self) -> None:
        if self._theme is None:
            return
        theme = self._theme
        ink, line = (theme.danger, theme.danger) if self._bad else (theme.text, theme.control)
        self.setStyleSheet(
            f"QLabel {{ background: {theme.raised}; color: {ink}; border: 1px solid {line}; border-radius: 5px; }}"
        )
