"""Training in a process of its own, so that it shares neither Python's lock nor a crash with whoever watches it."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.problem import UserError
from engine.project import Project
from engine.storage import dumps
from engine.training.events import Event, Failed, Way, from_json
from engine.training.processes import environment, without_console
from engine.training.run import RunFolder

WORKER = "engine.training.worker"
READ_EVERY = 0.01  # seconds between two looks at what was told, so that a flood of events costs few awakenings
SAVED_WITHIN = 10.0  # seconds that a run which nobody closed is given to save, when the program ends

Message = Mapping[str, Any]


class Crew:
    """The processes that train for this program: one, as long as one run is on at a time.

    A process is kept from run to run, since loading torch takes seconds; one that died is replaced. They end with
    the program.
    """

    def __init__(self, module: str = WORKER) -> None:
        self.module = module  # what a process runs
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._busy: list[_Process] = []
        atexit.register(self.close)

    def start(self) -> None:
        """Have a process ready for the next run; answers at once, while that process loads torch.

        Raises:
            UserError: when no process can be started.
        """
        with self._lock:
            if not self._busy and not any(process.alive for process in self._idle):
                self._idle.append(_Process(self.module))

    def train(
        self, project: Project, run_dir: str | Path, *, resume: bool = False, start_from: Path | None = None
    ) -> Run:
        """Train as `engine.train` does, elsewhere; answers when the run has its folder.

        Raises:
            UserError: when `engine.train` would, or when no process can be started.
        """
        folder = Path(run_dir).absolute()
        order = {"do": "train", "project": dumps(project), "run_dir": str(folder), "resume": resume}
        order["start_from"] = None if start_from is None else str(start_from.absolute())
        process = self._lent()
        run = Run(process, folder, lambda: self._take_back(process))
        run.begin(order)
        return run

    def attempt(self, project: Project, trial: str) -> Run:
        """Carry out one of `engine.training.trials` elsewhere, by its name; nothing is written.

        Raises:
            UserError: when no process can be started.
        """
        process = self._lent()
        run = Run(process, Path(os.devnull), lambda: self._take_back(process))
        run.begin({"do": "try", "project": dumps(project), "trial": trial})
        return run

    def close(self) -> None:
        """End the processes; a run that nobody closed is saved first."""
        with self._lock:
            idle, busy, self._idle, self._busy = self._idle, self._busy, [], []
        for process in idle:
            process.end(0)
        for process in busy:
            process.end(SAVED_WITHIN)

    def _lent(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    break
                process.end(0)
            else:
                process = _Process(self.module)
            self._busy.append(process)
            return process

    def _take_back(self, process: _Process) -> None:
        with self._lock:
            if process in self._busy:
                self._busy.remove(process)
                self._idle.append(process)


CREW = Crew()  # this program's


class Run(Iterator[Event]):
    """The events of a run elsewhere. To pause, don't pull; to stop, close it, which returns when all is saved."""

    def __init__(self, process: _Process, folder: Path, give_back: Callable[[], None]) -> None:
        self._process, self._folder, self._give_back = process, folder, give_back
        self._messages: deque[Message] = deque()
        self._looked = 0.0  # when messages were last read
        self._seen = 0
        self._over = True
        self._spoilt = False  # whether the process has lost its GPU, which only another one finds again
        self.late: list[Event] = []  # told before the other side heard that it should stop

    def begin(self, order: Message) -> None:
        self._process.send(order)
        message = self._message()
        if message is None:
            failed = self._died()
            raise UserError(f"{failed.message} {failed.remedy}")
        if message["answer"] != "begun":
            self._end(message)
        self._over = False

    def __next__(self) -> Event:
        if self._seen and not self._messages and not self._over:
            self._process.send({"do": "seen", "events": self._seen})
            time.sleep(max(0.0, self._looked + READ_EVERY - time.monotonic()))
        event = self._next()
        if event is None:
            raise StopIteration
        self._seen += 1
        return event

    def change(self, **values: Any) -> None:
        """Ask for other settings, which count from the next step on; see `engine.training.changes`. Any thread may."""
        self._process.send({"do": "change", "values": values})

    def close(self) -> None:
        """Stop the run and wait until its state is saved.

        Raises:
            UserError: when it can't be saved.
        """
        if self._over:
            return
        self._process.send({"do": "stop"})
        while (event := self._next()) is not None:
            self.late.append(event)

    def __del__(self) -> None:
        self.close()

    def _next(self) -> Event | None:
        while not self._over:
            message = self._message()
            if message is None:
                return self._died()
            if "event" in message:
                event = from_json(message)
                assert event is not None, "both sides are the same engine"
                self._spoilt = self._spoilt or (isinstance(event, Failed) and "use_cpu" in event.ways)
                return event
            self._end(message)
        return None

    def _message(self) -> Message | None:
        """The next thing it says; None when it has died."""
        if not self._messages:
            self._messages.extend(self._process.receive())
            self._looked = time.monotonic()
        return self._messages.popleft() if self._messages else None

    def _end(self, message: Message) -> None:
        self._over = True
        if self._spoilt or message["answer"] == "left":  # the next run is given another process
            self._process.end(SAVED_WITHIN)
        self._give_back()
        if message["answer"] == "refused":
            raise UserError(message["text"], tuple(message.get("ways", ())))
        if message["answer"] == "broken":
            raise RuntimeError(message["text"])

    def _died(self) -> Failed:
        self._over = True
        how = _how_it_ended(self._process.end(SAVED_WITHIN))
        self._give_back()  # the crew sees that it is dead
        saved = (self._folder / "last" / "state.safetensors").exists()
        remedy = (
            f"The design is unharmed, and so is what was saved last; the run can be resumed from {self._folder}."
            if saved
            else "The design is unharmed; nothing of the run had been saved yet. Start it again."
        )
        ways: tuple[Way, ...] = ("go_back",) if saved else ()
        failed = Failed(f"The training broke off: its process {how}.", remedy, None, ways)
        if self._folder.is_dir():
            RunFolder(self._folder).add_failure(failed)
        return failed


