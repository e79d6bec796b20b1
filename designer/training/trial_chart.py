"""The curve of a trial: its loss over a learning rate or over steps, with a crosshair that mouse and arrows move."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from designer.theme import current_theme, font
from designer.training.axes import Axes, View, intervals
from designer.training.figures import measured, rate
from designer.training.ticks import round_range

SIZE = (460, 240)
DOT = 5.0
Point = tuple[float, float]


class TrialChart(QWidget):
    """Points as they come; with `log`, the axis across is logarithmic.

    `words` tell one point; without them it is a loss, at a learning rate where `log`.
    """

    def __init__(
        self, name: str, log: bool, parent: QWidget | None = None, *, words: Callable[[float, float], str] | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._log = log
        self.points: list[Point] = []
        self.marked: int | None = None  # the point that is suggested
        self.at: int | None = None  # the point under the crosshair
        self._axes = Axes(name)
        self.setMinimumSize(*SIZE)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Chart of the loss"))
        self.setToolTip(self.tr("The loss as it went; Left and Right move the crosshair"))

    def show_points(self, points: Sequence[Point], marked: float | None = None) -> None:
        """Show these, the one nearest to `marked` as the suggestion."""
        self.points = list(points)
        self.marked = None if marked is None else self._nearest(self._across(marked))
        self.update()

    def reading(self) -> str:
        """What the crosshair tells; empty without one."""
        if self.at is None or self.at >= len(self.points):
            return ""
        x, y = self.points[self.at]
        if self._words is not None:
            return self._words(x, y)
        words = self.tr("rate {0}, loss {1}") if self._log else self.tr("step {0}, loss {1}")
        return words.format(rate(x, 1) if self._log else f"{x:g}", measured(y))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if len(self.points) > 1:
            view = self._view()
            share = (event.position().x() - view.area.left()) / view.area.width()
            self._point_at(self._nearest(view.x[0] + share * (view.x[1] - view.x[0])))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or not self.points:
            super().keyPressEvent(event)
            return
        start = self.at if self.at is not None else self.marked if self.marked is not None else -by
        self._point_at(max(0, min(len(self.points) - 1, start + by)))

    def _point_at(self, index: int | None) -> None:
        self.at = index
        self.setAccessibleDescription(self.reading())
        self.update()

    def _across(self, x: float) -> float:
        return math.log10(x) if self._log else x

    def _nearest(self, across: float) -> int | None:
        if not self.points:
            return None
        return min(range(len(self.points)), key=lambda index: abs(self._across(self.points[index][0]) - across))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if len(self.points) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view, theme = self._view(), current_theme()
        self._axes.paint(painter, self.size(), view, theme)
        painter.setPen(QPen(QColor(theme.curves[0]), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF([self._place(view, index) for index in range(len(self.points))]))
        if self.marked is not None:
            place = self._place(view, self.marked)
            painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(place.x(), view.area.top()), QPointF(place.x(), view.area.bottom()))
            painter.setPen(QPen(QColor(theme.text), 1.5))
            painter.setBrush(QColor(theme.curves[0]))
            painter.drawEllipse(place, DOT, DOT)
        if self.at is not None and self.at < len(self.points):
            self._paint_crosshair(painter, view, self._place(view, self.at))
        painter.end()

    def _paint_crosshair(self, painter: QPainter, view: View, place: QPointF) -> None:
        painter.setPen(QPen(QColor(current_theme().muted), 1))
        painter.drawLine(QPointF(place.x(), view.area.top()), QPointF(place.x(), view.area.bottom()))
        painter.drawLine(QPointF(view.area.left(), place.y()), QPointF(view.area.right(), place.y()))
        painter.setFont(font("tiny"))
        painter.setPen(QColor(current_theme().text))
        right = place.x() < view.area.center().x()
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        box = painter.boundingRect(view.area.adjusted(6, 3, -6, 0), side | Qt.AlignmentFlag.AlignTop, self.reading())
        painter.fillRect(box.adjusted(-3, -1, 3, 1), self.palette().window())  # so that no line runs through the words
        painter.drawText(box, side, self.reading())

    def _place(self, view: View, index: int) -> QPointF:
        x, y = self.points[index]
        return view.place(self._across(x), y)

    def _view(self) -> View:
        x = self._across(self.points[0][0]), self._across(self.points[-1][0])
        if x[0] == x[1]:  # the same was tried again
            x = x[0] - 0.5, x[1] + 0.5
        area = QRectF(0, 8, self.width() - 16, self.height() - 12 - self._axes.height)
        losses = [y for _, y in self.points]
        y = round_range(min(losses), max(losses), intervals(area)[1])
        area.setLeft(self._axes.widest(View(area, x, y, log_x=self._log)))
        return View(area, x, y, log_x=self._log)
