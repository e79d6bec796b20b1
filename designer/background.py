"""The one way off the screen's thread: `run` for one piece of work, `Stream` for one that tells as it goes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid


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


class _Post(QObject):
    """Brings what was found out to the screen's thread; one for all, since none may be taken down on another thread."""

    arrived = Signal(object, object, object)

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object, object)
    def _deliver(self, task: Task, result: object, error: Exception | None) -> None:
        if isValid(task):  # it goes with its parent
            task.finish(result, error)


_post: _Post | None = None


def _the_post() -> _Post:
    global _post
    if _post is None or not isValid(_post):
        application = QCoreApplication.instance()
        assert application is not None
        _post = _Post(application)
    return _post


def run(
    parent: QObject,
    work: Callable[[], Any],
    done: Callable[[Any], None] | None = None,
    failed: Callable[[Exception], None] | None = None,
) -> Task:
    """Call `work` on another thread, then `done` with its result or `failed` with its error on this one."""
    task, post = Task(parent, done, failed), _the_post()

    def carry_out() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:  # noqa: BLE001 — handed over to `failed`, which shows it
            error = raised
        with suppress(RuntimeError):  # the program ends, and nobody listens any more
            post.arrived.emit(task, result, error)

    QThreadPool.globalInstance().start(carry_out)
    return task


class Items(Protocol):
    """An iterator that can be closed, as every generator can."""

    def __iter__(self) -> Iterator[Any]: ...

    def __next__(self) -> Any: ...

    def close(self) -> None: ...


class Stream(QObject):
    """An iterator pulled on a thread of its own; what it gives is handed over in batches, at most 30 times a second.

    To pause, the thread stops pulling; to stop, it closes the iterator (which may then save). Both answer as soon as
    the iterator gives its next item. What an iterator keeps in `late` when it is closed is handed over too. An
    iterator that gives more than can be shown waits, so that neither the memory nor the time of a batch grows.
    """

    received = Signal(list)
    ended = Signal(object)  # the error it ended with, or None

    TICK = 33  # milliseconds
    BATCH = 200  # items handed over at a tick, at most
    WAITING = 2000  # items that wait for it, at most

    def __init__(self, parent: QObject, make: Callable[[], Items]) -> None:
        super().__init__(parent)
        self._items: deque[Any] = deque()
        self._going, self._stopping = threading.Event(), threading.Event()
        self._going.set()
        self._error: BaseException | None = None
        self._make = make
        self._thread = QThread(self)
        self._thread.run = self._pull  # type: ignore[method-assign]
        self._timer = QTimer(self)
        self._timer.setInterval(self.TICK)
        self._timer.timeout.connect(self._drain)

    def start(self) -> None:
        self._thread.start()
        self._timer.start()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def pause(self) -> None:
        self._going.clear()

    def go_on(self) -> None:
        self._going.set()

    def stop(self) -> None:
        self._stopping.set()
        self._going.set()

    def wait(self, milliseconds: int = 60_000) -> bool:
        """Block until the thread is through, for when the program closes; answers whether it is."""
        return self._thread.wait(milliseconds)

    def _pull(self) -> None:
        try:
            with closing(self._make()) as items:
                for item in items:
                    self._items.append(item)
                    self._going.wait()
                    while len(self._items) >= self.WAITING and not self._stopping.wait(self.TICK / 1000):
                        pass
                    if self._stopping.is_set():
                        break
            self._items.extend(getattr(items, "late", ()))
        except Exception as error:  # noqa: BLE001 — told through `ended`
            self._error = error

    def _drain(self) -> None:
        through = self._thread.isFinished()  # asked first: what came before it is drained below
        batch = [self._items.popleft() for _ in range(min(len(self._items), self.BATCH))]
        if batch:
            self.received.emit(batch)
        if through and not self._items:
            self._timer.stop()
            self.ended.emit(self._error)
            self.deleteLater()
