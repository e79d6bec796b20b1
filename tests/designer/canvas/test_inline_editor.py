"""Editing where it stands: real clicks on a card, typing, and the keys that end it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from designer.canvas import Canvas
from designer.canvas.spots import spots
from designer.together import NAME
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.hand import LEFT, NONE, Hand

Show = Callable[[Project], Canvas]
Key = Qt.Key


def steps(canvas: Canvas) -> list[str]:
    stack = canvas.document.undo_stack
    return [stack.text(index) for index in range(stack.count())]


def block(canvas: Canvas, key: str) -> object:
    return canvas.document.project.graph.nodes[key].block


def double_click(hand: Hand, point: QPointF) -> None:
    hand.click(point)
    QTest.mouseDClick(hand.viewport, LEFT, NONE, hand.at(point))
    QTest.mouseRelease(hand.viewport, LEFT, NONE, hand.at(point))


def value(canvas: Canvas, key: str, what: str) -> QPointF:
    return spots(canvas.scene.cards[key], canvas.view.zoom)[what].center()


def field(canvas: Canvas) -> QWidget:
    focus = QApplication.focusWidget()
    assert canvas.inline.editor is not None
    assert canvas.inline.isAncestorOf(focus)
    return focus


def type_over(canvas: Canvas, text: str) -> None:
    QTest.keyClicks(field(canvas), text)


def press(canvas: Canvas, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(field(canvas), key, keys)


def test_a_value_is_edited_where_it_stands(canvas: Canvas, hand: Hand) -> None:
    place = value(canvas, "b", "kernel_size")
    double_click(hand, place)
    assert canvas.inline.what == "kernel_size"
    assert canvas.inline.geometry().contains(hand.at(place))
    type_over(canvas, "5")
    assert block(canvas, "b").kernel_size == (5, 5), "it is live"
    press(canvas, Key.Key_Return)
    assert canvas.inline.editor is None
    assert canvas.view.hasFocus()
    assert steps(canvas) == ["Change Kernel size of b"]
    canvas.document.undo_stack.undo()
    assert block(canvas, "b").kernel_size == (3, 3)


def test_the_name_is_edited_where_it_stands(canvas: Canvas, hand: Hand) -> None:
    double_click(hand, value(canvas, "b", NAME))
    type_over(canvas, "stem")
    press(canvas, Key.Key_Return)
    assert canvas.scene.cards["b"].node.name == "stem"
    assert steps(canvas) == ["Rename b to stem"]


@pytest.mark.parametrize(
    ("key", "what"), [("b", "out_channels"), ("c", NAME)], ids=["what matters most", "else the name"]
)
@pytest.mark.parametrize("how", ["double click", "Enter", "from far away"])
def test_the_plain_body_opens_what_matters_most(canvas: Canvas, hand: Hand, key: str, what: str, how: str) -> None:
    if how == "Enter":
        canvas.select([key])
        hand.key(Key.Key_Return)
    else:
        canvas.zoom_to(0.2 if how == "from far away" else 1.0)
        double_click(hand, hand.card(key))
    assert canvas.inline.what == what
    assert canvas.rect().contains(canvas.inline.geometry())


def test_tab_goes_round_by_what_the_card_tells_and_then_the_rest(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b"])
    canvas.inline.rename()
    seen = []
    while canvas.inline.what not in seen:
        seen.append(canvas.inline.what)
        press(canvas, Key.Key_Tab)
    params = [described.name for described in type(block(canvas, "b")).params()]
    assert seen[:3] == [NAME, "out_channels", "kernel_size"]
    assert sorted(seen[1:]) == sorted(params)
    press(canvas, Key.Key_Backtab)
    assert canvas.inline.what == seen[-1]
    assert steps(canvas) == [], "looking changes nothing"


def test_each_value_is_a_step_of_its_own(canvas: Canvas, hand: Hand) -> None:
    double_click(hand, value(canvas, "b", "out_channels"))
    type_over(canvas, "48")
    press(canvas, Key.Key_Tab)
    type_over(canvas, "1")
    press(canvas, Key.Key_Return)
    assert steps(canvas) == ["Change Filters of b", "Change Kernel size of b"]
    assert (block(canvas, "b").out_channels, block(canvas, "b").kernel_size) == (48, (1, 1))


@pytest.mark.parametrize("what", ["out_channels", "padding", NAME])
@pytest.mark.parametrize("typed", ["7", "wide", "x"])
def test_escape_leaves_everything_as_it_was(canvas: Canvas, hand: Hand, what: str, typed: str) -> None:
    before = canvas.document.project
    canvas.select(["b"])
    canvas.inline.edit(what)
    type_over(canvas, typed)
    press(canvas, Key.Key_Escape)
    assert canvas.inline.editor is None
    assert canvas.document.project == before
    assert steps(canvas) == []
    assert canvas.selected() == ("b",)


@pytest.mark.parametrize(
    ("what", "typed", "sentence"),
    [
        ("kernel_size", "0", "Kernel size must be at least 1, not 0 × 0."),
        (NAME, "c", "Another block is named “c” already"),
        (NAME, "forward", "“forward” is taken by PyTorch"),
    ],
)
def test_what_cannot_be_is_said_at_once_and_goes_no_further(
    canvas: Canvas, hand: Hand, what: str, typed: str, sentence: str
) -> None:
    before = canvas.document.project
    canvas.select(["b"])
    canvas.inline.edit(what)
    type_over(canvas, typed)
    assert sentence in canvas.inline.told
    if typed != "forward":
        assert canvas.document.project == before
    for key in (Key.Key_Return, Key.Key_Tab):
        press(canvas, key)
        assert canvas.inline.what == what, "it waits for a better one"
    hand.click(canvas.scene.content().bottomLeft() + QPointF(20, 120))
    assert canvas.document.project.graph.nodes["b"].name != typed


def test_a_click_elsewhere_ends_it(canvas: Canvas, hand: Hand, qtbot: object) -> None:
    double_click(hand, value(canvas, "b", "out_channels"))
    type_over(canvas, "12")
    hand.click(hand.card("d"))
    qtbot.waitUntil(lambda: canvas.inline.editor is None)
    assert block(canvas, "b").out_channels == 12
    assert canvas.selected() == ("d",)
    assert steps(canvas) == ["Change Filters of b"]


def test_it_is_in_step_with_edits_from_elsewhere(canvas: Canvas) -> None:
    canvas.select(["b"])
    canvas.inline.edit("out_channels")
    project = canvas.document.project
    canvas.document.change(project.edit(project.graph.change("b", out_channels=99)), "Elsewhere")
    assert field(canvas).text() == "99"
    canvas.document.change(project.remove(["b"], []), "Gone")
    assert canvas.inline.editor is None


def test_blocks_of_one_kind_are_edited_together(show: Show) -> None:
    canvas = show(chain("Conv2d", "Conv2d", "ReLU"))
    project = canvas.document.project
    canvas.document.open(project.edit(project.graph.change("b", out_channels=8)), None)
    before = canvas.document.project
    canvas.select(["a", "b"])
    hand = Hand(canvas)
    hand.key(Key.Key_Return)
    assert canvas.inline.what == "out_channels"
    assert (field(canvas).text(), field(canvas).placeholderText()) == ("", "several values")
    type_over(canvas, "24")
    assert [block(canvas, key).out_channels for key in "ab"] == [24, 24]
    press(canvas, Key.Key_Escape)
    assert canvas.document.project == before
    hand.key(Key.Key_Return)
    type_over(canvas, "16")
    press(canvas, Key.Key_Return)
    assert steps(canvas) == ["Change Filters of 2 blocks"]
    assert [block(canvas, key).out_channels for key in "ab"] == [16, 16]
    canvas.select(["a", "c"])
    hand.key(Key.Key_Return)
    assert canvas.inline.editor is None, "they are of two kinds"


def test_it_stays_at_its_value_while_the_view_moves(canvas: Canvas) -> None:
    canvas.select(["b"])
    canvas.inline.edit("kernel_size")
    before = canvas.inline.pos()
    canvas.view.pan(QPointF(30, 20))
    moved = canvas.inline.pos() - before
    assert (moved.x(), moved.y()) == (30, 20)


def test_a_value_under_the_pointer_is_marked(canvas: Canvas, hand: Hand) -> None:
    card = canvas.scene.cards["b"]
    hand.move(value(canvas, "b", "kernel_size"))
    assert card.hot_spot.translated(card.pos()).contains(value(canvas, "b", "kernel_size"))
    hand.move(hand.card("b"))
    assert card.hot_spot.isNull()
