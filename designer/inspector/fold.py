"""A part of a page that can be folded away; folded, it still tells in a word or two what it holds."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.theme import SIZES

WIDEST = 170  # pixels that the summary may take


class Fold(QWidget):
    """A heading that opens and closes what stands below it."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = body
        self._words = ""
        self.heading = QToolButton(self)
        self.heading.setText(title)
        self.heading.setProperty("role", "fold")
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setIconSize(QSize(10, 10))
        self.heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.heading.toggled.connect(self._show)
        self._summary = QLabel(self)
        self._summary.setProperty("role", "small")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.setContentsMargins(-4, 0, 0, 0)  # so that the arrow lines up with what stands above and below
        head.addWidget(self.heading)
        head.addWidget(self._summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.gap - 2)
        layout.addLayout(head)
        layout.addWidget(body)
        self._show(False)

    @property
    def summary(self) -> str:
        return self._words

    def show_summary(self, words: str) -> None:
        """What is told beside the heading while the rest is folded away."""
        self._words = words
        self._summary.setToolTip(words)
        self._show(self.heading.isChecked())

    def open(self) -> None:
        self.heading.setChecked(True)

    def _show(self, opened: bool) -> None:
        self.body.setVisible(opened)
        shown = self._summary.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, WIDEST)
        self._summary.setText("" if opened else shown)
        self.heading.setIcon(icon("caret-down-bold" if opened else "caret-right-bold", "muted"))
        self.heading.setToolTip(self.tr("Fold away") if opened else self.tr("Show"))
