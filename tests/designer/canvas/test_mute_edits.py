"""Blocks are muted and unmuted on the canvas as one step each, and their cards show it without colour alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from designer.canvas.facts import card_text
from designer.canvas.spoken import block_words
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project

Show = Callable[[Project], Canvas]


def steps(canvas: Canvas) -> list[str]:
    stack = canvas.document.undo_stack
    return [stack.text(index) for index in range(stack.count())]


def muted(canvas: Canvas) -> list[str]:
    return [key for key, node in canvas.document.project.graph.nodes.items() if node.muted]


def test_selected_blocks_are_muted_and_work_again(canvas: Canvas) -> None:
    before = canvas.document.project
    assert not canvas.possible()["mute"]
    canvas.select(["b", "c"])
    assert canvas.possible()["mute"]
    canvas.muting.mute()
    assert muted(canvas) == ["b", "c"]
    assert canvas.scene.facts("d").shape == "768"  # the image itself, flattened
    canvas.muting.mute()
    assert canvas.document.project == before
    assert steps(canvas) == ["Mute 2 block(s)", "Unmute 2 block(s)"]
    canvas.document.undo_stack.undo()
    assert muted(canvas) == ["b", "c"]
    scene_equals_project(canvas, canvas.document.project)


def test_of_several_only_those_that_can_be_are_muted_and_first_all(canvas: Canvas) -> None:
    canvas.select(["a", "b"])
    canvas.muting.mute()
    assert muted(canvas) == ["b"]
    canvas.select(["b", "c"])
    canvas.muting.mute()
    assert muted(canvas) == ["b", "c"]
    assert steps(canvas) == ["Mute b", "Mute c"]


def test_a_block_that_can_not_be_muted_says_why(canvas: Canvas) -> None:
    canvas.select(["a"])
    canvas.muting.mute()
    assert muted(canvas) == []
    label = canvas.findChild(CursorLabel)
    assert label is not None
    assert label.isVisible()
    assert "a can't be muted" in label.text()


def test_a_mute_that_a_file_brought_can_be_taken_back(show: Show) -> None:
    project = chain("Input", "ReLU")
    canvas = show(project.edit(project.graph.mute(["a"])))
    assert any(problem.block == "a" for problem in canvas.document.review.problems)
    assert not canvas.scene.cards["a"].muted  # it works, and its badge says what is wrong
    canvas.select(["a"])
    canvas.muting.mute()
    assert muted(canvas) == []


def picture(canvas: Canvas, key: str) -> QImage:
    image = QImage(220, 120, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    canvas.scene.render(painter, QRectF(image.rect()), canvas.scene.content((key,)).adjusted(-35, -31, 35, 31))
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def test_it_is_seen_heard_and_read(canvas: Canvas) -> None:
    before = picture(canvas, "b")
    canvas.select(["b"])
    canvas.muting.mute()
    canvas.select([])
    assert picture(canvas, "b") != before
    card = canvas.scene.cards["b"]
    assert card.muted
    assert "muted" in block_words(card.node, card.facts).split(", ")
    assert "Muted: what enters passes through" in card_text(canvas.document.project, "b", "")
    canvas.document.undo_stack.undo()
    assert picture(canvas, "b") == before
