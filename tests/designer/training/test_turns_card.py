"""Steps of a batch are added, told apart, ordered and removed by mouse and keys; each edit is one step back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from designer.document import Document
from designer.theme import DARK, LIGHT
from designer.training.settings_page import SettingsPage
from designer.training.turns_card import TurnsCard, blocks_of, name_of
from engine.training.turn import Turn
from tests.drawn.networks import gan


@pytest.fixture
def document(qapp: object) -> Document:
    project = gan()
    made = Document(project.with_(training=project.training.change(turns=())))
    return made


@pytest.fixture
def card(document: Document, qtbot: QtBot) -> TurnsCard:
    page = SettingsPage(document, DARK)
    page.resize(1440, 900)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.turns.page = page  # which must live as long
    return page.turns


def turns(document: Document) -> tuple[Turn, ...]:
    return document.project.training.turns


def names(document: Document) -> list[str]:
    return [turn.name for turn in turns(document)]


def history(document: Document) -> list[str]:
    return [document.undo_stack.text(place) for place in range(document.undo_stack.count())]


def press(card: TurnsCard, widget: object, qtbot: QtBot) -> None:
    widget.setFocus()  # type: ignore[attr-defined]
    qtbot.keyClick(widget, Qt.Key.Key_Space)


def tick(card: TurnsCard, place: int, name: str, words: str, qtbot: QtBot) -> None:
    """Open a list by the keyboard, and tick what is called so."""
    editor = card.forms[place].form.editors[name]
    qtbot.keyClick(editor.control, Qt.Key.Key_Space)
    action = next(action for action in editor._list.actions() if action.text() == words)
    editor._list.setActiveAction(action)
    qtbot.keyClick(editor._list, Qt.Key.Key_Space)
    qtbot.keyClick(editor._list, Qt.Key.Key_Escape)


def test_the_default_is_one_line(card: TurnsCard) -> None:
    assert card.words.text() == "One step: all losses, all weights."
    assert card.forms == []


def test_a_network_is_made_adversarial_by_keys(card: TurnsCard, document: Document, qtbot: QtBot) -> None:
    press(card, card.add, qtbot)
    everything = Turn(name="first", losses=("real_loss", "fake_loss", "generator_loss"), blocks=("generator", "judge"))
    assert turns(document) == (everything,)
    assert card.forms[0].form.editors["name"].control.hasFocus()
    qtbot.keyClicks(card.forms[0].form.editors["name"].control, "judge")
    tick(card, 0, "losses", "generator_loss", qtbot)
    tick(card, 0, "blocks", "generator", qtbot)
    press(card, card.add, qtbot)  # takes what is left over
    qtbot.keyClicks(card.forms[1].form.editors["name"].control, "generator")
    wanted = gan().training.turns
    assert turns(document) == wanted
    assert document.review.problems == ()
    assert history(document) == [
        "Add step first",
        "Change Name of step judge",
        "Change Losses of step judge",
        "Change Moves of step judge",
        "Add step second",
        "Change Name of step generator",
    ]
    assert "weights of the last epoch are kept" in card.words.text()
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert turns(document) == ()
    assert card.words.text() == "One step: all losses, all weights."
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert turns(document) == wanted
    assert card.forms[1].title.text() == "2 of 2: generator"


def adversarial(document: Document) -> None:
    document.change(document.project.with_(training=gan().training), "Steps")


def test_steps_change_places_and_go(card: TurnsCard, document: Document, qtbot: QtBot) -> None:
    adversarial(document)
    assert not card.forms[0].up.isEnabled()
    assert not card.forms[1].down.isEnabled()
    qtbot.mouseClick(card.forms[0].down, Qt.MouseButton.LeftButton)
    assert names(document) == ["generator", "judge"]
    assert card.forms[1].up.hasFocus()
    press(card, card.forms[1].up, qtbot)
    assert names(document) == ["judge", "generator"]
    press(card, card.forms[0].remove, qtbot)
    assert names(document) == ["generator"]
    assert card.forms[0].remove.hasFocus()
    press(card, card.forms[0].remove, qtbot)
    assert names(document) == []
    assert card.add.hasFocus()
    assert history(document)[1:] == [
        "Move step judge",
        "Move step judge",
        "Remove step judge",
        "Remove step generator",
    ]


@pytest.mark.parametrize(
    ("place", "name", "text", "words"),
    [
        (1, "name", "judge", "Two steps are called “judge”."),
        (0, "every", "0", "Every n-th batch must be at least 1"),
        (1, "learning_rate", "-1", "Rate factor must be more than 0"),
    ],
)
def test_what_can_not_be_is_told_at_the_field(
    place: int, name: str, text: str, words: str, card: TurnsCard, document: Document, qtbot: QtBot
) -> None:
    adversarial(document)
    before = turns(document)
    card.forms[place].form.focus(name)
    qtbot.keyClicks(card.forms[place].form.editors[name].control, text)
    row = card.forms[place].form._rows[name]
    assert row._error.isVisible()
    assert row._error.text().startswith(words)
    assert name != "every" or turns(document) == before


def test_an_interval_is_one_step_back(card: TurnsCard, document: Document, qtbot: QtBot) -> None:
    adversarial(document)
    card.forms[1].form.focus("every")
    qtbot.keyClicks(card.forms[1].form.editors["every"].control, "15")
    assert turns(document)[1].every == 15
    document.undo_stack.undo()
    assert turns(document)[1].every == 1


def test_another_setting_in_the_way_is_told(card: TurnsCard, document: Document, qtbot: QtBot) -> None:
    project = document.project
    document.change(project.with_(training=project.training.change(accumulate=2)), "Accumulate")
    press(card, card.add, qtbot)
    press(card, card.add, qtbot)
    assert names(document) == ["first"]
    assert card._refusal.isVisible()
    assert card._refusal.text() == "With several steps of a batch, Batches a step must be 1."


def test_problems_stand_at_their_step(card: TurnsCard, document: Document, qtbot: QtBot) -> None:
    adversarial(document)
    assert not card.forms[1]._problems.isVisible()
    tick(card, 1, "losses", "generator_loss", qtbot)
    qtbot.waitUntil(lambda: card.forms[1]._problems.isVisible())
    assert card.forms[1]._problems.text().startswith("The step “generator” has no loss.")
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: not card.forms[1]._problems.isVisible())


def test_what_is_gone_stays_in_sight(card: TurnsCard, document: Document) -> None:
    adversarial(document)
    (judge, generator) = turns(document)
    gone = generator.change(losses=("old",), blocks=("generator/fc1", "generator/gone"))
    training = document.project.training.change(turns=(judge, gone))
    document.change(document.project.with_(training=training), "Gone")
    boxes = [card.forms[1].form.editors[name].control.currentText() for name in ("losses", "blocks")]
    assert boxes == ["old (missing)", "fc1 in generator, generator/gone (missing)"]


def test_a_block_that_is_deleted_leaves_its_step(card: TurnsCard, document: Document) -> None:
    adversarial(document)
    document.change(document.project.remove(["fake_loss"]), "Delete")
    assert card.forms[0].form.editors["losses"].control.currentText() == "real_loss"


def test_shared_weights_are_offered_once(document: Document) -> None:
    graph = document.project.graph
    assert blocks_of(document.review.plan, graph) == {"generator": "generator", "judge": "judge, judge_again"}
    assert name_of(graph, "judge/fc1") == "fc1 in judge"
    assert name_of(graph, "judge/none") == ""


def test_both_themes_paint(card: TurnsCard, document: Document) -> None:
    adversarial(document)
    dark = card.grab().toImage()
    card.page.show_theme(LIGHT)
    assert not dark.isNull()
    assert card.forms[0].accessibleName() == "1 of 2: judge"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_tab_goes_through_the_steps_and_on_however_late_they_came(steps: int, qtbot: QtBot) -> None:
    project = gan()
    document = Document(project.with_(training=project.training.change(turns=project.training.turns[:steps])))
    window = QWidget()
    qtbot.addWidget(window)
    layout, ends = QVBoxLayout(window), (QPushButton("first"), QPushButton("last"))
    made = TurnsCard(document)
    for widget in (ends[0], made, ends[1]):
        layout.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    document.change(project, "Add steps")
    made.show_turns()
    wanted = [ends[0], made.add]
    for form in made.forms:
        wanted += [button for button in (form.up, form.down, form.remove) if button.isEnabled()]
        wanted += [editor.control for editor in form.form.editors.values()]
    wanted += [ends[1], ends[0]]
    for order, key in ((wanted, Qt.Key.Key_Tab), (wanted[::-1], Qt.Key.Key_Backtab)):
        order[0].setFocus()
        for before, after in pairwise(order):
            QTest.keyClick(before, key)
            assert QApplication.focusWidget() is after
