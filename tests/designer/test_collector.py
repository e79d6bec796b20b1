"""Garbage goes on the screen's thread, never on another, not even after the window."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from designer.collector import MANY, SPARED, Collector


class Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self, threads: list[threading.Thread]) -> None:
        self.self = self
        weakref.finalize(self, lambda: threads.append(threading.current_thread()))


def test_knots_are_freed_on_this_thread_alone(qtbot: QtBot) -> None:
    owner, threads = QObject(), []
    collector = Collector(owner)
    try:
        assert not gc.isenabled()
        worker = threading.Thread(target=lambda: [Knot(threads) for _ in range(5000)])
        worker.start()
        worker.join()
        assert threads == []
        collector.collect()
        assert set(threads) == {threading.current_thread()}
    finally:
        collector.stop()
    assert not gc.isenabled()


def test_a_large_drawing_is_not_looked_through_at_once_but_some_time(qtbot: QtBot) -> None:
    owner, threads = QObject(), []
    collector = Collector(owner)
    try:
        gc.unfreeze()  # what the tests set aside
        gc.collect()
        drawings = [[[] for _ in range(2 * MANY)]]
        Knot(threads)
        collector.collect()
        assert gc.get_freeze_count() > MANY
        assert threads == []
        for _ in range(SPARED):
            drawings.append([[] for _ in range(2 * MANY)])
            collector.collect()
        assert len(threads) == 1
        assert gc.get_freeze_count() == 0
    finally:
        collector.stop()
