"""The open project and its history: the one place where the project changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

import engine
from designer import background
from engine.check import Review
from engine.project import Project

IN_STEP = 150  # projects with up to so many blocks are reviewed at once, within a frame; larger ones off the thread


class _Change(QUndoCommand):
    """From one project to another and back."""

    def __init__(self, document: Document, before: Project, after: Project, text: str, merge: str | None) -> None:
        super().__init__(text)
        self.document, self.before, self.after, self.merge = document, before, after, merge

    def redo(self) -> None:
        self.document._show(self.after)

    def undo(self) -> None:
        self.document._show(self.before)

    def id(self) -> int:
        return 1 if self.merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other.merge != self.merge:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True


class Document(QObject):
    """Holds the project; views hear of changes and redraw themselves.

    `changed(project)` comes with every edit, undo and redo; `reviewed(review)` follows with shapes and problems,
    at once for small projects and from another thread for large ones.
    """

    changed = Signal(object)
    reviewed = Signal(object)
    path_changed = Signal(object)  # Path | None

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.path: Path | None = None
        self._project = project or Project()
        self._gesture = 0
        self._task: background.Task | None = None
        self.review: Review = engine.review(self._project)

    @property
    def project(self) -> Project:
        return self._project

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    def change(self, after: Project, text: str, merge: str | None = None) -> None:
        """One undo step to `after`; changes with the same `merge` key that follow each other become one step."""
        if after is not self._project and after != self._project:
            key = f"{self._gesture}:{merge}" if merge else None
            self.undo_stack.push(_Change(self, self._project, after, text, key))

    def settle(self) -> None:
        """End merging: the next change is a step of its own even with the same key."""
        self._gesture += 1

    def open(self, project: Project, path: Path | None) -> None:
        """Show another project, with a history of its own."""
        self.undo_stack.clear()
        self.path = path
        self._show(project)
        self.path_changed.emit(path)

    def close(self) -> None:
        """The end: nothing more is told, not even by the history when it is taken down with its listeners."""
        self.undo_stack.blockSignals(True)
        self.blockSignals(True)

    def save(self, path: Path) -> None:
        """Write the project to `path`, whose name it carries from now on.

        Raises:
            UserError: when it can't be written; nothing has changed then.
        """
        project = self._project.with_(name=path.stem)
        engine.save(project, path)
        self.path = path.absolute()
        self._project = project
        self.undo_stack.setClean()
        self.changed.emit(project)
        self.path_changed.emit(self.path)

    def _show(self, project: Project) -> None:
        if self.path is not None and project.name != self.path.stem:
            project = project.with_(name=self.path.stem)  # an undone edit does not undo "Save as"
        self._project = project
        self.changed.emit(project)
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if len(project.graph.nodes) <= IN_STEP:
            self._reviewed(engine.review(project))
        else:
            self._task = background.run(self, lambda: engine.review(project), self._reviewed)

    def _reviewed(self, review: Review) -> None:
        self.review = review
        self.reviewed.emit(review)
