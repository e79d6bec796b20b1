"""The part of a group's page that only groups have: what of its inside can be set here, and the way in."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget

from designer.actions import keys_of
from designer.form import Form
from designer.icons import icon
from designer.theme import SIZES
from engine.group import Group
from engine.record import Param


class GroupPart(QWidget):
    """Told which group to show; labels are those under which parameters inside are exposed."""

    edited = Signal(str, object)  # label, value
    settled = Signal()
    hidden = Signal(str)  # label that is to be taken off
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = Form(beside=self._button)
        self.form.edited.connect(self.edited)
        self.form.settled.connect(self.settled)
        self.open_button = QPushButton(self.tr("Open the group"))
        self.open_button.setIcon(icon("arrow-square-in"))
        self.open_button.setAutoDefault(False)
        words = self.tr("Show what is inside ({0}; Enter or double click on the canvas)")
        self.open_button.setToolTip(words.format(keys_of("enter_group")))
        self.open_button.clicked.connect(self.opened)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.gap + 2)
        layout.addWidget(self.open_button, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.form)

    def show_group(self, group: Group) -> None:
        """Show the parameters of blocks inside that can be set on the group."""
        labels = group.exposed_labels()
        params = [named(group, label) for label in labels]
        values = {label: group.exposed_value(label) for label in labels}

        def take(label: str, value: object) -> object:
            return group.set_exposed(label, value).exposed_value(label)

        self.form.show_params(params, values, take)
        self.form.setVisible(bool(labels))

    def _button(self, described: Param) -> QWidget:
        words = self.tr("Take “{0}” off the group; the blocks inside keep their values").format(described.label)
        button = QToolButton()
        button.setIcon(icon("x", "muted"))
        button.setIconSize(QSize(12, 12))
        button.setFixedSize(SIZES.field - 4, SIZES.field - 4)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self.hidden.emit(described.name))
        return button


def named(group: Group, label: str) -> Param:
    """How an exposed parameter is described; it goes by its label, since several of one name may be exposed."""
    return replace(group.exposed_param(label), name=label)
