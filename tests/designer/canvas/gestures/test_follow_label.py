"""A click on a label of a hidden wire leads to its other end; it is no edit, and a drag from it does nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from designer.canvas.wire import End
from engine import decorating
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

WIRE = Wire("b", "y", "c", "x")
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hidden(show: Callable[[Project], Canvas]) -> Canvas:
    """Input → Conv2d → ReLU → Flatten, the second half far away, with labels in place of the wire between."""
    project = chain("Input", "Conv2d", "ReLU", "Flatten").move({"c": (3000, 900), "d": (3190, 900)})
    return show(decorating.label(project, [WIRE], True))


def label(canvas: Canvas, end: End) -> QPointF:
    """A place on the label at one end, brought into view."""
    place = canvas.scene.wires[WIRE].label_area(end).center()
    canvas.view.look_at(place)
    return place


@pytest.mark.parametrize(("end", "other", "key"), [("out", "in", "c"), ("in", "out", "b")])
def test_a_click_goes_to_the_other_end(hidden: Canvas, end: End, other: End, key: str) -> None:
    before, hand = hidden.document.project, Hand(hidden)
    place = label(hidden, end)
    hand.click(place)
    item = hidden.scene.wires[WIRE]
    assert hidden.view.visible.contains(item.label_area(other))
    assert hidden.view.visible.contains(hidden.scene.cards[key].body)
    assert not hidden.view.visible.contains(place)
    assert hidden.scene.selected_wires == {WIRE}
    assert hidden.document.project is before
    assert hidden.document.undo_stack.count() == 0
    scene_equals_project(hidden, before)
    hidden.travels.go(-1)
    assert hidden.view.visible.contains(place), "one comes back as from any journey"


def test_what_is_in_view_already_is_not_gone_to(hidden: Canvas) -> None:
    hand = Hand(hidden)
    hidden.fit()
    seen = hidden.view.visible
    hand.click(hidden.scene.wires[WIRE].label_area("out").center())
    assert hidden.view.visible == seen


@pytest.mark.parametrize("keys", [SHIFT, Qt.KeyboardModifier.ControlModifier])
def test_a_click_that_adds_to_the_selection_stays(hidden: Canvas, keys: Qt.KeyboardModifier) -> None:
    hand = Hand(hidden)
    hidden.select(["b"])
    place = label(hidden, "out")
    seen = hidden.view.visible
    hand.click(place, keys)
    assert hidden.view.visible == seen
    assert hidden.scene.selected_wires == {WIRE}
    assert hidden.selected() == ("b",)


def test_a_drag_from_a_label_does_nothing(hidden: Canvas) -> None:
    before, hand = hidden.document.project, Hand(hidden)
    place = label(hidden, "out")
    seen = hidden.view.visible
    hand.drag(place, place + QPointF(30, 60), place + QPointF(80, 90))
    assert hidden.document.project is before
    assert hidden.view.visible == seen
    assert not hidden.scene.guides
