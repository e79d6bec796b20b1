"""What the window does with runs of earlier, and that it asks before it closes while one is under way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

import engine
from designer.dialogs.text import TextDialog
from designer.settings import SettingsFile
from designer.theme_switch import ThemeSwitch
from designer.window import Window
from engine import templates
from engine.training.events import Epoch, Finished, Started
from engine.training.history import RunLabel, read_label, write_label
from engine.training.remote import CREW, Crew
from engine.training.run import RunFolder
from tests.engine.training.given import same, weights
from tests.engine.training.stand_in import MODULE


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    crew = Crew(MODULE)
    yield crew
    crew.close()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, crew: Crew) -> Iterator[Window]:
    """A saved project with two runs, the second of them stopped."""
    file = tmp_path / "calm.plexus"
    project = templates.open_template("iris").with_(name="calm")
    engine.save(project, file)
    for number in (1, 2):
        path = tmp_path / "calm.runs" / str(number)
        path.mkdir(parents=True)
        trained = project.with_(name="endless", training=project.training.change(epochs=number))
        RunFolder(path).write_project(trained)
        RunFolder(path).events.write_text("")
    (tmp_path / "calm.runs" / "2" / "last").mkdir()
    (tmp_path / "calm.runs" / "2" / "last" / "state.safetensors").write_bytes(b"")
    write_label(tmp_path / "calm.runs" / "1", RunLabel(name="first", starred=True))
    Path(os.environ["XDG_DATA_HOME"]).mkdir(exist_ok=True)  # where the bin is
    made = Window(SettingsFile(tmp_path / "config" / "settings.json"), ThemeSwitch(qapp, "dark"))
    made.session.crew = crew
    made.files.open_path(file)
    made.show()
    yield made
    made.session.close()
    made.document.undo_stack.setClean()
    made.close()
    made.deleteLater()


def entries(window: Window, number: int) -> dict[str, bool]:
    window.runs.menu(number, QPoint(50, 50))
    menu = next(m for m in QApplication.topLevelWidgets() if isinstance(m, QMenu) and m.isVisible())
    told = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    menu.close()
    return told


def test_the_menu_offers_what_can_be_done(window: Window) -> None:
    first, second = entries(window, 1), entries(window, 2)
    assert list(first) == [
        "Resume",
        "Train from its weights",
        "Open as a project",
        "Details…",
        "Name…",
        "Tags…",
        "Take the star away",
        "Show folder",
        "Move to bin",
    ]
    assert [name for name, possible in first.items() if not possible] == ["Resume", "Train from its weights"]
    assert "Star" in second
    assert all(second.values())


def test_a_run_opens_as_the_project_it_was(window: Window) -> None:
    window.runs.open_as_project(2)
    project = window.document.project
    assert (project.name, project.training.epochs, window.document.path) == ("endless, run 2", 2, None)
    window.runs.open_as_project(7)
    assert "There is no run" in window.status.currentMessage()


def test_names_tags_and_stars_are_kept(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([("  wide  ", True), ("a, b,, a", True), ("never", False)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *args: next(answers))
    window.runs.rename(2)
    window.runs.tag(2)
    window.runs.rename(2)
    window.runs.star(2)
    assert read_label(window.runs.folder(2)) == RunLabel(name="wide", tags=("a", "b"), starred=True)
    window.runs.star(2)
    assert not read_label(window.runs.folder(2)).starred


def test_the_bin_takes_a_run_but_not_the_one_under_way(window: Window, qtbot: QtBot) -> None:
    window.runs.move_to_bin(1)
    assert not window.runs.folder(1).exists()
    assert "bin" in window.status.currentMessage()
    window.runs.move_to_bin(1)
    assert "no bin" in window.status.currentMessage()
    window.runs.resume(2)
    qtbot.waitUntil(lambda: window.session.state == "running")
    window.runs.move_to_bin(2)
    assert window.runs.folder(2).exists()


def test_the_latest_run_goes_on(window: Window, qtbot: QtBot) -> None:
    window.actions_["resume_latest"].trigger()
    qtbot.waitUntil(lambda: window.session.state == "running")
    assert window.session.folder == window.runs.folder(2)
    assert not window.actions_["resume_latest"].isEnabled()
    window.session.stop()
    qtbot.waitUntil(lambda: not window.session.active)
    RunFolder(window.runs.folder(2)).write_metrics({"reason": "done"})
    window.actions_["resume_latest"].trigger()
    assert "Press Run" in window.status.currentMessage()


def test_all_runs_are_listed_and_follow_what_is_done(window: Window, qtbot: QtBot) -> None:
    window.actions_["all_runs"].trigger()
    dialog = window.runs.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    window.runs.star(2)
    qtbot.waitUntil(lambda: dialog.model.item(0, 0).text() == "2 ★")
    window.runs.move_to_bin(1)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    window.actions_["put_in_line"].trigger()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    window.actions_["put_in_line"].trigger()
    qtbot.waitUntil(lambda: not window.session.active and not window.session.queue)


@pytest.mark.parametrize("stop", [False, True])
def test_it_asks_before_it_closes_while_a_run_is_under_way(window: Window, qtbot: QtBot, stop: bool) -> None:
    project = window.document.project
    window.session.start(project.with_(name="endless"), window.commands.runs_folder())
    qtbot.waitUntil(lambda: window.session.state == "running")

    def answer() -> None:
        box = next(b for b in QApplication.topLevelWidgets() if isinstance(b, QMessageBox) and b.isVisible())
        (box.defaultButton() if stop else box.button(QMessageBox.StandardButton.Cancel)).click()

    QTimer.singleShot(200, window, answer)
    assert window.close() is stop
    assert window.isVisible() is not stop


def test_runs_of_a_new_project_come_along_when_it_is_saved(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    window.files.open_template(templates.open_template("iris").with_(name="calm"))
    before = window.commands.runs_folder()
    for _ in range(2):
        window.session.start(window.document.project, before)
        qtbot.waitUntil(lambda: not window.session.active)
    (tmp_path / "other.runs" / "2").mkdir(parents=True)
    window.document.path = tmp_path / "other.plexus"  # as the dialog would have it
    assert window.files.save()
    assert (tmp_path / "other.runs" / "1" / "last").is_dir()
    assert not (before / "1").exists()
    assert (before / "2").is_dir(), "there is another run by that number"
    assert "stays in" in window.status.currentMessage()


def test_runs_stay_where_they_are_when_another_project_is_opened(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    window.files.open_template(templates.open_template("iris").with_(name="calm"))
    before = window.commands.runs_folder()
    window.session.start(window.document.project, before)
    qtbot.waitUntil(lambda: not window.session.active)
    number = window.session.run and window.session.folder.name
    window.files.open_path(tmp_path / "calm.plexus")
    assert window.files.save()
    assert (before / str(number)).is_dir()


# Changing the run under way


def under_way(window: Window, qtbot: QtBot) -> None:
    project = window.document.project
    window.session.crew = CREW
    window.document.change(project.with_(training=project.training.change(epochs=1_000_000)), "Train long")
    window.commands.run()
    qtbot.waitUntil(lambda: window.session.can_change)


def test_a_run_under_way_is_changed_and_the_design_stays(window: Window, qtbot: QtBot) -> None:
    assert not window.actions_["change_run"].isEnabled()
    window.runs.change_run()
    assert window.runs.change is None
    assert window.status.currentMessage() == "No training is under way."
    window.show_workspace("workspace_train")
    under_way(window, qtbot)
    before, steps = window.document.project, window.document.undo_stack.count()
    window.actions_["change_run"].trigger()
    dialog = window.runs.change
    assert dialog is not None
    window.actions_["change_run"].trigger()
    assert window.runs.change is dialog, "one for a run"
    rate = dialog.form.editors["lr"].control
    assert isinstance(rate, QLineEdit)
    rate.selectAll()
    QTest.keyClicks(rate, "0.5")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.course[-1][1].optimizer.lr == 0.5)
    qtbot.waitUntil(lambda: window.runs.change is None)
    assert window.document.project is before
    assert window.document.undo_stack.count() == steps
    window.commands.pause()
    window.actions_["change_run"].trigger()
    assert window.runs.change is not None, "also while it is paused"
    window.commands.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle")
    qtbot.waitUntil(lambda: window.runs.change is None)
    assert not window.actions_["change_run"].isEnabled()


# Weights of an earlier run


def test_the_next_run_begins_with_the_weights_of_the_latest_that_has_any(window: Window, qtbot: QtBot) -> None:
    asked: list[tuple[object, ...]] = []
    window.session.start = lambda *given: asked.append(given)  # type: ignore[method-assign]
    window.actions_["run_from_weights"].trigger()
    folder = window.commands.runs_folder()
    assert asked == [(window.document.project, folder, folder / "2")]
    window.runs.run_from(1)
    assert asked[-1][-1] == folder / "1"


def test_without_any_weights_it_says_so(window: Window) -> None:
    (window.runs.folder(2) / "last" / "state.safetensors").unlink()
    window.actions_["run_from_weights"].trigger()
    assert window.status.currentMessage() == "There is no run with weights yet. Press Run to train one."
    assert not window.session.active


def test_what_is_known_of_a_run_is_read(window: Window) -> None:
    window.runs.details(2)
    (dialog,) = window.findChildren(TextDialog)
    assert dialog.windowTitle() == "Run 2"
    assert "Settings at its start" in dialog.text.toPlainText()
    dialog.close()
    window.runs.details(9)
    assert "There is no run in" in window.status.currentMessage()


# The run's own copy


def test_whatever_is_done_to_the_design_the_run_goes_on_with_its_own(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    """Blocks deleted, another optimizer, undo, another project: it ends with the weights it would have had."""
    project = templates.open_template("iris").with_(name="own")
    project = project.with_(training=project.training.change(epochs=60))
    window.session.crew = CREW
    window.document.open(project, tmp_path / "own.plexus")
    window.show_opened()
    window.commands.run()
    window.session.pause()  # before its first step, since it is short
    qtbot.waitUntil(lambda: window.session.can_change)
    folder = window.session.folder
    document = window.document
    keys = [key for key, node in project.graph.nodes.items() if type(node.block).__name__ == "Linear"]
    document.change(project.edit(project.graph.change(keys[0], out_features=3)), "Change")
    document.change(document.project.edit(document.project.graph.remove(keys)), "Delete")
    document.change(document.project.with_(training=document.project.training.change(epochs=1, seed=9)), "Change")
    document.undo_stack.undo()
    window.session.go_on()
    document.undo_stack.setClean()
    window.files.open_template(templates.open_template("digits-cnn"))
    qtbot.waitUntil(lambda: window.session.state == "idle")
    assert folder is not None
    kept = RunFolder(folder).read_project()
    assert kept == project.with_(training=project.training.change(threads=kept.training.threads))
    expected = list(engine.train(project, tmp_path / "alone"))
    assert RunFolder(folder).read_metrics()["epochs"] == expected[-1].epochs == 60  # type: ignore[attr-defined]
    assert same(weights(folder), weights(tmp_path / "alone"))


def test_several_runs_wait_in_line_and_the_line_goes_on_by_hand_after_a_stop(window: Window, qtbot: QtBot) -> None:
    document, session = window.document, window.session
    window.actions_["all_runs"].trigger()
    dialog = window.runs.dialog
    assert dialog is not None
    session.put_in_line(document.project.with_(name="endless"), window.commands.runs_folder())
    qtbot.waitUntil(lambda: session.state == "running")
    for epochs in (4, 5):
        project = document.project
        document.change(project.with_(training=project.training.change(epochs=epochs)), "Change")
        window.actions_["put_in_line"].trigger()
    assert [dialog.line.item(row).text().rpartition(" · ")[2] for row in range(2)] == ["epochs: 4", "epochs: 5"]
    assert not dialog.begin.isVisible()
    window.actions_["stop"].trigger()
    qtbot.waitUntil(lambda: session.state == "idle")
    assert len(session.queue) == 2, "a stop is meant for all, until told otherwise"
    assert dialog.begin.isVisible()
    qtbot.mouseClick(dialog.begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.state == "idle" and not session.queue)
    assert sorted(int(folder.name) for folder in window.runs.folder(1).parent.iterdir()) == [1, 2, 3, 4, 5]
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 5)
    assert not dialog.begin.isVisible()


def test_runs_of_earlier_are_shown_as_they_ended_when_the_project_is_opened(window: Window, qtbot: QtBot) -> None:
    begun = Started(2, "", "cpu", 1, 0, {"train": 1}, 5, 1, (), 0.1)
    scores = {"loss": 0.5}
    events = [begun, Epoch(1, scores, scores, 0.0, True), Epoch(2, scores, scores, 0.0, False)]
    folder = RunFolder(window.runs.folder(2))
    folder.events.write_text("".join(json.dumps(event.json()) + "\n" for event in events))
    folder.write_metrics(Finished("stopped", 2, 1, scores, scores, {}, "", 61.0).json())
    window.files.open_path(window.document.path)
    qtbot.waitUntil(lambda: window.strip._progress.headline == "Run 2 · stopped")
    assert window.strip._progress.words == "2 epochs in 1 min 01 s · best after epoch 1"
    assert not window.strip._runs[2].line.now


def test_why_an_empty_design_is_not_trained_is_told_in_whole_sentences(window: Window, qtbot: QtBot) -> None:
    assert window.files.new()
    qtbot.waitUntil(lambda: any(problem.severity == "error" for problem in window.document.review.problems))
    window.commands.run()
    assert window.status.currentMessage() == "The design can't be trained yet. Nothing is drawn yet."
    assert not window.session.active
