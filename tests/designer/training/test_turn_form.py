"""One step of a batch: what is edited is told, and problems stand below in their colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from designer.training.turn_form import TurnForm
from engine.problem import Problem
from engine.training.turn import Turn

TURN = Turn(name="judge", losses=("a",), blocks=("b",), every=2)


@pytest.fixture
def form(qtbot: QtBot) -> TurnForm:
    made = TurnForm()
    qtbot.addWidget(made)
    made.show_turn(TURN, 1, 3, lambda name, value: getattr(TURN.change(**{name: value}), name))
    made.show_offer({"a": "first", "c": "second"}, {"b": "layer"})
    made.show()
    return made


def test_it_shows_what_the_step_is(form: TurnForm) -> None:
    assert form.title.text() == "2 of 3: judge"
    shown = {name: editor.control for name, editor in form.form.editors.items()}
    assert {name: shown[name].text() for name in ("name", "every", "learning_rate")} == {
        "name": "judge",
        "every": "2",
        "learning_rate": "1",
    }
    assert {name: shown[name].currentText() for name in ("losses", "blocks")} == {"losses": "first", "blocks": "layer"}


def test_buttons_have_words_and_take_the_focus(form: TurnForm, qtbot: QtBot) -> None:
    told: list[object] = []
    form.moved.connect(told.append)
    form.removed.connect(lambda: told.append("removed"))
    for button in (form.up, form.down, form.remove):
        assert button.accessibleName() == button.toolTip() != ""
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert told == [-1, 1, "removed"]


@pytest.mark.parametrize(("severity", "role"), [("error", "danger"), ("warning", "warning")])
def test_problems_stand_below(severity: str, role: str, form: TurnForm) -> None:
    form.show_problems([Problem("It fails", "Mend it.", severity=severity)])  # type: ignore[arg-type]
    label = next(label for label in form.findChildren(QLabel) if label.text() == "It fails. Mend it.")
    assert label.isVisible()
    assert label.property("role") == role
    form.show_problems([])
    assert not label.isVisible()
