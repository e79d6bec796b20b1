"""The buttons at the corner of the strip: one folds it, the other changes the run, while there is one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from designer.icons import icon
from designer.theme import SIZES


class Corner(QWidget):
    """`folded` is how the strip is where this corner is shown."""

    fold_wanted = Signal()
    change_wanted = Signal()

    def __init__(self, folded: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr("Change the learning rate, weight decay or end of this run (Ctrl+F6)")
        self.change = _button("sliders-horizontal", tip, self.tr("Change the run"))
        self.change.clicked.connect(self.change_wanted)
        self.change.hide()
        tip = self.tr("Unfold the strip") if folded else self.tr("Fold the strip")
        self.fold = _button("caret-up" if folded else "caret-down", tip, tip)
        self.fold.clicked.connect(self.fold_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.change)
        row.addWidget(self.fold)


def _button(picture: str, tip: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(picture, "muted"))
    button.setToolTip(tip)
    button.setAccessibleName(name)
    button.setFixedSize(SIZES.header, SIZES.header)
    return button
