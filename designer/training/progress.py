"""What a run is doing: a headline, a bar and a line of words, in a column or in one row."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from designer.offers import Offers
from designer.theme import SIZES, font

FINE = 1000  # steps of the bar
BAR_WIDTH = 220  # where all stands in one row


@dataclass(frozen=True)
class Progress:
    """What there is to say about a run; `role` colours the words: "muted" or, where it failed, "danger".

    Without a `fraction` it is not known how far it is, and the bar is busy.
    """

    headline: str
    words: str
    fraction: float | None = 0.0
    role: str = "muted"
    tip: str = ""  # more than the words, where the pointer rests on them


class ProgressView(QWidget):
    """Shows a `Progress`, stacked, or side by side when `flat`; `corner` is a button that stands at the right."""

    def __init__(self, corner: QWidget, flat: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = QLabel()
        self._headline.setFont(font("strong"))
        self._headline.setFixedHeight(SIZES.header)
        self._bar = QProgressBar(textVisible=False, minimum=0, maximum=FINE)
        self._bar.setAccessibleName(self.tr("Progress of the training"))
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.offers = Offers(flat)
        self._lay_out_flat(corner) if flat else self._lay_out(corner)

    def _lay_out(self, corner: QWidget) -> None:
        self._words.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self._headline, 1)
        head.addWidget(corner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addWidget(self._words)
        layout.addWidget(self.offers)

    def _lay_out_flat(self, corner: QWidget) -> None:
        self._bar.setFixedWidth(BAR_WIDTH)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.margin)
        layout.addWidget(self._headline)
        layout.addWidget(self._bar)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.offers)
        layout.addWidget(corner)

    def show_progress(self, progress: Progress) -> None:
        self._headline.setText(progress.headline)
        self._bar.setMaximum(0 if progress.fraction is None else FINE)
        if progress.fraction is not None:
            self._bar.setValue(round(progress.fraction * FINE))
        self._words.setText(progress.words)
        self._words.setToolTip(progress.tip)
        if self._words.property("role") != progress.role:
            self._words.setProperty("role", progress.role)
            self._words.style().polish(self._words)
