"""The canvas as the window uses it: commands, keys, signals and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.empty import EmptyHint
from designer.document import Document
from designer.theme import DARK, LIGHT
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.group import Group
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

Show = Callable[[Project], Canvas]
Key, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_takes_blocks_and_their_wires(canvas: Canvas, hand: Hand, key: Qt.Key) -> None:
    hand.click(hand.card("b"))
    hand.key(key)
    assert set(canvas.document.project.graph.nodes) == {"a", "c", "d"}
    assert canvas.document.project.graph.wires == (Wire("c", "y", "d", "x"),)
    assert canvas.document.undo_stack.undoText() == "Delete b"
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    assert len(canvas.document.project.graph.wires) == 3
    scene_equals_project(canvas, canvas.document.project)


def test_a_wire_is_selected_by_a_click_and_deleted(canvas: Canvas, hand: Hand) -> None:
    wire = Wire("b", "y", "c", "x")
    middle = (hand.port("b", "out", "y") + hand.port("c", "in", "x")) / 2
    hand.click(middle)
    assert canvas.scene.selected_wires == {wire}
    hand.key(Key.Key_Delete)
    assert wire not in canvas.document.project.graph.wires
    assert canvas.document.undo_stack.undoText() == "Delete wire"
    scene_equals_project(canvas, canvas.document.project)


def test_select_all_and_escape(canvas: Canvas, hand: Hand) -> None:
    hand.key(Key.Key_A, CTRL)
    assert canvas.selected() == ("a", "b", "c", "d")
    hand.key(Key.Key_Delete)
    assert canvas.document.undo_stack.undoText() == "Delete 4 block(s)"
    assert not canvas.scene.cards
    canvas.document.undo_stack.undo()
    canvas.select(["a"])
    hand.key(Key.Key_Escape)  # closes the bubble first, as that block has a problem
    hand.key(Key.Key_Escape)
    assert canvas.selected() == ()


def test_deleting_nothing_is_no_step(canvas: Canvas, hand: Hand) -> None:
    hand.key(Key.Key_Delete)
    assert canvas.document.undo_stack.count() == 0


def test_shift_and_arrows_nudge_in_one_step(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b", "c"])
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Down):
        hand.key(key, SHIFT)
    hand.key(Key.Key_Up, SHIFT | Qt.KeyboardModifier.AltModifier)
    layout = canvas.document.project.layout
    assert (tuple(layout["b"]), tuple(layout["c"])) == ((210, -40), (400, -40))
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)
    canvas.select(["b"])
    hand.key(Key.Key_Left, SHIFT)
    assert canvas.document.undo_stack.count() == 2
    canvas.document.undo_stack.undo()
    canvas.document.undo_stack.undo()
    assert tuple(canvas.document.project.layout["b"]) == (190, 0)


def test_nudges_and_a_drag_are_two_steps(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b"])
    hand.key(Key.Key_Down, SHIFT)
    start = hand.card("b")
    hand.drag(start, start + QPointF(0, 50))
    hand.key(Key.Key_Down, SHIFT)
    assert canvas.document.undo_stack.count() == 3


# Adding


def test_added_blocks_do_not_lie_upon_each_other(show: Show) -> None:
    canvas = show(Project())
    for _ in range(4):
        canvas.select([])
        canvas.add_block("Linear")
    bodies = [card.body for card in canvas.scene.cards.values()]
    assert not any(one.intersects(other) for one in bodies for other in bodies if one is not other)
    assert canvas.document.undo_stack.count() == 4
    scene_equals_project(canvas, canvas.document.project)


def test_a_block_is_added_behind_the_selected_one_and_wired(canvas: Canvas) -> None:
    canvas.select(["d"])
    key = canvas.add_block("Linear")
    project = canvas.document.project
    assert Wire("d", "y", key, "x") in project.graph.wires
    assert tuple(project.layout[key]) == (760, 0)
    assert canvas.selected() == (key,)
    assert canvas.document.undo_stack.count() == 1
    canvas.document.undo_stack.undo()
    assert key not in canvas.document.project.graph.nodes


def test_a_taken_place_moves_the_new_block_down(canvas: Canvas) -> None:
    canvas.select(["b"])
    key = canvas.add_block("ReLU")
    assert tuple(canvas.document.project.layout[key]) == (380, 130)


def test_a_block_that_does_not_fit_is_added_without_a_wire(canvas: Canvas) -> None:
    canvas.select(["b"])
    before = canvas.document.project.graph.wires
    canvas.add_block("LSTM")
    assert canvas.document.project.graph.wires == before


def test_a_target_is_added_in_front_of_the_selected_loss(show: Show) -> None:
    canvas = show(chain("Input", "CrossEntropyLoss"))
    canvas.document.change(canvas.document.project.move({"b": (380, 0)}), "Move b")
    canvas.select(["b"])
    key = canvas.add_block("Target")
    layout, graph = canvas.document.project.layout, canvas.document.project.graph
    assert layout[key].x < layout["b"].x
    assert graph.into("b", "target") == Wire(key, "y", "b", "target")


def test_an_added_block_is_in_view(canvas: Canvas) -> None:
    canvas.view.look_at(QPointF(0, 0))
    canvas.select(["d"])
    key = canvas.add_block("Linear")
    assert canvas.view.visible.contains(canvas.scene.cards[key].body)


# Showing


def test_show_block_brings_it_into_view(canvas: Canvas) -> None:
    canvas.zoom_to(0.2)
    canvas.show_block("d")
    assert canvas.selected() == ("d",)
    assert not canvas.view.far, "large enough to be read"
    assert (canvas.view.from_scene(canvas.scene.cards["d"].body.center()) - canvas.view.middle).manhattanLength() < 3
    canvas.show_block("nobody")
    assert canvas.selected() == ("d",)


def test_an_empty_canvas_says_how_to_begin(show: Show) -> None:
    canvas = show(Project())
    hint = canvas.findChild(EmptyHint)
    assert hint is not None
    assert hint.isVisible()
    canvas.add_block("Input")
    assert not hint.isVisible()
    canvas.document.undo_stack.undo()
    assert hint.isVisible()


def test_an_empty_group_says_how_its_ports_come_about(show: Show) -> None:
    project, key = Project().add(Group(), (0, 0))
    canvas = show(project)
    hint = canvas.findChild(EmptyHint)
    assert not hint.isVisible()
    canvas.here.enter(key)
    assert hint.isVisible()
    assert "GroupInput" in " ".join(label.text() for label in hint.findChildren(QLabel))
    canvas.here.leave()
    assert not hint.isVisible()


def test_the_name_and_the_training_are_told(canvas: Canvas) -> None:
    texts = {label.text() for label in canvas.findChildren(QLabel)}
    assert "chain" in texts
    canvas.show_running(True)
    assert "chain · training" in {label.text() for label in canvas.findChildren(QLabel)}
    canvas.document.change(canvas.document.project.with_(name="other"), "Rename")
    canvas.show_running(False)
    assert "other" in {label.text() for label in canvas.findChildren(QLabel)}


def test_themes_differ_and_come_back(canvas: Canvas) -> None:
    dark = canvas.grab().toImage()
    canvas.show_theme(LIGHT)
    light = canvas.grab().toImage()
    assert light.pixelColor(5, 300).lightness() > 200
    canvas.show_theme(DARK)
    again = canvas.grab().toImage()
    assert dark.pixelColor(5, 300) == again.pixelColor(5, 300)
    assert dark.pixelColor(5, 300).lightness() < 60


def test_words_for_those_who_do_not_see(canvas: Canvas) -> None:
    assert canvas.view.accessibleName() == "Canvas"
    canvas.select(["a", "b"])
    words = canvas.view.accessibleDescription()
    assert words.startswith("4 block(s), 3 wire(s), ")
    assert words.endswith("selected: a, b")


def test_another_project_takes_the_place_of_the_first(canvas: Canvas) -> None:
    canvas.select(["a"])
    other = chain("Input", "LSTM")
    canvas.document.open(other, None)
    scene_equals_project(canvas, other)
    canvas.document.open(Project(), None)
    scene_equals_project(canvas, Project())


def test_large_graphs_are_reviewed_in_the_background(show: Show, qtbot: QtBot) -> None:
    project = Project()
    for index in range(160):
        project, _ = project.add(CATALOGUE["Input"](sample_shape=(3, 8, 8)), (index % 20 * 190, index // 20 * 130))
    canvas = show(project)
    canvas.select_all()
    canvas.add_block("ReLU")
    canvas.delete_selected()
    scene_equals_project(canvas, canvas.document.project)
    qtbot.waitUntil(lambda: canvas.document.review.plan.steps.keys() == canvas.document.project.graph.nodes.keys())
    assert canvas.scene.facts(next(iter(canvas.scene.cards))).shape == "3×8×8"


def test_a_release_that_went_astray_does_not_block_the_mouse(canvas: Canvas, hand: Hand) -> None:
    start, before = hand.card("b"), canvas.document.project
    hand.press(start)
    hand.move(start + QPointF(40, 40))
    hand.click(QPointF(100, 200))
    assert canvas.document.project is before
    assert canvas.pointer.gesture is None
    scene_equals_project(canvas, before)


def test_fit_of_nothing_is_the_natural_size(show: Show) -> None:
    canvas = show(Project())
    canvas.zoom_to(0.3)
    canvas.fit()
    assert canvas.zoom() == 1.0


def test_the_first_showing_fits_the_graph(qapp: QApplication) -> None:
    document = Document(chain("Input", "Conv2d", "ReLU", "Flatten"))
    canvas = Canvas(document, DARK)
    canvas.resize(500, 400)
    canvas.show()
    assert canvas.view.visible.contains(canvas.scene.content())
    shiboken6.delete(canvas)


# Hover


@pytest.mark.parametrize(
    ("spot", "words"),
    [
        (lambda hand: hand.port("b", "in", "x"), ("b.x", "channels × height × width", "Receives 3×16×16 from a")),
        (lambda hand: hand.port("b", "out", "y"), ("b.y", "32×14×14")),
    ],
    ids=["input", "output"],
)
def test_hover_text_of_ports(canvas: Canvas, hand: Hand, spot: Callable[[Hand], QPointF], words: tuple[str]) -> None:
    place = hand.at(spot(hand))
    port = canvas.view.viewport()
    QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, place, port.mapToGlobal(place)))
    assert all(word in QToolTip.text() for word in words), QToolTip.text()
    QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 590), port.mapToGlobal(QPoint(5, 590))))
    QToolTip.hideText()


def test_the_cursor_tells_a_port_from_a_card(canvas: Canvas, hand: Hand) -> None:
    port = canvas.view.viewport()
    hand.move(hand.port("b", "out", "y"))
    assert port.cursor().shape() == Qt.CursorShape.CrossCursor
    assert canvas.scene.cards["b"].hot == ("b", "out", "y")
    hand.move(hand.card("b"))
    assert port.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert canvas.scene.cards["b"].hot is None
    assert canvas.scene.cards["b"].hovered
    hand.move(QPointF(100, 200))
    assert not canvas.scene.cards["b"].hovered
