"""Work off the screen's thread hands over what it gives, in order, and its errors where they can be shown."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from designer import background
from designer.background import Stream


class Heard:
    """A stream, what came out of it, and how it ended."""

    def __init__(self, qtbot: QtBot, make: Callable[[], Any]) -> None:
        self.owner, self.qtbot = QObject(), qtbot
        self.items: list[Any] = []
        self.ends: list[BaseException | None] = []
        self.stream = Stream(self.owner, make)
        self.stream.received.connect(self.items.extend)
        self.stream.ended.connect(self.ends.append)

    def until_end(self) -> None:
        self.qtbot.waitUntil(lambda: bool(self.ends))


def endless(threads: list[threading.Thread] | None = None) -> Iterator[int]:
    number = 0
    try:
        while True:
            yield number
            number += 1
    finally:
        if threads is not None:
            threads.append(threading.current_thread())


def test_all_items_come_in_order(qtbot: QtBot) -> None:
    heard = Heard(qtbot, lambda: (number for number in range(5000)))
    heard.stream.start()
    heard.until_end()
    assert heard.items == list(range(5000))
    assert heard.ends == [None]


def test_what_gives_more_than_can_be_shown_waits(qtbot: QtBot) -> None:
    pulled: list[int] = []

    def hasty() -> Iterator[int]:
        for number in endless():
            pulled.append(number)
            yield number

    heard = Heard(qtbot, hasty)
    batches: list[int] = []
    heard.stream.received.connect(lambda items: batches.append(len(items)))
    heard.stream.start()
    qtbot.waitUntil(lambda: len(heard.items) > Stream.WAITING)
    assert max(batches) <= Stream.BATCH
    assert len(pulled) - len(heard.items) <= Stream.WAITING + 1
    heard.stream.stop()
    assert heard.stream.wait()
    heard.until_end()
    assert heard.items == pulled[: len(heard.items)]
    assert len(pulled) == len(heard.items)


def test_paused_it_does_not_pull_and_stopped_it_closes_where_it_pulled(qtbot: QtBot) -> None:
    closed: list[threading.Thread] = []
    heard = Heard(qtbot, lambda: endless(closed))
    heard.stream.pause()
    assert heard.stream.paused
    heard.stream.start()
    qtbot.waitUntil(lambda: bool(heard.items))
    qtbot.wait(100)
    assert heard.items == [0], "the first is pulled before anybody can know that it comes"
    heard.stream.go_on()
    qtbot.waitUntil(lambda: len(heard.items) > 1)
    heard.stream.stop()
    assert heard.stream.wait()
    heard.until_end()
    assert len(closed) == 1
    assert closed[0] is not threading.current_thread()


class Parting:
    """Goes on for ever, and has something left to say, or to complain of, when it is closed."""

    late: list[str]

    def __init__(self, error: Exception | None) -> None:
        self.error = error

    def __iter__(self) -> Iterator[str]:
        return (str(number) for number in endless())

    def close(self) -> None:
        if self.error is not None:
            raise self.error
        self.late = ["last words"]


def test_what_is_left_when_it_is_closed_comes_last(qtbot: QtBot) -> None:
    heard = Heard(qtbot, lambda: Parting(None))
    heard.stream.start()
    heard.stream.stop()
    heard.until_end()
    # how far it got before it heard of the stop is a matter of luck
    assert heard.items[:1] == ["0"]
    assert heard.items[-1] == "last words"
    assert heard.items.count("last words") == 1
    assert heard.ends == [None]


def _fail() -> Any:
    raise ValueError("no")


@pytest.mark.parametrize("make", [_fail, lambda: (int(x) for x in ["no"]), lambda: Parting(ValueError("no"))])
def test_errors_are_told_at_the_end(make: Callable[[], Any], qtbot: QtBot) -> None:
    heard = Heard(qtbot, make)
    heard.stream.start()
    heard.stream.stop()
    heard.until_end()
    assert isinstance(heard.ends[0], ValueError)


def test_one_piece_of_work_answers_on_the_thread_that_asked(qtbot: QtBot) -> None:
    owner, told, threads = QObject(), [], set()

    def tell(result: object) -> None:
        told.append(str(result))
        threads.add(threading.current_thread())

    background.run(owner, lambda: "never told", tell).cancel()
    background.run(owner, lambda: 42, tell)
    background.run(owner, _fail, None, tell)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert sorted(told) == ["42", "no"]
    assert threads == {threading.current_thread()}


BUSY = """
import gc
from PySide6.QtCore import QCoreApplication, QObject
from designer import background

application, owner, done = QCoreApplication([]), QObject(), []
gc.disable()


def again(_result):
    done.append(1)
    if len(done) >= 4000:
        application.quit()
    background.run(owner, lambda: sum(range(200)), again)


for _ in range(30):
    background.run(owner, lambda: sum(range(200)), again)
application.exec()
print("answered")
"""


def test_thousands_of_answers_take_nothing_down() -> None:
    """In a process of its own, which a crash would take with it: what two threads hold is let go by one of them."""
    answer = subprocess.run([sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=120)
    assert answer.stdout.strip() == "answered", answer.stderr[-2000:]
