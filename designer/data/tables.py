"""The tables of the Data workspace: fields, classes, and the first rows of the data as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from designer.counts import grouped
from designer.data.look import Look

Index = QModelIndex | QPersistentModelIndex
AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
PARTS = ("train", "validation", "test")
ROW = 24
MEASURED = 20  # rows that decide how wide a column is
PADDING = 28  # pixels at both sides of a cell together
WIDEST = 44  # characters of a list of classes


class Cells(QAbstractTableModel):
    """A table of words, made row by row when it is looked at."""

    def __init__(self, headers: Sequence[str], rows: Sequence[Sequence[Any]], tips: Sequence[str] = ()) -> None:
        super().__init__()
        self._headers, self._rows, self._tips = headers, rows, tips

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._headers)

    def header(self, column: int) -> str:
        return self._headers[column]

    def words(self, row: int, column: int) -> str:
        return _written(self._rows[row][column])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.header(section) if orientation == Qt.Orientation.Horizontal else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal and self._rows:
            return _alignment(self._rows[0][section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self._rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.ToolTipRole and self._tips:
            return self._tips[index.row()]
        return None


class Table(QTableView):
    """A plain table to read and copy from."""

    def __init__(self, name: str, numbered: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setVisible(numbered)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(AT_RIGHT)
        self.verticalHeader().setStyleSheet("QHeaderView::section { border: none }")
        self.horizontalHeader().setHighlightSections(False)

    def show_cells(self, cells: Cells, stretch: int | None = None) -> None:
        """Show a table; the column `stretch` takes the room that is left."""
        before = self.model()
        cells.setParent(self)
        self.setModel(cells)
        if before is not None:
            before.deleteLater()
        self._fit_columns(cells)
        if stretch is not None:
            self.horizontalHeader().setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)

    def _fit_columns(self, cells: Cells) -> None:
        """Make each column as wide as its header and first words; asking Qt to do it takes ten times as long."""
        metrics = self.fontMetrics()
        for column in range(cells.columnCount()):
            words = [cells.words(row, column) for row in range(min(cells.rowCount(), MEASURED))]
            widest = max(map(metrics.horizontalAdvance, (cells.header(column), *words)))
            self.setColumnWidth(column, widest + PADDING)

    def fit_rows(self, most: int) -> None:
        """Be as high as the rows, or as `most` of them."""
        rows = min(self.model().rowCount(), most)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * ROW + 4)


def fields_table(look: Look, words: Mapping[str, str]) -> Cells:
    """Name, kind, shape and range of each field; `words` translates the headers."""
    rows = []
    for name, field in look.fields.items():
        low, high = look.ranges.get(name, (0.0, 0.0))
        holds = _shortened(field.classes) if field.kind == "class" else f"{_written(low)} … {_written(high)}"
        rows.append((name, field.kind, field.in_words, holds, field.doc))
    headers = [words[key] for key in ("field", "kind", "shape", "values", "doc")]
    return Cells(headers, rows, [field.doc for field in look.fields.values()])


def classes_table(look: Look, field: str, words: Mapping[str, str]) -> Cells:
    """Samples of each class in each part and in all."""
    counts = look.counts[field]
    rows = [
        (name, *(counts[part][name] for part in PARTS), sum(counts[part][name] for part in PARTS))
        for name in look.fields[field].classes
    ]
    return Cells([words[key] for key in ("class", *PARTS, "all")], rows)


def rows_table(look: Look) -> Cells:
    """The first samples: a column for each number, classes by name; images are left to their own page."""
    headers: list[str] = []
    columns: list[list[Any]] = []
    for name, field in look.fields.items():
        values = look.rows[name]
        if field.kind == "class":
            headers.append(name)
            columns.append([field.classes[index] for index in values.tolist()])
        elif field.kind != "image":
            flat = values.reshape(len(values), -1)
            headers += [name] if flat.shape[1] == 1 else [f"{name} {number + 1}" for number in range(flat.shape[1])]
            columns += flat.T.tolist()
    return Cells(headers, list(zip(*columns, strict=True)))


def _shortened(names: Sequence[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip(", ") + "…"


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return grouped(value) if isinstance(value, int) else str(value)


def _alignment(value: Any) -> Qt.AlignmentFlag:
    return AT_RIGHT if isinstance(value, (int, float)) else AT_LEFT
