"""The process that compiles answers, or is ended with all that it began, by whoever asked or by their end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.training.compiled import shelf
from engine.training.compiled.background import Making

STAND_IN = "tests.engine.training.compiled.stand_in"
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="process groups are Unix's")


def until(condition: Callable[[], bool]) -> None:
    """Wait for another process, for as long as a test may take."""
    while not condition():
        time.sleep(0.01)


def made(text: str, folder: Path) -> Making:
    making = Making(text, "key", folder, "g++", STAND_IN)
    until(lambda: making.over)
    return making


def test_a_library_is_put_on_the_shelf(tmp_path: Path) -> None:
    making = made("fine", tmp_path)
    assert (making.library, making.reason) == (shelf.found(tmp_path, "key"), "")
    assert making.library is not None
    assert making.library.read_bytes() == b"fine"
    assert sorted(place.name for place in tmp_path.iterdir()) == ["key.library", "key.sha256"]
    assert making.over
    making.end()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("refused", "ValueError: /tmp/x.cpp:3: error: no such header"),
        ("killed", "the compiler broke off with the code 7"),
    ],
)
def test_a_failure_has_a_reason(text: str, reason: str, tmp_path: Path) -> None:
    making = made(text, tmp_path)
    assert (making.library, making.reason) == (None, reason)
    assert list(tmp_path.iterdir()) == []


def test_no_process_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(OSError, match="No such file"):
        Making("fine", "key", tmp_path, "g++", STAND_IN)
    assert list(tmp_path.iterdir()) == []


def pids(folder: Path) -> list[int]:
    """The process that compiles, and its compiler, once both run."""
    place = folder / "pids"
    until(lambda: place.exists() and place.read_text().endswith("]"))
    found: list[int] = json.loads(place.read_text())
    place.unlink()
    return found


def gone(pid: int) -> bool:
    """Whether a process is no more, or only waits to be counted."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@LINUX
def test_to_end_it_is_to_end_its_compiler(tmp_path: Path) -> None:
    making = Making("endless", "key", tmp_path, "g++", STAND_IN)
    both = pids(tmp_path)
    assert not making.over
    making.end()
    until(lambda: all(gone(pid) for pid in both))
    assert list(tmp_path.iterdir()) == []


ASKS = """
import sys, time
from pathlib import Path
from engine.training.compiled.background import Making

making = Making("endless", "key", Path(sys.argv[1]), "g++", sys.argv[2])
time.sleep(600)
"""


@LINUX
def test_it_ends_when_whoever_asked_is_killed(tmp_path: Path) -> None:
    asking = subprocess.Popen([sys.executable, "-c", ASKS, str(tmp_path), STAND_IN], cwd=Path(__file__).parents[4])
    both = pids(tmp_path)
    asking.kill()
    asking.wait()
    until(lambda: all(gone(pid) for pid in both))
    assert list(tmp_path.iterdir()) == []


@UNIX
def test_it_gives_way_to_who_trains(tmp_path: Path) -> None:
    making = Making("endless", "key", tmp_path, "g++", STAND_IN)
    maker, _ = pids(tmp_path)
    assert os.getpriority(os.PRIO_PROCESS, maker) > os.getpriority(os.PRIO_PROCESS, 0)
    making.end()
