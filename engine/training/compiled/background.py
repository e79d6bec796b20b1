"""The making of a library, seen from the training: begun, asked after now and then, and ended with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.training.compiled import shelf
from engine.training.processes import environment, without_console

MAKER = "engine.training.compiled.maker"


class Making:
    """A process that compiles; `library` and `reason` are there once `over` says so."""

    def __init__(self, blueprint: str, key: str, folder: Path, compiler: str, module: str = MAKER) -> None:
        """Answers at once.

        Raises:
            OSError: when no process can be started, or the folder can't be written.
        """
        self.library: Path | None = None
        self.reason = ""
        self._folder, self._key = folder, key
        self._workshop = shelf.workshop(folder)
        self._target = self._workshop / "made"
        windows = sys.platform == "win32"
        low = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment(compiler),
                start_new_session=not windows,  # a group of its own, which ends as one
                creationflags=without_console() | low if windows else 0,
            )
        except OSError:
            shelf.clear(self._workshop)
            raise
        order = {"blueprint": blueprint, "workshop": str(self._workshop), "target": str(self._target)}
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:  # it is gone already, which `over` will see
            return

    def _environment(self, compiler: str) -> dict[str, str]:
        """Ours, with all that arises kept in the workshop."""
        here = str(self._workshop)
        places = dict.fromkeys(("TORCHINDUCTOR_CACHE_DIR", "TMPDIR", "TMP", "TEMP"), here)
        return {**environment(), **places, "CXX": compiler, "TORCHINDUCTOR_COMPILE_THREADS": "1"}

    @property
    def over(self) -> bool:
        """Whether it has ended, well or not; never waits."""
        if self.library is not None or self.reason:
            return True
        if self._process.poll() is None:
            return False
        assert self._process.stdout is not None
        answer = self._process.stdout.read()
        told = json.loads(answer) if answer.endswith(b"\n") else {}
        if "made" in told:
            try:
                self.library = shelf.put(self._folder, self._key, self._target)
            except OSError as error:
                self.reason = f"{self._folder} can't be written ({error.strerror})"
        else:
            self.reason = told.get("refused") or f"the compiler broke off with the code {self._process.returncode}"
        self.end()
        return True

    def end(self) -> None:
        """End it and all that it has started, and leave nothing of it behind."""
        if self._process.poll() is None:
            if sys.platform == "win32":
                command = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
                subprocess.run(command, capture_output=True, check=False)
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what it never read
                    continue
        shelf.clear(self._workshop)
