"""The command palette: every action, found by a few letters, over the middle of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from designer.action_search import Command, search
from designer.icons import icon
from designer.theme import SIZES, current_theme, font

WIDTH, ROW, ROWS = 560, 28, 11
TOP = 84  # pixels below the upper edge of the window
COMMAND = Qt.ItemDataRole.UserRole
Key = Qt.Key
Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QFrame):
    """`chosen(name)` tells which action is to be carried out; the focus is back where it was by then."""

    chosen = Signal(str)

    def __init__(self, commands: Callable[[], list[Command]], parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self._shown: list[Command] = []
        self._recent: Sequence[str] = ()
        self._before: QWidget | None = None  # that had the focus
        self.setProperty("role", "raised")
        self.setAccessibleName(self.tr("All commands"))
        self.field = _Field(self)
        self.field.textChanged.connect(self._search)
        self.field.pressed = self._press
        self.field.left.connect(self.close_palette)
        self.list = QListView(self)
        self.list.setModel(QStandardItemModel(self.list))
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet("QListView { background: transparent; }")
        self.list.clicked.connect(self._choose)
        self.list.entered.connect(self._hover)
        self._rested = QCursor.pos()  # where the pointer was when a key was pressed last
        self._none = QLabel(self.tr("No command is called so. Try a shorter word."), self)
        self._none.setProperty("role", "muted")
        self._none.setContentsMargins(8, 6, 8, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        for widget in (self.field, self.list, self._none):
            layout.addWidget(widget)
        self.hide()

    @property
    def shown(self) -> list[str]:
        """Names of the actions that are listed, best first."""
        return [command.name for command in self._shown]

    def open_palette(self, recent: Sequence[str]) -> None:
        """Show every action as it is now, those used recently first."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._recent, self._rested = recent, QCursor.pos()
        self.field.clear()
        self._search("")
        self.raise_()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Take it away and give the focus back."""
        if self.isVisible():
            had = self.field.hasFocus()
            self.hide()
            if had and self._before is not None:
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _search(self, text: str) -> None:
        self._shown = search(text, self._commands(), self._recent)
        model = self.list.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        for command in self._shown:
            item = QStandardItem(command.text)
            item.setData(command, COMMAND)
            words = (command.text, command.lack or command.menu, command.keys)
            item.setAccessibleText(", ".join(part for part in words if part))
            item.setToolTip(command.lack or command.tip)
            model.appendRow(item)
        self._select(0)
        self.list.setVisible(bool(self._shown))
        self._none.setVisible(not self._shown)
        self._resize()

    def _resize(self) -> None:
        room = self.parentWidget().size()
        rows = min(ROWS, max(1, len(self._shown)))
        self.list.setFixedHeight(rows * ROW + 2)
        self.setFixedWidth(min(WIDTH, room.width() - 40))
        self.adjustSize()
        self.move((room.width() - self.width()) // 2, min(TOP, max(0, room.height() - self.height())))

    def _select(self, row: int) -> None:
        index = self.list.model().index(row, 0)
        self.list.setCurrentIndex(index)
        self.field.setAccessibleDescription(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")

    def _hover(self, index: Index) -> None:
        """The row under the pointer, when it has come to it; not when keys have scrolled the row under it."""
        if QCursor.pos() != self._rested:
            self.list.setCurrentIndex(index)

    def _press(self, event: QKeyEvent) -> bool:
        self._rested = QCursor.pos()
        row, last = self.list.currentIndex().row(), len(self._shown) - 1
        steps = {Key.Key_Down: row + 1, Key.Key_Up: row - 1, Key.Key_PageDown: row + ROWS, Key.Key_PageUp: row - ROWS}
        if event.key() in steps and last >= 0:
            wanted = steps[Key(event.key())]
            around = {-1: last, last + 1: 0} if event.key() in (Key.Key_Down, Key.Key_Up) else {}
            self._select(around.get(wanted, min(max(wanted, 0), last)))
        elif event.key() in (Key.Key_Return, Key.Key_Enter):
            self._choose(self.list.currentIndex())
        elif event.key() == Key.Key_Escape:
            self.close_palette()
        else:
            return event.key() in (Key.Key_Tab, Key.Key_Backtab)  # there is nowhere to go
        return True

    def _choose(self, index: Index) -> None:
        command = index.data(COMMAND)
        if command is not None and not command.lack:
            self.close_palette()
            self.chosen.emit(command.name)


class _Field(QLineEdit):
    """Where one types; it asks `pressed` about each key first."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pressed: Callable[[QKeyEvent], bool] = lambda _event: False
        self.setPlaceholderText(self.tr("What would you like to do?"))
        self.setAccessibleName(self.tr("Search commands"))
        self.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.pressed(event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.left.emit()


class _Rows(QStyledItemDelegate):
    """What an action is called, where it stands or what it lacks, and at the right its keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, command = current_theme(), index.data(COMMAND)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setPen(QColor(theme.accent))
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), SIZES.small_radius, SIZES.small_radius)
        inner = rect.adjusted(10, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font("small"))
        painter.setPen(QColor(theme.muted))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, command.keys)
        keys = painter.fontMetrics().horizontalAdvance(command.keys)
        painter.setFont(font())
        painter.setPen(QColor(theme.disabled if command.lack else theme.text))
        metrics = QFontMetrics(font())
        room = inner.width() - keys - 12
        text = metrics.elidedText(command.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, text)
        beside = inner.adjusted(metrics.horizontalAdvance(text) + 12, 0, -keys - 12, 0)
        painter.setFont(font("small"))
        painter.setPen(QColor(theme.muted))
        words = painter.fontMetrics().elidedText(
            command.lack or command.menu, Qt.TextElideMode.ElideRight, max(0, beside.width())
        )
        painter.drawText(beside, middle | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()
