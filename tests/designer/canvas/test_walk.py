"""Walking the graph by keys: along wires, among several, and over ground without wires."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from designer.canvas import Canvas
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.hand import Hand

Key, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RIGHT, LEFT, UP, DOWN = Key.Key_Right, Key.Key_Left, Key.Key_Up, Key.Key_Down
HOME, END, BEFORE, AFTER = Key.Key_Home, Key.Key_End, Key.Key_PageUp, Key.Key_PageDown

PLACES = {"input": (0, 0), "up": (190, -130), "level": (190, 20), "low": (190, 170), "join": (380, 0), "lone": (0, 300)}


def fork() -> Project:
    """input → up, level, low → join, and a lone block without a wire."""
    project, kinds = Project(), {"input": "Input", "join": "Concat"}
    for name, place in PLACES.items():
        project, _ = project.add(CATALOGUE[kinds.get(name, "ReLU")](), place, name)
    graph = project.graph
    ports = [port.name for port in graph.nodes["join"].block.input_ports()]
    for port, name in zip(ports, ("up", "low"), strict=False):
        graph = graph.connect(Wire("input", "y", name, "x")).connect(Wire(name, "y", "join", port))
    return project.edit(graph.connect(Wire("input", "y", "level", "x")))


@pytest.mark.parametrize(
    ("start", "keys", "end"),
    [
        ("input", [RIGHT], "level"),  # the nearest of three
        ("input", [RIGHT, DOWN], "low"),
        ("input", [RIGHT, UP], "up"),
        ("input", [RIGHT, UP, DOWN, DOWN], "low"),
        ("input", [RIGHT, UP, RIGHT], "join"),
        ("join", [LEFT, DOWN], "low"),  # Up and Down choose among what is wired to it, passing over `level`
        ("join", [LEFT, LEFT], "input"),
        ("join", [RIGHT], "join"),  # nothing lies there
        ("lone", [UP], "input"),
        ("level", [RIGHT], "join"),  # no wire leads there, but it lies there
        ("lone", [HOME], "input"),
        ("input", [AFTER, AFTER, AFTER, AFTER, AFTER, AFTER, AFTER], "lone"),
        ("lone", [BEFORE, BEFORE, BEFORE, BEFORE, BEFORE, BEFORE], "input"),
    ],
)
def test_keys_walk(show: Callable[[Project], Canvas], start: str, keys: list[Qt.Key], end: str) -> None:
    canvas = show(fork())
    canvas.select([start])
    for key in keys:
        Hand(canvas).key(key)
    assert canvas.selected() == (end,)
    assert canvas.document.undo_stack.count() == 0


def test_home_and_end_are_the_first_and_last_of_the_flow(canvas: Canvas, hand: Hand) -> None:
    hand.key(END)
    assert canvas.selected() == ("d",)
    hand.key(HOME)
    assert canvas.selected() == ("a",)


@pytest.mark.parametrize("arrow", [RIGHT, LEFT, UP, DOWN])
def test_an_arrow_begins_at_the_upper_left(canvas: Canvas, hand: Hand, arrow: Qt.Key) -> None:
    canvas.select([])
    hand.key(arrow)
    assert canvas.selected() == ("a",)


def test_ctrl_shift_and_arrows_select_on_the_way(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["a"])
    hand.key(RIGHT, CTRL | SHIFT)
    hand.key(RIGHT, CTRL | SHIFT)
    assert canvas.selected() == ("a", "b", "c")
    hand.key(RIGHT)  # goes on from where one was last
    assert canvas.selected() == ("d",)


def test_the_view_follows(show: Callable[[Project], Canvas]) -> None:
    canvas = show(chain("Input", "Conv2d", "ReLU", "ReLU", "ReLU", "ReLU", "ReLU", "Flatten"))
    canvas.zoom_to(2.0)
    for _ in range(8):
        Hand(canvas).key(RIGHT)
        assert canvas.view.visible.contains(canvas.scene.content(canvas.selected()))
    assert canvas.selected() == ("h",)


def test_on_an_empty_canvas_nothing_happens(show: Callable[[Project], Canvas]) -> None:
    canvas = show(Project())
    for key in (RIGHT, HOME, END, AFTER):
        Hand(canvas).key(key)
    assert canvas.selected() == ()
