"""A window with a text to read: what is new, the shortcuts, about."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

import engine
from designer.theme import SIZES, current_theme


class TextDialog(QDialog):
    """Shows Markdown; Escape closes it."""

    def __init__(self, title: str, markdown: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(560, 520)
        self.text = QTextBrowser(self)
        self.text.setOpenExternalLinks(True)
        self.text.setMarkdown(markdown)
        self._rule_tables()
        self.text.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SIZES.margin + 4,) * 4)
        layout.addWidget(self.text)
        layout.addWidget(buttons)

    def _rule_tables(self) -> None:
        """Tables as those of the window: no grid, a muted head, and room between the rows."""
        theme = current_theme()
        for table in self.text.document().rootFrame().childFrames():
            if not isinstance(table, QTextTable):
                continue
            form = table.format()
            form.setBorder(0)
            form.setCellPadding(4)
            form.setCellSpacing(0)
            form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            table.setFormat(form)
            head = QTextCharFormat()
            head.setForeground(QColor(theme.muted))
            head.setFontWeight(QFont.Weight.Normal)
            for column in range(table.columns()):
                cell = table.cellAt(0, column)
                cursor = cell.firstCursorPosition()
                cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(head)


def about_text() -> str:
    return "\n\n".join(
        (
            f"## Plexus {engine.__version__}",
            _tr("Draw a neural network, see at once whether it fits, train it, and take it away as PyTorch code."),
            _tr("Free software under the MIT licence."),
        )
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("text", text)
