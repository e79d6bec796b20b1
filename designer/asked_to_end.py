"""Ctrl-C in the terminal, `kill` and the end of the session, heard while Qt waits for events."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class AskedToEnd(QObject):
    """Calls `end` with the number of the first signal; a second one ends the program at once.

    Python hears of a signal only when some Python runs, which Qt alone would not bring about: so the number of each
    signal is written into a socket, and Qt tells of that. What whoever started us wants ignored stays ignored.
    """

    def __init__(self, end: Callable[[int], None]) -> None:
        super().__init__()
        self._end = end
        self._read, self._write = socket.socketpair()
        for side in (self._read, self._write):
            side.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)
        self._wakeup = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        before = {number: signal.getsignal(number) for number in SIGNALS}
        self._before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
        for number in self._before:
            signal.signal(number, _leave_it_to_the_socket)

    def _heard(self) -> None:
        numbers = [number for number in self._read.recv(64) if number in self._before]
        if numbers:
            for number in self._before:
                signal.signal(number, signal.SIG_DFL)
            self._end(numbers[0])

    def close(self) -> None:
        """Leave signals to whoever heard them before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()


def _leave_it_to_the_socket(number: int, frame: FrameType | None) -> None:
    """What a signal does at once: nothing."""
