"""Shift-drag from a port: all its wires go to another one of its side; and wires picked up by either end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import LEFT, Hand

Show = Callable[[Project], Canvas]
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def forked(show: Show) -> Canvas:
    """Input → Conv2d → ReLU, Flatten; and another Conv2d, fed by the Input, that feeds nothing."""
    project = chain("Input", "Conv2d", "ReLU")
    project, _ = project.add(CATALOGUE["Flatten"](), (380, 150), "f")
    project, _ = project.add(CATALOGUE["Conv2d"](), (190, 300), "o")
    graph = project.graph.connect(Wire("b", "y", "f", "x")).connect(Wire("a", "y", "o", "x"))
    return show(project.edit(graph))


def told(canvas: Canvas) -> str:
    label = canvas.findChild(CursorLabel)
    assert label is not None
    return label.text()


def test_all_wires_of_an_output_move(forked: Canvas) -> None:
    hand, before = Hand(forked), forked.document.project
    start, end = hand.port("b", "out", "y"), hand.port("o", "out", "y")
    hand.press(start, LEFT, SHIFT)
    hand.move(start + QPointF(20, 60))
    hidden = {wire for wire, item in forked.scene.wires.items() if not item.isVisible()}
    assert hidden == {Wire("b", "y", "c", "x"), Wire("b", "y", "f", "x")}
    hand.move(end)
    assert told(forked) == "2 wire(s) from b to o"
    hand.release(end, LEFT, SHIFT)
    after = forked.document.project
    assert {str(wire) for wire in after.graph.wires if wire.source == "o"} == {"o.y -> c.x", "o.y -> f.x"}
    assert not [wire for wire in after.graph.wires if wire.source == "b"]
    assert forked.document.undo_stack.count() == 1
    scene_equals_project(forked, after)
    forked.document.undo_stack.undo()
    assert forked.document.project == before
    scene_equals_project(forked, before)


@pytest.mark.parametrize(
    ("goal", "words"),
    [(("c", "out", "y"), "feed itself"), (("o", "in", "x"), "This is an input"), (None, "")],
    ids=["circle", "an input", "empty ground"],
)
def test_wires_that_can_not_move_stay(forked: Canvas, goal: tuple[str, str, str] | None, words: str) -> None:
    hand, before = Hand(forked), forked.document.project
    start = hand.port("b", "out", "y")
    end = hand.port(*goal) if goal else start + QPointF(30, 80)
    hand.drag(start, (start + end) / 2, end, keys=SHIFT)
    assert forked.document.project is before
    assert words in told(forked)
    assert not forked.adding.searching
    scene_equals_project(forked, before)


@pytest.fixture
def sums(show: Show) -> Canvas:
    """A sum s of three and a sum t of two; two Inputs a and b lead to the first, and a Conv2d c takes what it gives."""
    project = chain("Input", "Input", "Conv2d", wired=False)
    project, _ = project.add(CATALOGUE["Add"](inputs=3), (190, 150), "s")
    project, _ = project.add(CATALOGUE["Add"](), (380, 150), "t")
    graph = project.graph
    for wire in (Wire("a", "y", "s", "x1"), Wire("b", "y", "s", "x3"), Wire("s", "y", "c", "x")):
        graph = graph.connect(wire)
    return show(project.edit(graph))


def test_the_wire_of_an_input_moves(forked: Canvas) -> None:
    hand, before = Hand(forked), forked.document.project
    start, end = hand.port("f", "in", "x"), hand.port("o", "in", "x")
    hand.press(start, LEFT, SHIFT)
    hand.move((start + end) / 2)
    assert {str(wire) for wire, item in forked.scene.wires.items() if not item.isVisible()} == {"b.y -> f.x"}
    hand.move(end)
    assert told(forked) == "1 wire(s) from f to o\nTakes the place of the wire from a"
    hand.release(end, LEFT, SHIFT)
    after = forked.document.project
    assert {str(wire) for wire in after.graph.wires} == {"a.y -> b.x", "b.y -> c.x", "b.y -> o.x"}
    assert forked.document.undo_stack.undoText() == "Move wires from f to o"
    assert forked.document.undo_stack.count() == 1
    scene_equals_project(forked, after)
    forked.document.undo_stack.undo()
    assert forked.document.project == before
    scene_equals_project(forked, before)


@pytest.mark.parametrize("entry", ["x1", "x2", "x3"])
def test_all_wires_of_numbered_inputs_move(sums: Canvas, entry: str) -> None:
    hand, before = Hand(sums), sums.document.project
    hand.drag(hand.port("s", "in", entry), hand.port("t", "in", "x1"), keys=SHIFT)
    after = sums.document.project
    assert {str(wire) for wire in after.graph.wires} == {"a.y -> t.x1", "b.y -> t.x2", "s.y -> c.x"}
    assert sums.document.undo_stack.count() == 1
    scene_equals_project(sums, after)
    sums.document.undo_stack.undo()
    assert sums.document.project == before
    scene_equals_project(sums, before)


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (("t", "in", "x2"), "t has one input from x2 on, too few for 2 wires. Give it more inputs first."),
        (("c", "in", "x"), "too few for 2 wires"),
        (("s", "out", "y"), "This is an output"),
        (None, ""),
    ],
    ids=["too few below", "too few", "an output", "empty ground"],
)
def test_wires_that_can_not_enter_there_stay(sums: Canvas, goal: tuple[str, str, str] | None, words: str) -> None:
    hand, before = Hand(sums), sums.document.project
    start = hand.port("s", "in", "x1")
    end = hand.port(*goal) if goal else start + QPointF(-60, 120)
    hand.drag(start, (start + end) / 2, end, keys=SHIFT)
    assert sums.document.project is before
    assert words in told(sums)
    assert not sums.adding.searching
    scene_equals_project(sums, before)


def test_an_input_without_wires_begins_one(sums: Canvas) -> None:
    hand = Hand(sums)
    hand.drag(hand.port("t", "in", "x1"), hand.port("s", "out", "y"), keys=SHIFT)
    assert Wire("s", "y", "t", "x1") in sums.document.project.graph.wires


@pytest.mark.parametrize("side", ["out", "in"])
def test_a_wire_is_picked_up_near_its_end(forked: Canvas, side: str) -> None:
    hand = Hand(forked)
    wire = Wire("b", "y", "f", "x")
    item = forked.scene.wires[wire]
    path = item.mapToScene(item.path())
    length = path.length()
    start = path.pointAtPercent(26 / length if side == "out" else 1 - 26 / length)
    end = hand.port("o", "out", "y") if side == "out" else hand.port("o", "in", "x")
    hand.drag(start, (start + end) / 2, end)
    expected = Wire("o", "y", "f", "x") if side == "out" else Wire("b", "y", "o", "x")
    assert expected in forked.document.project.graph.wires
    assert wire not in forked.document.project.graph.wires
    assert forked.document.undo_stack.count() == 1
    scene_equals_project(forked, forked.document.project)


def test_a_click_on_the_end_of_a_wire_selects_it(forked: Canvas) -> None:
    hand, wire = Hand(forked), Wire("b", "y", "f", "x")
    item = forked.scene.wires[wire]
    path = item.mapToScene(item.path())
    hand.click(path.pointAtPercent(1 - 26 / path.length()))
    assert forked.scene.selected_wires == {wire}
    assert forked.document.undo_stack.count() == 0
