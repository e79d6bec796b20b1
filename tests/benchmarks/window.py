"""The window while it trains: gaps between frames, and how much of its headless speed the training keeps."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import engine
from engine.data.sources import SOURCES
from engine.training import worker
from engine.training.remote import Crew
from tests.benchmarks.training import MODELS, Made, project_of

FRAME = 16  # milliseconds between two frames at 60 Hz
SECONDS = 6.0


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
        project = project_of(model, epochs=1_000_000)
        alone = _headless(project, Path(home) / "alone")
        idle, busy, speed = _in_window(project)
    name = model.name
    print(
        json.dumps(
            [
                _row(
                    f"{name} frame gap p99 while training, against the same window idle", busy, idle, "ms", idle / busy
                ),
                _row(f"{name} steps a second in the window against headless", speed, alone, "1/s", speed / alone),
            ]
        )
    )


def _row(name: str, ours: float, reference: float, unit: str, ratio: float) -> dict[str, Any]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": ratio, "unit": unit}


def _headless(project: Any, folder: Path) -> float:
    """Steps a second."""
    events = engine.train(project, folder)
    marks: list[tuple[float, float]] = []  # when, and how many steps were done
    for event in events:
        if event.name == "step":
            marks.append((time.perf_counter(), event.seen * event.steps))
            if marks[-1][0] - marks[0][0] > SECONDS:
                break
    events.close()
    return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])


def _in_window(project: Any) -> tuple[float, float, float]:
    """99th percentile of the frame gaps idle and while training (ms), and steps a second."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from designer.app import open_window

    window = open_window()
    window.session.crew = Crew("tests.benchmarks.window")  # whose process knows the source of the models
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

    told: list[Any] = []
    window.session.events.connect(lambda _run, events: told.extend(e for e in events if e.name == "step"))
    gaps()  # warm-up: torch is loaded meanwhile
    idle = gaps()
    window.commands.run()
    loop = QEventLoop()
    window.session.state_changed.connect(lambda state: loop.quit() if state == "running" else None)
    loop.exec()
    gaps()
    told.clear()
    busy = gaps()
    steps = (told[-1].seen - told[0].seen) * told[0].steps
    window.session.close()
    window.session.crew.close()
    window.document.undo_stack.setClean()
    window.close()
    return idle[int(0.99 * len(idle))], busy[int(0.99 * len(busy))], steps / SECONDS


if __name__ == "__main__":  # in the process that trains
    SOURCES[Made.__name__] = Made
    worker.main()
