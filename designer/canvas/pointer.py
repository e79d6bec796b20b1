"""Turns what the mouse and the keys do on the canvas into gestures and commands."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QHelpEvent, QKeyEvent, QMouseEvent, QSinglePointEvent
from PySide6.QtWidgets import QApplication, QToolTip

from designer.available import available
from designer.canvas.adding import Adding
from designer.canvas.asked import Commands
from designer.canvas.choosing import Choosing
from designer.canvas.facts import Port, card_text, port_text, wire_text
from designer.canvas.gestures.drop_block import MIME, DropBlock
from designer.canvas.gestures.follow_label import FollowLabel
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from designer.canvas.gestures.move_placed import cursor_of
from designer.canvas.gestures.pan import Pan
from designer.canvas.placed_layer import Grip
from designer.canvas.scene import Hit
from designer.canvas.spots import can_be_edited, spot_at, spots
from designer.canvas.view import Listener

SLACK = 4.0  # pixels that the pointer may move before a press becomes a drag
TAP = 0.4  # seconds that Space may be held to count as a tap
REPEAT = 0.06  # seconds between two presses by one finger, at least; X11 may tell a key held down as several presses
EDGE = 28.0  # within so many pixels of the view's edge, a drag moves the view
EDGE_EVERY = 16  # milliseconds

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier


class Pointer(Listener):
    """Holds the gesture that is running, if any, and feeds it."""

    def __init__(self, stage: Stage, adding: Adding) -> None:
        self.commands = Commands()
        self.keyboard: Callable[[QKeyEvent], bool] = lambda _event: False  # is asked first, while no gesture runs
        self.gesture: Gesture | None = None
        self._stage, self._adding = stage, adding
        self._choosing = Choosing(stage, self.commands)
        self._started = False
        self._followed = False  # whether the last click went to the other end of a wire, so that the view moved
        self._pressed = Point(QPointF(), QPointF())
        self._button = Button.NoButton
        self._last: Point | None = None
        self.aim: QPointF | None = None  # where the pointer is in the scene, while it is over the view
        self._space = False
        self._space_since: float | None = None  # when it was pressed, unless it served for something since
        self._space_until = 0.0  # when it was let go
        self._edges = QTimer(self.commands)
        self._edges.setInterval(EDGE_EVERY)
        self._edges.timeout.connect(self._follow)

    @property
    def _selects_something(self) -> bool:
        return self._stage.scene.selects_something

    @property
    def dragging(self) -> bool:
        """Whether a gesture is under way that has gone beyond a click."""
        return self.gesture is not None and self._started

    def cancel(self) -> bool:
        """Call off the running gesture; answers whether there was one."""
        gesture, started = self.gesture, self._started
        if gesture is None:
            return False
        self._finish()
        if started:
            gesture.cancel()
        return True

    # Mouse

    def press(self, event: QMouseEvent) -> bool:
        QToolTip.hideText()
        self._stage.scene.rest()
        if self.gesture is not None:
            if event.button() != self._button:
                return True
            self.cancel()  # its release went astray, to a dialog perhaps
        at = self._point(event)
        gesture = self._chosen(event.button(), at)
        if gesture is None:
            return event.button() == Button.LeftButton
        self._stage.here.settle()  # a drag is a step of its own, also after nudges
        self._begin(gesture)
        self._button, self._pressed, self._last = event.button(), at, at
        if isinstance(gesture, Pan):
            self._start(at)
        return True

    def move(self, event: QMouseEvent) -> bool:
        at = self._point(event)
        self.aim = at.scene
        if self.gesture is None:
            self._hover(at)
            return True
        if not self._started:
            if (at.screen - self._pressed.screen).manhattanLength() < SLACK:
                return True
            self._start(self._pressed)
        self._last = at
        self.gesture.move(at)
        return True

    def release(self, event: QMouseEvent) -> bool:
        gesture, started = self.gesture, self._started
        if gesture is None or event.button() != self._button:
            return gesture is not None
        at = self._point(event)
        self._finish()
        self._followed = isinstance(gesture, FollowLabel) and not started
        if started:
            gesture.end(at)
        else:
            gesture.click(at)
        self._hover(at)
        return True

    def double_click(self, event: QMouseEvent) -> bool:
        if event.button() != Button.LeftButton or self._space:
            return self.press(event)
        if self._followed:  # a second click was meant for the label, which is elsewhere now
            return True
        at = self._point(event)
        hit = self._choosing.hit(at)
        if hit.card is not None and hit.port is None and not hit.badge:
            self.commands.opened.emit(hit.card.key, self._point(event).scene)
            return True
        grip = self._stage.grip(at) if hit == Hit() else None
        if grip is not None:
            self.commands.placed_opened.emit(grip.key)
            return True
        if hit == Hit():
            self.commands.seek_at.emit(at.scene)
            return True
        if hit.wire is not None:
            asked = self.commands.bend_on if at.keys & Modifier.AltModifier else self.commands.seek_on
            asked.emit(hit.wire, at.scene)
            return True
        return self.press(event)

    def leave(self) -> None:
        if QApplication.activePopupWidget() is None:  # the menu over the canvas is about where it was opened
            self.aim = None
        if self.gesture is None:
            self._unhover()

    def lose_focus(self) -> None:
        self._space, self._space_since = False, None
        self._show_cursor()

    def _chosen(self, button: Qt.MouseButton, at: Point) -> Gesture | None:
        if button == Button.MiddleButton or (button == Button.LeftButton and self._space):
            self._space_since = None
            return Pan(self._stage)
        return self._choosing.gesture(button, at)

    def _begin(self, gesture: Gesture) -> None:
        self.gesture, self._started = gesture, False
        self._unhover()

    def _start(self, at: Point) -> None:
        assert self.gesture is not None
        self._started = True
        self.gesture.start(at)
        self._show_cursor()
        if self.gesture.drags_view:
            self._edges.start()
        self.commands.gesture_changed.emit(True)

    def _finish(self) -> None:
        started = self._started
        self.gesture, self._started = None, False
        self._edges.stop()
        self._show_cursor()
        if started:
            self.commands.gesture_changed.emit(False)

    def _follow(self) -> None:
        """Move the view while a drag stands at its edge."""
        if self.gesture is None or self._last is None:
            return
        view, screen = self._stage.view, self._last.screen
        inner = QRectF(view.viewport().rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        across = max(inner.left() - screen.x(), 0.0) + min(inner.right() - screen.x(), 0.0)
        down = max(inner.top() - screen.y(), 0.0) + min(inner.bottom() - screen.y(), 0.0)
        if across or down:
            view.pan(QPointF(max(-24.0, min(24.0, across / 2)), max(-24.0, min(24.0, down / 2))))
            self._last = self._last._replace(scene=view.to_scene(screen))
            self.gesture.move(self._last)

    # Hover

    def _hover(self, at: Point) -> None:
        scene, hit = self._stage.scene, self._choosing.hit(at)
        if scene.hovered is not None and (hit.card is None or hit.card.key != scene.hovered):
            self._cool(scene.hovered)
        if hit.card is not None:
            hit.card.show_hot(hit.port)
            hit.card.show_hot_spot(self._spot(hit, at))
        scene.hover(hit.card.key if hit.card else None)
        labelled = hit.wire is not None and scene.wires[hit.wire].label_at(at.scene) is not None
        scene.ways.point_at(hit.wire if labelled else None)
        if self._choosing.bend(hit, at) is not None and not self._space:
            self._set_cursor(Qt.CursorShape.SizeAllCursor)
        elif labelled and not self._space:
            self._set_cursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._show_cursor(hit, self._choosing.wire_end(hit, at), self._stage.grip(at) if hit == Hit() else None)

    def _unhover(self) -> None:
        scene = self._stage.scene
        scene.ways.point_at(None)
        if scene.hovered is not None:
            self._cool(scene.hovered)
            scene.hover(None)

    def _cool(self, key: str) -> None:
        card = self._stage.scene.cards[key]
        card.show_hot(None)
        card.show_hot_spot(QRectF())

    def _spot(self, hit: Hit, at: Point) -> QRectF:
        """The value on the card that a double click here would edit, where there is one."""
        zoom = self._stage.view.zoom
        if hit.card is None or hit.port is not None or hit.badge or not can_be_edited(hit.card, zoom):
            return QRectF()
        found = spots(hit.card, zoom)
        return found.get(spot_at(hit.card, at.scene, zoom) or "", QRectF())

    def _show_cursor(self, hit: Hit | None = None, end: Port | None = None, grip: Grip | None = None) -> None:
        if self.gesture is not None and self._started:
            shape = self.gesture.cursor or Qt.CursorShape.ArrowCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif end is not None or (hit is not None and hit.port is not None):
            shape = Qt.CursorShape.CrossCursor
        elif hit is not None and hit.badge:
            shape = Qt.CursorShape.PointingHandCursor
        elif grip is not None:
            shape = cursor_of(grip)
        else:
            shape = Qt.CursorShape.ArrowCursor
        self._set_cursor(shape)

    def _set_cursor(self, shape: Qt.CursorShape) -> None:
        viewport = self._stage.view.viewport()
        if viewport.cursor().shape() != shape:
            viewport.setCursor(shape)

    def tip(self, event: QHelpEvent) -> bool:
        here, view = self._stage.here, self._stage.view
        at = Point(view.to_scene(QPointF(event.pos())), QPointF(event.pos()))
        hit = self._choosing.hit(at) if self.gesture is None else Hit()
        text = ""
        if hit.port is not None:
            text = port_text(here.project, here.review.plan, hit.port)
        elif hit.card is not None and (hit.card.telling or view.far) and not hit.card.facts.problems:
            text = card_text(here.project, hit.card.key, hit.card.facts.shape)
        elif hit.wire is not None and self._stage.scene.wires[hit.wire].label_at(at.scene) is not None:
            text = wire_text(here.project, hit.wire)
        if text:
            QToolTip.showText(event.globalPos(), text, view)
        else:
            QToolTip.hideText()
        return True

    # Drops

    def drag(self, event: QDragMoveEvent) -> bool:
        name = bytes(event.mimeData().data(MIME).data()).decode("utf-8", "replace")
        if name not in available(bool(self._stage.here.path)):
            return False
        at = self._point(event)
        if self.gesture is None:
            self._begin(DropBlock(self._stage, name, self._adding))
            self._start(at)
        elif isinstance(self.gesture, DropBlock):
            self.gesture.move(at)
        return True

    def drag_leave(self) -> None:
        if isinstance(self.gesture, DropBlock):
            self.cancel()

    def drop(self, event: QDropEvent) -> bool:
        gesture = self.gesture
        if not isinstance(gesture, DropBlock):
            return False
        self._finish()
        gesture.end(self._point(event))
        return True

    # Keys

    def key_press(self, event: QKeyEvent) -> bool:
        key, keys = event.key(), event.modifiers() & ~Modifier.KeypadModifier
        self._show_keys(key, held=True)
        if self.gesture is None and self.keyboard(event):
            return True
        if key == Key.Key_Escape:
            if not self.cancel():
                self.commands.escaped.emit()
        elif key == Key.Key_Space and not keys:
            if not event.isAutoRepeat():
                now = time.monotonic()
                self._space, self._space_since = True, now if now - self._space_until > REPEAT else None
                self._show_cursor()
        elif key == Key.Key_Tab and not keys and self.gesture is None:
            self.commands.quick_add.emit()
        elif key == Key.Key_Backspace and not keys and not self._selects_something:
            self.commands.leave.emit()
        elif key in (Key.Key_Delete, Key.Key_Backspace) and not keys:
            self.commands.delete.emit()
        elif key == Key.Key_A and keys == Modifier.ControlModifier:
            self.commands.select_all.emit()
        else:
            return False
        return True

    def _show_keys(self, key: int, held: bool) -> None:
        """A key that changes what a drag does, such as snapping, does so at once."""
        if key == Key.Key_Control and self.dragging and self._last is not None:
            keys = self._last.keys
            keys = keys | Modifier.ControlModifier if held else keys & ~Modifier.ControlModifier
            self._last = self._last._replace(keys=keys)
            self.gesture.move(self._last)

    def key_release(self, event: QKeyEvent) -> bool:
        self._show_keys(event.key(), held=False)
        if event.key() != Key.Key_Space or event.isAutoRepeat():
            return event.key() == Key.Key_Space
        self._space, self._space_until = False, time.monotonic()
        self._show_cursor()
        if self._space_since is not None and time.monotonic() - self._space_since < TAP and self.gesture is None:
            self.commands.quick_add.emit()
        self._space_since = None
        return True

    # Places

    def hit(self, screen: QPointF) -> Hit:
        """What lies at a point of the viewport."""
        return self._choosing.hit(Point(self._stage.view.to_scene(screen), screen))

    def _point(self, event: QSinglePointEvent | QDropEvent) -> Point:
        screen = event.position()
        return Point(self._stage.view.to_scene(screen), screen, event.modifiers())
