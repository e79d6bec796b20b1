"""The window while it trains: gaps between frames, and how much of its headless speed the training keeps."""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.data.sources import SOURCES
from engine.training import worker
from engine.training.remote import Crew
from tests.benchmarks.training import MODELS, Made, project_of

FRAME = 16  # milliseconds between two frames at 60 Hz
SECONDS = 4.0
ROUNDS = 5


def measure() -> list[dict[str, Any]]:
    """Each model in a process of its own, so that none inherits the other's warm caches."""
    rows = []
    for index in (0, 2):
        code = f"from tests.benchmarks import window; window.one({index})"
        done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", code], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{MODELS[index].name} ended with {done.returncode}:\n{done.stderr}")
        rows += json.loads(done.stdout.splitlines()[-1])
    return rows


def one(index: int) -> None:
    """Train one model headless and in the window; print the rows as JSON."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = home
        model = MODELS[index]
        idle, busy, speeds = _in_window(project_of(model, epochs=1_000_000), Path(home) / "alone")
    shown, alone = (statistics.median(speed) for speed in zip(*speeds, strict=True))
    ratio = statistics.median(one / other for one, other in speeds)
    name = model.name
    print(
        json.dumps(
            [
                _row(
                    f"{name} frame gap p99 while training, against the same window idle", busy, idle, "ms", idle / busy
                ),
                _row(f"{name} steps a second in the window against headless", shown, alone, "1/s", ratio),
            ]
        )
    )


def _row(name: str, ours: float, reference: float, unit: str, ratio: float) -> dict[str, Any]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": ratio, "unit": unit}


def _headless(events: Iterator[Any]) -> float:
    """Steps a second of a run that nobody shows; it stands still again when this answers."""
    marks: list[tuple[float, float]] = []  # when, and how many steps were done
    for event in events:
        if event.name == "step":
            marks.append((time.perf_counter(), event.seen * event.steps))
            if marks[-1][0] - marks[0][0] > SECONDS:
                break
    return _speed(marks)


def _speed(marks: list[tuple[float, float]]) -> float:
    return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])


def _in_window(project: Any, folder: Path) -> tuple[float, float, list[tuple[float, float]]]:
    """99th percentile of the frame gaps idle and while training (ms), and steps a second there and headless, in turn.

    The machine's own speed changes from one minute to the next; so each stands still while the other is measured.
    """
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from designer.app import open_window

    window = open_window()
    crew = window.session.crew = Crew("tests.benchmarks.window")  # whose processes know the source of the models
    window.document.open(project, None)
    window.show_opened()

    def gaps() -> list[float]:
        times: list[float] = []
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: times.append(time.perf_counter()))
        timer.start(FRAME)
        loop = QEventLoop()
        QTimer.singleShot(int(SECONDS * 1000), loop.quit)
        loop.exec()
        timer.stop()
        return sorted(1000 * (b - a) for a, b in itertools.pairwise(times))

    told: list[tuple[float, float]] = []  # when, and how many steps were done

    def note(_run: int, events: list[Any]) -> None:
        told.extend((time.perf_counter(), e.seen * e.steps) for e in events if e.name == "step")

    window.session.events.connect(note)
    gaps()  # warm-up: torch is loaded meanwhile
    idle = gaps()
    window.commands.run()
    loop = QEventLoop()
    window.session.state_changed.connect(lambda state: loop.quit() if state == "running" else None)
    loop.exec()
    gaps()
    alone = crew.train(project, folder)
    busy, speeds = list[float](), list[tuple[float, float]]()
    for _ in range(ROUNDS):
        told.clear()
        busy += gaps()
        window.session.pause()
        speeds.append((_speed(told), _headless(alone)))
        window.session.go_on()
    alone.close()
    window.session.close()
    crew.close()
    window.document.undo_stack.setClean()
    window.close()
    busy.sort()
    return idle[int(0.99 * len(idle))], busy[int(0.99 * len(busy))], speeds


if __name__ == "__main__":  # in the process that trains
    SOURCES[Made.__name__] = Made
    worker.main()
