"""The slim bar over the canvas in which one searches: a field, where one stands among the hits, and three buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from designer.icons import icon
from designer.theme import SIZES

WIDTH, EDGE = 420, 10
Key, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class SearchBar(QFrame):
    """`typed` tells what is searched for, `stepped` that the next hit (1) or the one before (-1) is wanted.

    `closed(back)` tells that it was closed, and whether one wants to be where one was before.
    """

    typed = Signal(str)
    stepped = Signal(int)
    closed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "raised")
        self.setAccessibleName(self.tr("Search on the canvas"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Name, kind, value, shape or note"))
        self.field.setAccessibleName(self.tr("Search on the canvas"))
        self.field.setToolTip(self.tr("Enter and Shift+Enter walk the hits, Ctrl+Enter stays there, Esc goes back"))
        self.field.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 5, 6, 5)
        layout.setSpacing(2)
        layout.addWidget(self.field, 1)
        layout.addSpacing(SIZES.gap - 2)
        layout.addWidget(self.count)
        layout.addSpacing(SIZES.gap - 2)
        self.before = self._button("caret-up", self.tr("Hit before (Shift+Enter)"), lambda: self.stepped.emit(-1))
        self.after = self._button("caret-down", self.tr("Next hit (Enter)"), lambda: self.stepped.emit(1))
        self.close_button = self._button("x", self.tr("Close the search and stay here (Ctrl+Enter)"), self._stay)
        parent.installEventFilter(self)
        self.show_place(0, 0, "")
        self.hide()

    def open_bar(self) -> None:
        """Show it, ready to be typed into."""
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_place(self, place: int, count: int, words: str) -> None:
        """Show that one stands at hit `place` of so many, 0 before the first, and in words what fits there."""
        if count and not place:
            self.count.setText(self.tr("%n hit(s)", "", count))
        elif count:
            self.count.setText(self.tr("{0} of {1}").format(place, count))
        else:
            self.count.setText(self.tr("no hit") if self.field.text().strip() else "")
        self.count.setToolTip(words)
        self.field.setAccessibleDescription(", ".join(part for part in (self.count.text(), words) if part))
        for button in (self.before, self.after):
            button.setEnabled(count > 0)
        self.field.setProperty("invalid", not count and bool(self.field.text().strip()))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in (Key.Key_Return, Key.Key_Enter):
            if event.modifiers() & CTRL:
                self._stay()
            else:
                self.stepped.emit(-1 if event.modifiers() & SHIFT else 1)
        elif event.key() in (Key.Key_Down, Key.Key_Up):
            self.stepped.emit(1 if event.key() == Key.Key_Down else -1)
        elif event.key() == Key.Key_Escape:
            self.closed.emit(True)
        else:
            return False
        return True

    def _stay(self) -> None:
        self.closed.emit(False)

    def _button(self, picture: str, words: str, pressed: object) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(picture, "muted"))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(pressed)
        self.layout().addWidget(button)
        return button

    def _place(self) -> None:
        room = self.parentWidget().width()
        self.setFixedWidth(min(WIDTH, room - 2 * EDGE))
        self.adjustSize()
        self.move(room - self.width() - EDGE, EDGE)
