"""The dotted ground of the canvas: one row of dots is kept as a pixmap and laid down again and again."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from designer.canvas.geometry import GRID
from designer.canvas.inks import Inks

CLOSEST = 14.0  # pixels between dots, at least
HALF = 2  # pixels, half the height of a row


class Ground:
    """Paints the ground under a view of some size, scale and colours."""

    def __init__(self) -> None:
        self._key: object = None
        self._row = QPixmap()

    def paint(self, painter: QPainter, inks: Inks, size: QSize, scale: float, origin: QPointF) -> None:
        """Cover `size` pixels from the painter's origin on; `origin` is where the scene's origin lies."""
        step = 2 * GRID * scale
        while step < CLOSEST:
            step *= 2
        ratio = painter.device().devicePixelRatioF()
        key = (step, ratio, size.width(), inks)
        if key != self._key:
            self._key, self._row = key, _dotted(inks, size.width() + 2 * math.ceil(step), step, ratio)
        painter.fillRect(0, 0, size.width(), size.height(), inks.canvas)
        left, top = round(origin.x() % step - step), round(origin.y() % step - step)
        for index in range(1, math.ceil(size.height() / step) + 2):
            painter.drawPixmap(left, top + round(index * step) - HALF, self._row)


def _dotted(inks: Inks, width: int, step: float, ratio: float) -> QPixmap:
    row = QPixmap(math.ceil(width * ratio), math.ceil(2 * HALF * ratio))
    row.setDevicePixelRatio(ratio)
    row.fill(inks.canvas)
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.dot)
    for index in range(int(width / step) + 1):
        painter.drawEllipse(QPointF(index * step, HALF), 1.0, 1.0)
    painter.end()
    return row
