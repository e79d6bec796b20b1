"""The one way off the screen's thread: run something, then hear on the screen's thread that it is done or failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot


class Task(QObject):
    """One piece of work on its way. The answers arrive on the thread that made it; after `cancel` none does."""

    def __init__(
        self, parent: QObject, done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None
    ) -> None:
        super().__init__(parent)
        self._done, self._failed = done, failed
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    @Slot(object, object)
    def finish(self, result: Any, error: Exception | None) -> None:
        self.deleteLater()
        if self.cancelled:
            return
        if error is None:
            if self._done is not None:
                self._done(result)
        elif self._failed is not None:
            self._failed(error)
        else:
            raise error


class _Messenger(QObject):
    outcome = Signal(object, object)


class _Work(QRunnable):
    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work, self.messenger = work, _Messenger()

    def run(self) -> None:
        result, error = None, None
        try:
            result = self.work()
        except Exception as raised:  # handed over to `failed`, which shows it
            error = raised
        try:
            self.messenger.outcome.emit(result, error)
        except RuntimeError:  # the window was closed meanwhile, and nobody listens any more
            return


def run(
    parent: QObject,
    work: Callable[[], Any],
    done: Callable[[Any], None] | None = None,
    failed: Callable[[Exception], None] | None = None,
) -> Task:
    """Call `work` on another thread, then `done` with its result or `failed` with its error on this one."""
    task = Task(parent, done, failed)
    work_item = _Work(work)
    work_item.messenger.outcome.connect(task.finish)
    QThreadPool.globalInstance().start(work_item)
    return task
