"""Runs that fail: told in words at the block, with ways out that are one click away."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine import save
from engine.project import Project
from engine.training.events import Failed
from engine.training.settings import OPTIMIZERS
from tests.engine.training.given import regression, small
from tests.journeys.user import CTRL, User


def offered(user: User) -> dict[str, QPushButton]:
    """The buttons in the strip, by their words."""
    strip = user.window.strip
    return {button.text(): button for button in strip.findChildren(QPushButton) if button.isVisible()}


def open_project(user: User, project: Project, place: Path) -> None:
    save(project, place)
    assert user.window.files.open_path(place)


def failed(user: User) -> Failed:
    user.wait(lambda: bool(user.told("failed")) and not user.window.session.active, 120)
    told = user.told("failed")[-1]
    assert isinstance(told, Failed)
    return told


def test_a_run_that_explodes_is_mended_and_goes_on(user: User, tmp_path: Path) -> None:
    window, document = user.window, user.window.document
    steep = regression(optimizer=OPTIMIZERS["SGD"](lr=0.6, momentum=0.0), epochs=400, save_every=0.0)
    open_project(user, steep, tmp_path / "steep.plexus")
    window.canvas.setFocus()
    user.press(Qt.Key.Key_F5)
    told = failed(user)
    assert told.block == "loss"
    assert told.message.startswith("The output of loss is not finite in step ")
    assert set(window.canvas.selected()) == {user.key_of("loss")}

    # Three ways are offered; going on with the same settings would come to the same.
    assert list(offered(user)) == ["Learn at 0.06", "Clip gradients at 1", "Go on from the last save"]
    assert [button.isEnabled() for button in offered(user).values()] == [True, True, False]

    # One click is one step of the settings, which can be undone.
    user.click(offered(user)["Clip gradients at 1"])
    assert document.project.training.clip_norm == 1.0
    assert window.status.currentMessage() == "Set for the next run: Clip gradients at 1."
    assert document.undo_stack.count() == 1
    assert [button.isEnabled() for button in offered(user).values()] == [True, False, True]
    window.canvas.setFocus()
    user.press(Qt.Key.Key_Z, CTRL)
    assert document.project.training.clip_norm is None
    assert [button.isEnabled() for button in offered(user).values()] == [True, True, False]

    # By keys alone: the buttons are reached by Tab, and Space presses them.
    offered(user)["Learn at 0.06"].setFocus()
    user.press(Qt.Key.Key_Space)
    assert document.project.training.optimizer.lr == 0.06
    offered(user)["Clip gradients at 1"].setFocus()
    user.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is offered(user)["Go on from the last save"]
    user.events.clear()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    user.wait(lambda: bool(user.told("started")))
    assert offered(user) == {}
    user.wait(lambda: not window.session.active, 120)
    assert user.told("failed") == []
    assert user.told("finished")
    assert sorted(path.name for path in (tmp_path / "steep.runs").iterdir()) == ["1"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills otherwise")
@pytest.mark.parametrize(("name", "words"), [("SIGKILL", "was killed"), ("SIGSEGV", "the signal SIGSEGV")])
def test_a_worker_that_is_killed_takes_nothing_with_it(name: str, words: str, user: User, tmp_path: Path) -> None:
    """The window stays, the project stays, and the run goes on from what was saved."""
    window = user.window
    open_project(user, small(epochs=100_000, save_every=0.0), tmp_path / "long.plexus")
    window.canvas.setFocus()
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: bool(user.told("saved")), 120)
    os.kill(_process(user), getattr(signal, name))
    told = failed(user)
    assert words in told.message
    assert "can be resumed" in told.remedy
    assert window.isVisible()
    user.select(user.names[1])
    user.press(Qt.Key.Key_Delete)
    assert len(user.names) == 5
    user.press(Qt.Key.Key_Z, CTRL)
    assert len(user.names) == 6

    user.events.clear()
    assert told.message in window.status.currentMessage()
    user.click(offered(user)["Go on from the last save"])
    assert told.message not in window.status.currentMessage()
    user.wait(lambda: len(user.told("epoch")) > 2, 120)
    (started,) = user.told("started")
    assert started.resumed
    assert user.told("epoch")[0].epoch > 1
    user.click(user.button("stop"))
    user.wait(lambda: not window.session.active)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one here")
def test_a_gpu_that_is_not_there_is_one_click_from_the_cpu(user: User, tmp_path: Path) -> None:
    window, document = user.window, user.window.document
    open_project(user, small(device="cuda"), tmp_path / "far.plexus")
    window.canvas.setFocus()
    user.press(Qt.Key.Key_F5)
    told = failed(user)
    assert told.message.startswith("There is no GPU that PyTorch can use here.")
    user.click(offered(user)["Use the CPU"])
    assert document.project.training.device == "cpu"
    assert document.undo_stack.count() == 1
    assert not offered(user)["Use the CPU"].isEnabled()
    window.canvas.setFocus()
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: bool(user.told("finished")), 120)
    assert offered(user) == {}


def _process(user: User) -> int:
    (busy,) = user.window.session.crew._busy
    return busy._process.pid
