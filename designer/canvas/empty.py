"""What an empty canvas says: how to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.theme import Theme, font


class EmptyHint(QWidget):
    """A few lines in the middle of the canvas; clicks go through to it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title, self._text = QLabel(self), QLabel(self)
        self.show_inside(False)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch()
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch()

    def show_inside(self, inside: bool) -> None:
        """Whether it is a group that is empty, whose ports are blocks inside."""
        if inside:
            title = self.tr("This group is empty")
            text = self.tr(
                "Drag a GroupInput, the blocks it leads to, and a GroupOutput here from the palette.\n"
                "Each of the two becomes a port of the group. Backspace leads out again."
            )
        else:
            title = self.tr("Draw a network")
            text = self.tr(
                "Double-click here or press Tab to find a block, or drag one from the palette.\n"
                "Then drag from an output on the right of a block to an input on the left of another,\n"
                "or to empty ground, to find the block that comes next."
            )
        self._title.setText(title)
        self._text.setText(text)

    def show_theme(self, theme: Theme) -> None:
        self._title.setFont(font("title"))
        self._text.setFont(font("text"))
        self._title.setStyleSheet(f"color: {theme.text}; background: transparent;")
        self._text.setStyleSheet(f"color: {theme.muted}; background: transparent;")
