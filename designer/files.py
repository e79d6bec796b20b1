"""Opening and saving the document, with the questions that belong to it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import engine
from designer.document import Document
from designer.recovery import Found
from designer.settings import SettingsFile
from engine.problem import UserError
from engine.project import Project

SUFFIX = ".plexus"


class Files(QObject):
    """Between the document and the disk. What goes wrong is told in words and costs nothing."""

    opened = Signal()
    saved = Signal()
    said = Signal(str)  # a short sentence for the status bar

    def __init__(self, document: Document, settings: SettingsFile, window: QWidget) -> None:
        super().__init__(window)
        self.document, self.settings, self.window = document, settings, window

    def new(self) -> bool:
        if not self.may_leave():
            return False
        self.document.open(Project(), None)
        self.opened.emit()
        return True

    def open(self) -> bool:
        """Ask for a file and open it."""
        folder = self.settings.settings.folder or str(Path.home())
        filters = self.tr("Plexus projects (*.plexus);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self.window, self.tr("Open project"), folder, filters)
        return bool(name) and self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open a file, after asking what shall become of unsaved changes."""
        try:
            project = engine.load(path)
        except UserError as error:
            self._warn(self.tr("The file can't be opened"), str(error))
            self._forget(path)
            return False
        if not self.may_leave():
            return False
        self.document.open(project, path.absolute())
        self.settings.replace(self.settings.settings.with_recent(path.absolute()))
        self.opened.emit()
        return True

    def open_template(self, project: Project) -> bool:
        """Open a project that is no file yet."""
        if not self.may_leave():
            return False
        self.document.open(project, None)
        self.opened.emit()
        return True

    def open_recovered(self, found: Found) -> bool:
        """Open work that was never saved; it counts as an edit, so that it is asked about before it is lost again."""
        try:
            project = found.read()
        except UserError as error:
            self._warn(self.tr("The unsaved work can't be read"), str(error))
            return False
        if not self.may_leave():
            return False
        saved = Project()
        if found.path is not None and found.path.exists():
            try:
                saved = engine.load(found.path)
            except UserError:
                saved = Project()
        self.document.open(saved, found.path)
        self.document.change(project, self.tr("Recover unsaved work"))
        found.discard()
        self.opened.emit()
        return True

    def save(self) -> bool:
        if self.document.path is None:
            return self.save_as()
        return self._write(self.document.path)

    def save_as(self) -> bool:
        """Ask where to save, and save there."""
        known = self.document.path
        folder = self.settings.settings.folder or str(Path.home())
        start = str(known or Path(folder) / f"{self.document.project.name}{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(
            self.window, self.tr("Save project"), start, self.tr("Plexus projects (*.plexus)")
        )
        if not name:
            return False
        path = Path(name)
        asked = path.suffix == SUFFIX  # otherwise the dialog asked about another name than the one written
        path = path if asked else path.with_name(path.name + SUFFIX)
        if not asked and path.exists() and not self._may_replace(path):
            return False
        return self._write(path)

    def may_leave(self) -> bool:
        """Whether the open project may be given up; asks when there are unsaved changes."""
        if not self.document.modified:
            return True
        buttons = QMessageBox.StandardButton
        box = self._box(
            self.tr("Unsaved changes"), self.tr("Save the changes to “{0}”?").format(self.document.project.name)
        )
        box.setInformativeText(self.tr("Without saving they are lost."))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def _write(self, path: Path) -> bool:
        try:
            self.document.save(path)
        except UserError as error:
            self._warn(self.tr("The project can't be saved"), str(error))
            return False
        self.settings.replace(self.settings.settings.with_recent(path.absolute()))
        self.said.emit(self.tr("Saved to {0}").format(path))
        self.saved.emit()
        return True

    def _may_replace(self, path: Path) -> bool:
        question = self.tr("“{0}” exists already. Replace it?").format(path.name)
        buttons = QMessageBox.StandardButton
        box = self._box(self.tr("Replace file"), question)
        box.setStandardButtons(buttons.Yes | buttons.No)
        box.setDefaultButton(buttons.No)
        return box.exec() == buttons.Yes

    def _forget(self, path: Path) -> None:
        settings = self.settings.settings
        if not path.exists():
            recent = tuple(name for name in settings.recent if name != str(path.absolute()))
            self.settings.update(recent=recent)

    def _warn(self, title: str, text: str) -> None:
        self._box(title, text).exec()

    def _box(self, title: str, text: str) -> QMessageBox:
        """A box without Qt's coloured picture, which fits neither theme."""
        box = QMessageBox(self.window)
        box.setWindowTitle(title)
        box.setText(text)
        return box
