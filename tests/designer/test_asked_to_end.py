"""Ctrl-C and `kill` are heard while Qt waits, once, and leave no trace when nobody listens any more."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from pytestqt.qtbot import QtBot

from designer.asked_to_end import SIGNALS, AskedToEnd

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")


@pytest.mark.parametrize("number", SIGNALS)
def test_it_is_heard_while_nothing_else_happens(number: signal.Signals, qtbot: QtBot) -> None:
    heard: list[int] = []
    before = [signal.getsignal(each) for each in SIGNALS]
    asked = AskedToEnd(heard.append)
    try:
        os.kill(os.getpid(), number)
        qtbot.waitUntil(lambda: bool(heard))
        assert [signal.getsignal(each) for each in SIGNALS] == [signal.SIG_DFL] * len(SIGNALS), "again, it ends at once"
    finally:
        asked.close()
    assert heard == [number]
    assert [signal.getsignal(each) for each in SIGNALS] == before


def test_what_is_ignored_stays_so(qtbot: QtBot) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    heard: list[int] = []
    asked = AskedToEnd(heard.append)
    try:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: bool(heard))
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        asked.close()
        signal.signal(signal.SIGHUP, before)
    assert heard == [signal.SIGTERM]
