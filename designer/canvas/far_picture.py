"""What the view shows from far away, kept as a pixmap with some room around it, so that panning only shifts it.

What is dragged is painted over it each time, so that the pixmap stays good while it moves.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QSize
from PySide6.QtGui import QPainter, QPixmap, QTransform

from designer.canvas.ground import Ground
from designer.canvas.overview import Overview
from designer.canvas.scene import Scene

ROOM = 160  # pixels around the view


class FarPicture:
    """Painted anew when the scene or the scale differs, or when the view has left the room around it."""

    def __init__(self, scene: Scene, overview: Overview) -> None:
        self._scene, self._overview = scene, overview
        self._ground = Ground()
        self._pixmap = QPixmap()
        self._key: object = None
        self._origin = QPointF()  # where the scene's origin lay when it was painted, from the pixmap's corner

    def paint(self, painter: QPainter, size: QSize, transform: QTransform) -> None:
        """Cover a view of that size, to which `transform` leads from the scene."""
        origin, ratio = QPointF(transform.dx(), transform.dy()), painter.device().devicePixelRatioF()
        self._overview.refresh()
        key = (self._overview.resting_version, transform.m11(), ratio, size, self._scene.inks)
        shift = origin - self._origin
        if key != self._key or not (-2 * ROOM <= shift.x() <= 0 and -2 * ROOM <= shift.y() <= 0):
            self._key = key
            self._paint(size + QSize(2 * ROOM, 2 * ROOM), transform, ratio)
            shift = origin - self._origin
        place = QPoint(round(shift.x()), round(shift.y()))
        painter.drawPixmap(place, self._pixmap)
        if self._overview.lifted:
            painter.save()
            off = QPointF(place) - shift  # by less than a pixel, as the pixmap is
            painter.setTransform(transform * QTransform.fromTranslate(off.x(), off.y()))
            self._overview.paint(painter, transform.m11(), part="lifted")
            painter.restore()

    def _paint(self, size: QSize, transform: QTransform, ratio: float) -> None:
        pixels = QSize(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        if self._pixmap.size() != pixels:
            self._pixmap = QPixmap(pixels)
            self._pixmap.setDevicePixelRatio(ratio)
        self._origin = QPointF(transform.dx() + ROOM, transform.dy() + ROOM)
        painter = QPainter(self._pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        self._ground.paint(painter, self._scene.inks, size, transform.m11(), self._origin)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setTransform(transform * QTransform.fromTranslate(ROOM, ROOM))
        self._overview.paint(painter, transform.m11(), part="resting")
        painter.end()
