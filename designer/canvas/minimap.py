"""The whole graph in a corner of the canvas, with a frame around what is in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QToolButton, QWidget

from designer.actions import keys_of
from designer.canvas.scene import Scene
from designer.canvas.view import NOTCH, View
from designer.icons import icon

SIZE = QSize(150, 106)
MOST, SMALLEST = 2.6, 0.5  # times its size that a canvas has to have, each way; else it is smaller, to the half
INSET = 5.0
AROUND = 60.0  # room around the graph, in pixels of the scene
LARGEST = 0.2  # scale at which a small graph is shown
FOLD = 24  # side of the button
EVERY = 100  # milliseconds between two paintings of the graph, at least


class MiniMap(QWidget):
    """A click or a drag brings that part of the graph to the middle of the view; the wheel zooms.

    It folds away into a button in its corner.
    """

    folded_changed = Signal(bool)
    resized = Signal()

    def __init__(self, view: View, scene: Scene, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._scene = view, scene
        self._picture = QPixmap()
        self._size = SIZE
        self.setFixedSize(SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so that panning need not paint what lies below
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Minimap"))
        self.setToolTip(self.tr("Minimap: click or drag to move the view"))
        self.folded = False
        self.fold_button = QToolButton(self)
        self.fold_button.setFixedSize(FOLD, FOLD)
        self.fold_button.setStyleSheet(  # it may stand over the map
            "QToolButton { background: palette(button); } QToolButton:hover { background: palette(midlight); }"
        )
        self.fold_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.fold_button.clicked.connect(lambda: self.set_folded(not self.folded))
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(EVERY)
        self._pace.timeout.connect(self._redraw)
        self.set_folded(False)
        self.hide()
        scene.content_changed.connect(self.refresh)
        view.camera_moved.connect(self.refresh)

    def set_folded(self, folded: bool) -> None:
        """Whether only the button is shown."""
        changed, self.folded = folded != self.folded, folded
        words = self.tr("Show the minimap") if folded else self.tr("Fold the minimap away")
        self.fold_button.setIcon(icon("map-trifold" if folded else "arrows-in-simple", "muted"))
        self.fold_button.setToolTip(f"{words} ({keys_of('minimap')})")
        self.fold_button.setAccessibleName(words)
        self.fold_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("" if folded else self.tr("Minimap: click or drag to move the view, turn the wheel to zoom"))
        self.setFixedSize(QSize(FOLD, FOLD) if folded else self._size)
        self.fold_button.move(self.width() - FOLD - (0 if folded else 3), 0 if folded else 3)
        self._show_button()
        self._redraw()
        self.resized.emit()
        if changed:
            self.folded_changed.emit(folded)

    def fit_into(self, room: QSize) -> None:
        """Leave most of a small canvas free."""
        share = min(room.width() / (MOST * SIZE.width()), room.height() / (MOST * SIZE.height()), 1.0)
        size = SIZE * max(SMALLEST, share)
        if size != self._size:
            self._size = size
            if not self.folded:
                self.setFixedSize(size)
                self.fold_button.move(self.width() - FOLD - 3, 3)
                self.refresh()

    def _show_button(self) -> None:
        """The button covers a part of the map, so it stands there only while the pointer does."""
        self.fold_button.setVisible(self.folded or self.underMouse() or self.fold_button.hasFocus())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.fold_button.show()

    def leaveEvent(self, event: QEvent) -> None:
        self.fold_button.setVisible(self.folded or self.fold_button.hasFocus())

    def refresh(self) -> None:
        """Something differs: paint it, soon enough and not too often."""
        if not self._pace.isActive():
            self._pace.start()

    def _redraw(self) -> None:
        self._view.overview.refresh()
        content = self._view.overview.content
        self.setVisible(not content.isEmpty())
        if content.isEmpty() or self.folded:
            self.update()
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
        if not self.folded:
            painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.folded:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and not self.folded:
            self._go(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()  # the canvas below must not zoom at the pointer
        if not self.folded:
            self._view.glide(NOTCH ** (event.angleDelta().y() / 120))

    def _go(self, at: QPointF) -> None:
        scale, shift = self._mapping()
        self._view.look_at((at - shift) / scale)
