"""Projects on the disk: save, reopen, drop, recent files, what is asked before work is lost, and damaged settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

import engine
from designer.settings import SettingsFile
from designer.theme_switch import ThemeSwitch
from designer.window import Window
from engine import templates
from tests.journeys.user import CTRL, SHIFT, User

Buttons = QMessageBox.StandardButton


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question and warning that came up; all are answered with Cancel."""
    texts: list[str] = []

    def cancel(box: QMessageBox) -> int:
        texts.append(box.text())
        return int(Buttons.Cancel)

    monkeypatch.setattr(QMessageBox, "exec", cancel)
    return texts


def _answer(monkeypatch: pytest.MonkeyPatch, button: Buttons) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: int(button))


def _edit(user: User) -> None:
    user.click(user.window.start_page.cards[0])
    user.set("conv1", "out_channels", "16")


def test_a_change_is_marked_and_saving_takes_the_mark_away(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(user)
    assert user.window.isWindowModified()
    assert user.window.windowTitle() == "digits-cnn[*] — Plexus"
    user.save_as(tmp_path / "mine.plexus", monkeypatch)
    assert not user.window.isWindowModified()
    assert user.window.windowTitle() == "mine[*] — Plexus"
    user.press(Qt.Key.Key_Z, CTRL)
    assert user.window.isWindowModified()
    assert user.window.document.project.name == "mine", "undo does not undo “Save as”"
    user.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert not user.window.isWindowModified()
    assert engine.load(tmp_path / "mine.plexus") == user.window.document.project


def test_a_name_without_an_ending_gets_one(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(user)
    user.save_as(tmp_path / "mine", monkeypatch)
    assert (tmp_path / "mine.plexus").exists()


def test_unsaved_changes_are_asked_about(
    user: User, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(user)
    before = user.window.document.project
    user.press(Qt.Key.Key_N, CTRL)
    assert asked == ["Save the changes to “digits-cnn”?"]
    assert user.window.document.project == before
    assert not user.window.close()

    _answer(monkeypatch, Buttons.Discard)
    user.press(Qt.Key.Key_N, CTRL)
    assert not user.window.document.project.graph.nodes


def test_a_file_that_is_no_project_changes_nothing(user: User, asked: list[str], tmp_path: Path) -> None:
    _edit(user)
    before = user.window.document.project
    bad = tmp_path / "bad.plexus"
    bad.write_text("{]")
    assert not user.window.files.open_path(bad)
    assert not user.window.files.open_path(tmp_path / "missing.plexus")
    assert len(asked) == 2
    assert "bad.plexus is no Plexus project" in asked[0]
    assert user.window.document.project == before
    assert user.window.isWindowModified()


def test_a_file_dropped_on_the_window_opens(user: User, tmp_path: Path) -> None:
    place = tmp_path / "spirals.plexus"
    engine.save(templates.open_template("spirals"), place)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(place))])
    keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, *keys)
    QApplication.sendEvent(user.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(user.window, QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, *keys))
    user.wait(lambda: user.window.document.path == place)
    assert user.window.document.project.name == "spirals"


def test_recent_files_come_back_after_a_restart(
    user: User, open_user: Callable[[], User], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(user)
    user.save_as(tmp_path / "mine.plexus", monkeypatch)
    again = open_user()
    again.window.recent_menu.aboutToShow.emit()
    assert [action.text() for action in again.window.recent_menu.actions()] == ["mine.plexus"]
    again.window.recent_menu.actions()[0].trigger()
    assert again.window.document.path == tmp_path / "mine.plexus"


def test_size_and_theme_come_back_after_a_restart(user: User, open_user: Callable[[], User]) -> None:
    user.window.resize(900, 640)
    user.window.actions_["theme_light"].trigger()
    user.window.close()
    again = Window(SettingsFile(user.window.settings.path), ThemeSwitch(QApplication.instance()))
    user.qtbot.addWidget(again)
    assert (again.width(), again.height()) == (900, 640)
    assert again.settings.settings.theme == "light"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"[1, 2]",
        b'{"window": "wide"}',
        b'{"window": [99999999, -99999999, 0, 0], "columns": [-1, 0, 5], "strip": 70}',
        b'{"recent": [1, 2], "theme": "purple"}',
    ],
)
def test_damaged_settings_never_keep_the_window_from_opening(
    content: bytes, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    place = tmp_path / "settings.json"
    place.write_bytes(content)
    window = Window(SettingsFile(place), ThemeSwitch(qapp, "dark"))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    assert window.width() >= 900
    assert window.close()


def test_work_that_a_crash_left_behind_is_offered(
    user: User, open_user: Callable[[], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(user)
    recovery = user.window.recovery
    user.wait(lambda: recovery.copy.with_suffix(".json").exists() and not recovery._writing)
    recovery._lock.unlock()  # as when the process is gone
    again = open_user()
    (work,) = again.window.recovery.found()
    again.window.start_page.recovered_chosen.emit(work)
    assert again.window.document.project.graph == user.window.document.project.graph
    assert again.window.isWindowModified()
    assert again.window.recovery.found() == []


def test_runs_of_earlier_come_back_with_their_project(
    user: User, open_user: Callable[[], User], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user.click(user.window.start_page.cards[2])
    document = user.window.document
    project = document.project
    document.change(project.with_(training=project.training.change(epochs=3)), "Change Epochs")
    user.save_as(tmp_path / "mine.plexus", monkeypatch)
    for number in (1, 2):
        user.press(Qt.Key.Key_F5)
        user.wait(lambda number=number: len(user.told("finished")) == number and not user.window.session.active)
    assert [event.run for event in user.told("started")] == [1, 2]

    again = open_user()
    assert again.window.files.open_path(tmp_path / "mine.plexus")
    again.select("fc1")
    again.press(Qt.Key.Key_Delete)  # while they are read, which takes a moment
    assert set(again.window.strip._runs) == set()
    again.wait(lambda: set(again.window.strip._runs) == {1, 2})
    again.press(Qt.Key.Key_Z, CTRL)
    weights = tmp_path / "weights.safetensors"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *args, **kwargs: (str(weights), ""))
    again.window.commands.export_weights()
    assert weights.exists()
