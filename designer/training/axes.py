"""The grid of a plot and the figures at its axes, kept as a picture for as long as the view stands still."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from designer.theme import Theme, font
from designer.training.ticks import Tick, linear_ticks, log_ticks

LINE_HEIGHT = 24  # pixels between lines of the grid, at least
COLUMN_WIDTH = 64
GAP = 6  # between the figures and what they belong to

Bounds = tuple[float, float]


@dataclass(frozen=True)
class View:
    """A part of the plane and where it lies in the widget; `log` and `log_x` say that y or x are decimal logarithms."""

    area: QRectF
    x: Bounds
    y: Bounds
    log: bool = False
    log_x: bool = False

    def place(self, x: float, y: float) -> QPointF:
        """Where a point of the plane lies in the widget."""
        across, up = (x - self.x[0]) / (self.x[1] - self.x[0]), (y - self.y[0]) / (self.y[1] - self.y[0])
        return QPointF(self.area.left() + across * self.area.width(), self.area.bottom() - up * self.area.height())

    def ticks(self) -> tuple[list[Tick], list[Tick]]:
        """Round numbers across and up."""
        columns, rows = intervals(self.area)
        up = log_ticks(*self.y, rows) if self.log else linear_ticks(*self.y, rows)
        return log_ticks(*self.x, columns) if self.log_x else linear_ticks(*self.x, columns, whole=True), up


def intervals(area: QRectF) -> tuple[int, int]:
    """How many intervals of a grid there is room for, across and up."""
    return max(1, int(area.width() / COLUMN_WIDTH)), max(2, min(6, int(area.height() / LINE_HEIGHT)))


class Axes:
    """Paints the grid and the figures of a view; `name` is what the axis across counts."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._picture = QPixmap()
        self._key: Hashable = None
        self.metrics = QFontMetricsF(font("tiny"))

    def widest(self, view: View) -> float:
        """Room that the figures need at the left."""
        labels = [self._name, *(label for _, label in view.ticks()[1])]
        return max(self.metrics.horizontalAdvance(label) for label in labels) + 2 * GAP

    @property
    def height(self) -> float:
        """Room that the figures need below."""
        return self.metrics.height() + GAP

    def paint(self, painter: QPainter, size: QSize, view: View, theme: Theme) -> None:
        ratio = painter.device().devicePixelRatioF()
        key = (theme.name, size.toTuple(), ratio, view.area.getRect(), view.x, view.y, view.log, view.log_x)
        if key != self._key:
            self._key = key
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            pen = QPainter(self._picture)
            self._draw(pen, view, theme, size.width())
            pen.end()
        painter.drawPixmap(0, 0, self._picture)

    def _draw(self, painter: QPainter, view: View, theme: Theme, width: int) -> None:
        across, up = view.ticks()
        painter.setFont(font("tiny"))
        ascent, descent = self.metrics.ascent(), self.metrics.descent()
        for value, label in up:
            y = round(view.place(view.x[0], value).y()) + 0.5
            painter.setPen(QColor(theme.grid))
            painter.drawLine(QPointF(view.area.left(), y), QPointF(view.area.right(), y))
            painter.setPen(QColor(theme.muted))
            x = view.area.left() - GAP - self.metrics.horizontalAdvance(label)
            painter.drawText(QPointF(x, y + (ascent - descent) / 2), label)
        baseline = view.area.bottom() + GAP + ascent
        for value, label in across:
            advance = self.metrics.horizontalAdvance(label)
            x = view.place(value, view.y[0]).x() - advance / 2
            x = min(x, width - advance - 1)  # 20000 cut off at the edge would read as 2000
            if x > view.area.left() - GAP:  # where a long figure would begin, the name of the axis stands
                painter.drawText(QPointF(x, baseline), label)
        x = view.area.left() - 2 * GAP - self.metrics.horizontalAdvance(self._name)
        painter.drawText(QPointF(x, baseline), self._name)
