"""The process that trains for a window: runs one after the other, told over pipes so that neither holds up the other.

`engine.training.remote` starts it and is its other end. Both speak JSON, one object a line. It is asked to
    {"do": "train", "project": the text of a project file, "run_dir": …, "resume": …, "start_from": a run's folder}
    {"do": "change", "values": settings of the run under way by name, with their new values}
    {"do": "try", "project": …, "trial": the name of a short trial that writes nothing, answered as a run is}
    {"do": "seen", "events": how many of the run's events have been looked at}
    {"do": "stop"}
and it answers a run with "begun", then with the events themselves, and at its end, when all is saved, with "closed".
"refused" and "broken" end a run as well, with words: the user's mistake or ours. When its input ends, whoever asked
is gone; it stops, saves and leaves. So it does when the system asks it to end (SIGTERM), and says "left".
"""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from typing import Any, BinaryIO, cast

from engine.loading import load_heavy
from engine.problem import UserError
from engine.project import Project
from engine.storage import loads
from engine.training.changes import Changes
from engine.training.events import Event
from engine.training.loop import train
from engine.training.trial_table import TRIALS

AHEAD = 1  # events that may be told before the one in front of them has been looked at
PATIENCE = 0.05  # seconds for which it goes on all the same, since short epochs tell many events at once

Message = Mapping[str, Any]


def load_for_good() -> None:
    """What training needs; collecting garbage need not look through it, which takes longer than many a run."""
    load_heavy()
    gc.freeze()


def main(load: Callable[[], None] = load_for_good) -> None:
    """Serve until the input ends. What libraries print goes to stderr, so that it is never taken for an answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the window's affair, which closes the pipe
    commands, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    with os.fdopen(answers, "wb", buffering=0) as told:
        serve(os.fdopen(commands, "rb"), told, load)


def serve(commands: BinaryIO, answers: io.RawIOBase | BinaryIO, load: Callable[[], None]) -> None:
    """Load the libraries ahead of time, then carry out what `commands` asks for, until it ends."""
    inbox = _Inbox(commands)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda number, frame: inbox.leave())
    threading.Thread(target=inbox.listen, name="commands", daemon=True).start()

    def tell(message: Message) -> None:
        try:
            answers.write(json.dumps(message, allow_nan=False).encode() + b"\n")
        except OSError:  # nobody reads any more, so nobody asks any more
            inbox.leave()

    try:
        load()
    except Exception as error:  # noqa: BLE001 — whatever keeps a library from loading is told as one sentence
        traceback.print_exc()
        words = f"PyTorch can't be loaded ({error}). `python -m engine doctor` says what is missing."
        tell({"answer": "refused", "text": words})
        return
    while (order := inbox.order()) is not None:
        tell(_carried_out(order, inbox, tell))
        gc.collect()  # a run's network and data are not kept until the next one


def _carried_out(order: Message, inbox: _Inbox, tell: Callable[[Message], None]) -> Message:
    """Train, telling each event; the answer is what it came to."""
    try:
        project = loads(order["project"])
        trial = order["do"] == "try"
        events = TRIALS[order["trial"]](project) if trial else _training(project, order, inbox.changes_of(project))
        tell({"answer": "begun"})
        with closing(cast(Generator[Event], events)):
            for event in events:
                inbox.expect_a_look()
                tell(event.json())
                if not inbox.may_go_on():
                    break
    except UserError as error:
        return {"answer": "refused", "text": str(error), "ways": error.ways}
    except Exception as error:  # noqa: BLE001 — told to whoever asked; the next run may do better
        traceback.print_exc()
        return {"answer": "broken", "text": f"{type(error).__name__}: {error}"}
    return {"answer": "left" if inbox.gone else "closed"}


def _training(project: Project, order: Message, changes: Changes) -> Iterator[Event]:
    return train(project, order["run_dir"], resume=order["resume"], start_from=order["start_from"], changes=changes)


class _Inbox:
    """What is asked for, heard by a thread of its own, since only Unix can look into a pipe without waiting."""

    def __init__(self, commands: BinaryIO) -> None:
        self._commands = commands
        self._changed = threading.Condition()
        self._order: Message | None = None
        self._unseen: deque[float] = deque()  # when each event was told that has not been looked at
        self._seen = 0
        self._stop = self._gone = False
        self._changes: Changes | None = None  # of the run under way

    def listen(self) -> None:
        for line in self._commands:
            command = json.loads(line)
            with self._changed:
                self._hear(command)
                self._changed.notify()
        self.leave()

    def _hear(self, command: Message) -> None:
        if command["do"] in ("train", "try"):
            self._order, self._seen, self._stop, self._changes = command, 0, False, None
            self._unseen.clear()
        elif command["do"] == "seen":
            while self._seen < command["events"] and self._unseen:
                self._unseen.popleft()
                self._seen += 1
        elif command["do"] == "change" and self._changes is not None:
            self._changes.ask(**command["values"])  # judged by whoever asks, with the same engine
        elif command["do"] == "stop":
            self._stop = True

    def changes_of(self, project: Project) -> Changes:
        """Where changes of the run that begins are put from now on."""
        with self._changed:
            self._changes = Changes(project.training)
            return self._changes

    def leave(self) -> None:
        """Nobody is there any more."""
        with self._changed:
            self._gone = True
            self._changed.notify()

    @property
    def gone(self) -> bool:
        """Whether nobody is there any more."""
        return self._gone

    def order(self) -> Message | None:
        """Wait for the next training; None when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._gone or self._order is not None)
            order, self._order = self._order, None
            return None if self._gone else order

    def expect_a_look(self) -> None:
        """An event is about to be told."""
        with self._changed:
            self._unseen.append(time.monotonic())

    def may_go_on(self) -> bool:
        """Wait until those events that were told before the last have been looked at; False when the run shall stop.

        A change is not kept waiting: the run tells of it at once, and goes no further by that.
        """
        now = time.monotonic()

        def stands_open() -> bool:
            ahead = len(self._unseen) <= AHEAD or now - self._unseen[0] < PATIENCE
            asked = self._changes is not None and self._changes.waiting
            return ahead or asked or self._stop or self._gone

        with self._changed:
            self._changed.wait_for(stands_open)
            return not (self._stop or self._gone)


if __name__ == "__main__":
    main()
