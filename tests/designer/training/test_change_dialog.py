"""The dialog that changes a run: nothing before it is told to, bad values refused at their field, all by keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from designer.theme import DARK, LIGHT
from designer.training.change_dialog import ChangeDialog
from engine.record import BadValue
from engine.training.changes import Standing
from engine.training.schedules import SCHEDULES
from engine.training.settings import TrainingSettings

Key = Qt.Key


class Asked:
    def __init__(self) -> None:
        self.values: list[Mapping[str, Any]] = []
        self.refusal: dict[str, str] = {}

    def __call__(self, values: Mapping[str, Any]) -> None:
        if self.refusal:
            raise BadValue(self.refusal)
        self.values.append(values)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def dialog(qtbot: QtBot, asked: Asked) -> Iterator[ChangeDialog]:
    owner = QWidget()
    qtbot.addWidget(owner)
    made = ChangeDialog(3, TrainingSettings(epochs=12), asked, DARK, owner)
    made.show_course([(0.0, TrainingSettings(epochs=12))], 4.5, 10, Standing(5, 45))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    owner.close()  # which it stays alive with


def type_in(dialog: ChangeDialog, name: str, text: str) -> None:
    dialog.form.focus(name)
    QTest.keyClicks(dialog.form.editors[name].control, text)


def sentences(dialog: ChangeDialog) -> list[str]:
    labels = dialog.form.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.property("role") == "danger"]


def test_it_says_which_run_and_what_it_leaves_alone(dialog: ChangeDialog) -> None:
    assert dialog.windowTitle() == "Change run 3"
    assert "The design and the Train page stay as they are" in dialog.words.text()
    assert list(dialog.form.editors)[:3] == ["lr", "weight_decay", "epochs"]
    assert not dialog.change.isEnabled()
    assert dialog.summary.text() == "Nothing is changed yet."


def test_by_keys_alone(dialog: ChangeDialog, asked: Asked) -> None:
    assert dialog.form.editors["lr"].control.hasFocus()
    QTest.keyClicks(dialog.form.editors["lr"].control, "3e-4")
    QTest.keyClick(dialog.form.editors["lr"].control, Key.Key_Tab)
    QTest.keyClick(dialog.focusWidget(), Key.Key_Tab)
    QTest.keyClicks(dialog.focusWidget(), "20")
    assert dialog.summary.text() == "Learning rate 1e-3 → 3e-4 · Epochs 12 → 20"
    assert asked.values == []
    QTest.keyClick(dialog.focusWidget(), Key.Key_Return)
    assert asked.values == [{"lr": 3e-4, "epochs": 20}]
    assert not dialog.isVisible()


def test_escape_leaves_the_run_as_it_is(dialog: ChangeDialog, asked: Asked) -> None:
    type_in(dialog, "epochs", "20")
    QTest.keyClick(dialog.leave, Key.Key_Escape)
    assert not dialog.isVisible()
    assert asked.values == []


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("lr", "0", "Learning rate must be more than 0, at most 100, not 0."),
        ("epochs", "4", "Epoch 5 is under way, so Epochs must be at least 5."),
        ("max_steps", "45", "45 steps are done, so Steps at most must be more. To end the run now, press Stop."),
    ],
)
def test_a_bad_value_is_refused_at_its_field(
    name: str, text: str, sentence: str, dialog: ChangeDialog, asked: Asked
) -> None:
    type_in(dialog, "weight_decay", "0.1")
    assert dialog.change.isEnabled()
    type_in(dialog, name, text)
    assert sentences(dialog) == [sentence]
    assert not dialog.change.isEnabled()
    QTest.keyClick(dialog.focusWidget(), Key.Key_Return)
    assert asked.values == []
    assert dialog.isVisible()


def test_what_comes_too_late_is_told_at_its_field(dialog: ChangeDialog, asked: Asked) -> None:
    asked.refusal = {"epochs": "Epoch 9 is under way, so Epochs must be at least 9."}
    type_in(dialog, "epochs", "8")
    QTest.keyClick(dialog.focusWidget(), Key.Key_Return)
    assert dialog.isVisible()
    assert sentences(dialog) == ["Epoch 9 is under way, so Epochs must be at least 9."]
    type_in(dialog, "epochs", "9")
    assert sentences(dialog) == []


def test_the_rates_to_come_follow_what_is_typed(dialog: ChangeDialog) -> None:
    now = TrainingSettings(epochs=12, schedule=SCHEDULES["Exponential"](gamma=0.5))
    dialog.show_course([(0.0, now)], 4.5, 10, Standing(5, 45))
    type_in(dialog, "lr", "0.1")
    curve = dialog.chart._curve
    assert curve[0] == (0.0, 1e-3)
    assert max(rate for epoch, rate in curve if epoch < 4.5) == 1e-3
    assert max(rate for epoch, rate in curve if epoch >= 4.5) == 0.1


def test_every_field_is_whole_however_long_the_words_are(dialog: ChangeDialog) -> None:
    def fits() -> bool:
        layout = dialog.layout()
        return dialog.height() >= layout.minimumHeightForWidth(dialog.width()) and all(
            editor.height() >= editor.minimumHeight() and dialog.form.rect().contains(editor.geometry())
            for editor in dialog.form.editors.values()
        )

    QApplication.processEvents()
    assert fits()
    for name in ("lr", "weight_decay", "epochs", "patience", "max_steps", "target_loss"):
        type_in(dialog, name, "50")
    QApplication.processEvents()
    assert dialog.summary.heightForWidth(dialog.summary.width()) > 2 * dialog.summary.fontMetrics().lineSpacing()
    assert fits()


def test_both_themes_paint(dialog: ChangeDialog) -> None:
    for theme in (DARK, LIGHT):
        dialog.show_theme(theme)
        assert not dialog.grab().isNull()
