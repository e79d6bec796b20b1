"""The part of a block's page about its weights: whom they are shared with, and how they are treated."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from designer.form import RecordForm
from designer.theme import SIZES
from engine.weight_settings import WeightSettings

OF_A_GROUP = ("frozen", "weight_decay", "l1", "learning_rate")  # what can be said for all blocks of a group at once


class WeightsPart(QWidget):
    """Told what to show; says which setting was edited, and that own weights are asked for."""

    edited = Signal(str, object)
    settled = Signal()
    parted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shared = QLabel()
        self._shared.setWordWrap(True)
        self._shared.setTextFormat(Qt.TextFormat.PlainText)
        self.own_button = QPushButton(self.tr("Give own weights"))
        self.own_button.setAutoDefault(False)
        self.own_button.setToolTip(self.tr("From then on, this block's weights are its own"))
        self.own_button.clicked.connect(self.parted)
        self.form = RecordForm()
        self.form.edited.connect(self.edited)
        self.form.settled.connect(self.settled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, SIZES.gap)
        layout.setSpacing(SIZES.gap)
        layout.addWidget(self._shared)
        layout.addWidget(self.own_button, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.form)

    def show_weights(self, settings: WeightSettings, others: Sequence[str], of_group: bool) -> None:
        """Show how weights are treated, and the names of other blocks that use the same."""
        self._shared.setText(
            self.tr("The same weights as {0}. What is changed here is changed there.").format(", ".join(others))
        )
        self._shared.setVisible(bool(others))
        self.own_button.setVisible(bool(others))
        self.form.show_record(settings, only=OF_A_GROUP if of_group else None)

    def summary(self, settings: WeightSettings, others: Sequence[str]) -> str:
        """In a few words: `shared · frozen · kaiming normal`."""
        words = [self.tr("shared")] if others else []
        for described in WeightSettings.params():
            value = getattr(settings, described.name)
            if value == described.default:
                continue
            label, told = described.label.lower(), described.format(value)
            words.append(label if value is True else told if described.choices else f"{label} {told}")
        return " · ".join(words)
