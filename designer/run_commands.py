"""What can be done with a run of earlier: go on with it, open it, name it, star it, put it into the bin."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QMessageBox

from designer import background
from engine.problem import UserError
from engine.training.history import RunLabel, history, read_label, record, write_label
from engine.training.run import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from designer.training.all_runs import AllRuns
    from designer.window import Window
    from engine.training.remote import Run


class RunCommands(QObject):
    """Carries it out for the runs of the open project, which go by their numbers."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.dialog: AllRuns | None = None
        self._task: background.Task | None = None
        self._made: list[Path] = []  # folders of the runs since the project was opened
        window.session.state_changed.connect(self._follow)
        window.session.queue_changed.connect(self._refresh)

    def begin(self) -> None:
        """Another project is open."""
        self._made.clear()

    def _follow(self, state: str) -> None:
        folder = self.window.session.folder
        if state == "idle" and folder is not None and folder not in self._made:
            self._made.append(folder)
        self._refresh()

    def move_along(self) -> None:
        """Bring the runs of a project that was no file yet to the place beside its file."""
        place, session = self.window.commands.runs_folder(), self.window.session
        for folder in [folder for folder in self._made if folder.parent != place and folder.is_dir()]:
            if (place / folder.name).exists():  # runs of a file that this one has replaced
                self._say(self.tr("Run {0} stays in {1}.").format(folder.name, folder.parent))
                continue
            try:
                place.mkdir(parents=True, exist_ok=True)
                shutil.move(folder, place / folder.name)
            except OSError as error:
                self._say(self.tr("Run {0} stays in {1}: {2}.").format(folder.name, folder.parent, error.strerror))
                continue
            self._made.remove(folder)
            if session.folder == folder:
                session.folder = place / folder.name
        self._refresh()

    def show_all(self) -> None:
        """All runs in a window of their own, beside which one can go on working."""
        from designer.training.all_runs import AllRuns

        if self.dialog is None:
            dialog = AllRuns(self.window)
            dialog.opened.connect(self.open_as_project)
            dialog.menu_wanted.connect(self.menu)
            dialog.star_wanted.connect(self.star)
            dialog.bin_wanted.connect(self.move_to_bin)
            dialog.named.connect(lambda number, name: self.label(number, name=name))
            dialog.tagged.connect(lambda number, words: self.label(number, tags=tuple(words.split(","))))
            dialog.taken_out.connect(self.window.session.take_out)
            self.dialog = dialog
        self.dialog.show()
        self.dialog.raise_()
        self._refresh()

    def _refresh(self) -> None:
        """Read the folders anew, off the screen's thread, while the table is open."""
        if self.dialog is None or not self.dialog.isVisible():
            return
        dialog, folder, session = self.dialog, self.window.commands.runs_folder(), self.window.session
        dialog.show_line([waiting.project.name for waiting in session.queue])
        if self._task is not None:
            self._task.cancel()
        under_way = session.run if session.active and session.folder == self.folder(session.run) else None
        self._task = background.run(self, lambda: history(folder), lambda runs: dialog.show_runs(runs, under_way))

    def find_rate(self) -> None:
        """Try rising learning rates; the one that is suggested can be taken over in one step."""
        from designer.training.trial_dialog import RateDialog

        dialog = RateDialog(self._trial("find_rate"), self.window)
        dialog.chosen.connect(self._use_rate)
        dialog.open()

    def overfit_one_batch(self) -> None:
        from designer.training.trial_dialog import BatchDialog

        BatchDialog(self._trial("overfit_one_batch"), self.window).open()

    def find_batch_size(self) -> None:
        """Time growing batches; the size that is proposed can be taken over in one step."""
        from designer.training.size_dialog import SizeDialog

        dialog = SizeDialog(self._trial("find_batch_size"), self.window)
        dialog.chosen.connect(self._use_batch_size)
        dialog.open()

    def _use_batch_size(self, size: int) -> None:
        document = self.window.document
        after = document.project.training.change(batch_size=size)
        document.change(document.project.with_(training=after), self.tr("Use batches of {0}").format(size))

    def _trial(self, name: str) -> Callable[[], Run]:
        project, crew = self.window.document.project, self.window.session.crew
        return lambda: crew.attempt(project, name)

    def _use_rate(self, rate: float) -> None:
        document = self.window.document
        training = document.project.training
        after = training.change(optimizer=training.optimizer.change(lr=rate))
        document.change(document.project.with_(training=after), self.tr("Use the learning rate {0:g}").format(rate))

    def end_trials(self) -> None:
        """Stop them and wait, for when the program closes."""
        from designer.training.trial_dialog import TrialDialog

        for dialog in self.window.findChildren(TrialDialog):
            dialog.end()

    def folder(self, number: int) -> Path:
        return self.window.commands.runs_folder() / str(number)

    def is_under_way(self, number: int) -> bool:
        session = self.window.session
        return session.active and session.folder == self.folder(number)

    def resume(self, number: int) -> None:
        """Go on with a run that was stopped, once nothing else trains."""
        if self.window.session.active:
            self._say(self.tr("Another run is under way. Stop it, or wait, and then resume run {0}.").format(number))
            return
        self.window.strip.show()
        self.window.session.resume(self.folder(number))

    def open_as_project(self, number: int) -> None:
        """Open the project as it was when the run began; it is no file yet."""
        try:
            project = RunFolder.existing(self.folder(number)).read_project()
        except UserError as error:
            self._say(str(error))
            return
        name = self.tr("{0}, run {1}").format(project.name, number)
        if self.window.files.open_template(project.with_(name=name)):
            self._say(self.tr("This is the project as run {0} trained it. Save it to keep it.").format(number))

    def rename(self, number: int) -> None:
        label = read_label(self.folder(number))
        name, chosen = QInputDialog.getText(
            self.window, self.tr("Run {0}").format(number), self.tr("Name"), QLineEdit.EchoMode.Normal, label.name
        )
        if chosen:
            self.label(number, name=name)

    def tag(self, number: int) -> None:
        label = read_label(self.folder(number))
        words, chosen = QInputDialog.getText(
            self.window,
            self.tr("Run {0}").format(number),
            self.tr("Tags, with commas between them"),
            QLineEdit.EchoMode.Normal,
            ", ".join(label.tags),
        )
        if chosen:
            self.label(number, tags=tuple(words.split(",")))

    def star(self, number: int) -> None:
        self.label(number, starred=not read_label(self.folder(number)).starred)

    def label(self, number: int, **changes: object) -> None:
        """Keep what the user says of a run, and show it."""
        folder = self.folder(number)
        label = RunLabel.model_validate({**read_label(folder).model_dump(), **changes})
        try:
            write_label(folder, label)
        except UserError as error:
            self._say(str(error))
            return
        self.window.strip.show_label(number, label.name, label.tags, label.starred)
        self._refresh()

    def may_end(self) -> bool:
        """Whether the program may end; asks while a run is under way."""
        session = self.window.session
        if session.state in ("idle", "stopping"):
            return True
        box = QMessageBox(self.window)
        box.setWindowTitle(self.tr("A run is under way"))
        box.setText(self.tr("Stop run {0} and close Plexus?").format(session.run))
        words = self.tr("Its state is saved: Run > Resume goes on from there.")
        if session.queue:
            words += "\n" + self.tr("What waits in line is given up.")
        box.setInformativeText(words)
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stop)
        box.exec()
        return box.clickedButton() is stop

    def show_folder(self, number: int) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder(number)))):
            self._say(self.tr("The run lies in {0}").format(self.folder(number)))

    def move_to_bin(self, number: int) -> None:
        """Put a run's folder into the system's bin, from where it can be taken back."""
        if self.is_under_way(number):
            self._say(self.tr("Run {0} is under way. Stop it first.").format(number))
            return
        if not QFile.moveToTrash(str(self.folder(number))):
            place = str(self.folder(number))
            self._say(self.tr("This system has no bin for {0}. Delete the folder by hand.").format(place))
            return
        self.window.strip.forget_run(number)
        self._refresh()
        self._say(self.tr("Run {0} is in the bin.").format(number))

    def menu(self, number: int, place: QPoint) -> None:
        """What can be done with one run, at a place on the screen."""
        known = record(self.folder(number))
        free, under_way = not self.window.session.active, self.is_under_way(number)
        menu = QMenu(self.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        star = self.tr("Take the star away") if known.label.starred else self.tr("Star")
        for text, act, possible in (
            (self.tr("Resume"), self.resume, free and known.resumable),
            (self.tr("Open as a project"), self.open_as_project, True),
            ("", None, True),
            (self.tr("Name…"), self.rename, True),
            (self.tr("Tags…"), self.tag, True),
            (star, self.star, True),
            ("", None, True),
            (self.tr("Show folder"), self.show_folder, True),
            (self.tr("Move to bin"), self.move_to_bin, not under_way),
        ):
            if act is None:
                menu.addSeparator()
                continue
            action = menu.addAction(text)
            action.setEnabled(possible)
            action.triggered.connect(lambda checked=False, act=act: act(number))
        menu.popup(place)

    def _say(self, text: str) -> None:
        self.window.status.showMessage(text, 8000)
