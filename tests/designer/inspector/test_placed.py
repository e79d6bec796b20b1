"""The page of frames and notes: what is shown, and what typing and choosing change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.document import Document
from designer.inspector import Inspector
from designer.inspector.placed import colour_name
from designer.theme import DARK, LIGHT
from engine import decorating, templates
from engine.decor import COLOURS
from engine.places import Area


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    project = templates.open_template("digits-cnn")
    x, y = project.layout["conv1"]
    project, _ = decorating.add_frame(project, Area(x - 20, y - 40, 190, 130), "First")
    project, _ = decorating.add_note(project, Area(0, 1000, 100, 80), "Why")
    document = Document(project)
    inspector = Inspector(document, DARK)
    document.setParent(inspector)
    inspector.document = document  # type: ignore[attr-defined]
    qtbot.addWidget(inspector)
    inspector.show()
    return inspector


def test_a_frame_tells_what_lies_in_it(inspector: Inspector) -> None:
    inspector.show_selection((), ["frame1"])
    page = inspector.placed
    assert page.isVisible()
    assert (page.heading.text(), page.title.text(), page.colour.currentText()) == ("Frame", "First", "Grey")
    assert not page.text.isVisible()
    plan = inspector._here.review.plan
    assert page.facts.shown[:2] == [("Blocks inside", "1"), ("Parameters", str(plan.steps["conv1"].parameters))]


def test_a_title_is_typed_in_one_step(inspector: Inspector) -> None:
    inspector.show_selection((), ["frame1"])
    inspector.edit_values()
    page, document = inspector.placed, inspector.document  # type: ignore[attr-defined]
    before = document.project
    page.title.selectAll()
    QTest.keyClicks(page.title, "Stem")
    QTest.keyClick(page.title, Qt.Key.Key_Return)
    assert document.project.decor["frame1"].title == "Stem"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == before
    assert page.title.text() == "First"


def test_a_note_is_written_and_both_take_a_colour(inspector: Inspector) -> None:
    document = inspector.document  # type: ignore[attr-defined]
    inspector.show_selection((), ["note1"])
    page = inspector.placed
    assert page.text.toPlainText() == "Why"
    assert not page.facts.isVisible()
    QTest.keyClicks(page.text, "!")
    assert document.project.decor["note1"].text == "!Why"
    inspector.show_selection((), ["frame1", "note1"])
    assert page.heading.text() == "2 frames and notes"
    assert page.colour.currentIndex() == -1
    page.colour.activated.emit(COLOURS.index("red"))
    assert {document.project.decor[key].colour for key in ("frame1", "note1")} == {"red"}
    assert page.colour.currentText() == "Red"
    inspector.show_theme(LIGHT)
    assert page.colour.currentText() == "Red"


def test_blocks_come_first_and_what_is_gone_is_not_shown(inspector: Inspector) -> None:
    document = inspector.document  # type: ignore[attr-defined]
    inspector.show_selection(["conv1"], ["frame1"])
    assert inspector.block.isVisible()
    inspector.show_selection((), ["frame1"])
    document.change(decorating.erase(document.project, ["frame1"]), "Delete frames and notes")
    assert inspector.overview.isVisible()


def test_every_colour_has_a_name() -> None:
    assert len({colour_name(colour) for colour in COLOURS}) == len(COLOURS)
    assert colour_name("mauve") == "mauve"
