"""The table of runs: its colour, learning rate, validation loss and score, and whether its curves are shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from designer.theme import Theme, font

ROW = 22  # pixels
SWATCH = 10
NAME, RATE, LOSS, SCORE = range(4)
FIGURE, WIDEST = 66, 112  # pixels of a column of figures, and as wide as its heading may make it


@dataclass(frozen=True)
class RunLine:
    """What the table tells of a run, loss and score of the validation part; the figures come as they are to be read."""

    run_id: int
    colour: str
    learning_rate: str = ""
    loss: str = ""
    score: str = ""
    now: bool = False  # whether it is the one that trains
    visible: bool = True
    name: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
    notes: tuple[str, ...] = ()  # what it began with, and how its settings changed


@dataclass
class Watched:
    """What is remembered of a run between the events that tell of it."""

    line: RunLine
    index: int  # in the order of arrival; gives the colour
    epochs: int = 1
    opposed: bool = False  # whether its losses pull against each other
    pinned: bool = False  # whether the user chose to show or hide it
    scores: dict[str, float] = field(default_factory=dict)  # the newest of the validation part
    best: dict[str, float] = field(default_factory=dict)  # those of the best epoch up to now


class RunTable(QTableWidget):
    """The newest run stands at the top. A click or Space shows or hides a run's curves, Enter opens the run.

    A run's name and star stand behind its number, its tags in the tooltip; the context menu is for others to fill.
    """

    toggled = Signal(int, bool)  # run and whether its curves are to be shown
    opened = Signal(int)
    menu_wanted = Signal(int, QPoint)  # a place on the screen

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._theme = theme
        self._lines: dict[int, RunLine] = {}  # the newest first, as in the table
        self.setProperty("role", "runs")
        self.setAccessibleName(self.tr("Runs"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setIconSize(QSize(SWATCH, SWATCH))
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(ROW)
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((RATE, 54), (LOSS, FIGURE), (SCORE, FIGURE)):
            header.resizeSection(column, width)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFont(font("small"))
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setFixedHeight(ROW)
        header.hide()  # until there is a run
        self.name_score(self.tr("score"))
        self.cellClicked.connect(lambda row, _column: self._toggle(row))
        self.cellDoubleClicked.connect(lambda row, _column: self._double_clicked(row))

    def name_score(self, name: str, whole: str = "") -> None:
        """Head the last column with a score's short name; its whole one stands in the tooltip."""
        self.setHorizontalHeaderLabels([self.tr("run"), self.tr("lr"), self.tr("val loss"), name])
        tip = self.tr("Over the validation part: after the latest epoch while the run trains, after the best one then.")
        self.horizontalHeaderItem(LOSS).setToolTip(tip)
        self.horizontalHeaderItem(SCORE).setToolTip("\n".join(part for part in (whole, tip) if part))
        header = self.horizontalHeader()
        header.resizeSection(SCORE, min(max(FIGURE, header.sectionSizeHint(SCORE)), WIDEST))

    def show_run(self, line: RunLine) -> None:
        """Add a run at the top, or change what its row says."""
        if line.run_id not in self._lines:
            self._lines = {line.run_id: line, **self._lines}
            self.insertRow(0)
            self.horizontalHeader().show()
            for column in range(self.columnCount()):
                self.setItem(0, column, QTableWidgetItem())
            self._draw(0, line, before=None)
        elif self._lines[line.run_id] != line:
            before, self._lines[line.run_id] = self._lines[line.run_id], line
            self._draw(list(self._lines).index(line.run_id), line, before)

    def remove(self, run_id: int) -> None:
        """Take one run away."""
        self.removeRow(list(self._lines).index(run_id))
        del self._lines[run_id]
        self.horizontalHeader().setVisible(bool(self._lines))

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for row, line in enumerate(self._lines.values()):
            self._draw(row, line, before=None)

    def forget(self) -> None:
        """Take all runs away."""
        self._lines = {}
        self.setRowCount(0)
        self.horizontalHeader().hide()

    def _draw(self, row: int, line: RunLine, before: RunLine | None) -> None:
        name = self.tr("{0} now").format(line.run_id) if line.now else str(line.run_id)
        name = " ".join(part for part in ("★" if line.starred else "", name, line.name) if part)
        for column, text in ((NAME, name), (RATE, line.learning_rate), (LOSS, line.loss), (SCORE, line.score)):
            self.item(row, column).setText(text)
        if (
            before is not None
            and replace(before, loss=line.loss, score=line.score, learning_rate=line.learning_rate) == line
        ):
            return  # only figures have changed, which happens many times a second
        self.item(row, NAME).setIcon(swatch(line.colour, line.visible))
        state = self.tr("Its curves are shown. A click hides them.")
        hidden = self.tr("Its curves are hidden. A click shows them.")
        said = " · ".join(part for part in (line.name, ", ".join(line.tags)) if part)
        for column in range(self.columnCount()):
            item = self.item(row, column)
            item.setToolTip("\n".join(part for part in (said, *line.notes, state if line.visible else hidden) if part))
            item.setForeground(QColor(self._theme.text if line.visible else self._theme.muted))
        weight = QFont.Weight.DemiBold if line.now else QFont.Weight.Normal
        score = font("text")
        score.setWeight(weight)
        self.item(row, SCORE).setFont(score)
        self.item(row, NAME).setData(
            Qt.ItemDataRole.AccessibleTextRole, f"{name}, {self.tr('shown') if line.visible else self.tr('hidden')}"
        )

    def _toggle(self, row: int) -> None:
        line = list(self._lines.values())[row]
        self.toggled.emit(line.run_id, not line.visible)

    def _double_clicked(self, row: int) -> None:
        self._toggle(row)  # back to what it was before the first of the two clicks
        self._open(row)

    def _open(self, row: int) -> None:
        self.opened.emit(list(self._lines)[row])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self.currentRow() if by_keys else self.rowAt(event.pos().y())
        if row >= 0:
            below = self.visualItemRect(self.item(row, NAME)).bottomLeft()
            place = self.viewport().mapToGlobal(below) if by_keys else event.globalPos()
            self.menu_wanted.emit(list(self._lines)[row], place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        if event.key() == Qt.Key.Key_Space and row >= 0:
            self._toggle(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._open(row)
        else:
            super().keyPressEvent(event)


def swatch(colour: str, filled: bool) -> QIcon:
    """A small square in a run's colour; hollow where its curves are hidden."""
    scale = 3  # sharp on any screen
    pixmap = QPixmap(SWATCH * scale, SWATCH * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.5 * scale))
    if filled:
        painter.setBrush(QColor(colour))
    edge = 0.75 * scale
    painter.drawRoundedRect(QRectF(pixmap.rect()).adjusted(edge, edge, -edge, -edge), 1.5 * scale, 1.5 * scale)
    painter.end()
    return QIcon(pixmap)
