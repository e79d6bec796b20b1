"""All runs of the project in a table to sort and search, with what can be done with them, and those in line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from designer.theme import SIZES
from designer.training.changes import event_in_words, lasting, warm_in_words
from designer.training.figures import duration, measured, rate
from designer.training.scores import figure, short, title
from engine.project import Project
from engine.training.history import RunRecord
from engine.training.scores import higher_is_better

translate = QCoreApplication.translate
SORTED_BY, NUMBER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
RUN, NAME, TAGS = range(3)  # the columns that are asked for by number
FIGURES = 6  # from this column on there are numbers, which stand at the right
STAR = "★"
LEAST = 60  # pixels of a column, so that names stay readable
LINE = 3  # rows of the list of runs in line that are seen at once


class AllRuns(QDialog):
    """Shows what it is told; what the user asks for goes out by signals, with the run's number."""

    menu_wanted = Signal(int, QPoint)
    opened = Signal(int)
    star_wanted = Signal(int)
    bin_wanted = Signal(int)
    named = Signal(int, str)
    tagged = Signal(int, str)  # tags with commas between them
    taken_out = Signal(int)  # place in line, from 0
    line_wanted = Signal()  # to begin with the first in line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Runs"))
        self.resize(1180, 520)
        self.model = QStandardItemModel(self)
        self.model.itemChanged.connect(self._edited)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORTED_BY)
        self.sorted.setFilterKeyColumn(-1)
        self.sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = _Table(self)
        self._set_up_table()
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search runs, names, tags"))
        self.search.setAccessibleName(self.tr("Search runs"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.sorted.setFilterFixedString)
        self.search.textChanged.connect(self._tell_empty)
        self.only_starred = QPushButton(self.tr("★ Starred"), self)
        self.only_starred.setCheckable(True)
        self.only_starred.setAutoDefault(False)
        self.only_starred.setToolTip(self.tr("Show starred runs alone"))
        self.only_starred.clicked.connect(lambda on: self.search.setText(STAR if on else ""))
        self.search.textChanged.connect(lambda text: self.only_starred.setChecked(text == STAR))
        self.empty = QLabel(self)
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = self.tr("Double click opens a run as a project. F2 edits name or tags, Space stars, Delete bins.")
        self.hint = QLabel(f"{words} {self.tr('A right click offers the rest.')}", self)
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        policy = self.hint.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the button stays at the right
        self.hint.setSizePolicy(policy)
        self.line = QListWidget(self)
        self.line.setAccessibleName(self.tr("Runs in line"))
        self.line_title = QLabel(self)
        self.take_out = QPushButton(self.tr("Take out of the line"), self)
        self.take_out.clicked.connect(lambda: self.taken_out.emit(self.line.currentRow()))
        self.take_out.setToolTip(self.tr("Give up the chosen run; the others move up"))
        self.begin = QPushButton(self.tr("Run the first in line"), self)
        self.begin.setToolTip(self.tr("Go on with the line, which waits since a run was stopped"))
        self.begin.clicked.connect(self.line_wanted)
        self._filling = False
        self._lay_out()

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.sorted)
        table.setAccessibleName(self.tr("Runs"))
        table.setRootIsDecorated(False)
        table.setAlternatingRowColors(True)
        table.setUniformRowHeights(True)
        table.setSortingEnabled(True)
        table.sortByColumn(RUN, Qt.SortOrder.DescendingOrder)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.SelectedClicked
        )
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._menu)
        table.activated.connect(lambda index: self.opened.emit(_number(index)))
        table.starred.connect(self.star_wanted)
        table.binned.connect(self.bin_wanted)

    def _lay_out(self) -> None:
        close = QPushButton(self.tr("Close"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.begin, self.take_out):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addWidget(self.hint, 1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SIZES.margin + 4,) * 4)
        layout.setSpacing(SIZES.margin)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.only_starred)
        layout.addLayout(top)
        for widget, stretch in ((self.table, 1), (self.empty, 1), (self.line_title, 0)):
            layout.addWidget(widget, stretch)
        layout.addWidget(self.line)
        layout.addLayout(row)
        self.table.setFocus()

    def show_runs(self, runs: Sequence[RunRecord], under_way: int | None = None) -> None:
        """Show these runs; `under_way` is the number of the one that trains."""
        chosen, self._filling = self.chosen(), True
        self.model.clear()
        scores = _scores(runs)
        headers = [*(translate("AllRuns", word) for word in FIRST), *map(_heading, scores), self.tr("Time")]
        self.model.setHorizontalHeaderLabels(headers)
        for column, score in enumerate(scores, len(FIRST)):
            self.model.horizontalHeaderItem(column).setToolTip(_whole_heading(score))
        for run in runs:
            self.model.appendRow(_row(run, scores, under_way == run.number))
        for column in range(FIGURES, len(headers)):
            self.model.setHeaderData(column, Qt.Orientation.Horizontal, RIGHT, Qt.ItemDataRole.TextAlignmentRole)
        self._filling = False
        header = self.table.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(LEAST)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self._choose(chosen)
        self._tell_empty()

    def show_line(self, waiting: Sequence[str], stands: bool = False) -> None:
        """Show what is in line, the next one first; it `stands` where nothing trains that it could follow."""
        self.line.clear()
        self.line.addItems(list(waiting))
        for part in (self.line, self.line_title, self.take_out):
            part.setVisible(bool(waiting))
        self.begin.setVisible(bool(waiting) and stands)
        self.line_title.setText(self.tr("In line, with the design as it was when it was put there:"))
        self.line.setFixedHeight(self.line.sizeHintForRow(0) * LINE + 2 * self.line.frameWidth() if waiting else 0)
        self.line.setCurrentRow(0)

    def chosen(self) -> int | None:
        """The number of the current run."""
        index = self.table.currentIndex()
        return _number(index) if index.isValid() else None

    def _choose(self, number: int | None) -> None:
        for row in range(self.sorted.rowCount()):
            index = self.sorted.index(row, RUN)
            if number is None or _number(index) == number:
                self.table.setCurrentIndex(index)
                return

    def _tell_empty(self, _text: str = "") -> None:
        empty = self.sorted.rowCount() == 0
        self.table.setVisible(not empty)
        self.empty.setVisible(empty)
        self.hint.setVisible(not empty)
        self.empty.setText(self.tr("No run is found.") if self.model.rowCount() else self.tr("No run yet."))

    def _menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if index.isValid():
            self.menu_wanted.emit(_number(index), self.table.viewport().mapToGlobal(place))

    def _edited(self, item: QStandardItem) -> None:
        if self._filling:
            return
        number = self.model.item(item.row(), RUN).data(NUMBER)
        (self.named if item.column() == NAME else self.tagged).emit(number, item.text())


