"""The window onto the scene: zoom, pan, and how it is painted at each scale; it hands all gestures to its listener."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmapCache,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from designer.canvas.card import Card
from designer.canvas.far_picture import FarPicture
from designer.canvas.ground import Ground
from designer.canvas.overview import Overview
from designer.canvas.scene import Scene
from designer.canvas.smooth_zoom import SmoothZoom

FAR, NEAR = 0.35, 1.5  # below FAR the overview is painted; between the two, cards are cached as pixmaps
SMALLEST, LARGEST = 0.04, 4.0
REST = 150  # milliseconds without zooming, after which cards are cached again
NOTCH = 1.2  # zoom of one notch of the wheel
WORLD = QRectF(-100_000, -100_000, 200_000, 200_000)
WORTH = 0.75  # of the scale, at least, is kept where a graph is shown beside the minimap
IN_SIGHT = 48.0  # so many pixels of the graph can't be panned out of the view
PIXMAP_CACHE = 256 * 1024  # KiB
SIDE_BUTTONS = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}
TOUCHPAD = QInputDevice.DeviceType.TouchPad


class Listener:
    """What the view tells of mouse, keys and drops. Each answers whether it took the event; here none does."""

    def press(self, event: QMouseEvent) -> bool:
        return False

    def move(self, event: QMouseEvent) -> bool:
        return False

    def release(self, event: QMouseEvent) -> bool:
        return False

    def double_click(self, event: QMouseEvent) -> bool:
        return False

    def leave(self) -> None:
        """The pointer left the view."""

    def lose_focus(self) -> None:
        """The keys go elsewhere from now on."""

    def key_press(self, event: QKeyEvent) -> bool:
        return False

    def key_release(self, event: QKeyEvent) -> bool:
        return False

    def tip(self, event: QHelpEvent) -> bool:
        return False

    def drag(self, event: QDragMoveEvent) -> bool:
        return False

    def drag_leave(self) -> None:
        """What was dragged over the view left it."""

    def drop(self, event: QDropEvent) -> bool:
        return False


class View(QGraphicsView):
    """Shows the scene at some scale. Points named `at` are in the viewport's pixels."""

    listener = Listener()  # of the class, as Qt may still send events when the view's own attributes are gone

    zoom_changed = Signal(float)
    camera_moved = Signal()
    step_wanted = Signal(int)  # by the buttons at the side of a mouse: back (-1) or forward (1)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene = scene
        self.overview = Overview(scene)
        self._scale = 1.0
        self.overlay = QRect()  # what lies over the view: the minimap
        self._ground = Ground()
        self._picture = FarPicture(scene, self.overview)
        self._held: tuple[QPointF, QPointF] | None = None  # where one zooms, in the view and in the scene
        self._smooth = SmoothZoom(self._zoom_at, self)
        for signal in (scene.content_changed, scene.guides_changed):
            signal.connect(self._update_far)
        self._rest = QTimer(self)  # since the last zoom
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._rested)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), PIXMAP_CACHE))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSceneRect(WORLD)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the ground covers all of it

    # The camera

    @property
    def zoom(self) -> float:
        """Pixels of the view for one of the scene."""
        return self._scale

    @property
    def far(self) -> bool:
        return self._scale < FAR

    @property
    def middle(self) -> QPointF:
        return QRectF(self.viewport().rect()).center()

    def to_scene(self, at: QPointF) -> QPointF:
        return self.viewportTransform().inverted()[0].map(at)

    def from_scene(self, point: QPointF) -> QPointF:
        return self.viewportTransform().map(point)

    @property
    def visible(self) -> QRectF:
        """The part of the scene that is in view."""
        return self.viewportTransform().inverted()[0].mapRect(QRectF(self.viewport().rect()))

    def visible_cards(self) -> list[Card]:
        return self._scene.cards_in(self.visible)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom; the point of the scene at `at` (without it, in the middle) stays where it is."""
        self._smooth.stop()
        self._zoom_at(scale, self.middle if at is None else at)

    def glide(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom by a factor so that the eye can follow."""
        self._smooth.glide(self._scale, factor, self.middle if at is None else at, (SMALLEST, LARGEST))

    def _zoom_at(self, scale: float, anchor: QPointF) -> None:
        scale = min(LARGEST, max(SMALLEST, scale))
        if math.isclose(scale, self._scale, rel_tol=1e-9):
            return
        if self._held is None or self._held[0] != anchor:  # else zooming on at one place would drift by its rounding
            self._held = anchor, self.to_scene(anchor)
        self._set_scale(scale)
        self._scroll(self.from_scene(self._held[1]) - anchor)
        self.camera_moved.emit()
        self.zoom_changed.emit(scale)

    def pan(self, by: QPointF) -> None:
        """Push the scene by so many pixels; some of the graph always stays in sight."""
        self._let_go()
        before = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._scroll(-by)
        self._scroll(-self._back_in_sight())
        if before != (self.horizontalScrollBar().value(), self.verticalScrollBar().value()):
            self.camera_moved.emit()

    def _let_go(self) -> None:
        """The view is going to be moved otherwise than by zooming."""
        self._smooth.stop()
        self._held = None

    def look_at(self, point: QPointF) -> None:
        """Bring a point of the scene to the middle of the view."""
        self._let_go()
        self._scroll(self.from_scene(point) - self.middle)
        self.camera_moved.emit()

    def show_area(self, area: QRectF, margin: float = 28.0, most: float = 1.0) -> None:
        """Zoom and pan until an area of the scene fills the view, without enlarging it beyond `most`.

        Where cards would come to lie below the minimap, it fills the room beside or above that, if this costs little.
        Of nothing, the origin is shown at 100 %.
        """
        if area.isEmpty():
            self.zoom_to(1.0)
            self.look_at(QPointF(0, 0))
            return
        port, over = QRectF(self.viewport().rect()), QRectF(self.overlay)

        def scale(room: QRectF) -> float:
            across, down = max(1.0, room.width() - 2 * margin), max(1.0, room.height() - 2 * margin)
            return min(across / area.width(), down / area.height(), most)

        room, below = port, over.translated(-port.center())
        below = QRectF(below.topLeft() / scale(port), below.size() / scale(port)).translated(area.center())
        if not over.isEmpty() and self._scene.cards_in(below):
            above, beside = (
                port.adjusted(0, 0, 0, over.top() - port.bottom()),
                port.adjusted(0, 0, over.left() - port.right(), 0),
            )
            found = max((above, beside), key=scale)
            room = found if scale(found) >= WORTH * scale(port) else port
        self.zoom_to(scale(room))
        self.look_at(area.center() + (port.center() - room.center()) / self._scale)

    def reveal(self, area: QRectF, margin: float = 24.0) -> None:
        """Pan just so far that an area of the scene is in view."""
        shown = self.viewportTransform().mapRect(area).adjusted(-margin, -margin, margin, margin)
        port = QRectF(self.viewport().rect())
        across = min(0.0, port.right() - shown.right()) or max(0.0, port.left() - shown.left())
        down = min(0.0, port.bottom() - shown.bottom()) or max(0.0, port.top() - shown.top())
        if across or down:
            self._let_go()
            self._scroll(-QPointF(across, down))
            self.camera_moved.emit()

    def _set_scale(self, scale: float) -> None:
        was_far, self._scale = self.far, scale
        self.setTransform(QTransform.fromScale(scale, scale))
        self._scene.cache_cards(False)  # a pixmap for each card does not pay while the scale changes
        self._rest.start()
        if was_far != self.far:
            modes = QGraphicsView.ViewportUpdateMode
            self.setViewportUpdateMode(modes.FullViewportUpdate if self.far else modes.MinimalViewportUpdate)
            self.viewport().update()

    def _rested(self) -> None:
        self._scene.cache_cards(FAR <= self._scale <= NEAR)

    def _scroll(self, by: QPointF) -> None:
        for bar, distance in ((self.horizontalScrollBar(), by.x()), (self.verticalScrollBar(), by.y())):
            if distance:
                bar.setValue(bar.value() + round(distance))

    def _back_in_sight(self) -> QPointF:
        """How far the graph has to be pushed so that a part of it is in view."""
        self.overview.refresh()
        content = self.overview.content
        if content.isEmpty():
            return QPointF()
        shown, port = self.viewportTransform().mapRect(content), self.viewport().rect()
        across = max(0.0, IN_SIGHT - shown.right()) + min(0.0, port.width() - IN_SIGHT - shown.left())
        down = max(0.0, IN_SIGHT - shown.bottom()) + min(0.0, port.height() - IN_SIGHT - shown.top())
        return QPointF(across, down)

    # Painting

    def drawBackground(self, painter: QPainter, area: QRectF | object) -> None:
        transform, size = self.viewportTransform(), self.viewport().size()
        painter.save()
        painter.resetTransform()
        self._ground.paint(painter, self._scene.inks, size, self._scale, QPointF(transform.dx(), transform.dy()))
        painter.restore()

    def _update_far(self, *_told: object) -> None:
        """From far away no item paints itself, so Qt does not know that there is something new to be seen."""
        if self.far:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.far:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        self._picture.paint(painter, self.viewport().size(), self.viewportTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self.viewportTransform())
        for guide in self._scene.guides:
            painter.setPen(guide.pen())
            painter.setBrush(guide.brush())
            painter.drawPath(guide.mapToScene(guide.path()))
        painter.end()

    # Events

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, pixels = event.angleDelta(), event.pixelDelta()
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by_wheel(event)
        elif event.phase() != Qt.ScrollPhase.NoScrollPhase or event.device().type() == TOUCHPAD:
            self.pan(QPointF(pixels) if not pixels.isNull() else QPointF(turned) / 2)
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPointF(turned.y() or turned.x(), 0))
        else:
            self._zoom_by_wheel(event)
        event.accept()

    def _zoom_by_wheel(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()  # Alt swaps the axes on some platforms
        factor = NOTCH ** (turned / 120)
        if event.phase() == Qt.ScrollPhase.NoScrollPhase:
            self.glide(factor, event.position())
        else:  # fingers move by small steps already
            self.zoom_to(self._scale * factor, event.position())

    def _native_gesture(self, event: QNativeGestureEvent) -> None:
        kinds = Qt.NativeGestureType
        if event.gestureType() == kinds.ZoomNativeGesture:
            self.zoom_to(self._scale * max(0.2, 1 + event.value()), event.position())
        elif event.gestureType() == kinds.PanNativeGesture:
            self.pan(event.delta())
        elif event.gestureType() == kinds.SmartZoomNativeGesture:  # a double tap of two fingers
            if math.isclose(self._scale, 1.0):
                self.overview.refresh()
                self.show_area(self.overview.content)
            else:
                self.zoom_to(1.0, event.position())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            self._native_gesture(event)
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            return self.listener.tip(event)
        if event.type() == QEvent.Type.Leave:
            self.listener.leave()
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in SIDE_BUTTONS:
            self.step_wanted.emit(SIDE_BUTTONS[event.button()])
            return
        event.setAccepted(self.listener.press(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self.listener.move(event))
        if self._scene.guides:
            self._update_far()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self.listener.release(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self.listener.double_click(event))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()  # left to whoever holds the canvas

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab is a key of the canvas; Shift+Tab leads out of it."""
        return False if following else super().focusNextPrevChild(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self.listener.key_press(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self.listener.key_release(event))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.listener.lose_focus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.listener.drag(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.listener.drag_leave()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.listener.drop(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._held = None
        self.camera_moved.emit()
