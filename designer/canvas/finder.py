"""A small list to choose from that opens over the canvas: a field to type into, and what was found below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
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

from designer.theme import SIZES, Theme, font

WIDTH, ROW, SQUARE = 320, 24, 8
SHOWN = 10  # rows without scrolling
TOLD = 4  # lines below the list
EDGE = 6  # between the list and the edge of the canvas
Index = QModelIndex | QPersistentModelIndex
REACHES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: SHOWN,
    Qt.Key.Key_PageUp: -SHOWN,
}


@dataclass(frozen=True)
class Row:
    """One thing to choose; what can't be chosen says why."""

    name: str
    label: str
    aside: str = ""  # at the right, in muted letters
    category: str = ""  # gives the square its colour
    reason: str = ""  # why it can't be chosen


class Finder(QFrame):
    """Keys go to the field, the arrows walk the list, Enter chooses, Escape closes.

    It is told what to show: `typed` says what is looked for, `pointed` which row is the current one.
    """

    typed = Signal(str)
    pointed = Signal(object)  # Row | None
    chosen = Signal(str)  # the name of a row
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._room = parent
        self._walked = False  # whether the person has gone to a row; until then the first one is current
        self.heading = QLabel()
        self.heading.setProperty("role", "small")
        self.field = _Field()
        self.field.setPlaceholderText(self.tr("Search"))
        self._model, self._rows = _Model(self), _Rows(self, theme)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(self._rows)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setProperty("role", "small")
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        for widget in (self.heading, self.field, self.list, self.told):
            layout.addWidget(widget)
        self.setFixedWidth(WIDTH)
        self.setObjectName("finder")
        self.field.textChanged.connect(self._type)
        self.field.walked.connect(self._walk)
        self.field.returnPressed.connect(self._choose)
        self.field.left.connect(self.close_)
        self.list.clicked.connect(self._click)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._point())
        QApplication.instance().focusChanged.connect(self._focus_moved)
        self.show_theme(theme)
        self.hide()

    def show_theme(self, theme: Theme) -> None:
        self._rows.theme = theme
        self.setStyleSheet(
            f"#finder {{ background: {theme.raised}; border: 1px solid {theme.control};"
            f" border-radius: {SIZES.radius}px; }}"
            "QListView { background: transparent; border: none; padding: 0; }"
        )

    def open(self, at: QPoint, heading: str, placeholder: str) -> None:
        """Open at a point of the canvas, empty; the rows follow."""
        self._walked = False
        self.heading.setText(heading)
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(f"{heading}. {placeholder}")
        self.list.setAccessibleName(heading)
        self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(False)
        self._model.show_rows(())
        self.tell("", bad=False)
        self._fit(SHOWN)
        room = self._room.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.move(
            max(room.left(), min(at.x(), room.right() - self.width())),
            max(room.top(), min(at.y(), room.bottom() - self.height())),
        )
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_(self) -> None:
        """Close without a choice; the keys go back to the room, unless they went elsewhere by themselves."""
        if self.isHidden():
            return
        holder = self.window().focusWidget()
        held = holder is not None and self.isAncestorOf(holder)
        self.hide()  # Qt gives the focus to whatever comes next in its order
        if held:
            self._room.setFocus()
        self.closed.emit()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the current one stays so if the person went there."""
        current = self.current
        self._model.show_rows(rows)
        names = [row.name for row in rows]
        place = names.index(current.name) if self._walked and current and current.name in names else 0
        self._fit(len(rows))
        if rows:
            self.list.setCurrentIndex(self._model.index(place))
            if place == 0:
                self.list.scrollToTop()
        self._point()

    def tell(self, text: str, bad: bool) -> None:
        """Say below the list what choosing would do, or why it can't be done."""
        words = f"✕ {text}" if bad and text else text
        self.told.setText(words)
        row = self.current
        self.field.setAccessibleDescription(f"{row.label}, {row.aside}. {words}" if row else words)

    @property
    def current(self) -> Row | None:
        index = self.list.currentIndex()
        return self._model.rows[index.row()] if index.isValid() and index.row() < len(self._model.rows) else None

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._model.rows

    def _fit(self, rows: int) -> None:
        """As tall as so many rows; what is told below them has room for all that may be said."""
        self.list.setFixedHeight(max(1, min(rows, SHOWN)) * ROW)
        self.told.setFixedHeight(TOLD * QFontMetrics(font("small")).lineSpacing())
        self.setFixedHeight(self.layout().sizeHint().height())

    def _type(self, text: str) -> None:
        self._walked = False
        self.typed.emit(text)

    def _walk(self, steps: int) -> None:
        if not self._model.rows:
            return
        self._walked = True
        place = self.list.currentIndex().row() + steps
        self.list.setCurrentIndex(self._model.index(max(0, min(len(self._model.rows) - 1, place))))

    def _point(self) -> None:
        self.pointed.emit(self.current)

    def _click(self, index: Index) -> None:
        self._walked = True
        self.list.setCurrentIndex(self._model.index(index.row()))
        self._choose()

    def _choose(self) -> None:
        row = self.current
        if row is None or row.reason:
            return
        self.hide()
        self.chosen.emit(row.name)

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now is not self and not self.isAncestorOf(now):
            self.close_()


class _Field(QLineEdit):
    """What is typed; keys that walk the list are passed on."""

    walked = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in REACHES and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.walked.emit(REACHES[key])
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab stays here and walks the list: there is nowhere else to go."""
        self.walked.emit(1 if following else -1)
        return True


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.reason or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.label, row.aside, row.reason)))
        return None


class _Rows(QStyledItemDelegate):
    """Paints a row: the square of its category, its label, and what stands at the right."""

    def __init__(self, parent: Finder, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.model().rows[index.row()]  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        theme = self.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = bool(state & QStyle.StateFlag.State_Selected)
        if current or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(theme.accent) if current else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection if current else theme.hover))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), SIZES.small_radius, SIZES.small_radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.category(row.category)))
        painter.setOpacity(0.45 if row.reason else 1.0)
        painter.drawRoundedRect(QRect(rect.left() + 8, rect.center().y() - SQUARE // 2 + 1, SQUARE, SQUARE), 2, 2)
        painter.setOpacity(1.0)
        painter.setFont(font("small"))
        painter.setPen(QColor(theme.muted))
        room = painter.fontMetrics().horizontalAdvance(row.aside)
        at_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(8, 0, -8, 0), at_right, row.aside)
        painter.setFont(font("text"))
        painter.setPen(QColor(theme.muted if row.reason else theme.text))
        words = rect.adjusted(24, 0, -16 - room, 0)
        label = f"✕ {row.label}" if row.reason else row.label
        text = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
