"""Picking several from a list that stays open while one ticks, shown as a box that names what is picked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from designer.controls import ChoiceBox
from designer.editors import Editor


class PickBox(ChoiceBox):
    """Looks like any other box to choose from; its list is another's."""

    opened = Signal()

    def show_words(self, words: str) -> None:
        self.clear()
        self.addItem(words)
        self.setAccessibleDescription(words)

    def showPopup(self) -> None:
        self.opened.emit()


class PickList(QMenu):
    """A menu that a tick does not close."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None:
            action.trigger()
        else:
            super().keyPressEvent(event)

    def open_below(self, box: PickBox) -> None:
        self.popup(box.mapToGlobal(QPoint(0, box.height())))


class PickEditor(Editor):
    """An editor of several values, ticked in a list that opens below its box."""

    def _build(self) -> QWidget:
        self._box = PickBox()
        self._list = PickList(self._box)
        self._list.setAccessibleName(self.described.label)
        self._list.aboutToHide.connect(self.settled)
        self._box.opened.connect(self._open)
        return self._box

    def _open(self) -> None:
        """Fill the list and show it."""
        raise NotImplementedError

    def _tick(self, key: str, on: bool) -> None:
        """Take this one in, or leave it out."""
        raise NotImplementedError

    def _list_pick(self, key: str, name: str) -> None:
        action = QAction(name, self._list)
        action.setData(key)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self._tick(key, on))
        self._list.addAction(action)


class BlocksEditor(PickEditor):
    """Blocks of the drawing by their ids; what is picked and no longer offered stays in the list."""

    def show_offer(self, offered: Mapping[str, str]) -> None:
        """Offer these blocks, each with what it is called."""
        self._offered = dict(offered)
        self._show()

    def _build(self) -> QWidget:
        self._offered: dict[str, str] = {}
        return super()._build()

    @property
    def _listed(self) -> dict[str, str]:
        """What is offered, and behind it what else is picked."""
        missing = {key: self.tr("{0} (missing)").format(key) for key in self._value or () if key not in self._offered}
        return self._offered | missing

    def _show(self) -> None:
        names = self._listed
        words = [names[key] for key in names if key in (self._value or ())]
        self._box.show_words(", ".join(words) or self.tr("none"))
        self._box.setToolTip("\n".join([self.described.doc, *words]))
        for action in self._list.actions():
            action.setChecked(action.data() in (self._value or ()))
        self.refused.emit("")

    def _open(self) -> None:
        self._list.clear()
        for key, name in self._listed.items():
            self._list_pick(key, name)
        if not self._listed:
            self._list.addAction(self.tr("There are none yet")).setEnabled(False)
        self._show()
        self._list.open_below(self._box)

    def _tick(self, key: str, on: bool) -> None:
        chosen = {*(self._value or ()), key} if on else {*(self._value or ())} - {key}
        self._offer(tuple(other for other in self._listed if other in chosen))
        self._show()
