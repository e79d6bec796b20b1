"""What the mouse and the keys ask the canvas for."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Signal


class Commands(QObject):
    """What keys and clicks ask for; the canvas carries it out."""

    delete = Signal()
    select_all = Signal()
    opened = Signal(object, QPointF)  # the id of a block, and where in the scene it was clicked twice
    placed_opened = Signal(str)  # the id of a frame or a note
    badge_clicked = Signal(object)  # likewise
    escaped = Signal()
    leave = Signal()  # the group that one is in
    quick_add = Signal()  # a block, found by a search
    seek_at = Signal(QPointF)  # likewise, at a point of the scene
    seek_on = Signal(object, QPointF)  # likewise, on a wire
    bend_on = Signal(object, QPointF)  # a bend on a wire, at a point of the scene
    label_clicked = Signal(object, str)  # a hidden wire, and at which end
    gesture_changed = Signal(bool)  # whether one is running
