"""What can be done with a run of earlier: go on with it, open it, name it, star it, put it into the bin."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QMessageBox

from designer import background
from designer.training.change_dialog import ChangeDialog
from engine.problem import UserError
from engine.training.events import Changed, Event, Started, Step, WarmStarted
from engine.training.history import RunLabel, history, read_label, record, write_label
from engine.training.run import RunFolder, has_weights, run_numbers
from engine.training.warm_start import in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from designer.training.all_runs import AllRuns
    from designer.training.settings_page import SettingsPage
    from designer.window import Window
    from engine.training.remote import Run


class RunCommands(QObject):
    """Carries it out for the runs of the open project, which go by their numbers."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.dialog: AllRuns | None = None
        self._task: background.Task | None = None
        self.change: ChangeDialog | None = None
        self._page: SettingsPage | None = None
        self._made: list[Path] = []  # folders of the runs since the project was opened
        window.session.state_changed.connect(self._follow)
        window.session.queue_changed.connect(self._refresh)
        window.session.events.connect(self._hear)

    def begin(self) -> None:
        """Another project is open."""
        self._made.clear()

    def _follow(self, state: str) -> None:
        folder = self.window.session.folder
        if state == "idle" and folder is not None and folder not in self._made:
            self._made.append(folder)
        self._refresh()
        if state not in ("running", "paused") and self.change is not None:
            self.change.reject()
        self.window.strip.show_changeable(state in ("running", "paused"))
        self.tell_page()

    def _hear(self, _run: int, events: list[Event]) -> None:
        """What a run tells that concerns more than its curves."""
        for event in events:
            if isinstance(event, Started):
                self.tell_page()
            elif isinstance(event, WarmStarted):
                self.window.status.showMessage(in_words(event), 15000)
        if self.change is not None and any(isinstance(event, (Step, Changed)) for event in events):
            self._show_course(self.change)

    def tell_on(self, page: SettingsPage) -> None:
        """Tell on the Train page, once it is made, that a run goes its own way."""
        self._page = page
        page.change_wanted.connect(self.change_run)
        self.tell_page()

    def tell_page(self) -> None:
        """Tell the Train page whether there is a run that can be changed."""
        session = self.window.session
        changeable = session.state in ("running", "paused")
        if self._page is not None:
            self._page.show_run(session.run if changeable and session.can_change else None)

    def change_run(self) -> None:
        """Change the run under way; the design and its settings stay."""
        session, window = self.window.session, self.window
        if not session.can_change or session.project is None:
            active = self.tr("The run is getting ready. Try again in a moment.")
            self._say(active if session.active else self.tr("No training is under way."))
            return
        if self.change is None:
            theme = window.switch.theme
            self.change = ChangeDialog(session.run, session.project.training, session.change, theme, window)
            self.change.destroyed.connect(self._forget_change)
            window.switch.changed.connect(self.change.show_theme)
            self._show_course(self.change)
        self.change.show()
        self.change.raise_()
        self.change.activateWindow()

    def _forget_change(self) -> None:
        self.change = None

    def _show_course(self, dialog: ChangeDialog) -> None:
        session = self.window.session
        dialog.show_course(session.course, session.seen, session.batches, session.standing)

    def run_from(self, number: int | None) -> None:
        """Train the design as it is, with the weights of a run, or of the latest one that has any."""
        window, folder = self.window, self.window.commands.runs_folder()
        if window.session.active:
            self._say(self.tr("Another run is under way. Stop it, or wait."))
            return
        known = [each for each in run_numbers(folder) if has_weights(self.folder(each))] if number is None else [number]
        if not known:
            self._say(self.tr("There is no run with weights yet. Press Run to train one."))
        elif window.commands.may_train():
            window.session.start(window.document.project, folder, self.folder(known[-1]))

    def details(self, number: int) -> None:
        """What is known of a run."""
        from designer.dialogs.text import TextDialog
        from designer.training.run_details import details

        try:
            settings = RunFolder.existing(self.folder(number)).read_project().training
        except UserError as error:
            self._say(str(error))
            return
        text = details(record(self.folder(number)), settings)
        TextDialog(self.tr("Run {0}").format(number), text, self.window).open()

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
            dialog.line_wanted.connect(self.window.session.start_next)
            self.dialog = dialog
        self.dialog.show()
        self.dialog.raise_()
        self._refresh()

    def _refresh(self) -> None:
        """Read the folders anew, off the screen's thread, while the table is open."""
        if self.dialog is None or not self.dialog.isVisible():
            return
        from designer.training.all_runs import in_line

        dialog, folder, session = self.dialog, self.window.commands.runs_folder(), self.window.session
        dialog.show_line([in_line(waiting.project) for waiting in session.queue], stands=not session.active)
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
            (self.tr("Train from its weights"), self.run_from, free and has_weights(known.path)),
            (self.tr("Open as a project"), self.open_as_project, True),
            (self.tr("Details…"), self.details, True),
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
