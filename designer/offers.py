"""Buttons for what may be done about something that is told in words, side by side under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from designer.theme import SIZES

ROW = 9  # more buttons than there ever are


@dataclass(frozen=True)
class Offer:
    """A button; `tip` says what it does, or why it can't be pressed."""

    label: str
    tip: str
    act: Callable[[], None]
    possible: bool = True


class Offers(QWidget):
    """Buttons in a row, or two in each row where it is narrow; they stay in place while what they say changes."""

    def __init__(self, flat: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        self._offers: Sequence[Offer] = ()
        self._each = ROW if flat else 2  # buttons in a row
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SIZES.gap)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(self._each, 1)
        self.hide()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        self._offers = offers
        if len(self.buttons) != len(offers):
            self._build(len(offers))
        for button, offer in zip(self.buttons, offers, strict=True):
            button.setText(offer.label)
            button.setToolTip(offer.tip)
            button.setAccessibleDescription(offer.tip)
            button.setEnabled(offer.possible)
        self.setVisible(bool(offers))

    def _build(self, count: int) -> None:
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(index) for index in range(count)]
        for index, button in enumerate(self.buttons):
            self._grid.addWidget(button, index // self._each, index % self._each, Qt.AlignmentFlag.AlignLeft)

    def _button(self, index: int) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("role", "link")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._offers[index].act())
        return button
