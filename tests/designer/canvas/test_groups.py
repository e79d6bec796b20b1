"""Groups on the canvas: made, entered, left and taken apart by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from designer.canvas.facts import card_text
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.group import Group
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand
from tests.grouped import flat, grouped

Show = Callable[[Project], Canvas]
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
WAY = ("encoder1", "residual_block1")


@pytest.fixture
def drawn(show: Show) -> Canvas:
    canvas = show(grouped())
    canvas.fit()
    return canvas


def double_click(canvas: Canvas, key: str) -> None:
    hand = Hand(canvas)
    place = hand.at(hand.card(key))
    QTest.mouseClick(canvas.view.viewport(), LEFT, NONE, place)
    QTest.mouseDClick(canvas.view.viewport(), LEFT, NONE, place)


def steps(canvas: Canvas) -> list[str]:
    stack = canvas.document.undo_stack
    return [stack.text(index) for index in range(stack.count())]


def test_selected_blocks_become_a_group_in_their_place(canvas: Canvas) -> None:
    before = canvas.document.project
    canvas.select(["b", "c"])
    canvas.groups.group()
    (key,) = canvas.selected()
    group = canvas.document.project.graph.nodes[key].block
    assert isinstance(group, Group)
    assert set(canvas.scene.cards) == {"a", key, "d"}
    assert steps(canvas) == ["Group 2 block(s)"]
    scene_equals_project(canvas, canvas.document.project)
    canvas.groups.ungroup()
    assert set(canvas.selected()) == {"b", "c"}
    assert steps(canvas)[1] == f"Ungroup {key}"
    assert canvas.document.project.graph.nodes == before.graph.nodes
    assert canvas.document.project.layout == before.layout
    for _ in range(2):
        canvas.document.undo_stack.undo()
    assert canvas.document.project == before


def test_what_can_not_be_grouped_is_told_beside_it(canvas: Canvas) -> None:
    canvas.select(["a", "b"])
    canvas.groups.group()
    label = canvas.findChild(CursorLabel)
    assert label is not None
    assert label.isVisible()
    assert "a can't go into a group" in label.text()
    assert steps(canvas) == []


def test_several_groups_are_taken_apart_in_one_step(drawn: Canvas) -> None:
    drawn.select(["tower1", "left1", "encoder1"])
    drawn.groups.ungroup()
    assert steps(drawn) == ["Ungroup 3 group(s)"]
    groups = [key for key, card in drawn.scene.cards.items() if isinstance(card.node.block, Group)]
    assert groups == ["residual_block1"], "the one that stood inside"
    assert {"stem", "residual_block1", "pool"} <= set(drawn.selected())
    scene_equals_project(drawn, drawn.document.project)


@pytest.mark.parametrize("how", ["double click", "Enter", "action"])
def test_a_group_is_entered(drawn: Canvas, how: str) -> None:
    if how == "double click":
        double_click(drawn, "encoder1")
    else:
        drawn.select(["encoder1"])
        Hand(drawn).key(Key.Key_Return) if how == "Enter" else drawn.groups.enter_group()
    assert drawn.here.path == ("encoder1",)
    assert set(drawn.scene.cards) == {"image", "stem", "residual_block1", "pool", "pool_out"}
    assert drawn.selected() == ()
    assert drawn.inline.editor is None, "its name is not to be edited"
    assert drawn.view.visible.contains(drawn.scene.content())
    scene_equals_project(drawn, drawn.here.project)


@pytest.mark.parametrize("how", ["Escape", "Backspace", "action", "breadcrumb"])
def test_a_group_is_left(drawn: Canvas, how: str) -> None:
    drawn.here.go(WAY)
    hand = Hand(drawn)
    if how == "breadcrumb":
        QTest.mouseClick(drawn.breadcrumb.buttons[1], LEFT)
    elif how == "action":
        drawn.groups.leave_group()
    else:
        hand.key(Key.Key_Escape if how == "Escape" else Key.Key_Backspace)
    assert drawn.here.path == ("encoder1",)
    assert drawn.selected() == ("residual_block1",), "one sees where one came from"
    assert drawn.document.undo_stack.count() == 0
    scene_equals_project(drawn, drawn.here.project)


def test_escape_first_lets_go_of_the_selection(drawn: Canvas) -> None:
    drawn.here.go(WAY)
    drawn.select(["conv1"])
    Hand(drawn).key(Key.Key_Escape)
    assert (drawn.selected(), drawn.here.path) == ((), WAY)
    Hand(drawn).key(Key.Key_Escape)
    assert drawn.here.path == ("encoder1",)


def test_backspace_deletes_what_is_selected_and_leaves_only_then(drawn: Canvas) -> None:
    drawn.here.go(WAY)
    drawn.select(["conv1"])
    Hand(drawn).key(Key.Key_Backspace)
    assert drawn.here.path == WAY
    assert "conv1" not in drawn.scene.cards
    assert steps(drawn) == ["Delete conv1"]


def test_the_breadcrumb_tells_the_way(drawn: Canvas) -> None:
    assert drawn.breadcrumb.here.text() == "digits in groups"
    assert drawn.breadcrumb.buttons == []
    drawn.here.go(WAY)
    assert [button.text() for button in drawn.breadcrumb.buttons] == ["digits in groups", "encoder"]
    assert drawn.breadcrumb.here.text() == "stage1"
    assert "Ctrl+Up" in drawn.breadcrumb.buttons[1].toolTip()
    QTest.mouseClick(drawn.breadcrumb.buttons[0], LEFT)
    assert drawn.here.path == ()
    assert drawn.selected() == ("encoder1",)
    drawn.show_running(True)
    assert drawn.breadcrumb.here.text() == "digits in groups · training"
    drawn.here.go(("left1",))
    assert drawn.breadcrumb.here.text() == "right · frozen · training"


def test_every_group_is_looked_at_as_one_left_it(drawn: Canvas) -> None:
    drawn.zoom_to(0.8)
    drawn.view.look_at(QPointF(100, 50))
    outside = drawn.view.visible
    drawn.here.go(("encoder1",))
    drawn.zoom_to(0.5)
    inside = drawn.view.visible
    drawn.here.leave()
    assert (drawn.view.visible.center() - outside.center()).manhattanLength() < 4
    assert drawn.zoom() == pytest.approx(0.8)
    drawn.here.enter("encoder1")
    assert (drawn.view.visible.center() - inside.center()).manhattanLength() < 4


def test_editing_inside_is_as_editing_outside(drawn: Canvas) -> None:
    before = drawn.document.project
    drawn.here.go(WAY)
    drawn.zoom_to(0.6)
    drawn.view.look_at(drawn.scene.content().center())
    hand = Hand(drawn)
    start = hand.card("add")
    hand.drag(start, start + QPointF(0, 60))
    drawn.select(["relu1"])
    added = drawn.add_block("Tanh")
    assert added in drawn.here.project.graph.nodes
    assert Wire("relu1", "y", added, "x") in drawn.here.project.graph.wires, "shapes are known inside too"
    drawn.delete_selected()
    assert steps(drawn) == ["Move add", "Add Tanh", f"Delete {added}"]
    for _ in range(3):
        drawn.document.undo_stack.undo()
    assert drawn.document.project == before
    assert drawn.here.path == WAY
    scene_equals_project(drawn, drawn.here.project)


def test_ports_are_added_inside_and_appear_outside(drawn: Canvas) -> None:
    drawn.here.go(WAY)
    drawn.select([])
    key = drawn.add_block("GroupInput")
    drawn.here.go(("encoder1",))
    card = drawn.scene.cards["residual_block1"]
    names = [port.name for port in card.ports if port.side == "in"]
    assert names == ["stem", drawn.document.project.inside(WAY).graph.nodes[key].name]


def test_undo_of_what_was_done_inside_goes_there(drawn: Canvas) -> None:
    drawn.here.go(WAY)
    drawn.select(["conv1"])
    drawn.nudge(10, 0)
    drawn.here.go(())
    drawn.document.undo_stack.undo()
    assert drawn.here.path == WAY
    scene_equals_project(drawn, drawn.here.project)


def test_the_same_weights_again(drawn: Canvas) -> None:
    drawn.select(["scores"])
    drawn.groups.use_again()
    (other,) = drawn.selected()
    graph = drawn.document.project.graph
    assert graph.sharing("scores") == ("scores", other)
    assert steps(drawn) == ["Use scores again"]
    bodies = [card.body for card in drawn.scene.cards.values()]
    assert not any(one.intersects(two) for one in bodies for two in bodies if one is not two)
    told = card_text(drawn.document.project, other, "")
    assert "Uses the same weights as scores" in told
    drawn.groups.own_weights()
    assert drawn.document.project.graph.sharing("scores") == ("scores",)
    assert steps(drawn)[1] == f"Give {graph.nodes[other].name} own weights"


def test_duplicates_stand_below(canvas: Canvas) -> None:
    canvas.select(["b", "c"])
    canvas.groups.duplicate()
    copies = canvas.selected()
    assert len(copies) == 2
    assert not set(copies) & {"b", "c"}
    assert Wire(copies[0], "y", copies[1], "x") in canvas.document.project.graph.wires
    assert steps(canvas) == ["Duplicate 2 block(s)"]
    bodies = [card.body for card in canvas.scene.cards.values()]
    assert not any(one.intersects(two) for one in bodies for two in bodies if one is not two)


@pytest.mark.parametrize(
    ("path", "selected", "possible"),
    [
        ((), [], set()),
        ((), ["image"], {"duplicate"}),
        ((), ["scores"], {"duplicate", "group", "use_again"}),
        ((), ["flatten"], {"duplicate", "group"}),  # nothing to share
        ((), ["flatten", "scores"], {"duplicate", "group"}),
        ((), ["encoder1"], {"duplicate", "group", "ungroup", "enter_group", "use_again"}),
        ((), ["left1"], {"duplicate", "group", "ungroup", "enter_group", "use_again", "own_weights"}),
        ((), ["left1", "tower1"], {"duplicate", "group", "ungroup", "own_weights"}),
        (WAY, [], {"leave_group"}),
        (WAY, ["stem"], {"leave_group", "duplicate"}),
        (WAY, ["conv1"], {"leave_group", "duplicate", "group", "use_again"}),
    ],
)
def test_what_makes_sense_can_be_done(
    drawn: Canvas, path: tuple[str, ...], selected: list[str], possible: set[str]
) -> None:
    drawn.here.go(path)
    drawn.select(selected)
    found = {name for name, can in drawn.groups.possible().items() if can}
    assert found - {"duplicate_wired"} == possible
    assert ("duplicate_wired" in found) == ("duplicate" in possible)


def test_signs_of_a_card(drawn: Canvas) -> None:
    cards = drawn.scene.cards
    assert cards["tower1"]._signs == cards["left1"]._signs == ("frozen", "shared")
    assert cards["scores"]._signs == ()
    assert (cards["scores"]._sheets, cards["encoder1"]._sheets) == (0, 1)
    noted = drawn.document.project.edit(drawn.document.project.graph.annotate("scores", "Ten digits.\nNo more."))
    drawn.document.change(noted, "Note")
    assert cards["scores"]._signs == ("note",)
    assert card_text(noted, "scores", "10").endswith("Ten digits.\nNo more.")
    drawn.here.go(("encoder1",))
    assert drawn.scene.cards["residual_block1"]._sheets == 2
    assert drawn.scene.cards["residual_block1"].node.block.summary() == "ResidualBlock × 3 16"


def test_a_problem_inside_shows_on_the_group(drawn: Canvas) -> None:
    drawn.here.go(WAY)
    before = drawn.document.project
    drawn.here.change(
        drawn.here.project.edit(drawn.here.project.graph.disconnect([Wire("conv1", "y", "relu1", "x")])), "x"
    )
    assert drawn.scene.facts("relu1").severity == "error"
    drawn.here.go(("encoder1",))
    assert drawn.scene.facts("residual_block1").severity == "error"
    assert drawn.scene.facts("stem").severity is None
    drawn.here.go(())
    assert drawn.scene.facts("encoder1").severity == "error"
    assert drawn.bubble.isVisible(), "the group that one comes out of is selected, and tells what is wrong in it"
    drawn.document.undo_stack.undo()
    assert drawn.document.project == before


def test_an_optional_input_grows_when_it_is_wired(show: Show) -> None:
    project = chain("Input", "Reshape", "LSTM", wired=False)
    canvas = show(project)
    card = canvas.scene.cards["c"]
    assert {port.name for port in card.spare} == {"h", "c"}
    places = dict(card.ports)
    wire = Wire("b", "y", "c", "h")
    canvas.document.change(project.edit(project.graph.connect(wire)), "Connect")
    assert {port.name for port in card.spare} == {"c"}
    assert card.ports != places, "there is more room around it"
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    assert card.ports == places


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_the_menu_is_about_the_block_it_is_opened_over(drawn: Canvas, reason: QContextMenuEvent.Reason) -> None:
    asked: list[QPoint] = []
    drawn.menu_wanted.connect(asked.append)
    hand = Hand(drawn)
    if reason == QContextMenuEvent.Reason.Keyboard:
        drawn.select(["scores"])
    place = hand.at(hand.card("scores"))
    viewport = drawn.view.viewport()
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
    assert drawn.selected() == ("scores",)
    assert len(asked) == 1


def test_a_group_of_the_program_is_added(show: Show) -> None:
    canvas = show(flat())
    canvas.select([])
    key = canvas.add_block("residual-block")
    assert isinstance(canvas.document.project.graph.nodes[key].block, Group)
    assert steps(canvas) == ["Add Residual block"]
    canvas.here.enter(key)
    assert len(canvas.scene.cards) > 4
    scene_equals_project(canvas, canvas.here.project)


def test_the_same_ids_in_two_groups_are_not_mixed_up(show: Show) -> None:
    """Inside a copied group, blocks go by the ids of the original."""
    project = grouped()
    project = project.put_back(("left1",), project.inside(("left1",)))
    canvas = show(project)
    canvas.select(["tower1"])
    canvas.groups.duplicate()
    (copy,) = canvas.selected()
    canvas.groups.own_weights()
    canvas.here.go((copy,))
    inner = canvas.here.project
    canvas.here.change(inner.edit(inner.graph.change("tower", out_channels=3)), "x")
    canvas.here.go(("tower1",))
    scene_equals_project(canvas, canvas.here.project)
    assert canvas.scene.cards["tower"].node.block == CATALOGUE["Conv2d"](out_channels=16, padding="same")
