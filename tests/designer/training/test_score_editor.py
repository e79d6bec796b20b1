import pytest

from designer.training.score_editor import ScoreEditor
from engine.training.settings import TrainingSettings


@pytest.fixture
def editor(qtbot):
    made = ScoreEditor(TrainingSettings.param("watch"), lambda value: value)
    qtbot.addWidget(made)
    made.show_value("loss")
    return made


def listed(editor):
    return [editor.control.itemText(index) for index in range(editor.control.count())]


def test_offers_the_scores_of_the_training(editor):
    editor.show_names(["loss", "accuracy"])
    assert listed(editor) == ["loss", "accuracy"]
    assert editor.control.currentText() == "loss"


def test_what_is_chosen_stays_visible(editor):
    editor.show_names(["loss"])
    editor.show_value("mae")
    editor.show_names(["loss"])
    assert listed(editor) == ["loss", "mae (missing)"]
    assert editor.control.currentText() == "mae (missing)"
    editor.show_value("loss")
    editor.show_names(["loss"])
    assert listed(editor) == ["loss"]


def test_a_choice_is_told(editor, qtbot):
    editor.show_names(["loss", "accuracy"])
    told = []
    editor.edited.connect(told.append)
    editor.control.activated.emit(1)
    assert told == ["accuracy"]
