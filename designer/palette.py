"""The panel at the left of the canvas: every block by category, to be searched, dragged or added with Enter."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QFont, QKeyEvent, QPainter, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from designer.available import Offer, available, offer
from designer.block_search import search
from designer.icons import icon
from designer.theme import SIZES, Theme, font

MIME = "application/x-plexus-block"
NAME, CATEGORY, COUNT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
ROW, SQUARE = 20, 8  # height of a row and side of a category's square, in pixels
Index = QModelIndex | QPersistentModelIndex


class Palette(QWidget):
    """Search field and list of blocks; `chosen` names a block that is to be added."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = False
        self.search = _SearchField()
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._add_first)
        self.search.went_down.connect(self._enter_list)
        self.list = BlockList(theme)
        self.list.chosen.connect(self.chosen)
        self.list.went_up.connect(self.focus_search)
        self.list.typed.connect(self._type_on)
        self._none = QLabel()
        self._none.setWordWrap(True)
        self._none.setProperty("role", "muted")
        clear = QPushButton(self.tr("Clear the search"))
        clear.clicked.connect(self.search.clear)
        nothing = QWidget()
        below = QVBoxLayout(nothing)
        below.setContentsMargins(SIZES.margin, SIZES.gap, SIZES.margin, 0)
        below.setSpacing(SIZES.gap)
        below.addWidget(self._none)
        below.addWidget(clear)
        below.addStretch()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(nothing)
        field = QVBoxLayout()
        field.setContentsMargins(SIZES.margin - 2, SIZES.margin - 2, SIZES.margin - 2, 4)
        field.addWidget(self.search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(field)
        layout.addWidget(self._pages)
        self._search("")

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_theme(self, theme: Theme) -> None:
        self.list.show_theme(theme)

    def show_inside(self, inside: bool) -> None:
        """Offer what may stand inside a group, with the group's own ports, or what may stand outside of all."""
        if inside != self._inside:
            self._inside = inside
            self._search(self.search.text())

    @property
    def message(self) -> str:
        """What is told when no block is found; empty while some are."""
        return self._none.text() if self._pages.currentIndex() else ""

    def _search(self, text: str) -> None:
        if not text.strip():
            self.list.show_catalogue(self._inside)
        else:
            self.list.show_found(search(text, self._inside))
        found = self.list.model().rowCount() > 0
        words = self.tr("No block matches “{0}”. Try what it does, such as “dense”, “pool” or “loss”.")
        self._none.setText("" if found else words.format(text.strip()))
        self._pages.setCurrentIndex(0 if found else 1)

    def _add_first(self) -> None:
        names = self.list.names()
        if names and self.search.text().strip():
            self.chosen.emit(names[0])

    def _enter_list(self) -> None:
        if self._pages.currentIndex() == 0:
            self.list.enter()

    def _type_on(self, text: str) -> None:
        self.focus_search()
        self.search.setText(text)


class _SearchField(QLineEdit):
    """The search field; Down leads into the list, Escape empties it."""

    went_down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Search blocks"))
        self.setAccessibleName(self.tr("Search blocks"))
        self.setToolTip(self.tr("Search by name, by another name or by what a block does"))
        self.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        clear = self.addAction(icon("x-circle-fill", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        clear.setToolTip(self.tr("Clear the search (Esc)"))
        clear.setVisible(False)
        clear.triggered.connect(self.clear)
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class BlockList(QTreeView):
    """Blocks below their categories, or the blocks that a search found."""

    chosen = Signal(str)
    went_up = Signal()  # Up on the first row
    typed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._collapsed: set[str] = set()
        self._rows = _Rows(theme, self)
        self.setModel(BlockModel(self))
        self.setItemDelegate(self._rows)
        self.setAccessibleName(self.tr("Blocks"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.clicked.connect(self._fold)
        self.doubleClicked.connect(self._choose)
        self.collapsed.connect(lambda index: self._collapsed.add(index.data(CATEGORY)))
        self.expanded.connect(lambda index: self._collapsed.discard(index.data(CATEGORY)))

    def show_catalogue(self, inside: bool = False) -> None:
        """Show every category; those that were folded stay so."""
        self._model().show_catalogue(inside)
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            self.setExpanded(index, index.data(CATEGORY) not in self._collapsed)

    def show_found(self, names: Sequence[str]) -> None:
        """Show these blocks in this order."""
        self._model().show_found(names)

    def show_theme(self, theme: Theme) -> None:
        self._rows.theme = theme
        self.viewport().update()

    def names(self) -> list[str]:
        """The blocks that are listed, from top to bottom."""
        return self._model().names()

    def enter(self) -> None:
        """Take the focus, on the first row."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(self.model().index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, text = self.currentIndex(), event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._fold(index)
            self._choose(index)
        elif event.key() == Qt.Key.Key_Up and index.isValid() and not self.indexAbove(index).isValid():
            self.went_up.emit()
        elif text.isprintable() and text and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        name = self.currentIndex().data(NAME)
        if name:
            drag = QDrag(self)
            drag.setMimeData(mime_data(name))
            drag.setPixmap(self._rows.card(name, self.devicePixelRatioF()))
            drag.setHotSpot(QPoint(12, 14))
            drag.exec(Qt.DropAction.CopyAction)

    def _fold(self, index: Index) -> None:
        if index.isValid() and not index.data(NAME):
            self.setExpanded(index, not self.isExpanded(index))  # type: ignore[arg-type]

    def _choose(self, index: Index) -> None:
        if index.data(NAME):
            self.chosen.emit(index.data(NAME))

    def _model(self) -> BlockModel:
        model = self.model()
        assert isinstance(model, BlockModel)
        return model


class BlockModel(QStandardItemModel):
    """What the list shows, and what travels when an entry is dragged."""

    def show_catalogue(self, inside: bool) -> None:
        self.clear()
        categories: dict[str, QStandardItem] = {}
        for made in available(inside).values():
            title = made.section
            if title not in categories:
                category = QStandardItem(title)
                category.setData(title, CATEGORY)
                category.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                categories[title] = category
                self.appendRow(category)
            categories[title].appendRow(_Entry(made))
        for category in categories.values():
            category.setData(category.rowCount(), COUNT)

    def show_found(self, names: Sequence[str]) -> None:
        self.clear()
        for name in names:
            self.appendRow(_Entry(offer(name)))

    def names(self) -> list[str]:
        top = [self.item(row) for row in range(self.rowCount())]
        below = [[item.child(row) for row in range(item.rowCount())] or [item] for item in top]
        return [item.data(NAME) for items in below for item in items]


def mime_data(name: str) -> QMimeData:
    """What a dragged block carries: its name in the catalogue."""
    data = QMimeData()
    data.setData(MIME, QByteArray(name.encode()))
    return data


class _Entry(QStandardItem):
    """One thing that can be added; what it does is asked for when it is to be told."""

    def __init__(self, made: Offer) -> None:
        super().__init__(made.label)
        self._made = made
        self.setData(made.name, NAME)
        self.setData(made.section, CATEGORY)
        self.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)

    def data(self, role: int = Qt.ItemDataRole.UserRole) -> object:
        made = self._made
        if role == Qt.ItemDataRole.ToolTipRole:
            hint = html.escape(QStandardItemModel.tr("Drag it to the canvas, or double-click."))
            return f"<p><b>{html.escape(made.label)}</b><br>{html.escape(made.doc)}</p><p>{hint}</p>"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{made.label}, {made.section}. {made.doc}"
        return super().data(role)


class _Rows(QStyledItemDelegate):
    """Paints categories with their square and count, and blocks in line with the categories' names."""

    def __init__(self, theme: Theme, parent: BlockList) -> None:
        super().__init__(parent)
        self._list = parent
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = max(ROW, option.fontMetrics.height() + 3)  # type: ignore[attr-defined]
        return QSize(0, height + (0 if index.data(NAME) else 3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect.adjusted(6, 0, -6, 0)  # type: ignore[attr-defined]
        is_category = not index.data(NAME)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, rect)
        if is_category or not index.parent().isValid():
            square = QRect(rect.left() + 4, rect.center().y() - SQUARE // 2 + 1, SQUARE, SQUARE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.category(index.data(CATEGORY))))
            painter.drawRoundedRect(square, 2, 2)
        painter.setFont(self._strong() if is_category else option.font)  # type: ignore[attr-defined]
        painter.setPen(QColor(self.theme.muted if is_category else self.theme.text))
        at_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        words = rect.adjusted(18, 0, -24 if is_category else -4, 0)
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, at_left, text)
        if is_category:
            painter.setFont(font("small"))
            folded = not self._list.isExpanded(index)  # type: ignore[arg-type]
            count = f"{index.data(COUNT)}" + (" ▸" if folded else "")
            painter.drawText(
                rect.adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count
            )
        painter.restore()

    def card(self, name: str, ratio: float) -> QPixmap:
        """What hangs from the pointer while a block is dragged."""
        size = QSize(120, 34)
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self.theme.card_border))
        painter.setBrush(QColor(self.theme.card))
        painter.drawRoundedRect(QRect(QPoint(0, 0), size).adjusted(1, 1, -1, -1), SIZES.radius, SIZES.radius)
        painter.fillRect(1, 3, 4, size.height() - 6, QColor(self.theme.category(offer(name).kind.category)))
        painter.setPen(QColor(self.theme.text))
        painter.setFont(font("strong"))
        painter.drawText(
            QRect(14, 0, size.width() - 18, size.height()), Qt.AlignmentFlag.AlignVCenter, offer(name).label
        )
        painter.end()
        return picture

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        state = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected) and self._list.hasFocus()
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(self.theme.accent) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.selection if selected else self.theme.hover))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), SIZES.small_radius, SIZES.small_radius)

    def _strong(self) -> QFont:
        strong = font("strong")
        strong.setPointSizeF(font("small").pointSizeF())
        return strong
