import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from designer.document import Document
from designer.problem_rows import SHOWN, worst_first
from designer.problems import Problems
from designer.theme import DARK, LIGHT
from engine.blocks import CATALOGUE
from engine.problem import Problem
from engine.project import Project
from tests.designer.drawings import classifier


@pytest.fixture
def document(qapp):
    return Document(classifier(softmax=True))


@pytest.fixture
def problems(qtbot, document):
    made = Problems(document, DARK)
    made.resize(290, 300)
    made.jumps = []
    made.jump.connect(made.jumps.append)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def test_a_problem_with_its_block_and_fixes(problems):
    (row,) = problems.rows
    assert problems.title.text() == "1 problem"
    assert "Softmax feeds CrossEntropy" in texts(row)
    assert "softmax" in texts(row)
    assert [button.text() for button in row.findChildren(QPushButton)] == [
        "Rewire loss to logits",
        "Use LogSoftmax and NLLLoss",
    ]
    assert row.accessibleName() == "Warning: softmax: Softmax feeds CrossEntropy"


def test_a_fix_mends_in_one_named_step(qtbot, problems, document):
    before = document.project
    button = problems.rows[0].findChildren(QPushButton)[0]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert problems.rows == ()
    assert "No problems. The design can train." in texts(problems)
    assert document.undo_stack.undoText() == "Rewire loss to logits"
    document.undo_stack.undo()
    assert document.project == before
    assert len(problems.rows) == 1


def test_a_click_jumps_to_the_cause(qtbot, problems):
    qtbot.mouseClick(problems.rows[0], Qt.MouseButton.LeftButton, pos=QPoint(100, 12))
    assert [problem.block for problem in problems.jumps] == ["softmax"]


def test_keys_walk_and_jump(qtbot, problems, document):
    document.change(document.project.edit(document.project.graph.disconnect(document.project.graph.wires[:2])), "cut")
    assert len(problems.rows) > 2
    problems.rows[0].setFocus()
    qtbot.keyClick(problems.rows[0], Qt.Key.Key_Down)
    assert QApplication.focusWidget() is problems.rows[1]
    qtbot.keyClick(problems.rows[1], Qt.Key.Key_Return)
    assert problems.jumps == [problems.rows[1].problem]


def test_of_many_the_first_are_shown_and_more_when_asked(qtbot, problems, document):
    graph = document.project.graph
    for _ in range(2 * SHOWN + 5):
        graph, _ = graph.add(CATALOGUE["Add"]())
    document.change(document.project.edit(graph), "Add")
    qtbot.waitUntil(lambda: len(document.review.problems) > 4 * SHOWN)
    found = worst_first(document.review.problems)
    assert problems.title.text() == f"{len(found)} problems"
    assert [row.problem for row in problems.rows] == found[:SHOWN]
    assert problems.more.text() == f"Show {SHOWN} more of {len(found) - SHOWN}"
    problems.rows[-1].setFocus()
    qtbot.keyClick(problems.rows[-1], Qt.Key.Key_Down)
    assert problems.more.hasFocus()
    qtbot.keyClick(problems.more, Qt.Key.Key_Space)
    assert [row.problem for row in problems.rows] == found[: 2 * SHOWN]
    assert problems.rows[SHOWN].hasFocus()
    while problems.more.isVisible():
        qtbot.mouseClick(problems.more, Qt.MouseButton.LeftButton)
    assert [row.problem for row in problems.rows] == found
    document.undo_stack.undo()
    assert [row.problem.title for row in problems.rows] == ["Softmax feeds CrossEntropy"]
    assert not problems.more.isVisible()
    document.undo_stack.redo()
    qtbot.waitUntil(lambda: len(problems.rows) == SHOWN)


def test_a_list_that_nobody_sees_follows_when_it_is_shown(problems, document):
    problems.hide()
    document.change(document.project.edit(document.project.graph.disconnect(document.project.graph.wires[:2])), "cut")
    assert len(problems.rows) == 1
    problems.show()
    assert [row.problem for row in problems.rows] == worst_first(document.review.problems)


def test_errors_come_first():
    found = worst_first([Problem("a", "", severity="warning"), Problem("b", ""), Problem("c", "")])
    assert [problem.title for problem in found] == ["b", "c", "a"]


def test_the_icon_differs_by_form(qtbot, problems, document):
    warning = problems.rows[0].findChildren(QLabel)[0].pixmap().toImage()
    document.open(Project(), None)
    error = problems.rows[0].findChildren(QLabel)[0].pixmap().toImage()
    assert shape(warning) != shape(error)


def shape(image):
    return [image.pixelColor(x, y).alpha() > 128 for x in range(image.width()) for y in range(image.height())]


def test_nothing_is_mended_while_the_design_is_checked_anew(problems, document):
    document.changed.emit(document.project)
    assert not problems.rows[0].isEnabled()
    document.reviewed.emit(document.review)
    assert problems.rows[0].isEnabled()


def test_it_can_be_hidden(qtbot, problems):
    qtbot.mouseClick(problems.close_button, Qt.MouseButton.LeftButton)
    assert not problems.isVisible()


def test_both_themes_paint(problems):
    dark = problems.grab().toImage()
    problems.show_theme(LIGHT)
    assert problems.grab().toImage() != dark


def test_stepping_goes_round_the_problems(problems, document):
    project = document.project
    document.change(project.edit(project.graph.disconnect(project.graph.wires)), "Disconnect all")
    shown = [problem for problem in worst_first(document.review.problems) if problem.block]
    assert len(shown) > 2
    told = [problems.step(1) for _ in range(len(shown) + 1)]
    assert problems.jumps == [*shown, shown[0]]
    assert told[0] == told[-1] == f"Problem 1 of {len(shown)}: {shown[0].title}"
    problems.step(-1)
    assert problems.jumps[-1] == shown[-1]


def test_stepping_goes_on_where_a_mended_problem_was_not(problems, document):
    project = document.project
    document.change(project.edit(project.graph.disconnect(project.graph.wires)), "Disconnect all")
    problems.step(1)
    document.change(document.project.with_(name="other"), "Rename")  # the problems are found anew
    problems.step(1)
    assert problems.jumps[0] != problems.jumps[1]


def test_stepping_without_problems_says_so(qtbot):
    made = Problems(Document(classifier()), DARK)
    qtbot.addWidget(made)
    assert made.step(1) == "No problems. The design can train."
