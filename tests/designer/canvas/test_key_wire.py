"""Wires drawn by keys: which ports are offered, how one chooses, and what ends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from designer.canvas import Canvas
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.hand import Hand

Key, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier
Show = Callable[[Project], Canvas]


def loose() -> Project:
    """a, b, c, d as in the chain, but without a wire, and an Add below."""
    project = chain("Input", "Conv2d", "ReLU", "Flatten", wired=False)
    project, _ = project.add(CATALOGUE["Add"](), (190, 200), "sum")
    return project


def wires(canvas: Canvas) -> set[str]:
    return {str(wire) for wire in canvas.document.project.graph.wires}


@pytest.mark.parametrize(
    ("keys", "wire"),
    [
        ([Key.Key_C, Key.Key_Return], "a.y -> b.x"),
        ([Key.Key_C, Key.Key_Down, Key.Key_Up, Key.Key_Return], "a.y -> b.x"),
        ([Key.Key_C, Key.Key_Backtab, Key.Key_Tab, Key.Key_Return], "a.y -> b.x"),
        ([Key.Key_C, Key.Key_Escape], None),
        ([Key.Key_C, Key.Key_Escape, Key.Key_Return], None),
    ],
)
def test_keys_choose_and_connect(show: Show, keys: list[Qt.Key], wire: str | None) -> None:
    canvas = show(loose())
    canvas.select(["a"])
    for key in keys:
        Hand(canvas).key(key)
    assert wires(canvas) == ({wire} if wire else set())
    assert canvas.document.undo_stack.count() == len(wires(canvas))
    assert not canvas.keyboard.wire.active
    assert not canvas.scene.guides
    assert all(card.marks is None for card in canvas.scene.cards.values())


def test_only_what_fits_is_offered_each_once(show: Show) -> None:
    canvas = show(loose())
    canvas.select(["a"])
    heard: list[str] = []
    canvas._announcer.heard = lambda event: heard.append(event.message())
    Hand(canvas).key(Key.Key_C)
    for _ in range(5):
        Hand(canvas).key(Key.Key_Tab)
    assert heard[0] == "a to b.x, 3 by 16 by 16, 1 of 5"
    assert heard[-1] == heard[0]
    assert {text.split(",")[0] for text in heard} == {"a to b.x", "a to c.x", "a to d.x", "a to sum.x1", "a to sum.x2"}
    label = canvas._label.text()
    assert "a → b.x" in label
    assert "Enter connects" in label


def test_shift_c_begins_at_the_input(show: Show) -> None:
    canvas = show(loose())
    canvas.select(["c"])
    Hand(canvas).key(Key.Key_C, SHIFT)
    Hand(canvas).key(Key.Key_Return)
    assert wires(canvas) == {"b.y -> c.x"}


def test_left_and_right_choose_among_the_block_s_own_ports(show: Show) -> None:
    canvas = show(loose())
    canvas.select(["sum"])
    Hand(canvas).key(Key.Key_C, SHIFT)
    first = canvas.keyboard.wire._offers[canvas.keyboard.wire._place]
    Hand(canvas).key(Key.Key_Right)
    Hand(canvas).key(Key.Key_Return)
    (wire,) = canvas.document.project.graph.wires
    assert (first.input, wire.input) == ("x1", "x2")


def test_a_taken_input_comes_last_and_says_what_it_would_replace(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a"])
    hand.key(Key.Key_C)
    hand.key(Key.Key_Up)
    assert "Takes the place of the wire from" in canvas._label.text()
    hand.key(Key.Key_Return)
    assert len(wires(canvas)) == 3
    canvas.document.undo_stack.undo()
    assert wires(canvas) == {"a.y -> b.x", "b.y -> c.x", "c.y -> d.x"}


def test_a_block_without_such_a_port_says_so(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a"])
    hand.key(Key.Key_C, SHIFT)
    assert canvas._label.text() == "✕ a has no input"
    assert not canvas.keyboard.wire.active


def test_a_click_or_an_edit_from_elsewhere_calls_it_off(show: Show) -> None:
    canvas = show(loose())
    canvas.select(["a"])
    Hand(canvas).key(Key.Key_C)
    Hand(canvas).click(QPointF(60, 120))
    assert not canvas.keyboard.wire.active
    canvas.select(["a"])
    Hand(canvas).key(Key.Key_C)
    canvas.document.change(canvas.document.project.with_(graph=loose().graph.remove(["b"])), "Remove b")
    assert not canvas.keyboard.wire.active
    assert not canvas.scene.guides


def test_it_is_shown_from_far_away_too(show: Show) -> None:
    canvas = show(loose())
    canvas.select(["a"])
    canvas.zoom_to(0.2)
    Hand(canvas).key(Key.Key_C)
    assert len(canvas.scene.guides) == 1
    QTest.keyClick(canvas.view, Key.Key_Return)
    assert wires(canvas) == {"a.y -> b.x"}
    assert Wire("a", "y", "b", "x") in canvas.scene.wires


def test_what_would_close_a_circle_is_not_offered(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["c"])
    hand.key(Key.Key_C)
    assert canvas._label.text() == "✕ No input fits what c gives"
    canvas.select(["b"])
    hand.key(Key.Key_C)
    assert {wire.target for wire in canvas.keyboard.wire._offers} == {"d"}


def test_wires_that_are_there_keep_their_look(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a"])
    hand.key(Key.Key_C)
    (guide,) = canvas.scene.guides
    assert guide.pen().style() == Qt.PenStyle.DashLine
    hand.key(Key.Key_Escape)
    for item in canvas.scene.wires.values():
        item.show_state(canvas.scene.inks)
        assert item.pen().style() == Qt.PenStyle.SolidLine


def test_what_would_not_fit_by_its_shape_comes_last_and_says_so(show: Show) -> None:
    project = chain("Input", "Add", "ReLU", "Flatten")
    project, _ = project.add(CATALOGUE["Input"](sample_shape=(10,)), (0, 200), "i")
    canvas = show(project)
    heard: list[str] = []
    canvas._announcer.heard = lambda event: heard.append(event.message())
    canvas.select(["i"])
    heard.clear()
    Hand(canvas).key(Key.Key_C)
    for _ in range(3):
        Hand(canvas).key(Key.Key_Down)
    assert [text.split(",")[0] for text in heard] == ["i to b.x1", "i to c.x", "i to d.x", "i to b.x2"]
    assert "\n⚠ b " in canvas._label.text()
    Hand(canvas).key(Key.Key_Return)
    assert "i.y -> b.x2" in wires(canvas)
