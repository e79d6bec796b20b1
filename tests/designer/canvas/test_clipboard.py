"""Copy, cut and paste over the system's clipboard, with text from anywhere."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from designer.canvas import Canvas
from designer.canvas.clipboard import MIME, STEP
from engine.graph import Wire
from engine.grouping import make_group
from engine.project import Project
from engine.storage import dumps
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import NONE, Hand


def names(canvas: Canvas) -> list[str]:
    return [node.name for node in canvas.here.project.graph.nodes.values()]


def put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def point(canvas: Canvas, hand: Hand, at: QPointF) -> None:
    """Move the pointer there, and nothing else: QTest lets other events of the platform through meanwhile."""
    place, none = QPointF(hand.at(at)), Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, hand.viewport.mapToGlobal(place), none, none, NONE)
    QApplication.sendEvent(canvas.view.viewport(), event)


def said(canvas: Canvas) -> str:
    return canvas._label.text() if canvas._label.isVisible() else ""


def test_what_is_copied_is_text_for_people_too(canvas: Canvas) -> None:
    canvas.select(["b", "c"])
    canvas.clipboard.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data(MIME).data()).decode() == data.text()
    assert list(json.loads(data.text())["blocks"]) == ["b", "c"]
    assert canvas.document.undo_stack.count() == 0


def test_paste_at_the_pointer_is_one_step(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b", "c"])
    canvas.clipboard.copy()
    aim = canvas.view.to_scene(QPointF(450, 480))
    point(canvas, hand, aim)
    before = canvas.document.project
    canvas.clipboard.paste()
    assert names(canvas) == ["a", "b", "c", "d", "b1", "c1"]
    assert canvas.selected() == ("b1", "c1")
    assert canvas.document.project.graph.wires[-1] == Wire("b1", "y", "c1", "x")
    assert (canvas.scene.content(["b1", "c1"]).center() - aim).manhattanLength() <= 10
    assert canvas.document.undo_stack.undoText() == "Paste 2 block(s)"
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)


def test_pasted_again_at_the_same_place_it_lies_a_step_further(canvas: Canvas, hand: Hand) -> None:
    canvas.select(["b"])
    canvas.clipboard.copy()
    aim = canvas.view.to_scene(QPointF(450, 480))
    for _ in range(3):
        point(canvas, hand, aim)
        canvas.clipboard.paste()
    places = [canvas.document.project.layout[key] for key in ("b1", "b2", "b3")]
    assert [(b.x - a.x, b.y - a.y) for a, b in itertools.pairwise(places)] == [(STEP, STEP)] * 2
    assert canvas.document.undo_stack.count() == 3


def test_without_a_pointer_it_is_put_where_there_is_room(canvas: Canvas) -> None:
    QApplication.sendEvent(canvas.view.viewport(), QEvent(QEvent.Type.Leave))
    canvas.select(["b", "c"])
    canvas.clipboard.copy()
    canvas.clipboard.paste()
    pasted = canvas.scene.content(["b1", "c1"])
    assert not any(pasted.intersects(canvas.scene.cards[key].body) for key in "abcd")
    assert canvas.view.visible.contains(pasted)


def test_from_the_menu_over_the_canvas_it_goes_to_where_that_was_opened(canvas: Canvas) -> None:
    canvas.select(["b"])
    canvas.clipboard.copy()
    at = QPoint(300, 450)
    reason = QContextMenuEvent.Reason.Mouse
    canvas.contextMenuEvent(QContextMenuEvent(reason, at, canvas.view.viewport().mapToGlobal(at)))
    canvas.clipboard.paste()
    aim = canvas.view.to_scene(QPointF(at))
    assert (canvas.scene.cards["b1"].body.center() - aim).manhattanLength() <= 10


def test_cut_is_one_step(canvas: Canvas, hand: Hand) -> None:
    before = canvas.document.project
    canvas.select(["b"])
    canvas.clipboard.cut()
    assert names(canvas) == ["a", "c", "d"]
    assert canvas.document.undo_stack.undoText() == "Cut b"
    point(canvas, hand, canvas.view.to_scene(QPointF(450, 480)))
    canvas.clipboard.paste()
    assert names(canvas) == ["a", "c", "d", "b"], "the name is free again"
    canvas.document.undo_stack.undo()
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)


def test_to_another_canvas(canvas: Canvas, show: Callable[[Project], Canvas]) -> None:
    canvas.select_all()
    canvas.clipboard.copy()
    other = show(Project())
    other.clipboard.paste()
    assert other.document.project.graph.nodes == canvas.document.project.graph.nodes
    assert set(other.document.project.graph.wires) == set(canvas.document.project.graph.wires)
    scene_equals_project(other, other.document.project)


def test_inside_a_group(show: Callable[[Project], Canvas]) -> None:
    project, key = make_group(chain("Input", "Conv2d", "ReLU", "Flatten"), ["b", "c"])
    canvas = show(project)
    canvas.select(["a", "d"])
    canvas.clipboard.copy()
    canvas.here.enter(key)
    inner = set(names(canvas))
    canvas.clipboard.paste()
    assert set(names(canvas)) == inner | {"d"}
    assert said(canvas) == "a can't stand inside of a group and was left out."
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.here.project)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == project


def test_what_is_said_when_weights_stay_behind(canvas: Canvas) -> None:
    canvas.select(["b"])
    canvas.groups.use_again()
    canvas.clipboard.copy()
    assert said(canvas) == "b1: own weights in the copy, as b is not copied along."


WORDS = {
    "nothing": ("", "✕ What was copied holds no blocks. Copy some here, or the text of a project file."),
    "words": ("hello", "✕ What was copied holds no blocks. Copy some here, or the text of a project file."),
    "damaged": ('{"plexus": 1, "blocks": {"a": 3}}', "✕ What was copied is damaged: the block “a” has no type."),
    "cut off": ('{"plexus": 1, "blo', "✕ What was copied is no Plexus project, or is damaged (line 1)."),
}


@pytest.mark.parametrize("case", WORDS)
def test_foreign_or_broken_text_changes_nothing(canvas: Canvas, case: str) -> None:
    text, words = WORDS[case]
    put(text)
    before = canvas.document.project
    canvas.clipboard.paste()
    assert said(canvas) == words
    assert canvas.document.project is before


def test_a_picture_is_no_text(canvas: Canvas) -> None:
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    QGuiApplication.clipboard().setMimeData(data)
    canvas.clipboard.paste()
    assert "holds no blocks" in said(canvas)


def test_a_refusal_is_over_when_something_is_pasted(canvas: Canvas) -> None:
    put("hello")
    canvas.clipboard.paste()
    assert said(canvas).startswith("✕")
    canvas.select(["b"])
    canvas.clipboard.copy()
    canvas.clipboard.paste()
    assert said(canvas) == ""


def test_a_project_file_in_a_fence(canvas: Canvas) -> None:
    put(f"Here it is:\n```json\n{dumps(chain('Linear', 'Tanh'))}```\n")
    canvas.clipboard.paste()
    assert names(canvas) == ["a", "b", "c", "d", "a1", "b1"]


def test_what_is_possible(canvas: Canvas) -> None:
    assert canvas.clipboard.possible() == {"copy": False, "cut": False, "paste": True}
    canvas.select(["a"])
    assert canvas.clipboard.possible() == {"copy": True, "cut": True, "paste": True}


def test_a_clipboard_that_was_never_used(canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    class Never:
        @staticmethod
        def clipboard() -> type[Never]:
            return Never

        @staticmethod
        def mimeData() -> None:
            return None

    monkeypatch.setattr("designer.canvas.clipboard.QGuiApplication", Never)
    canvas.clipboard.paste()
    assert said(canvas)
    assert canvas.document.undo_stack.count() == 0
