"""Unsaved work that outlives a crash: edits are written aside within two seconds, and offered at the next start."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

import engine
from designer import background
from designer.document import Document
from engine.project import Project
from engine.storage import write_whole

DELAY = 1000  # milliseconds from an edit to its copy


@dataclass(frozen=True)
class Found:
    """Work that a program which is no longer there left behind."""

    copy: Path
    name: str
    path: Path | None  # the file it was opened from
    when: datetime

    def read(self) -> Project:
        """The project as it was.

        Raises:
            UserError: when the copy can't be read.
        """
        return engine.load(self.copy).with_(name=self.name)

    def discard(self) -> None:
        for suffix in (".plexus", ".json", ".lock"):
            self.copy.with_suffix(suffix).unlink(missing_ok=True)


class Recovery(QObject):
    """Keeps a copy of the document while it differs from its file. A lock tells other windows that it is in use."""

    def __init__(self, document: Document, folder: Path) -> None:
        super().__init__(document)
        self.folder = folder
        self.copy = self.folder / f"{uuid.uuid4().hex}.plexus"
        self._document = document
        self._lock: QLockFile | None = None
        self._writing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._write)
        document.changed.connect(self._note)
        document.path_changed.connect(self._forget_if_saved)

    def found(self) -> list[Found]:
        """What others left behind, newest first; copies of windows that are still open are not touched."""
        left = []
        for copy in self.folder.glob("*.plexus"):
            lock = QLockFile(str(copy.with_suffix(".lock")))
            if copy == self.copy or not lock.tryLock(0):
                continue
            lock.unlock()
            try:
                told = json.loads(copy.with_suffix(".json").read_text(encoding="utf-8"))
                path = Path(told["path"]) if told["path"] else None
                left.append(Found(copy, str(told["name"]), path, datetime.fromtimestamp(copy.stat().st_mtime)))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # half written when the machine went down; there is nothing to offer
        return sorted(left, key=lambda found: found.when, reverse=True)

    def forget(self) -> None:
        """The work is saved, or given up on purpose."""
        self._timer.stop()
        Found(self.copy, "", None, datetime.min).discard()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _note(self, _project: object) -> None:
        if not self._timer.isActive():
            self._timer.start()  # not restarted by the next edit, so that steady work is copied too

    def _forget_if_saved(self, _path: object = None) -> None:
        if not self._document.modified:
            self.forget()

    def _write(self) -> None:
        self._forget_if_saved()
        if self._writing or not self._document.modified:
            return
        if self._lock is None and not self._take_lock():
            return
        self._writing = True
        project, path, copy = self._document.project, self._document.path, self.copy
        note = json.dumps({"name": project.name, "path": str(path) if path else ""})

        def write() -> None:
            engine.save(project, copy)
            write_whole(copy.with_suffix(".json"), note.encode())

        background.run(self, write, lambda _none: self._written(), lambda _error: self._written())

    def _written(self) -> None:
        self._writing = False
        self._forget_if_saved()

    def _take_lock(self) -> bool:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        lock = QLockFile(str(self.copy.with_suffix(".lock")))
        lock.setStaleLockTime(0)  # held as long as the process lives, however long that is
        if not lock.tryLock(0):
            return False
        self._lock = lock
        return True
