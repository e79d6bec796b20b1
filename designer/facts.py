"""Rows of what the program found out: a word at the left, a figure at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer.theme import SIZES, Theme, font

Fact = tuple[str, str]


class Facts(QWidget):
    """Shows facts; the labels are kept from one showing to the next."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    @property
    def shown(self) -> list[Fact]:
        return [(word.text(), figure.text()) for word, figure in self._rows if not word.isHidden()]

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show pairs of a word and a figure; a figure that isn't known is a dash."""
        while len(self._rows) < len(facts):
            self._add()
        for index, (word, figure) in enumerate(self._rows):
            word.setVisible(index < len(facts))
            figure.setVisible(index < len(facts))
            if index < len(facts):
                word.setText(facts[index][0])
                figure.setText(facts[index][1] or "–")
                figure.setAccessibleName(f"{facts[index][0]}: {facts[index][1]}")

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for _, figure in self._rows:
            self._colour(figure)

    def _add(self) -> None:
        word, figure = QLabel(self), QLabel(self)
        word.setProperty("role", "muted")
        word.setAlignment(Qt.AlignmentFlag.AlignTop)
        figure.setFont(font("code"))
        figure.setWordWrap(True)
        figure.setTextFormat(Qt.TextFormat.PlainText)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._colour(figure)
        row = QHBoxLayout()  # of its own, so that beside a short word there is more room for a long figure
        row.setSpacing(SIZES.gap)
        for label, lower, stretch in ((word, _lower(), 0), (figure, -_lower(), 1)):
            place = QVBoxLayout()  # the label's own margins would go with a change of theme while it is hidden
            place.setContentsMargins(0, max(0, lower), 0, 0)
            place.addWidget(label)
            row.addLayout(place, stretch)
        self._column.addLayout(row)
        self._rows.append((word, figure))

    def _colour(self, figure: QLabel) -> None:
        figure.setStyleSheet(f"color: {self._theme.link}")


def _lower() -> int:
    """Pixels by which the line of a figure stands below that of a word, where both begin at the top."""
    return QFontMetrics(font("code")).ascent() - QFontMetrics(font()).ascent()
