"""A table of every block with its counts, to sort by any of them, and the memory that a training would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from designer import background
from designer.counts import grouped, memory, rounded
from designer.icons import icon
from designer.theme import PICTURE, SIZES
from engine.loading import load_heavy
from engine.memory import Forecast, forecast
from engine.problem import UserError
from engine.project import Project
from engine.summary import summary

VALUE = Qt.ItemDataRole.UserRole  # what a column is sorted by
PATH = Qt.ItemDataRole.UserRole + 1  # of the block, groups in front
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MEASURED = 20  # words of a column, the longest by their letters
ROOM = 34  # pixels beside the words of a cell: its edges, and the arrow of a column that is sorted by
COUNTS = ("parameters", "multiply_adds", "activation_bytes")


class SummaryDialog(QDialog):
    """Told from the project as it is now; the memory of a training is worked out off the screen's thread."""

    chosen = Signal(str)  # path of a block to show on the canvas

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Summary"))
        self.resize(860, 600)
        self.told = summary(project)
        self.model = QStandardItemModel(self)
        self.model.setHorizontalHeaderLabels(
            [
                self.tr("Block"),
                self.tr("Type"),
                self.tr("Output"),
                self.tr("Parameters"),
                self.tr("Multiply-adds"),
                self.tr("Activations"),
            ]
        )
        for column in range(3, 3 + len(COUNTS)):
            self.model.setHeaderData(column, Qt.Orientation.Horizontal, RIGHT, Qt.ItemDataRole.TextAlignmentRole)
        _fill(self.model.invisibleRootItem(), self.told["blocks"], "")
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(VALUE)
        self.sorted.setRecursiveFilteringEnabled(True)
        self.sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = self._make_table()
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search blocks"))
        self.search.setAccessibleName(self.tr("Search blocks"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.sorted.setFilterFixedString)
        total = self.tr("{0} parameters, {1} multiply-adds and {2} of activations a sample").format(
            grouped(self.told["parameters"]),
            rounded(self.told["multiply_adds"]),
            memory(self.told["activation_bytes"]),
        )
        self.total = QLabel(total, self)
        self.memory = QLabel(self.tr("Working out the memory of a training…"), self)
        for label in (self.total, self.memory):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._task = background.run(self, lambda: _forecast(project), self._show_memory, self._no_memory)

    def _make_table(self) -> QTreeView:
        table = QTreeView(self)
        table.setModel(self.sorted)
        table.setAccessibleName(self.tr("Blocks and their counts"))
        table.setAlternatingRowColors(True)
        table.setUniformRowHeights(True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSortingEnabled(True)
        table.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # in the order they run, until one is clicked
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(self._widths(), start=1):
            table.header().resizeSection(column, width)
        table.activated.connect(self._choose)
        table.setToolTip(self.tr("Click a column to sort by it; double-click a block to see it on the canvas"))
        return table

    def _widths(self) -> list[int]:
        """What columns need, the first left out; measured by their longest words, since Qt measures all by painting."""
        metrics, columns = self.fontMetrics(), self.model.columnCount()
        found = [{str(self.model.headerData(column, Qt.Orientation.Horizontal))} for column in range(columns)]
        _collect(self.model.invisibleRootItem(), found)
        longest = (sorted(words, key=len)[-MEASURED:] for words in found[1:])
        return [max(map(metrics.horizontalAdvance, words)) + ROOM for words in longest]

    def _lay_out(self) -> None:
        self.copy_button = QPushButton(icon("copy"), self.tr("Copy"), self)
        self.copy_button.setToolTip(self.tr("Copy the table as text, for a spreadsheet or a paper"))
        self.copy_button.setIconSize(PICTURE)
        self.copy_button.clicked.connect(self.copy)
        self.copy_button.setAutoDefault(False)
        close = QPushButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.reject)
        words = QVBoxLayout()
        words.addWidget(self.total)
        words.addWidget(self.memory)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addSpacing(SIZES.gap)
        row.addWidget(self.copy_button)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SIZES.margin + 4,) * 4)
        layout.setSpacing(SIZES.margin)
        layout.addWidget(self.search)
        layout.addWidget(self.table)
        layout.addLayout(row)
        self.table.setFocus()

    def _choose(self, index: QModelIndex) -> None:
        path = index.siblingAtColumn(0).data(PATH)
        if path:
            self.chosen.emit(path)
            self.accept()

    def copy(self) -> None:
        """Put all rows on the clipboard, columns divided by tabs; those in groups by their path."""
        rows = [[self.model.headerData(c, Qt.Orientation.Horizontal) for c in range(self.model.columnCount())]]
        rows += _rows(self.told["blocks"], "")
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(str, row)) for row in rows))
        self.copy_button.setText(self.tr("Copied"))
        QTimer.singleShot(1500, self, lambda: self.copy_button.setText(self.tr("Copy")))

    def _show_memory(self, told: Forecast) -> None:
        self.memory.setText(
            self.tr(
                "Training at batch size {0} takes about {1}: weights {2}, gradients {3}, optimizer {4}, activations {5}"
            ).format(
                told.batch_size,
                memory(told.total),
                memory(told.weights),
                memory(told.gradients),
                memory(told.optimizer),
                memory(told.activations),
            )
        )

    def _no_memory(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.memory.setText(self.tr("The memory of a training can be told once the design has no errors."))


def _forecast(project: Project) -> Forecast:
    load_heavy()
    return forecast(project)


def _fill(parent: QStandardItem, blocks: Sequence[Mapping[str, Any]], front: str) -> None:
    for number, block in enumerate(blocks):
        path = front + block["id"]
        repeat = f" × {block['repeat']}" if block.get("repeat", 1) > 1 else ""
        first = _item(block["name"], number)
        first.setData(path, PATH)
        shape = block["output"]
        size = 1
        for length in shape or ():
            size *= length or 1
        row = [first, _item(block["type"] + repeat, block["type"]), _item(_shape(shape), size)]
        for name in COUNTS:
            words = memory(block[name]) if name == "activation_bytes" else grouped(block[name])
            item = _item(words if block[name] else "–", block[name])
            item.setTextAlignment(RIGHT)
            row.append(item)
        parent.appendRow(row)
        _fill(first, block.get("blocks", ()), f"{path}/")


def _collect(parent: QStandardItem, found: Sequence[set[str]]) -> None:
    """All words of each column, those of blocks in groups too."""
    for row in range(parent.rowCount()):
        for column, words in enumerate(found):
            words.add(parent.child(row, column).text())
        _collect(parent.child(row), found)


def _item(text: str, value: Any) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(value if not isinstance(value, int) else float(value), VALUE)  # Qt's whole numbers end at 2³¹
    return item


def _shape(sizes: Sequence[int | None] | None) -> str:
    if sizes is None:
        return "?"
    return " × ".join("n" if size is None else str(size) for size in sizes) or "scalar"


def _rows(blocks: Sequence[Mapping[str, Any]], front: str) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for block in blocks:
        name = front + block["name"]
        rows.append([name, block["type"], _shape(block["output"]), *(block[count] for count in COUNTS)])
        rows += _rows(block.get("blocks", ()), f"{name}/")
    return rows
