import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from designer.folded_form import FoldedForm
from engine.training.settings import OPTIMIZERS


@pytest.fixture
def form(qtbot):
    made = FoldedForm()
    qtbot.addWidget(made)
    made.show_record(OPTIMIZERS["Adam"]())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def shown(form):
    return [name for name, editor in form.editors.items() if editor.isVisible()]


def test_rare_settings_are_folded_away(qtbot, form):
    assert shown(form) == ["lr", "weight_decay"]
    form.more.setFocus()
    qtbot.keyClick(form.more, Qt.Key.Key_Space)
    assert shown(form) == ["lr", "weight_decay", "betas", "eps", "amsgrad"]
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert shown(form) == ["lr", "weight_decay"]


def test_the_button_tells_what_was_changed_behind_it(form):
    assert form.more.text() == "More"
    form.show_record(OPTIMIZERS["Adam"](eps=1e-6, amsgrad=True, lr=0.1))
    assert form.more.text() == form.more.accessibleName() == "More · 2 changed"


def test_there_is_no_button_without_need(form):
    form.show_record(OPTIMIZERS["SGD"]())
    assert not form.more.isVisible()
    assert "nesterov" in shown(form)


def test_edits_of_both_halves_are_told(qtbot, form):
    told = []
    form.edited.connect(lambda name, value: told.append((name, value)))
    form.focus("lr")
    form.editors["lr"].control.selectAll()
    qtbot.keyClicks(form.editors["lr"].control, "0.5")
    form.focus("eps")
    assert form.editors["eps"].isVisible()
    qtbot.keyClicks(form.editors["eps"].control, "0.25")
    assert told[-1] == ("eps", 0.25)
    assert ("lr", 0.5) in told


def test_shows_only_some(form):
    form.show_record(OPTIMIZERS["Adam"](), only=["lr", "eps"])
    assert set(form.editors) == {"lr", "eps"}


def test_what_there_is_to_say_of_a_value_stands_below_it(qtbot, form):
    def said():
        return {label.text(): label.property("role") for label in form.findChildren(QLabel) if label.text() == "Said."}

    form.show_notes({"lr": "Said.", "eps": "Said."})
    assert said() == {"Said.": "warning"}
    assert form.editors["lr"].control.accessibleDescription() == "Said."
    assert not form.editors["lr"].control.property("invalid")
    form.show_notes({})
    assert said() == {}
    assert form.editors["lr"].control.accessibleDescription() == form.editors["lr"].described.doc


def test_what_is_wrong_comes_before_what_there_is_to_say(qtbot, form):
    form.show_notes({"lr": "Said."})
    form.focus("lr")
    qtbot.keyClicks(form.editors["lr"].control, "-1")
    (told,) = [label for label in form.findChildren(QLabel) if label.isVisible() and label.property("role") == "danger"]
    assert told.text() != "Said."
    qtbot.keyClick(form.editors["lr"].control, Qt.Key.Key_Escape)
    assert (told.text(), told.property("role")) == ("Said.", "warning")
