"""Drawing wires with the mouse, in both directions, and being refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

Show = Callable[[Project], Canvas]
AB = Wire("a", "y", "b", "x")


@pytest.fixture
def loose(show: Show) -> Canvas:
    """Input, Conv2d, Conv1d, ReLU as a, b, c, d without wires."""
    return show(chain("Input", "Conv2d", "Conv1d", "ReLU", wired=False))


def label(canvas: Canvas) -> CursorLabel:
    found = canvas.findChild(CursorLabel)
    assert found is not None
    return found


@pytest.mark.parametrize("backwards", [False, True], ids=["output to input", "input to output"])
def test_draw_a_wire(loose: Canvas, backwards: bool) -> None:
    hand = Hand(loose)
    ends = [hand.port("a", "out", "y"), hand.port("b", "in", "x")]
    if backwards:
        ends.reverse()
    hand.drag(ends[0], (ends[0] + ends[1]) / 2, ends[1])
    assert loose.document.project.graph.wires == (AB,)
    assert loose.document.undo_stack.count() == 1
    assert loose.document.undo_stack.undoText() == "Connect a to b"
    scene_equals_project(loose, loose.document.project)
    loose.document.undo_stack.undo()
    assert loose.document.project.graph.wires == ()
    scene_equals_project(loose, loose.document.project)


def test_a_wire_let_go_on_a_card_takes_its_best_port(show: Show) -> None:
    project = chain("Input", "CrossEntropyLoss", wired=False)
    project, _ = project.add(CATALOGUE["Target"](field="digit"), (0, 200), "t")
    canvas = show(project)
    hand = Hand(canvas)
    hand.drag(hand.port("t", "out", "y"), hand.card("b"))
    assert canvas.document.project.graph.wires == (Wire("t", "y", "b", "target"),)


def test_what_does_not_fit_is_refused_with_a_reason_while_dragging(loose: Canvas) -> None:
    hand, before = Hand(loose), loose.document.project
    start, end = hand.port("a", "out", "y"), hand.port("c", "in", "x")
    hand.press(start)
    hand.move(start + QPointF(30, 10))
    assert label(loose).isHidden()
    hand.move(end)
    assert label(loose).isVisible()
    assert "channels × length" in label(loose).text()
    assert "3 × 16 × 16" in label(loose).text()
    hand.release(end)
    assert loose.document.project is before
    assert loose.document.undo_stack.count() == 0
    assert label(loose).isVisible(), "the reason stays to be read"
    scene_equals_project(loose, before)


def test_a_fitting_port_says_what_it_would_receive(loose: Canvas) -> None:
    hand = Hand(loose)
    start, end = hand.port("a", "out", "y"), hand.port("b", "in", "x")
    hand.press(start)
    hand.move(end + QPointF(-9, 5))
    assert label(loose).text() == "a → b.x · 3×16×16"
    hand.release(end)
    assert label(loose).isHidden()


@pytest.mark.parametrize("end", [("d", "in", "x"), ("b", "in", "x")], ids=["circle", "own input"])
def test_circles_are_refused(show: Show, end: tuple[str, str, str]) -> None:
    project = chain("Input", "Conv2d", "ReLU", "ReLU")
    project = project.edit(project.graph.disconnect([AB]))
    canvas = show(project)
    hand = Hand(canvas)
    target = hand.port("b", "in", "x")
    hand.drag(hand.port("d", "out", "y"), target)
    assert canvas.document.project is project
    assert "circle" in label(canvas).text()
    hand.drag(hand.port("b", "out", "y"), target)
    assert canvas.document.project is project
    assert "itself" in label(canvas).text()


def test_fitting_ports_glow_and_others_are_dimmed(loose: Canvas, qtbot: QtBot) -> None:
    hand, cards = Hand(loose), loose.scene.cards
    start = hand.port("a", "out", "y")
    hand.press(start)
    hand.move(start + QPointF(15, 15))
    qtbot.waitUntil(lambda: all(card.marks is not None for card in cards.values()))
    marks = {key: cards[key].marks or {} for key in "abcd"}
    fits = {port for found in marks.values() for port, fit in found.items() if fit}
    assert fits == {("a", "out", "y"), ("b", "in", "x"), ("d", "in", "x")}
    hand.key(Qt.Key.Key_Escape)
    assert all(card.marks is None for card in cards.values())
    hand.release(start)
    scene_equals_project(loose, loose.document.project)


@pytest.fixture
def sum_of_one(show: Show) -> Canvas:
    """Input → Add, which waits for a second; and another Input of another shape."""
    project = chain("Input", "Add", "ReLU", "Flatten")
    project, _ = project.add(CATALOGUE["Input"](sample_shape=(10,)), (0, 200), "i")
    return show(project)


def test_what_would_not_fit_by_its_shape_is_dimmed_and_says_why_but_may_be_wired(
    sum_of_one: Canvas, qtbot: QtBot
) -> None:
    canvas, hand = sum_of_one, Hand(sum_of_one)
    start, end = hand.port("i", "out", "y"), hand.port("b", "in", "x2")
    hand.press(start)
    hand.move(start + QPointF(15, 15))
    qtbot.waitUntil(lambda: canvas.scene.cards["b"].marks is not None)
    assert canvas.scene.cards["b"].marks == {("b", "in", "x1"): True, ("b", "in", "x2"): False}
    hand.move(end)
    promise, doubt, remedy = label(canvas).text().split("\n")
    assert promise == "i → b.x2 · 10"
    assert doubt.startswith("⚠ b ")
    assert "10" in doubt
    assert remedy == "Let go to wire it all the same, and change the block after."
    hand.release(end)
    assert Wire("i", "y", "b", "x2") in canvas.document.project.graph.wires
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)


def test_a_wire_to_a_taken_input_replaces_the_one_before(canvas: Canvas, hand: Hand) -> None:
    start, end = hand.port("a", "out", "y"), hand.port("c", "in", "x")
    hand.press(start)
    hand.move(end)
    assert "Takes the place of the wire from b" in label(canvas).text()
    hand.release(end)
    assert canvas.document.project.graph.into("c", "x") == Wire("a", "y", "c", "x")
    assert len(canvas.document.project.graph.wires) == 3
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)


def test_a_wires_end_is_picked_up_and_put_elsewhere(show: Show) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    project = project.edit(project.graph.disconnect([Wire("b", "y", "c", "x")]))
    canvas = show(project)
    hand = Hand(canvas)
    start, end = hand.port("b", "in", "x"), hand.port("c", "in", "x")
    hand.press(start)
    hand.move((start + end) / 2)
    assert not canvas.scene.wires[AB].isVisible(), "it hangs on the pointer"
    hand.move(end)
    hand.release(end)
    assert canvas.document.project.graph.wires == (Wire("a", "y", "c", "x"),)
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)


def test_a_wires_end_let_go_over_empty_ground_is_taken_off(canvas: Canvas, hand: Hand) -> None:
    start = hand.port("b", "in", "x")
    hand.drag(start, start + QPointF(-20, 90))
    assert AB not in canvas.document.project.graph.wires
    assert canvas.document.undo_stack.undoText() == "Disconnect a from b"
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    scene_equals_project(canvas, canvas.document.project)


@pytest.mark.parametrize("end", [("b", "in", "x"), None], ids=["back on its input", "Escape"])
def test_a_wires_end_put_back_changes_nothing(canvas: Canvas, hand: Hand, end: tuple[str, str, str] | None) -> None:
    start, before = hand.port("b", "in", "x"), canvas.document.project
    hand.press(start)
    hand.move(start + QPointF(-10, 70))
    if end is None:
        hand.key(Qt.Key.Key_Escape)
    hand.move(start)
    hand.release(start)
    assert canvas.document.project is before
    scene_equals_project(canvas, before)


def test_a_wire_let_go_over_empty_ground_asks_for_a_block(loose: Canvas) -> None:
    hand, before = Hand(loose), loose.document.project
    start = hand.port("a", "out", "y")
    hand.drag(start, start + QPointF(10, 120))
    assert loose.adding.searching
    assert loose.document.project is before
    QTest.keyClick(loose.adding.finder.field, Qt.Key.Key_Escape)
    assert not loose.adding.searching
    assert loose.document.project is before
    scene_equals_project(loose, before)


def test_a_click_on_a_port_changes_nothing(canvas: Canvas, hand: Hand) -> None:
    before = canvas.document.project
    hand.click(hand.port("b", "in", "x"))
    hand.click(hand.port("b", "out", "y"))
    assert canvas.document.project is before
    scene_equals_project(canvas, before)


def test_judging_many_ports_is_spread_over_time(show: Show, qtbot: QtBot) -> None:
    project = chain("Input", "ReLU")
    for index in range(60):
        project, _ = project.add(CATALOGUE["ReLU"](), (index % 8 * 190, 130 + index // 8 * 130), f"r{index}")
    canvas = show(project)
    canvas.fit()
    hand = Hand(canvas)
    start = hand.port("a", "out", "y")
    hand.press(start)
    hand.move(start + QPointF(15, 15))
    qtbot.waitUntil(lambda: all(card.marks is not None for card in canvas.view.visible_cards()))
    hand.key(Qt.Key.Key_Escape)
    scene_equals_project(canvas, project)
