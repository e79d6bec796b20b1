"""Trials are watched as they go, can be left, and say in words what they came to."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from designer.training.trial_dialog import BatchDialog, RateDialog
from engine.problem import UserError
from engine.training.events import Event, Failed, RatePoint, TrialStep

LOSSES = (3.0, 3.0, 2.9, 2.0, 1.0, 1.0, 2.0)


def rates() -> Iterator[Event]:
    yield from (RatePoint(10.0 ** (index - 6), loss) for index, loss in enumerate(LOSSES))


def test_the_suggested_rate_is_told_and_taken_over_by_enter(qtbot: object) -> None:
    dialog = RateDialog(rates)
    dialog.show()
    chosen: list[float] = []
    dialog.chosen.connect(chosen.append)
    qtbot.waitUntil(dialog.use.isVisible)
    assert dialog.use.text() == "Use 0.001"
    assert "0.001" in dialog.words.text()
    assert dialog.chart.marked == 3
    qtbot.keyClick(dialog.use, Qt.Key.Key_Return)
    assert chosen == [0.001]
    assert not dialog.isVisible()


def test_no_rate_is_suggested_where_the_loss_never_falls(qtbot: object) -> None:
    dialog = RateDialog(lambda: (RatePoint(10.0**index, 1.0 + index) for index in range(5)))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.leave.text() == "Close")
    assert "none can be suggested" in dialog.words.text()
    assert not dialog.use.isVisible()


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ((2.0, 1.0, 0.01), "by heart"),
        ((2.0, 1.8, 1.0), "slowly"),
        ((2.0, 2.0, 1.99), "can't learn even one batch"),
        ((2.0, 3.0), "can't learn even one batch"),
        ((2.0, None), "no longer a number"),
    ],
)
def test_what_overfitting_came_to(losses: tuple[float, ...], words: str, qtbot: object) -> None:
    dialog = BatchDialog(lambda: (TrialStep(step, loss) for step, loss in enumerate(losses, 1)))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.leave.text() == "Close")
    assert words in dialog.words.text()


def test_cancel_ends_the_trial(qtbot: object) -> None:
    closed = threading.Event()

    def endless() -> Iterator[Event]:
        step = 0
        try:
            while True:
                step += 1
                threading.Event().wait(0.001)
                yield TrialStep(step, 1.0)
        finally:
            closed.set()

    dialog = BatchDialog(endless)
    dialog.show()
    qtbot.waitUntil(lambda: len(dialog.told) > 3)
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert closed.is_set()


def refused() -> Iterator[Event]:
    raise UserError("The design can't be trained yet.")
    yield


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (refused, "The design can't be trained yet."),
        (lambda: iter_of(Failed("It broke off.", "Start it again.")), "It broke off. Start it again."),
    ],
)
def test_what_goes_wrong_is_told(make: object, words: str, qtbot: object) -> None:
    dialog = BatchDialog(make)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.leave.text() == "Close")
    assert dialog.words.text() == words
    assert dialog.words.property("role") == "danger"
    assert not dialog.chart.isVisible(), "an empty chart tells nothing"
    assert dialog.height() < dialog.chart.minimumHeight()


def iter_of(*events: Event) -> Iterator[Event]:
    yield from events
