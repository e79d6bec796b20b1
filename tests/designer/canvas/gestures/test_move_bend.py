"""A bend of a wire is dragged, in steps of the grid or freely, and away; each is one step that is exactly undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from engine import decorating
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import LEFT, Hand

WIRE = Wire("a", "y", "b", "x")
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
BENDS = [(250.0, 120.0), (350.0, 120.0)]


@pytest.fixture
def bent(show: Callable[[Project], Canvas]) -> Canvas:
    """Input → Conv2d far apart; the wire between runs through two bends."""
    project = chain("Input", "Conv2d").move({"b": (500, 0)})
    canvas = show(decorating.bend(project, WIRE, BENDS))
    canvas.view.look_at(QPointF(300, 100))
    return canvas


def bends(project: Project) -> list[tuple[float, float]]:
    return [tuple(bend) for bend in decorating.route(project, WIRE).bends]


@pytest.mark.parametrize(
    ("place", "to", "keys", "left"),
    [
        (0, (233, 204), NONE, [(230, 200), BENDS[1]]),
        (1, (412, 178), NONE, [BENDS[0], (410, 180)]),
        (0, (233, 204), CTRL, [(233, 204), BENDS[1]]),
    ],
    ids=["the first", "the second", "freely"],
)
def test_it_follows_the_pointer(
    bent: Canvas, place: int, to: tuple[float, float], keys: Qt.KeyboardModifier, left: list[tuple[float, float]]
) -> None:
    before, hand, stack = bent.document.project, Hand(bent), bent.document.undo_stack
    hand.press(QPointF(*BENDS[place]))
    hand.move(QPointF(300, 220))
    shown = bent.scene.wires[WIRE].way.bends[place]
    assert tuple(shown) == (300, 220), "the wire follows while it is dragged"
    assert bent.document.project is before
    hand.move(QPointF(*to))
    hand.release(QPointF(*to), keys=keys)
    for found, wanted in zip(bends(bent.document.project), left, strict=True):
        assert QPointF(*found).toPoint() == QPointF(*wanted).toPoint()
    assert (stack.count(), stack.undoText()) == (1, "Move a bend")
    scene_equals_project(bent, bent.document.project)
    stack.undo()
    assert bent.document.project == before
    scene_equals_project(bent, before)


def test_on_the_straight_line_between_its_neighbours_it_goes(bent: Canvas) -> None:
    hand, item = Hand(bent), bent.scene.wires[WIRE]
    label = bent.findChild(CursorLabel)
    assert label is not None
    start = QPointF(*BENDS[0])
    line = item.points[0], item.points[2]
    on_line = line[0] + (line[1] - line[0]) * 0.5
    hand.press(start)
    hand.move(on_line)
    assert label.isVisible()
    assert label.text() == "Let go to remove this bend"
    hand.move(start + QPointF(0, 90))
    assert label.isHidden(), "beside the line it stays"
    hand.move(on_line)
    hand.release(on_line)
    assert bends(bent.document.project) == [BENDS[1]]
    assert bent.document.undo_stack.undoText() == "Remove a bend"
    assert label.isHidden()
    scene_equals_project(bent, bent.document.project)
    bent.document.undo_stack.undo()
    assert bends(bent.document.project) == BENDS
    scene_equals_project(bent, bent.document.project)


def test_escape_and_coming_back_change_nothing(bent: Canvas) -> None:
    before, hand, start = bent.document.project, Hand(bent), QPointF(*BENDS[0])
    hand.press(start, LEFT)
    hand.move(start + QPointF(40, 70))
    hand.key(Qt.Key.Key_Escape)
    assert tuple(bent.scene.wires[WIRE].way.bends[0]) == BENDS[0]
    hand.release(start + QPointF(40, 70))
    hand.drag(start, start + QPointF(40, 70), start)
    assert bent.document.project is before
    assert bent.document.undo_stack.count() == 0
    scene_equals_project(bent, before)
