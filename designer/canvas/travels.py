"""Back and forward through what one has looked at, in and out of groups, as in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from designer.canvas.view import View
from designer.canvas.view_history import Stop, ViewHistory
from designer.scope import Scope
from engine.group import Path

REST = 600  # milliseconds without a movement, after which the view has come to rest


class Travels(QObject):
    """Keeps the history of the view. `changed` tells that one can go elsewhere, back or forward, than before."""

    changed = Signal()

    def __init__(self, here: Scope, view: View, parent: QObject) -> None:
        super().__init__(parent)
        self._here, self._view = here, view
        self._history = ViewHistory()
        self._path = here.path
        self._travelling = self._coming = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._rested)
        view.camera_moved.connect(self._rest.start)

    def begin(self) -> None:
        """Another project is open: the history begins with what is in view now."""
        self._history.clear()
        self._arrived()

    @contextmanager
    def jump(self) -> Iterator[None]:
        """What moves the view inside is a step of its own."""
        self._settle()
        yield
        self._arrived()

    def leave(self, path: Path) -> None:
        """One is about to come into another group; the view still stands as it was looked at last."""
        self._settle()
        self._path, self._coming = path, True

    def arrive(self) -> None:
        """The view looks at what is there."""
        if self._coming:
            self._coming = False
            self._arrived()

    def can_go(self, by: int) -> bool:
        return self._history.can_step(by)

    def go(self, by: int) -> None:
        """Back (-1) or forward (1)."""
        self._settle()
        stop = self._history.step(by)
        if stop is None:
            return
        self._travelling = True
        self._here.go(stop.path)
        self._travelling = False
        self._view.zoom_to(stop.zoom)
        self._view.look_at(QPointF(*stop.centre))
        self._rest.stop()
        self.changed.emit()

    def _settle(self) -> None:
        """Take up the last small moves now."""
        if self._rest.isActive():
            self._rest.stop()
            self._rested()

    def _rested(self) -> None:
        if not self._travelling:
            port = self._view.viewport()
            self._history.rest(self._now(), (port.width(), port.height()))
            self.changed.emit()

    def _arrived(self) -> None:
        self._rest.stop()
        if not self._travelling:
            self._history.jump(self._now())
            self.changed.emit()

    def _now(self) -> Stop:
        centre = self._view.to_scene(self._view.middle)
        return Stop(self._path, self._view.zoom, (centre.x(), centre.y()))
