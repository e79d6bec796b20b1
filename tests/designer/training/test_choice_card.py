import pytest
from PySide6.QtCore import Qt

from designer.document import Document
from designer.theme import DARK, LIGHT
from designer.training.choice_card import ChoiceCard, Words
from engine.training.settings import OPTIMIZERS, SCHEDULES
from tests.designer.drawings import classifier


@pytest.fixture
def document(qapp):
    return Document(classifier())


def card(qtbot, document, part="schedule", kinds=SCHEDULES):
    made = ChoiceCard(document, DARK, part, kinds, Words("Learning rate", part, "How it changes"))
    document.changed.connect(lambda _project: made.show_choice())
    made.show_choice()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.choice.setFocus()
    return made


def test_kinds_go_by_their_titles(qtbot, document):
    made = card(qtbot, document)
    assert [made.choice.itemText(index) for index in range(made.choice.count())] == [
        cls.title for cls in SCHEDULES.values()
    ]
    assert made.choice.currentText() == "Constant"


def test_what_there_is_nothing_to_say_of_takes_no_room(qtbot, document):
    made = card(qtbot, document)
    assert not made.form.isVisible()
    low = made.sizeHint().height()
    qtbot.keyClick(made.choice, Qt.Key.Key_Down)
    assert made.form.isVisible()
    assert made.sizeHint().height() > low + 80, "a link and two rows"
    document.undo_stack.undo()
    assert made.sizeHint().height() == low


def test_another_is_chosen_by_key_and_undone(qtbot, document):
    made = card(qtbot, document)
    qtbot.keyClick(made.choice, Qt.Key.Key_Down)
    assert document.project.training.schedule == SCHEDULES["Step"]()
    assert document.undo_stack.undoText() == "Change schedule to Step"
    assert set(made.form.editors) == {"step_size", "gamma"}
    document.undo_stack.undo()
    assert made.choice.currentText() == "Constant"


def test_numbers_are_one_step_of_the_history(qtbot, document):
    made = card(qtbot, document)
    qtbot.keyClick(made.choice, Qt.Key.Key_Down)
    made.form.focus("step_size")
    qtbot.keyClicks(made.form.editors["step_size"].control, "25")
    assert document.project.training.schedule.step_size == 25
    assert document.undo_stack.undoText() == "Change Every of Step"
    assert document.undo_stack.count() == 2


def test_what_does_not_go_together_is_refused_in_words(qtbot, document):
    training = document.project.training.change(accumulate=4)
    document.change(document.project.with_(training=training), "Accumulate")
    made = card(qtbot, document, "optimizer", OPTIMIZERS)
    index = made.choice.findData("LBFGS")
    made.choice.activated.emit(index)
    assert type(document.project.training.optimizer).__name__ == "Adam"
    assert made.choice.currentData() == "Adam"
    assert "Batches a step must be 1" in made._doc.text()


def test_both_themes_paint(qtbot, document):
    made = card(qtbot, document)
    made.show_theme(LIGHT)
    assert made.choice.currentText() == "Constant"
