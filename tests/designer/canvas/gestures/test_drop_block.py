"""Dropping a block from the palette."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from designer.canvas import MIME, Canvas
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

ACTION, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def dragged(name: str, mime: str = MIME) -> QMimeData:
    data = QMimeData()
    data.setData(mime, name.encode())
    return data


def over(canvas: Canvas, data: QMimeData, *stops: QPointF) -> QDragMoveEvent:
    """Bring something over the canvas; answers with the last event."""
    port, hand = canvas.view.viewport(), Hand(canvas)
    QApplication.sendEvent(port, QDragEnterEvent(hand.at(stops[0]), ACTION, data, LEFT, NONE))
    for stop in stops:
        event = QDragMoveEvent(hand.at(stop), ACTION, data, LEFT, NONE)
        QApplication.sendEvent(port, event)
    return event


def drop(canvas: Canvas, data: QMimeData, at: QPointF) -> None:
    event = QDropEvent(QPointF(Hand(canvas).at(at)), ACTION, data, LEFT, NONE)
    QApplication.sendEvent(canvas.view.viewport(), event)


def test_drop_a_block(canvas: Canvas) -> None:
    data = dragged("Linear")
    assert over(canvas, data, QPointF(100, 150), QPointF(212, 173)).isAccepted()
    assert len(canvas.scene.guides) == 1, "an outline shows where it will lie"
    assert canvas.document.undo_stack.count() == 0
    drop(canvas, data, QPointF(212, 173))
    project = canvas.document.project
    key = list(project.graph.nodes)[-1]
    assert type(project.graph.nodes[key].block).__name__ == "Linear"
    assert tuple(project.layout[key]) == (140, 140), "around the pointer, on the grid"
    assert canvas.selected() == (key,)
    assert canvas.document.undo_stack.undoText() == "Add Linear"
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, project)
    canvas.document.undo_stack.undo()
    scene_equals_project(canvas, canvas.document.project)


def test_leaving_the_canvas_takes_the_outline_away(canvas: Canvas) -> None:
    before = canvas.document.project
    over(canvas, dragged("Linear"), QPointF(100, 150))
    QApplication.sendEvent(canvas.view.viewport(), QDragLeaveEvent())
    assert canvas.scene.guides == []
    assert canvas.document.project is before
    over(canvas, dragged("Linear"), QPointF(100, 150))
    assert len(canvas.scene.guides) == 1, "and it may come back"
    QApplication.sendEvent(canvas.view.viewport(), QDragLeaveEvent())  # Qt remembers the widget that is dragged over


@pytest.mark.parametrize(
    "data",
    [dragged("Nonsense"), dragged("", "text/uri-list"), dragged("Linear", "text/plain")],
    ids=["unknown block", "file", "text"],
)
def test_other_things_are_left_to_the_window(canvas: Canvas, data: QMimeData) -> None:
    before = canvas.document.project
    assert not over(canvas, data, QPointF(100, 150)).isAccepted()
    drop(canvas, data, QPointF(100, 150))
    assert canvas.document.project is before
    assert canvas.scene.guides == []
