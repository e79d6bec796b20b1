"""The list of shortcuts: every action with its keys, and every gesture, to be searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QTreeView, QVBoxLayout, QWidget

from designer.action_search import commands
from designer.actions import SPECS, translated
from designer.gesture_list import GESTURES
from designer.icons import icon
from designer.theme import SIZES, current_theme, font

SIZE = (600, 640)
WHAT_WIDTH = 350


class Line(NamedTuple):
    """One line of the list."""

    section: str
    what: str
    keys: str
    tip: str = ""


def lines(actions: Mapping[str, QAction]) -> list[Line]:
    """Every action that has keys, under the title of its menu, and the gestures below."""
    other = _tr("Elsewhere")
    names = {spec.name: translated(spec.text) for spec in SPECS}  # “Undo”, whatever would be undone now
    found = [Line(one.menu or other, names[one.name], one.keys, one.tip) for one in commands(actions) if one.keys]
    return found + [Line(_tr(one.section), _tr(one.what), _tr(one.how)) for one in GESTURES]


class ShortcutsDialog(QDialog):
    """Stays open beside the window while one tries what it says."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts and gestures"))
        self.resize(*SIZE)
        self._lines = lines(actions)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Search by what it does, or by a key such as “Ctrl+G”"))
        self.field.setAccessibleName(self.tr("Search shortcuts"))
        self.field.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._show)
        self.tree = QTreeView(self)
        self.tree.setModel(QStandardItemModel(self.tree))
        self.tree.setAccessibleName(self.tr("Shortcuts"))
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setIndentation(SIZES.margin)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self._none = QLabel(self)
        self._none.setProperty("role", "muted")
        self._none.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SIZES.margin + 4,) * 4)
        layout.setSpacing(SIZES.gap)
        for widget in (self.field, self.tree, self._none):
            layout.addWidget(widget)
        layout.addStretch()
        layout.setStretchFactor(self.tree, 1)
        layout.addWidget(buttons)
        self._show("")
        self.field.setFocus()

    def show_theme(self, _theme: object) -> None:
        """The colours have changed."""
        self._show(self.field.text())

    @property
    def shown(self) -> list[Line]:
        """The lines that fit what is searched for."""
        words = self.field.text().casefold().split()
        return [line for line in self._lines if all(word in " ".join(line).casefold() for word in words)]

    def _show(self, text: str) -> None:
        model = self.tree.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        model.setColumnCount(2)
        theme, headings = current_theme(), dict[str, QStandardItem]()
        for line in self.shown:
            if line.section not in headings:
                heading = headings[line.section] = QStandardItem(line.section)
                heading.setFont(font("strong"))
                heading.setForeground(QColor(theme.muted))
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                model.appendRow(heading)
            what, keys = QStandardItem(line.what), QStandardItem(line.keys)
            keys.setForeground(QColor(theme.link))
            for item in (what, keys):
                item.setToolTip(line.tip)
            headings[line.section].appendRow([what, keys])
        self.tree.expandAll()
        for row in range(model.rowCount()):
            self.tree.setFirstColumnSpanned(row, self.tree.rootIndex(), True)
        self.tree.setColumnWidth(0, WHAT_WIDTH)
        self.tree.setVisible(bool(headings))
        self._none.setVisible(not headings)
        self._none.setText(self.tr("No shortcut fits “{0}”.").format(text.strip()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("gestures", text)
