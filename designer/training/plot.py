"""The drawing inside a chart: curves over a faint grid, figures at the axes, and a crosshair with its reading.

This is the one file that imports pyqtgraph, which takes a third of a second; a chart imports it when the first
curve comes, and a thread that warms up may import it before.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsView, QWidget

from designer.theme import Theme, font
from designer.training.axes import Axes, View, intervals
from designer.training.curves import Line, Point, Reading
from designer.training.series import Numbers
from designer.training.ticks import round_range

RIGHT = 10  # room for half of the last figure
BAND_OPACITY = 80  # of the area that a mean was averaged from, of 255
FLAG = ((-4, 0), (4, 0), (0, 6))  # corners of the triangle at the top of a line where settings changed
DIAMOND = ((0, -5), (5, 0), (0, 5), (-5, 0))  # corners, in pixels from its middle
NO_PEN = QPen(Qt.PenStyle.NoPen)

Key = tuple[object, ...]  # what a line is of, and its part in the drawing


class Plot(pyqtgraph.GraphicsView):
    """Draws lines in a range; dragging moves the range and the wheel zooms it."""

    moved = Signal()  # the range was changed by hand
    hovered = Signal(object)  # x under the pointer, or None when it left

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self._theme = theme
        self._log = False
        self._reading: Reading | None = None
        self._marks: list[Point] = []
        self._turns: list[tuple[float, str]] = []
        self._items: dict[Key, pyqtgraph.PlotCurveItem] = {}
        self._box = pyqtgraph.ViewBox(enableMenu=False, defaultPadding=0)
        self._box.disableAutoRange()
        self._box.sigRangeChangedManually.connect(self.moved)
        self.centralLayout.addItem(self._box, 0, 0)
        self._axes = Axes(self.tr("epoch"))
        self._left = 0.0
        self._make_room(36)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    def show_range(self, x: tuple[float, float], y: tuple[float, float], log: bool) -> None:
        """Fit the drawing to a range; with `log`, y is given and drawn as decimal logarithms."""
        self._log = log
        if not log:
            y = round_range(*y, intervals(self.view().area)[1])
        margin = (y[1] - y[0]) * 0.02 or 0.1  # half of a line along the edge would be cut off
        self._box.setRange(xRange=x, yRange=(y[0] - margin, y[1] + margin), padding=0)

    def show_lines(self, lines: Iterable[Line]) -> None:
        """Draw these lines and no others."""
        drawn = set()
        for line in lines:
            if line.low is not None and line.high is not None:
                drawn.add(self._draw_band(line, line.low, line.high))
            drawn.add(self._draw_line(line))
            drawn.add(self._draw_points(line))
        for key in self._items.keys() - drawn:
            self._box.removeItem(self._items.pop(key))
        self.viewport().update()

    def _draw_band(self, line: Line, low: Numbers, high: Numbers) -> Key:
        known = np.isfinite(low) & np.isfinite(high)
        x, low, high = line.x[known], low[known], high[known]
        colour = QColor(line.colour)
        colour.setAlpha(BAND_OPACITY)
        item = self._item((*line.key, "band"))
        outline_x, outline_y = np.concatenate((x, x[::-1])), np.concatenate((high, low[::-1]))
        item.setData(outline_x, outline_y, pen=NO_PEN, fillLevel="enclosed", brush=colour, antialias=False)
        return *line.key, "band"

    def _draw_line(self, line: Line) -> Key:
        item = self._item((*line.key, "line"))
        # Qt strokes a long wide path slowly and its pieces fast; only a dashed line needs to be whole.
        item.setSegmentedLineMode("off" if line.dashed else "on")
        item.setData(line.x, line.y, pen=self._pen(line.colour, 2.0, line.dashed), connect="finite", antialias=True)
        return *line.key, "line"

    def _draw_points(self, line: Line) -> Key:
        """Values with gaps on both sides, which no line shows."""
        alone = isolated(line.y)
        if alone.any() or (*line.key, "points") in self._items:
            x, y = np.repeat(line.x[alone], 2), np.repeat(line.y[alone], 2)
            x[1::2] += (self.x_range[1] - self.x_range[0]) / self.columns / 10  # without any length, nothing is drawn
            item = self._item((*line.key, "points"))
            item.setData(x, y, pen=self._pen(line.colour, 5.0), connect="pairs", antialias=True)
        return *line.key, "points"

    def _pen(self, colour: str, width: float, dashed: bool = False) -> QPen:
        pen = QPen(QColor(colour), width * self.devicePixelRatioF())  # a cosmetic pen counts the screen's own pixels
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
        if dashed:
            pen.setDashPattern([3, 2])
        return pen

    def _item(self, key: Key) -> pyqtgraph.PlotCurveItem:
        if key not in self._items:
            self._items[key] = pyqtgraph.PlotCurveItem()
            self._box.addItem(self._items[key], ignoreBounds=True)
        return self._items[key]

    def show_marks(self, marks: list[Point]) -> None:
        """Mark these points with the outline of a diamond."""
        self._marks = marks
        self.viewport().update()

    def show_turns(self, turns: list[tuple[float, str]]) -> None:
        """Mark where settings changed: x and colour of a thin line from top to bottom."""
        self._turns = turns
        self.viewport().update()

    def show_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        self.viewport().update()

    @property
    def columns(self) -> int:
        """Width of the drawn area in pixels."""
        return max(1, int(self._box.width()))

    @property
    def x_range(self) -> tuple[float, float]:
        low, high = self._box.viewRange()[0]
        return float(low), float(high)

    def zoom(self, factor: float) -> None:
        self._box.scaleBy((factor, factor))
        self.moved.emit()

    # Events of Qt

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        inside = self.view().area.contains(event.position())
        self.hovered.emit(self._box.mapSceneToView(event.position()).x() if inside else None)

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        view = self.view()
        self._make_room(self._axes.widest(view))
        self._axes.paint(painter, self.size(), view, self._theme)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        view = self.view()
        self._draw_turns(painter, view)
        self._draw_marks(painter, view)
        if self._reading is None:
            return
        area, x = view.area, view.place(self._reading.x, 0).x()
        if not area.left() <= x <= area.right():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.control), 1.0))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for point_x, point_y, colour in self._reading.points:
            spot = view.place(point_x, point_y)
            if area.contains(spot):
                painter.setPen(QPen(QColor(self._theme.panel), 1.5))
                painter.setBrush(QColor(colour))
                painter.drawEllipse(spot, 4.0, 4.0)
        self._draw_table(painter, area, x, self._reading)

    def _draw_marks(self, painter: QPainter, view: View) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x, y, colour in self._marks:
            spot = view.place(x, y)
            if view.area.contains(spot):
                painter.setPen(QPen(QColor(colour), 1.5))
                painter.setBrush(QColor(self._theme.panel))
                painter.drawPolygon([spot + QPointF(*corner) for corner in DIAMOND])

    def _draw_turns(self, painter: QPainter, view: View) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = view.area
        for x, colour in self._turns:
            at = view.place(x, 0).x()
            if area.left() <= at <= area.right():
                painter.setPen(QPen(QColor(colour), 1.0, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
                painter.setPen(NO_PEN)
                painter.setBrush(QColor(colour))
                painter.drawPolygon([QPointF(at + dx, area.top() + dy) for dx, dy in FLAG])

    def _draw_table(self, painter: QPainter, area: QRectF, x: float, reading: Reading) -> None:
        """The readings beside the crosshair, on the side where there is room."""
        cells = [reading.columns, *(row for _, row in reading.rows)]
        widths = [
            max(self._axes.metrics.horizontalAdvance(row[i]) for row in cells) for i in range(len(reading.columns))
        ]
        swatch, gap, margin, row_height = 12.0, 12.0, 8.0, self._axes.metrics.height() + 2
        width = swatch + sum(widths) + gap * (len(widths) - 1) + 2 * margin
        notes = max((self._axes.metrics.horizontalAdvance(note) for note in reading.notes), default=0)
        width = max(width, notes + 2 * margin + 1)
        height = row_height * (len(cells) + len(reading.notes)) + margin
        left = x + 12 if x + 12 + width <= area.right() else max(x - 12 - width, area.left())
        box = QRectF(left, area.top() + 2, width, height)
        painter.setPen(QPen(QColor(self._theme.border), 1.0))
        painter.setBrush(QColor(self._theme.raised))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font("tiny"))
        for index, row in enumerate(cells):
            top = box.top() + margin / 2 + index * row_height
            if index:
                painter.fillRect(
                    QRectF(left + margin, top + row_height / 2 - 3, 6, 6), QColor(reading.rows[index - 1][0])
                )
            painter.setPen(QColor(self._theme.text if index else self._theme.muted))
            at = left + margin + swatch
            for column, (cell, cell_width) in enumerate(zip(row, widths, strict=True)):
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                painter.drawText(
                    QRectF(at, top, cell_width + 1, row_height), side | Qt.AlignmentFlag.AlignVCenter, cell
                )
                at += cell_width + gap
        painter.setPen(QColor(self._theme.text))
        for index, note in enumerate(reading.notes):
            top = box.top() + margin / 2 + (len(cells) + index) * row_height
            line = QRectF(left + margin, top, width - 2 * margin, row_height)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, note)

    # Places

    def view(self) -> View:
        """What is shown, and where."""
        (left, right), (bottom, top) = self._box.viewRange()
        return View(self._box.sceneBoundingRect(), (left, right), (bottom, top), self._log)

    def _make_room(self, left: float) -> None:
        """Give the figures their room at the left; it never shrinks, so that the picture stays quiet."""
        if left > self._left:
            self._left = left
            line = self._axes.metrics.height()
            self.centralLayout.setContentsMargins(left, line / 2, RIGHT, self._axes.height)


def isolated(y: Numbers) -> np.ndarray:
    """Where a value has gaps on both sides, so that no line shows it."""
    finite = np.isfinite(y)
    padded = np.concatenate(([False], finite, [False]))
    return finite & ~padded[:-2] & ~padded[2:]
