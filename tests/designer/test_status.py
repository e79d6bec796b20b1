"""The line at the bottom tells where and how a run computes, and hides what no network has."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from designer.status import Status
from engine.training.events import Compiled
from tests.designer.training.test_strip import started, step


@pytest.fixture
def status(qtbot: QtBot) -> Status:
    status = Status()
    qtbot.addWidget(status)
    return status


@pytest.mark.parametrize(
    ("state", "words", "told"),
    [
        ("begun", "compiling in the background", "cpu · 2 threads · compiling…"),
        ("used", "compiled, 2.1 times as fast", "cpu · 2 threads · compiled"),
        ("refused", "not compiled: no compiler", "cpu · 2 threads · not compiled"),
    ],
)
def test_device_threads_and_compiled_steps_are_told(status: Status, state: str, words: str, told: str) -> None:
    status.show_training(started(threads=2))
    assert status._device.text() == "cpu · 2 threads"
    status.show_training(Compiled(state, words))
    assert (status._device.text(), status._device.toolTip()) == (told, words)
    status.show_training(step())
    assert status._speed.text().endswith("214 samples/s")
    status.show_training(started())
    assert (status._device.text(), status._device.toolTip()) == ("cpu · 1 thread", "")


def test_another_project_says_nothing_of_the_run_before(status: Status) -> None:
    status.show_training(started(threads=2))
    status.show_activity("run 1 is kept", "a folder")
    status.show_speed(100.0)
    status.forget_training()
    assert [label.text() for label in (status._device, status._activity, status._speed)] == ["", "", ""]
