"""A field for a note of several lines, whose Undo is the document's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

LINES = (3, 12)  # shown at least and at most


class NoteField(QPlainTextEdit):
    """Shows a note and tells with every key what it is now; leaving the field ends the edit."""

    edited = Signal(str)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Note"))
        self.setPlaceholderText(self.tr("What you want to remember about this block"))
        self.setToolTip(self.tr("A note for yourself; it is saved with the project"))
        self.textChanged.connect(self._typed)
        self._fit()

    def show_note(self, note: str) -> None:
        """Show a note; the cursor stays where it is."""
        if note != self.toPlainText():
            place = min(self.textCursor().position(), len(note))
            self.blockSignals(True)
            self.setPlainText(note)
            cursor = self.textCursor()
            cursor.setPosition(place)
            self.setTextCursor(cursor)
            self.blockSignals(False)
            self._fit()

    def _typed(self) -> None:
        self._fit()
        self.edited.emit(self.toPlainText())

    def _fit(self) -> None:
        least, most = LINES
        lines = min(max(self.blockCount(), least), most)
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + 16))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _undoes(event):
            event.setAccepted(False)
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _undoes(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.settled.emit()


def _undoes(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
