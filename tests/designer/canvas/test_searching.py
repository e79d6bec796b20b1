"""Searching on the canvas by keys: walk the hits, see them marked, go back or stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.hand import Hand
from tests.grouped import grouped

Key, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Show = Callable[[Project], Canvas]


@pytest.fixture
def canvas(show: Show) -> Canvas:
    return show(chain("Input", "ReLU", "Conv2d", "ReLU", "Flatten", "Linear", "ReLU"))


def look_for(canvas: Canvas, text: str) -> None:
    canvas.search.search_canvas()
    QTest.keyClicks(canvas.search.bar.field, text)


def press(canvas: Canvas, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(canvas.search.bar.field, key, keys)


def test_enter_walks_the_hits_and_round(canvas: Canvas) -> None:
    look_for(canvas, "relu")
    seen = []
    for key, keys in ((Key.Key_Return, None), (Key.Key_Return, None), (Key.Key_Down, None), (Key.Key_Return, None)):
        press(canvas, key, keys or Qt.KeyboardModifier.NoModifier)
        seen.append((canvas.selected(), canvas.search.bar.count.text()))
    assert seen == [(("b",), "1 of 3"), (("d",), "2 of 3"), (("g",), "3 of 3"), (("b",), "1 of 3")]
    press(canvas, Key.Key_Return, SHIFT)
    assert canvas.selected() == ("g",)
    assert canvas.view.visible.contains(canvas.scene.cards["g"].body)
    assert canvas.search.bar.field.hasFocus(), "one can go on typing"


def test_escape_goes_back_to_where_one_was(canvas: Canvas) -> None:
    canvas.select(["c"])
    canvas.zoom_to(1.3)
    before = canvas.zoom(), canvas.view.to_scene(canvas.view.middle)
    look_for(canvas, "linear")
    press(canvas, Key.Key_Return)
    assert canvas.selected() == ("f",)
    press(canvas, Key.Key_Escape)
    assert not canvas.search.bar.isVisible()
    assert canvas.selected() == ("c",)
    assert canvas.zoom() == before[0]
    assert (canvas.view.to_scene(canvas.view.middle) - before[1]).manhattanLength() < 2
    assert canvas.view.hasFocus()
    assert not canvas.scene.guides


def test_ctrl_enter_stays_at_the_hit(canvas: Canvas) -> None:
    look_for(canvas, "linear")
    press(canvas, Key.Key_Return)
    press(canvas, Key.Key_Return, CTRL)
    assert not canvas.search.bar.isVisible()
    assert canvas.selected() == ("f",)
    assert canvas.view.hasFocus()


def test_hits_are_marked_also_while_they_move(canvas: Canvas, qtbot: object) -> None:
    look_for(canvas, "relu")
    canvas.search.step(1)
    rest, current = canvas.scene.guides
    assert rest.pen().style() == Qt.PenStyle.DashLine
    assert current.path().boundingRect().center() == canvas.scene.cards["b"].body.center()
    canvas.document.change(canvas.document.project.move({"b": (0, 200)}), "Move")
    assert canvas.scene.guides[-1].path().boundingRect().center() == canvas.scene.cards["b"].body.center()


def test_it_goes_into_groups_and_marks_the_group_from_outside(show: Show) -> None:
    canvas = show(grouped())
    look_for(canvas, "conv2")
    canvas.search.step(1)
    assert len(canvas.here.path) == 2
    assert canvas.selected() == ("conv2",)
    press(canvas, Key.Key_Escape)
    assert canvas.here.path == ()
    look_for(canvas, "conv2")
    canvas.search._search()
    (mark,) = canvas.scene.guides
    assert mark.path().boundingRect().intersects(canvas.scene.cards["encoder1"].body)


def test_nothing_found_is_said(canvas: Canvas) -> None:
    look_for(canvas, "zzz")
    press(canvas, Key.Key_Return)
    assert canvas.search.bar.count.text() == "no hit"
    assert not canvas.search.bar.after.isEnabled()
    assert canvas.selected() == ()


def test_the_buttons_do_the_same(canvas: Canvas) -> None:
    look_for(canvas, "relu")
    canvas.search._search()
    bar = canvas.search.bar
    for button, expected in ((bar.after, "b"), (bar.after, "d"), (bar.before, "b")):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert canvas.selected() == (expected,)
    QTest.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert canvas.selected() == ("b",)


def test_hits_follow_edits(canvas: Canvas) -> None:
    look_for(canvas, "relu")
    canvas.search.step(1)
    canvas.document.change(canvas.document.project.remove(["d"]), "Delete d")
    canvas.search._search()
    assert canvas.search.bar.count.text() == "1 of 2"
    canvas.document.undo_stack.undo()
    canvas.search._search()
    assert canvas.search.bar.count.text() == "1 of 3"


def test_the_bar_stands_at_the_upper_right_whatever_the_width(canvas: Canvas) -> None:
    canvas.search.search_canvas()
    for width in (900, 500, 320):
        canvas.resize(width, 500)
        QApplication.processEvents()
        bar = canvas.search.bar.geometry()
        assert canvas.rect().contains(bar)
        assert canvas.rect().right() - bar.right() <= 12


def test_a_click_on_the_canvas_leaves_it_open(canvas: Canvas) -> None:
    look_for(canvas, "relu")
    Hand(canvas).click(canvas.view.visible.center() + QPointF(0, 200))
    assert canvas.search.bar.isVisible()
    canvas.search.search_canvas()
    assert canvas.search.bar.field.selectedText() == "relu"


def test_another_project_ends_it(canvas: Canvas) -> None:
    look_for(canvas, "relu")
    canvas.search.step(1)
    canvas.document.open(chain("Input", "ReLU"), None)
    assert not canvas.search.bar.isVisible()
    assert not canvas.scene.guides


def test_a_large_project_is_gone_through_while_the_screen_lives(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("designer.canvas.searching.AT_ONCE", 3)
    canvas = show(chain("Input", "ReLU", "Conv2d", "ReLU", "Flatten"))
    look_for(canvas, "relu")
    assert canvas.search.hits == []
    qtbot.waitUntil(lambda: canvas.search.bar.count.text().startswith("2 hit"))
    press(canvas, Key.Key_Return)
    assert canvas.selected() == ("b",)