class _Process:
    """One process that trains, and the pipes to it."""

    def __init__(self, module: str) -> None:
        windows = sys.platform == "win32"
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if sys.stderr is None else None,
                env=environment(),
                start_new_session=not windows,  # Ctrl-C in our terminal is none of its business
                creationflags=without_console() if windows else 0,
            )
        except OSError as error:
            words = f"The process that trains can't be started: {error.strerror or error}."
            raise UserError(f"{words} Free some memory, or close other programs.") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._commands, self._answers = self._process.stdin, self._process.stdout
        self._sending = threading.Lock()  # a change is sent by another thread than what is said all the time
        self._rest = b""  # of an answer that has not come whole

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Message) -> None:
        """Say something; to one that is dead too, which `receive` will tell."""
        try:
            content = memoryview(json.dumps(message).encode() + b"\n")
            with self._sending:
                while content:
                    content = content[self._commands.write(content) :]
        except (OSError, ValueError):  # ValueError: closed, since the program ends
            return

    def receive(self) -> list[Message]:
        """Wait for what it says next, which may be several things; nothing when it has died."""
        while b"\n" not in self._rest:
            try:
                content = self._answers.read(2**16)
            except (OSError, ValueError):
                return []
            if not content:
                return []
            self._rest += content
        *lines, self._rest = self._rest.split(b"\n")
        return [json.loads(line) for line in lines]

    def end(self, patience: float) -> int:
        """Let it save and leave within some seconds, or else kill it; answers with its exit code."""
        self._commands.close()
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._answers.close()
        return code


def _how_it_ended(code: int) -> str:
    """What an exit code means, in words that follow “its process”."""
    names = {number.value: number.name for number in signal.Signals}
    if names.get(-code) == "SIGKILL":
        return "was killed, as the system does when the memory is full"
    if code < 0:
        return f"was ended by the signal {names.get(-code, -code)}"
    return f"ended by itself, with the code {code if code < 256 else hex(code)}"
