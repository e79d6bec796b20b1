"""The learning rate over a run, drawn before it begins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.theme import Theme
from designer.training.axes import Axes, View
from designer.training.figures import rate
from designer.training.ticks import round_range

HEIGHT = 120
ROWS = 3


class RateChart(QWidget):
    """One line: epochs across, the learning rate up."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curve: list[tuple[float, float]] = []
        self._axes = Axes(self.tr("epoch"))
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("The learning rate from the first step to the last"))

    def show_curve(self, curve: Sequence[tuple[float, float]]) -> None:
        """Show epochs gone through and the learning rate there; nothing while it isn't known."""
        self._curve = list(curve)
        self.setVisible(bool(curve))
        if curve:
            rates = [value for _, value in curve]
            self.setAccessibleName(
                self.tr("Learning rate from {0} over at most {1} to {2}").format(
                    rate(rates[0]), rate(max(rates)), rate(rates[-1])
                )
            )
        self.update()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._curve:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self._view()
        self._axes.paint(painter, self.size(), view, self._theme)
        painter.setPen(QPen(QColor(self._theme.curves[0]), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF([view.place(x, y) for x, y in self._curve]))
        painter.end()

    def _view(self) -> View:
        highest = max(value for _, value in self._curve) or 1.0
        x, y = (0.0, max(self._curve[-1][0], 1e-9)), round_range(0.0, highest, ROWS)
        area = QRectF(0, 8, self.width() - 12, self.height() - 8 - self._axes.height)
        area.setLeft(self._axes.widest(View(area, x, y)))
        return View(area, x, y)
