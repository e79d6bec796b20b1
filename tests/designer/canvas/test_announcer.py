"""Blocks are told to screen readers when one reaches them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from designer.canvas import Canvas
from designer.canvas.announcer import Announcer
from tests.designer.canvas.hand import Hand


def test_walking_announces_each_block(canvas: Canvas, hand: Hand) -> None:
    heard: list[str] = []
    canvas._announcer.heard = lambda event: heard.append(event.message())
    canvas.select(["a"])
    hand.key(Qt.Key.Key_Right)
    assert heard[0].startswith("a, Input, ")
    assert heard[1] == "b, Conv2d, 32 filters, output 32 by 14 by 14; from a; to c"
    assert canvas.view.accessibleDescription().startswith(heard[1])
    interface = QAccessible.queryAccessibleInterface(canvas.view)
    assert interface.text(QAccessible.Text.Description).startswith("b, Conv2d")


def test_it_interrupts_what_is_being_read(canvas: Canvas) -> None:
    heard: list[QAccessibleAnnouncementEvent] = []
    announcer = Announcer(canvas.here, canvas.scene, canvas.view)
    announcer.heard = heard.append
    announcer.say("one problem")
    (event,) = heard
    assert (event.message(), event.object()) == ("one problem", canvas.view)
    assert event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
