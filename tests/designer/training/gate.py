"""Tells when the thread of a paused stream stands still, which no time is long enough for on a busy machine."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from designer.background import Stream


class Gate(threading.Event):
    """Where a stream waits while it is paused."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.reached = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        if not self.is_set():
            self.reached.set()
        return super().wait(timeout)


def gated(stream: Stream) -> Gate:
    """The gate of a stream that is not paused yet."""
    assert not stream.paused
    stream._going = gate = Gate()
    return gate


def until_it_stands(gate: Gate, stream: Stream, qtbot: QtBot) -> None:
    """Wait until nothing more is pulled, and what was has been told."""
    qtbot.waitUntil(lambda: gate.reached.is_set() and not stream._items)
