"""The open project and its history: the one place where the project changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

import engine
from designer import background
from designer.scope import Scope
from engine.check import Review
from engine.graph import Graph
from engine.group import Group
from engine.group import Path as Way
from engine.problem import Fix
from engine.project import Project

IN_STEP = 150  # projects with up to so many blocks are reviewed at once, within a frame; larger ones off the thread


class _Change(QUndoCommand):
    """From one project to another and back; it is shown in the group where it was made."""

    def __init__(
        self, document: Document, before: Project, after: Project, text: str, merge: str | None, where: Way | None
    ) -> None:
        super().__init__(text)
        self.document, self.before, self.after, self.merge, self.where = document, before, after, merge, where

    def redo(self) -> None:
        self.document._show(self.after, self.where)

    def undo(self) -> None:
        self.document._show(self.before, self.where)

    def id(self) -> int:
        return 1 if self.merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other.merge != self.merge:
            return False
        self.after = other.after
        self.setText(other.text())  # such as the name that a block has in the end
        self.setObsolete(self.after == self.before)
        return True


class Document(QObject):
    """Holds the project; views hear of changes and redraw themselves.

    `changed(project)` comes with every edit, undo and redo; `reviewed(review)` follows with shapes and problems,
    at once for small projects and from another thread for large ones. `here` tells the same as seen from the group
    that one is in.
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
        self.review: Review = engine.review(self._project, probing=False)
        self.here = Scope(self)
        self._probe()

    @property
    def project(self) -> Project:
        return self._project

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    def change(self, after: Project, text: str, merge: str | None = None, *, where: Way | None = None) -> None:
        """One undo step to `after`; changes with the same `merge` key that follow each other become one step.

        `where` is the group that was edited; undoing goes there to show it.
        """
        if after is not self._project and after != self._project:
            key = f"{self._gesture}:{merge}" if merge else None
            self.undo_stack.push(_Change(self, self._project, after, text, key, where))

    def mend(self, fix: Fix) -> None:
        """Carry out what mends a problem."""
        self.settle()
        self.change(fix.edit(self._project), fix.label, where=self.here.path)

    def settle(self) -> None:
        """End merging: the next change is a step of its own even with the same key."""
        self._gesture += 1

    def open(self, project: Project, path: Path | None) -> None:
        """Show another project, with a history of its own."""
        self.undo_stack.clear()
        self.path = path
        self._show(project, ())
        self.path_changed.emit(path)

    def close(self) -> None:
        """The end: nothing more is told, not even by the history when it is taken down with its listeners."""
        self.undo_stack.blockSignals(True)
        self.blockSignals(True)
        self.here.blockSignals(True)

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
        self.here.show_project(None)
        self.changed.emit(project)
        self.path_changed.emit(self.path)

    def _show(self, project: Project, where: Way | None) -> None:
        if self.path is not None and project.name != self.path.stem:
            project = project.with_(name=self.path.stem)  # an undone edit does not undo "Save as"
        self._project = project
        self.here.show_project(where)
        self.changed.emit(project)
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if _size(project.graph) <= IN_STEP:
            self._reviewed(engine.review(project, probing=False))
        else:
            self._task = background.run(self, lambda: engine.review(project, probing=False), self._reviewed)

    def _reviewed(self, review: Review) -> None:
        self.review = review
        self.here.show_review()
        self.reviewed.emit(review)
        self._probe()

    def _probe(self) -> None:
        """Ask torch for what is still to be found out; it takes seconds to load."""
        project = self._project
        if self.review.pending:
            self._task = background.run(self, lambda: engine.review(project), self._reviewed)


def _size(graph: Graph) -> int:
    """How many blocks are drawn, those inside groups among them."""
    inside = (_size(node.block.graph) for node in graph.nodes.values() if isinstance(node.block, Group))
    return len(graph.nodes) + sum(inside)
