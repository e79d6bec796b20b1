"""The dotted ground of the canvas, kept as a pixmap that is one step of its grid larger than the view."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from designer.canvas.geometry import GRID
from designer.canvas.inks import Inks

CLOSEST = 14.0  # pixels between dots, at least


class Ground:
    """Paints the ground under a view of some size, scale and colours."""

    def __init__(self) -> None:
        self._key: object = None
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, inks: Inks, size: QSize, scale: float, origin: QPointF) -> None:
        """Cover `size` pixels from the painter's origin on; `origin` is where the scene's origin lies."""
        step = 2 * GRID * scale
        while step < CLOSEST:
            step *= 2
        ratio = painter.device().devicePixelRatioF()
        key = (step, ratio, size, inks)
        if key != self._key:
            self._key, self._pixmap = key, _dotted(inks, size, step, ratio)
        painter.drawPixmap(round(origin.x() % step - step), round(origin.y() % step - step), self._pixmap)


def _dotted(inks: Inks, size: QSize, step: float, ratio: float) -> QPixmap:
    width, height = size.width() + 2 * math.ceil(step), size.height() + 2 * math.ceil(step)
    row = _filled(inks, width, 4, ratio)  # one row of dots is painted, then repeated
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.dot)
    for index in range(int(width / step) + 1):
        painter.drawEllipse(QPointF(index * step, 2), 1.0, 1.0)
    painter.end()
    pixmap = _filled(inks, width, height, ratio)
    painter = QPainter(pixmap)
    for index in range(1, int(height / step) + 1):
        painter.drawPixmap(QPointF(0, round(index * step) - 2), row)
    painter.end()
    return pixmap


def _filled(inks: Inks, width: int, height: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(inks.canvas)
    return pixmap
