"""Which port a dragged wire means: near one, over a card, over a port of its own side; and what is shown of others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from designer.canvas.gestures.seek_port import REACH, SeekPort
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

Show = Callable[[Project], Canvas]


@pytest.fixture
def loose(show: Show) -> Canvas:
    """Input, Conv2d, Add and a second Input without wires, as a, b, c, d."""
    return show(chain("Input", "Conv2d", "Add", "Input", wired=False))


def said(canvas: Canvas) -> str:
    label = canvas.findChild(CursorLabel)
    assert label is not None
    return label.text() if label.isVisible() else ""


def goal(canvas: Canvas) -> tuple[str, str, str] | None:
    gesture = canvas.pointer.gesture
    assert isinstance(gesture, SeekPort)
    return gesture._goal


@pytest.mark.parametrize("zoom", [0.6, 1.0, 1.6])
def test_a_port_draws_the_wire_to_it_from_as_far_on_the_screen(loose: Canvas, zoom: float) -> None:
    hand = Hand(loose)
    loose.zoom_to(zoom)
    loose.view.look_at(loose.scene.cards["b"].body.center())
    port = hand.port("b", "in", "x")
    hand.press(hand.port("a", "out", "y"))
    hand.move(port + QPointF(-40, 60) / zoom)
    assert goal(loose) is None
    hand.move(port - QPointF(0, REACH - 2) / zoom)
    assert goal(loose) == ("b", "in", "x")
    gesture = loose.pointer.gesture
    assert isinstance(gesture, SeekPort)
    assert gesture._path.path().pointAtPercent(1) == port, "it snaps"
    hand.key(Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (("a", "out", "y"), ("b", "out", "y"), "This is an output; a wire goes from an output to an input."),
        (("b", "in", "x"), ("c", "in", "x1"), "This is an input; a wire comes from an output."),
    ],
)
def test_a_port_of_the_same_side_says_what_it_is(
    loose: Canvas, start: tuple[str, str, str], end: tuple[str, str, str], words: str
) -> None:
    hand, before = Hand(loose), loose.document.project
    hand.press(hand.port(*start))
    hand.move(hand.port(*end))
    assert said(loose) == f"✕ {words}"
    hand.release(hand.port(*end))
    assert loose.document.project is before
    assert not loose.adding.searching
    assert said(loose) == f"✕ {words}", "it stays to be read"


def test_over_a_card_the_free_port_is_meant(loose: Canvas) -> None:
    hand = Hand(loose)
    graph = loose.document.project.graph.connect(Wire("a", "y", "c", "x1"))
    loose.document.change(loose.document.project.edit(graph), "Wire")
    hand.press(hand.port("d", "out", "y"))
    hand.move(hand.card("c"))
    assert goal(loose) == ("c", "in", "x2")
    hand.release(hand.card("c"))
    assert Wire("d", "y", "c", "x2") in loose.document.project.graph.wires


def test_of_free_ports_the_one_that_fits_by_shape_is_meant(show: Show) -> None:
    project = chain("Linear", "CrossEntropyLoss", wired=False)
    project, _ = project.add(CATALOGUE["Target"](field="digit"), (0, 200), "t")
    canvas = show(project)
    hand = Hand(canvas)
    hand.press(hand.port("t", "out", "y"))
    hand.move(hand.card("b"))
    assert goal(canvas) == ("b", "in", "target")
    hand.key(Qt.Key.Key_Escape)


def test_its_own_card_is_no_goal(loose: Canvas) -> None:
    hand = Hand(loose)
    hand.press(hand.port("b", "out", "y"))
    hand.move(hand.card("b"))
    assert goal(loose) is None
    assert said(loose) == ""
    hand.key(Qt.Key.Key_Escape)


@pytest.mark.parametrize("ended", ["let go", "called off"])
def test_nothing_of_it_stays(canvas: Canvas, hand: Hand, qtbot: QtBot, ended: str) -> None:
    before, start = canvas.document.project, hand.port("b", "in", "x")
    wire = Wire("a", "y", "b", "x")
    hand.press(start)
    hand.move(start + QPointF(-20, 80))
    qtbot.waitUntil(lambda: all(card.marks is not None for card in canvas.scene.cards.values()))
    assert not canvas.scene.wires[wire].isVisible()
    if ended == "called off":
        hand.key(Qt.Key.Key_Escape)
    else:
        hand.move(start)
        hand.release(start)
    assert all(card.marks is None for card in canvas.scene.cards.values())
    assert not canvas.scene.guides
    assert canvas.scene.wires[wire].isVisible()
    scene_equals_project(canvas, before)
