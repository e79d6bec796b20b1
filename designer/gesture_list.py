"""What the mouse, the touchpad and single keys do on the canvas, for the list of shortcuts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class GestureText:
    """One thing to do, and how; `section` is the heading it stands under."""

    section: str
    what: str
    how: str


def _keys(what: str, how: str) -> GestureText:
    return GestureText(QT_TRANSLATE_NOOP("gestures", "Keys on the canvas"), what, how)


def _mouse(what: str, how: str) -> GestureText:
    return GestureText(QT_TRANSLATE_NOOP("gestures", "Mouse on the canvas"), what, how)


def _fingers(what: str, how: str) -> GestureText:
    return GestureText(QT_TRANSLATE_NOOP("gestures", "Touchpad on the canvas"), what, how)


GESTURES: tuple[GestureText, ...] = (
    _keys("Walk along the wires, and the bends of a selected one", "Left, Right"),
    _keys("Choose among several, or go to what lies above or below", "Up, Down"),
    _keys("First and last block", "Home, End"),
    _keys("Block before and after, in the order of the flow", "Page Up, Page Down"),
    _keys("Select on the way", "Ctrl+Shift+arrow"),
    _keys("Move what is selected; of a wire, its bend in hand", "Shift+arrow"),
    _keys("Move it five times as far", "Alt+Shift+arrow"),
    _keys("Make the selected frame or note larger or smaller", "Ctrl+Alt+Shift+arrow"),
    _keys("Draw a wire from the block", "C"),
    _keys("Draw a wire to the block", "Shift+C"),
    _keys("Add a block", "Tab, or tap Space"),
    _keys("Edit the block on its card, write a note, or open the group", "Enter"),
    _keys("Back from the inspector to the canvas", "Esc"),
    _keys("Select all", "Ctrl+A"),
    _keys("Delete what is selected", "Delete or Backspace"),
    _keys("Leave the group, when nothing is selected", "Esc or Backspace"),
    _keys("Call off a gesture", "Esc"),
    _mouse("Move the view", "middle button, or Space and drag"),
    _mouse("Zoom at the pointer", "wheel"),
    _mouse("Move the view sideways", "Shift and wheel"),
    _mouse("Back and forward in the view", "buttons at the side"),
    _mouse("Select several", "drag over empty ground, or Shift and click"),
    _mouse("Move blocks", "drag"),
    _mouse("Move a frame and what is in it", "drag its title"),
    _mouse("Make a frame or note larger or smaller", "drag its edge"),
    _mouse("Copy blocks, frames and notes", "Alt and drag"),
    _mouse("Move freely, without snapping", "hold Ctrl while dragging"),
    _mouse("Draw a wire", "drag from a port to another"),
    _mouse("Find a block that fits a wire", "let it go over empty ground"),
    _mouse("Move all wires of a port", "Shift and drag from it"),
    _mouse("Put an end of a wire elsewhere, or take it off", "drag the wire beside its port"),
    _mouse("Cut wires", "Alt and drag, or Ctrl and right button"),
    _mouse("Add a bend to a wire", "Alt and double click"),
    _mouse("Lead a wire elsewhere", "drag a bend; onto the line, to remove it"),
    _mouse("Go to the other end of a hidden wire", "click its label"),
    _mouse("Put a block into a wire", "drop it on the wire"),
    _mouse("Find a block to put into a wire", "double click on the wire"),
    _mouse("Edit a name, a value or a note, or open a group", "double click"),
    _mouse("Add a block here", "double click on empty ground"),
    _mouse("What can be done here", "right click"),
    _fingers("Move the view", "two fingers"),
    _fingers("Zoom", "pinch, or Ctrl and two fingers"),
    _fingers("Natural size, or all in view", "double tap of two fingers"),
)
