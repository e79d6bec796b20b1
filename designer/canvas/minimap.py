"""The whole graph in a corner of the canvas, with a frame around what is in view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from designer.canvas.scene import Scene
from designer.canvas.view import View

SIZE = QSize(150, 106)
INSET = 5.0
AROUND = 60.0  # room around the graph, in pixels of the scene
LARGEST = 0.2  # scale at which a small graph is shown
EVERY = 100  # milliseconds between two paintings of the graph, at least


class MiniMap(QWidget):
    """A click or a drag brings that part of the graph to the middle of the view."""

    def __init__(self, view: View, scene: Scene, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._scene = view, scene
        self._picture = QPixmap()
        self.setFixedSize(SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so that panning need not paint what lies below
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Minimap"))
        self.setToolTip(self.tr("Minimap: click or drag to move the view"))
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(EVERY)
        self._pace.timeout.connect(self._redraw)
        self.hide()
        scene.content_changed.connect(self.refresh)
        view.camera_moved.connect(self.refresh)

    def refresh(self) -> None:
        """Something differs: paint it, soon enough and not too often."""
        if not self._pace.isActive():
            self._pace.start()

    def _redraw(self) -> None:
        self._view.overview.refresh()
        content = self._view.overview.content
        self.setVisible(not content.isEmpty())
        if content.isEmpty():
            return
        ratio = self.devicePixelRatioF()
        self._picture = QPixmap(self.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._paint_all()
        self.update()

    def _paint_all(self) -> None:
        inks, area = self._scene.inks, QRectF(self.rect())
        self._picture.fill(inks.canvas)
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(inks.theme.border), 1))
        painter.setBrush(QColor(inks.theme.panel))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        scale, shift = self._mapping()
        painter.save()
        painter.setClipRect(area.adjusted(INSET, INSET, -INSET, -INSET))
        painter.translate(shift)
        painter.scale(scale, scale)
        self._view.overview.paint(painter, scale, wires=False, frame=1)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(inks.selected.color(), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        seen = self._view.visible
        frame = QRectF(seen.topLeft() * scale + shift, seen.size() * scale)
        painter.drawRoundedRect(frame.intersected(area.adjusted(3.5, 3.5, -3.5, -3.5)), 3, 3)
        painter.end()

    def _mapping(self) -> tuple[float, QPointF]:
        """Scale and shift from the scene to this widget."""
        room = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        extent = self._view.overview.content.adjusted(-AROUND, -AROUND, AROUND, AROUND)
        scale = min(room.width() / extent.width(), room.height() / extent.height(), LARGEST)
        return scale, room.center() - extent.center() * scale

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._scene.inks.canvas)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()  # the canvas below must not zoom

    def _go(self, at: QPointF) -> None:
        scale, shift = self._mapping()
        self._view.look_at((at - shift) / scale)
