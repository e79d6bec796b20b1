"""The bubble beside a block with a problem, and its fixes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from designer.canvas import Canvas
from designer.canvas.problem_bubble import ProblemBubble
from designer.theme import DARK
from engine.graph import Wire
from engine.problem import Fix, Problem
from engine.project import Project
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand
from tests.designer.drawings import classifier


@pytest.fixture
def trap(show: Callable[[Project], Canvas]) -> Canvas:
    """A classifier whose softmax feeds a cross-entropy."""
    canvas = show(classifier(softmax=True))
    canvas.fit()
    return canvas


def text(canvas: Canvas) -> str:
    label = canvas.bubble.findChild(QLabel)
    assert label is not None
    return label.text()


def test_it_shows_while_the_pointer_is_over_the_block(trap: Canvas, qtbot: QtBot) -> None:
    hand = Hand(trap)
    assert trap.bubble.isHidden()
    hand.move(hand.card("softmax"))
    assert trap.bubble.isVisible()
    assert "Softmax feeds CrossEntropy" in text(trap)
    hand.move(QPointF(300, 150))
    qtbot.waitUntil(trap.bubble.isHidden)


def test_it_shows_for_the_selected_block(trap: Canvas) -> None:
    trap.show_block("softmax")
    assert trap.bubble.isVisible()
    assert trap.rect().contains(trap.bubble.geometry())
    assert not trap.bubble.geometry().intersects(trap._teller._on_screen("softmax"))
    trap.select(["conv1"])
    assert trap.bubble.isHidden()


def test_a_click_on_the_badge_shows_it_and_escape_hides_it(trap: Canvas) -> None:
    hand = Hand(trap)
    badge = trap.scene.cards["softmax"].pos() + QPointF(146, 1)
    hand.click(badge)
    assert trap.selected() == ("softmax",)
    assert trap.bubble.isVisible()
    hand.key(Qt.Key.Key_Escape)
    assert trap.bubble.isHidden()


def test_a_fix_is_one_undo_step(trap: Canvas) -> None:
    trap.show_block("softmax")
    label = trap.bubble.findChild(QLabel)
    assert label is not None
    before = trap.document.project
    label.linkActivated.emit("0")
    assert trap.document.project.graph.into("loss", "prediction") == Wire("logits", "y", "loss", "prediction")
    assert trap.document.undo_stack.count() == 1
    assert trap.document.undo_stack.undoText() == "Rewire loss to logits"
    assert trap.bubble.isHidden(), "what is mended is no longer told"
    scene_equals_project(trap, trap.document.project)
    trap.document.undo_stack.undo()
    assert trap.document.project == before


def test_it_is_out_of_the_way_of_a_drag(trap: Canvas) -> None:
    trap.show_block("softmax")
    hand = Hand(trap)
    start = hand.card("softmax")
    hand.press(start)
    hand.move(start + QPointF(0, 40))
    assert trap.bubble.isHidden()
    hand.release(start + QPointF(0, 40))
    assert trap.bubble.isVisible()


def test_words_are_shown_as_they_are(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bubble = ProblemBubble(parent)
    bubble.show_theme(DARK)
    fixes = (Fix("Use <b>", lambda project: project),)
    problems = tuple(Problem(f"<i>{n} & more", "a < b", fixes=fixes) for n in range(5))
    bubble.show_problems(problems)
    label = bubble.findChild(QLabel)
    assert label is not None
    assert "&lt;i&gt;0 &amp; more" in label.text()
    assert "Use &lt;b&gt;" in label.text()
    assert "and 2 more" in label.text()
    chosen: list[Fix] = []
    bubble.fix_chosen.connect(chosen.append)
    label.linkActivated.emit("2")
    assert chosen == [fixes[0]]


@pytest.mark.parametrize("block", [QRect(0, 0, 150, 58), QRect(640, 540, 150, 58), QRect(300, 250, 150, 58)])
def test_it_lies_inside_the_room_beside_the_block(qtbot: QtBot, block: QRect) -> None:
    parent = QWidget()
    parent.resize(800, 600)
    qtbot.addWidget(parent)
    bubble = ProblemBubble(parent)
    bubble.show_theme(DARK)
    bubble.show_problems((Problem("Title", "Some words that say what is wrong."),))
    bubble.place(block, parent.rect(), [])
    assert parent.rect().contains(bubble.geometry())
    assert not bubble.geometry().intersects(block)


def test_it_avoids_other_blocks(qtbot: QtBot) -> None:
    parent = QWidget()
    parent.resize(800, 600)
    qtbot.addWidget(parent)
    bubble = ProblemBubble(parent)
    bubble.show_theme(DARK)
    bubble.show_problems((Problem("Title", "Some words that say what is wrong."),))
    block = QRect(300, 250, 150, 58)
    below, above = QRect(100, 310, 600, 200), QRect(100, 40, 600, 200)
    bubble.place(block, parent.rect(), [below, above])
    place = QRect(QPoint(bubble.pos()), bubble.size())
    assert not place.intersects(below) or not place.intersects(above)
    assert place.left() > block.right() or place.right() < block.left()


def test_it_can_only_lie_within_its_reach(trap: Canvas) -> None:
    trap.show_block("softmax")
    block = trap._teller._on_screen("softmax")
    for corner in ((0, 0), (300, 0), (0, 300), (300, 300)):
        trap.bubble.place(block, QRect(*corner, 500, 400), [QRect(200, 200, 150, 58)])
        assert trap.bubble.reach(block).contains(trap.bubble.geometry())


def test_errors_stand_before_warnings(qtbot: QtBot) -> None:
    """As in the inspector; what does not fit in is at least no error."""
    parent = QWidget()
    qtbot.addWidget(parent)
    bubble, done = ProblemBubble(parent), []
    bubble.show_theme(DARK)
    fixes = {kind: Fix(kind, lambda project: project) for kind in ("mend", "remove")}
    warnings = [Problem(f"odd {n}", "It may be.", "a", severity="warning", fixes=(fixes["remove"],)) for n in range(4)]
    bubble.show_problems((*warnings, Problem("broken", "It can't be.", "a", fixes=(fixes["mend"],))))
    label = bubble.findChild(QLabel)
    words = label.text()
    assert 0 < words.index("broken") < words.index("odd 0")
    assert words.index(">mend<") < words.index(">remove<")
    bubble.fix_chosen.connect(done.append)
    label.linkActivated.emit("0")
    assert [fix.label for fix in done] == ["mend"]
