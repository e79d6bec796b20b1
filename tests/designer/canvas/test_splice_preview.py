"""Blocks let go over wires: what is shown before, what is done, and that one undo takes all of it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from engine import decorating
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.gestures.test_drop_block import dragged, drop, over
from tests.designer.canvas.hand import Hand

Show = Callable[[Project], Canvas]
BC = Wire("b", "y", "c", "x")


@pytest.fixture
def middle(hand: Hand) -> QPointF:
    """Of the wire from b to c."""
    return (hand.port("b", "out", "y") + hand.port("c", "in", "x")) / 2


def told(canvas: Canvas) -> str:
    label = canvas.findChild(CursorLabel)
    assert label is not None
    return label.text() if not label.isHidden() else ""


def back_and_forth(canvas: Canvas, before: Project) -> None:
    after = canvas.document.project
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, after)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)
    canvas.document.undo_stack.redo()
    assert canvas.document.project == after
    scene_equals_project(canvas, after)


def test_a_block_from_the_palette_goes_into_a_wire(canvas: Canvas, middle: QPointF) -> None:
    before, data = canvas.document.project, dragged("BatchNorm2d")
    over(canvas, data, middle + QPointF(0, 150), middle)
    assert told(canvas) == "b → BatchNorm2d → c"
    assert len(canvas.scene.guides) == 4, "its outline, the halo of the wire, the two wires to come, and the room"
    drop(canvas, data, middle)
    project = canvas.document.project
    key = canvas.selected()[0]
    assert {Wire("b", "y", key, "x"), Wire(key, "y", "c", "x")} <= set(project.graph.wires)
    assert BC not in project.graph.wires
    assert canvas.document.undo_stack.undoText() == "Insert BatchNorm2d between b and c"
    assert project.layout[key] == (380, 0), "in the row"
    assert (project.layout["c"], project.layout["d"]) == ((570, 0), (760, 0)), "which made room"
    assert told(canvas) == ""
    back_and_forth(canvas, before)


def test_what_does_not_fit_says_so_and_lies_there_without_wires(canvas: Canvas, middle: QPointF) -> None:
    before, data = canvas.document.project, dragged("Conv1d")
    over(canvas, data, middle + QPointF(0, 150), middle)
    assert told(canvas).startswith("✕ Conv1d expects channels × length")
    drop(canvas, data, middle)
    assert canvas.document.project.graph.wires == before.graph.wires
    assert canvas.document.undo_stack.undoText() == "Add Conv1d"
    back_and_forth(canvas, before)


def test_off_the_wire_nothing_is_shown(canvas: Canvas, middle: QPointF) -> None:
    data = dragged("ReLU")
    over(canvas, data, middle, middle + QPointF(0, 150))
    assert told(canvas) == ""
    assert len(canvas.scene.guides) == 1
    drop(canvas, data, middle + QPointF(0, 150))
    assert BC in canvas.document.project.graph.wires


@pytest.fixture
def loose(show: Show) -> Canvas:
    """Input → Conv2d → ReLU, and a BatchNorm2d without wires below."""
    project, _ = chain("Input", "Conv2d", "ReLU").add(CATALOGUE["BatchNorm2d"](), (200, 250), "n")
    return show(project)


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_block_without_wires_is_dragged_into_one(loose: Canvas, cancelled: bool) -> None:
    hand, before = Hand(loose), loose.document.project
    start = hand.card("n")
    goal = (hand.port("b", "out", "y") + hand.port("c", "in", "x")) / 2 + start - loose.scene.cards["n"].body.center()
    hand.press(start)
    hand.move((start + goal) / 2)
    hand.move(goal)
    assert told(loose) == "b → n → c"
    if cancelled:
        hand.key(Qt.Key.Key_Escape)
        hand.release(goal)
        assert loose.document.project is before
        scene_equals_project(loose, before)
        return
    hand.release(goal)
    graph = loose.document.project.graph
    assert set(graph.wires) == {Wire("a", "y", "b", "x"), Wire("b", "y", "n", "x"), Wire("n", "y", "c", "x")}
    assert loose.document.undo_stack.undoText() == "Insert n between b and c"
    back_and_forth(loose, before)


def test_held_at_its_edge_a_block_goes_into_the_wire_under_the_pointer(loose: Canvas) -> None:
    hand, body = Hand(loose), loose.scene.cards["n"].body
    start, goal = body.bottomRight() - QPointF(12, 8), (hand.port("b", "out", "y") + hand.port("c", "in", "x")) / 2
    hand.press(start)
    hand.move((start + goal) / 2)
    hand.move(goal)
    assert told(loose) == "b → n → c"
    drawn = [guide for guide in loose.scene.guides if not guide.path().isEmpty()]
    assert len(drawn) == 3, "the halo, the wires and the room to come, but no lines to neighbours"
    hand.release(goal)
    assert loose.document.undo_stack.undoText() == "Insert n between b and c"


def test_between_bends_it_stands_on_the_wire_there(show: Show) -> None:
    project, _ = chain("Input", "Conv2d", "ReLU").move({"c": (600, 0)}).add(CATALOGUE["BatchNorm2d"](), (200, 250), "n")
    canvas = show(decorating.bend(project, BC, [(370, 150), (560, 150)]))
    hand, before = Hand(canvas), canvas.document.project
    start = hand.card("n")
    goal = QPointF(465, 155) + start - canvas.scene.cards["n"].body.center()
    hand.drag(start, goal)
    assert canvas.document.undo_stack.undoText() == "Insert n between b and c"
    assert hand.port("n", "in", "x").y() == 150, "level with the bends"
    back_and_forth(canvas, before)


def test_a_block_with_wires_is_only_moved(canvas: Canvas, hand: Hand) -> None:
    start = hand.card("d")
    goal = (hand.port("a", "out", "y") + hand.port("b", "in", "x")) / 2 + start - canvas.scene.cards["d"].body.center()
    wires = canvas.document.project.graph.wires
    hand.drag(start, goal)
    assert canvas.document.project.graph.wires == wires
    assert canvas.document.undo_stack.undoText() == "Move d"
