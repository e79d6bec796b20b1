"""The name of a block as a heading that can be typed over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.controls import LineField
from designer.theme import SIZES, Theme, font

NAME_INSET = 6  # pixels from the edge of the field to its text, which lines up with what stands below


class NameField(QWidget):
    """Shows a name; Enter or leaving the field hands a new one over, Escape brings the old one back."""

    renamed = Signal(str)
    typed = Signal(str)  # to be judged by whoever knows the other names

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.line = LineField()
        self.line.setObjectName("name")
        self.line.setMaxLength(64)
        self.line.setAccessibleName(self.tr("Name of the block"))
        self.line.setToolTip(self.tr("Name of the block, in the printed Python too"))
        self.line.textEdited.connect(self.typed)
        self.line.entered.connect(self._commit)
        self.line.left.connect(self._commit)
        self.line.escape = self._escape
        self._error = QLabel()
        self._error.setProperty("role", "danger")
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setWordWrap(True)
        self._error.setContentsMargins(NAME_INSET, 0, 0, 0)
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self._error)
        self.setFocusProxy(self.line)
        self.show_theme(theme)

    @property
    def error(self) -> str:
        return self._error.text()

    def show_name(self, name: str) -> None:
        """Show a name; while another is typed over it, that stays."""
        if name != self._name or not self.line.hasFocus():
            self._name = name
            self.line.setText(name)
            self.show_error("")

    def show_error(self, sentence: str) -> None:
        """Say why what is typed can't be the name."""
        self.line.bad = bool(sentence)
        self.line.setProperty("invalid", bool(sentence))
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)
        self.line.setAccessibleDescription(sentence)
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def show_theme(self, theme: Theme) -> None:
        # flat until the pointer or the focus is there
        self.setStyleSheet(
            f"#name {{ border: 1px solid transparent; background: transparent; padding: 1px {NAME_INSET - 3}px;"
            f" font-weight: 600; font-size: {font('heading').pointSizeF():.1f}pt }}"
            f"#name:hover {{ border-color: {theme.control} }}"
            f"#name:focus {{ border-color: {theme.accent}; background: {theme.raised} }}"
            f"#name[invalid='true'] {{ border-color: {theme.danger} }}"
        )
        self.line.setFixedHeight(SIZES.field)

    def edit(self) -> None:
        """Begin to rename."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def _commit(self) -> None:
        if not self.line.bad:
            if self.line.text() != self._name:
                self._name = self.line.text()
                self.renamed.emit(self._name)
        elif not self.line.hasFocus():
            self._escape()

    def _escape(self) -> bool:
        if self.line.text() == self._name:
            return False
        self.line.setText(self._name)
        self.line.selectAll()
        self.show_error("")
        return True
