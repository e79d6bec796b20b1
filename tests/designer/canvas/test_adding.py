"""The search of blocks on the canvas: how it opens, what it offers, and what a choice does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

Show = Callable[[Project], Canvas]
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
BELOW = QPointF(60, 150)


def names(canvas: Canvas) -> list[str]:
    return [row.name for row in canvas.adding.finder.rows if not row.reason]


def look_for(canvas: Canvas, text: str, qtbot: QtBot) -> None:
    """Type, and wait until it is known what fits."""
    QTest.keyClicks(canvas.adding.finder.field, text)
    qtbot.waitUntil(lambda: not canvas.adding._timer.isActive())


def choose(canvas: Canvas, text: str, qtbot: QtBot) -> str:
    """Look for a block and take the first; answers with its id."""
    look_for(canvas, text, qtbot)
    before = set(canvas.document.project.graph.nodes)
    QTest.keyClick(canvas.adding.finder.field, Key.Key_Return)
    (key,) = set(canvas.document.project.graph.nodes) - before
    return key


def undone_and_redone(canvas: Canvas, before: Project) -> None:
    """One step, that goes back and forth without a trace."""
    after = canvas.document.project
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, after)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)
    canvas.document.undo_stack.redo()
    assert canvas.document.project == after
    scene_equals_project(canvas, after)


def test_a_wire_let_go_over_empty_ground_gets_a_block(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    before, start = canvas.document.project, hand.port("c", "out", "y")
    end = start + BELOW
    hand.drag(start, end)
    assert canvas.adding.finder.heading.text() == "Add behind c · 32×14×14"
    assert len(canvas.scene.guides) == 1, "the wire stays in sight"
    key = choose(canvas, "pool", qtbot)
    assert Wire("c", "y", key, "x") in canvas.document.project.graph.wires
    assert (hand.port(key, "in", "x") - end).manhattanLength() < 20, "the port lies where the wire ended"
    assert canvas.selected() == (key,)
    undone_and_redone(canvas, before)


def test_a_wire_from_an_input_gets_a_block_in_front(show: Show, qtbot: QtBot) -> None:
    project, _ = Project().add(CATALOGUE["CrossEntropyLoss"](), (200, 100), "t")
    canvas = show(project)
    hand = Hand(canvas)
    start = hand.port("t", "in", "target")
    hand.drag(start, start + QPointF(-40, 100))
    key = choose(canvas, "label", qtbot)
    assert canvas.document.project.graph.wires == (Wire(key, "y", "t", "target"),)
    undone_and_redone(canvas, project)


def test_only_what_fits_is_offered(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    start = hand.port("d", "out", "y")  # flattened
    hand.drag(start, start + QPointF(30, 120))
    qtbot.waitUntil(lambda: not canvas.adding._timer.isActive())
    assert names(canvas)[0] == "Linear"
    assert not {"Conv2d", "Input", "Embedding"} & set(names(canvas))
    assert all(not row.reason for row in canvas.adding.finder.rows)


def test_what_is_looked_for_and_does_not_fit_says_why(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    before, start = canvas.document.project, hand.port("d", "out", "y")
    hand.drag(start, start + QPointF(30, 120))
    look_for(canvas, "maxpool1d", qtbot)
    row = canvas.adding.finder.rows[0]
    assert row.reason.startswith("MaxPool1d expects channels × length")
    assert canvas.adding.finder.told.text() == f"✕ {row.reason}"
    QTest.keyClick(canvas.adding.finder.field, Key.Key_Return)
    assert canvas.document.project is before
    canvas.adding.close()


def test_aliases_lead_to_blocks(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.adding.seek_at(QPointF(100, 200))
    look_for(canvas, "dense", qtbot)
    assert names(canvas)[0] == "Linear"
    canvas.adding.finder.field.clear()
    look_for(canvas, "residual block", qtbot)
    assert names(canvas)[0] == "residual-block"


def test_what_is_used_most_comes_first(canvas: Canvas, qtbot: QtBot) -> None:
    added: list[str] = []
    canvas.block_added.connect(added.append)
    canvas.adding.uses = {"Softplus": 3, "GELU": 5}
    canvas.adding.seek_at(QPointF(100, 200))
    assert names(canvas)[:3] == ["GELU", "Softplus", "Linear"]
    choose(canvas, "", qtbot)
    assert added == ["GELU"]


@pytest.mark.parametrize("way", ["Tab", "Space", "double click", "command"])
def test_ways_to_open_it(canvas: Canvas, hand: Hand, way: str, qtbot: QtBot) -> None:
    place, before = QPointF(300, 250), canvas.document.project
    hand.move(place)
    canvas.pointer.aim = place  # whatever the platform says of where the pointer was before
    if way == "double click":
        QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.at(place))
    elif way == "command":
        canvas.quick_add()
    else:
        hand.key(Key.Key_Tab if way == "Tab" else Key.Key_Space)
    assert canvas.adding.searching
    assert canvas.adding.finder.heading.text() == "Add a block"
    key = choose(canvas, "linear", qtbot)
    assert canvas.scene.cards[key].body.contains(place), "it lies under the pointer"
    assert canvas.document.project.graph.wires == before.graph.wires
    undone_and_redone(canvas, before)


def test_space_held_to_pan_is_no_tap(canvas: Canvas, hand: Hand) -> None:
    QTest.keyPress(canvas.view, Key.Key_Space)
    hand.drag(QPointF(300, 250), QPointF(340, 260))
    QTest.keyRelease(canvas.view, Key.Key_Space)
    assert not canvas.adding.searching


def test_a_held_space_that_the_screen_tells_as_two_presses_is_no_tap(canvas: Canvas, hand: Hand) -> None:
    """X11 may tell the repeating of a key as a release and another press, close upon each other."""
    QTest.keyPress(canvas.view, Key.Key_Space)
    hand.drag(QPointF(300, 250), QPointF(340, 260))
    for event in (QTest.keyRelease, QTest.keyPress, QTest.keyRelease):
        event(canvas.view, Key.Key_Space)
    assert not canvas.adding.searching


@pytest.mark.parametrize("way", ["Escape", "elsewhere"])
def test_closed_the_keys_are_the_canvas_s_again(canvas: Canvas, way: str, qtbot: QtBot) -> None:
    other = QLineEdit(canvas)
    other.show()
    canvas.activateWindow()
    canvas.view.setFocus()
    qtbot.waitUntil(canvas.view.hasFocus)
    canvas.adding.seek_at(QPointF(300, 250))
    qtbot.waitUntil(canvas.adding.finder.field.hasFocus)
    if way == "Escape":
        QTest.keyClick(canvas.adding.finder.field, Key.Key_Escape)
        qtbot.waitUntil(canvas.view.hasFocus)
    else:
        other.setFocus()
        qtbot.waitUntil(lambda: not canvas.adding.searching)
        assert other.hasFocus()


def test_next_to_the_selected_block_it_is_wired(canvas: Canvas, hand: Hand, qtbot: QtBot) -> None:
    before = canvas.document.project
    canvas.select(["d"])
    hand.key(Key.Key_Tab)
    assert canvas.adding.finder.heading.text().startswith("Add next to d")
    look_for(canvas, "linear", qtbot)
    assert canvas.adding.finder.told.text().startswith("d → Linear")
    key = choose(canvas, "", qtbot)
    assert Wire("d", "y", key, "x") in canvas.document.project.graph.wires
    undone_and_redone(canvas, before)


def test_next_to_the_selected_block_what_does_not_fit_comes_without_a_wire(canvas: Canvas, qtbot: QtBot) -> None:
    before = canvas.document.project
    canvas.select(["d"])
    canvas.quick_add()
    look_for(canvas, "conv1d", qtbot)
    assert canvas.adding.finder.told.text().startswith("Comes without a wire: Conv1d expects channels × length")
    choose(canvas, "", qtbot)
    assert canvas.document.project.graph.wires == before.graph.wires
    undone_and_redone(canvas, before)


@pytest.mark.parametrize("way", ["wire", "both ends", "double click"])
def test_into_a_wire(canvas: Canvas, hand: Hand, way: str, qtbot: QtBot) -> None:
    before, wire = canvas.document.project, Wire("b", "y", "c", "x")
    middle = (hand.port("b", "out", "y") + hand.port("c", "in", "x")) / 2
    if way == "double click":
        QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.at(middle))
    else:
        canvas.scene.select(("b", "c") if way == "both ends" else (), (wire,) if way == "wire" else ())
        canvas.quick_add()
    assert canvas.adding.finder.heading.text() == "Insert between b and c"
    key = choose(canvas, "batch norm", qtbot)
    graph = canvas.document.project.graph
    assert wire not in graph.wires
    assert {Wire("b", "y", key, "x"), Wire(key, "y", "c", "x")} <= set(graph.wires)
    cards = list(canvas.scene.cards.values())
    assert not [one for one in cards for other in cards if one is not other and one.body.intersects(other.body)]
    undone_and_redone(canvas, before)


def test_an_edit_from_elsewhere_closes_it(canvas: Canvas, hand: Hand) -> None:
    canvas.add_block("ReLU", QPointF(300, 300))
    start = hand.port("d", "out", "y")
    hand.drag(start, start + QPointF(30, 120))
    assert canvas.adding.searching
    canvas.document.undo_stack.undo()
    assert not canvas.adding.searching
    scene_equals_project(canvas, canvas.document.project)


def test_inside_a_group_its_ports_are_offered(show: Show, qtbot: QtBot) -> None:
    canvas = show(chain("Input", "Conv2d", "ReLU", "Flatten"))
    canvas.select(["b", "c"])
    canvas.groups.group()
    canvas.here.enter(canvas.selected()[0])
    canvas.adding.seek_at(QPointF(100, 250))
    assert "GroupInput" in names(canvas)
    assert "Input" not in names(canvas)
    canvas.adding.close()
