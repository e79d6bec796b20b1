"""Blocks are told to screen readers when one reaches them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from designer.canvas import Canvas
from designer.canvas.announcer import Announcer
from engine.graph import Wire
from tests.designer.canvas.hand import Hand


def test_walking_announces_each_block(canvas: Canvas, hand: Hand) -> None:
    heard: list[str] = []
    canvas._announcer.heard = lambda event: heard.append(event.message())
    canvas.select(["a"])
    hand.key(Qt.Key.Key_Right)
    assert heard[0].startswith("a, Input, ")
    assert heard[1] == "b, Conv2d, 32 filters, output 32 by 14 by 14; from a; to c"
    interface = QAccessible.queryAccessibleInterface(canvas.view)
    assert interface.text(QAccessible.Text.Name) == "b, Conv2d, 32 filters, output 32 by 14 by 14, on the canvas"
    assert interface.text(QAccessible.Text.Description) == "4 block(s), 3 wire(s), 3 problem(s)"


@pytest.mark.parametrize(
    ("chosen", "name", "description"),
    [
        ((), "Canvas", ""),
        (("a", "c"), "Canvas", ", selected: a, c"),
        (("c",), "c, ReLU, output 32 by 14 by 14, on the canvas", ""),
    ],
)
def test_the_canvas_is_named_after_the_block_in_hand(
    canvas: Canvas, chosen: tuple[str, ...], name: str, description: str
) -> None:
    canvas.select(["b"])
    canvas.select(chosen)
    interface = QAccessible.queryAccessibleInterface(canvas.view)
    assert interface.text(QAccessible.Text.Name) == name
    assert interface.text(QAccessible.Text.Description) == f"4 block(s), 3 wire(s), 3 problem(s){description}"


def test_an_edit_renames_it_and_problems_are_told_as_they_come_and_go(canvas: Canvas) -> None:
    heard: list[str] = []
    canvas.select(["b"])
    canvas._announcer.heard = lambda event: heard.append(event.message())
    interface, here = QAccessible.queryAccessibleInterface(canvas.view), canvas.here
    before, graph = here.project, here.project.graph
    here.change(before.edit(graph.rename("b", "stem")), "Rename")
    assert interface.text(QAccessible.Text.Name).startswith("stem, Conv2d, 32 filters")
    here.change(here.project.edit(here.project.graph.disconnect([Wire("a", "y", "b", "x")])), "Cut")
    assert interface.text(QAccessible.Text.Name) == "stem, Conv2d, 32 filters, one problem, on the canvas"
    canvas.document.undo_stack.undo()
    assert heard == ["stem is missing an input", "stem has no problems now"]


def test_it_interrupts_what_is_being_read(canvas: Canvas) -> None:
    heard: list[QAccessibleAnnouncementEvent] = []
    announcer = Announcer(canvas.here, canvas.scene, canvas.view)
    announcer.heard = heard.append
    announcer.say("one problem")
    (event,) = heard
    assert (event.message(), event.object()) == ("one problem", canvas.view)
    assert event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