class _Table(QTreeView):
    """Space and Delete act on the current run."""

    starred = Signal(int)
    binned = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        acts = {Qt.Key.Key_Space: self.starred, Qt.Key.Key_Delete: self.binned}
        if index.isValid() and event.key() in acts:
            acts[event.key()].emit(_number(index))
        else:
            super().keyPressEvent(event)


def _number(index: QModelIndex) -> int:
    return int(index.siblingAtColumn(RUN).data(NUMBER))


FIRST = ("Run", "Name", "Tags", "State", "Started", "Optimizer", "Rate", "Batch", "Epochs", "Best", "Val loss")
Column = tuple[str, str]  # a part of the data and a score of it


def _scores(runs: Sequence[RunRecord]) -> tuple[Column, ...]:
    """The scores that any of the runs has, the sum of losses left out."""
    told = [("validation", name) for run in runs for name in run.validation]
    told += [("test", name) for run in runs for name in run.test]
    return tuple(dict.fromkeys((part, name) for part, name in told if name != "loss"))


def _heading(column: Column) -> str:
    part, name = column
    words = translate("AllRuns", "Val {0}") if part == "validation" else translate("AllRuns", "Test {0}")
    return words.format(short(name))


def _whole_heading(column: Column) -> str:
    part, name = column
    over = translate("AllRuns", "{0}, over the validation part after the best epoch")
    tested = translate("AllRuns", "{0}, over the test part with the best weights")
    return (over if part == "validation" else tested).format(title(name))


def _row(run: RunRecord, scores: Sequence[Column], now: bool) -> list[QStandardItem]:
    ends = {
        "finished": translate("AllRuns", "finished"),
        "stopped": translate("AllRuns", "stopped"),
        "failed": translate("AllRuns", "failed"),
        "unfinished": translate("AllRuns", "unfinished"),
    }
    started = f"{run.started:%Y-%m-%d %H:%M}" if run.started else ""
    loss = run.validation.get("loss")
    last = lasting(run.changes, "lr")
    rates = "" if run.learning_rate is None else rate(run.learning_rate)
    rates += f" → {rate(last)}" if last is not None else ""
    values: list[tuple[str, Any]] = [
        (f"{run.number} {STAR}" if run.label.starred else str(run.number), run.number),
        (run.label.name, run.label.name),
        (", ".join(run.label.tags), ", ".join(run.label.tags)),
        (translate("AllRuns", "training"), "") if now else (ends[run.end], run.end),
        (started, started),
        (run.optimizer, run.optimizer),
        (rates, -1.0 if run.learning_rate is None else run.learning_rate),
        ("", -1) if run.batch_size is None else (str(run.batch_size), run.batch_size),
        (f"{run.epochs} / {run.wanted}", run.epochs),
        (str(run.best_epoch or ""), run.best_epoch),
        ("", float("inf")) if loss is None else (measured(loss), loss),
    ]
    values += [_cell(getattr(run, part), name) for part, name in scores]
    values.append((duration(run.seconds), run.seconds))
    notes = "\n".join([*([warm_in_words(run.warm)] if run.warm else []), *map(event_in_words, run.changes)])
    items = []
    for column, (text, value) in enumerate(values):
        item = QStandardItem(text)
        item.setData(value, SORTED_BY)
        item.setEditable(column in (NAME, TAGS))
        item.setToolTip(notes)
        if column >= FIGURES:
            item.setTextAlignment(RIGHT)
        items.append(item)
    items[RUN].setData(run.number, NUMBER)
    return items


def _cell(told: Mapping[str, float], name: str) -> tuple[str, float]:
    """A score as it is read and as it is sorted by: a run that lacks it comes behind the worst."""
    if name not in told:
        return "", float("-inf") if higher_is_better(name) else float("inf")
    return figure(name, told[name]), told[name]


def in_line(project: Project) -> str:
    """A run that waits, told by what may differ from the others in line."""
    settings = project.training
    words = translate("AllRuns", "{0} · {1} at {2} · batches of {3} · epochs: {4}")
    chosen = type(settings.optimizer).__name__, rate(settings.optimizer.lr)
    return words.format(project.name, *chosen, settings.batch_size, settings.epochs)
