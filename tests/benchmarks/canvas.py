"""The canvas against NodeGraphQt with 200, 1000 and 3000 blocks, both driven by the same events, and its budgets.

Both sides read a file, show one card a block with its name, and one wire between neighbours. Times are CPU
milliseconds of the screen's thread together with the painting that follows, medians of rounds in turn. Ours comes
with more: settings and counts on the cards, and a document that is checked; what the checks cost on their own thread
is in the measures that say “with all checks”. Python's garbage is collected between measures, as the program does it.
"""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks._canvas_sides import Ours, Side, Theirs, graph

COUNTS = (200, 1000, 3000)
DRAGGED = 100
ROUNDS, FRAMES, NOTCHES = 3, 24, 14
NOTCH = 1.127  # zoom of one frame
LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier
# CPU milliseconds, and kilobytes, that the canvas may take on a small machine of today
BUDGETS = {"load": 250.0, "pan": 8.0, "drag": 8.0, "hover": 0.2, "memory": 25.0}
Measure = Callable[[Side], list[float]]


def measure() -> Iterator[dict[str, Any]]:
    """One row a measure; those against NodeGraphQt only where it is installed."""
    assert QApplication.instance() or QApplication([])
    gc.disable()
    for count in COUNTS:
        yield from _compare(count)


def _compare(count: int) -> Iterator[dict[str, Any]]:
    sides: list[Side] = [Ours(count), *_theirs(count)]
    found: dict[str, list[list[float]]] = {name: [[] for _ in sides] for name in MEASURES}
    for _ in range(ROUNDS):
        for name, (_, take, _) in MEASURES.items():
            for side, times in zip(sides, found[name], strict=True):
                gc.collect()
                times.append(take(side))
    for name, (words, _, _) in MEASURES.items():
        ours, *others = (statistics.median(times) for times in found[name])
        for theirs in others:
            yield _row(f"canvas {words} of {count}, against NodeGraphQt", ours, theirs)
        if (count, name) in ((1000, "load"), (3000, "pan"), (1000, "drag"), (3000, "drag")):
            yield _row(f"canvas {words} of {count}, against its budget", ours, BUDGETS[name])
    if count == max(COUNTS):
        yield _row(f"canvas hover, a move over {count} blocks, against its budget", _hover(sides[0]), BUDGETS["hover"])
        yield _row(f"canvas memory a block of {count}, against its budget", _memory(count), BUDGETS["memory"], "KB")
    for side in sides:
        side.close()


def _theirs(count: int) -> list[Side]:
    try:
        return [Theirs(count)]
    except ImportError:
        print("NodeGraphQt isn't installed: pip install -e .[benchmark]", file=sys.stderr)
        return []


# The measures; each leaves the side as it found it, with the graph in it.


def _load(side: Side) -> float:
    side.clear()
    _wait(side)
    time_taken = _timed(side.load)
    _wait(side)
    side.show_all()
    QApplication.processEvents()
    return time_taken


def _load_checked(side: Side) -> float:
    side.clear()
    _wait(side)
    started = time.process_time()
    side.load()
    _wait(side)
    return (time.process_time() - started) * 1000


def _pan(side: Side) -> float:
    side.show_all()
    port, at = side.view.viewport(), QPoint(4, 4)  # in a corner, where no block is
    QTest.mousePress(port, MIDDLE, NONE, at)
    times = _frames(lambda step: QTest.mouseMove(port, at + QPoint(8 + 9 * (step % 5), 6 + 5 * (step % 3))))
    QTest.mouseRelease(port, MIDDLE, NONE, at)
    return statistics.median(times)


def _drag(side: Side) -> float:
    side.show_all()
    return _dragged(side)


def _drag_near(side: Side) -> float:
    side.show_part(side.place(DRAGGED // 2), 0.5)
    return _dragged(side)


def _dragged(side: Side) -> float:
    side.select(range(DRAGGED))
    port, at = side.view.viewport(), side.at(side.place(DRAGGED // 2))
    QTest.mousePress(port, LEFT, NONE, at)
    times = _frames(lambda step: QTest.mouseMove(port, at + QPoint(20 + 8 * (step % 12), 10 + 4 * (step % 7))))
    QTest.mouseMove(port, at)
    QTest.mouseRelease(port, LEFT, NONE, at)
    side.select(())
    _wait(side)
    return statistics.median(times)


def _zoom(side: Side) -> float:
    """The 95th percentile, since the slow frames are what is felt."""
    side.show_all()
    times = _frames(lambda step: side.zoom(NOTCH if step < NOTCHES else 1 / NOTCH), 2 * NOTCHES)
    return sorted(times)[round(len(times) * 0.95) - 1]


def _undo(side: Side) -> float:
    side.show_all()
    side.select(range(20, 20 + DRAGGED))
    side.delete()
    _wait(side)
    time_taken = _timed(side.undo)
    _wait(side)
    return time_taken


MEASURES: dict[str, tuple[str, Callable[[Side], float], str]] = {
    "load": ("load", _load, "ms"),
    "load checked": ("load with all checks", _load_checked, "ms"),
    "pan": ("pan, a frame with all", _pan, "ms"),
    "drag": ("drag of 100, an event with all in view", _drag, "ms"),
    "drag near": ("drag of 100 at half size, an event", _drag_near, "ms"),
    "zoom": ("zoom, 95th percentile of frames", _zoom, "ms"),
    "undo": ("undo of deleting 100", _undo, "ms"),
}


def _hover(side: Side) -> float:
    """A move of the mouse, whether or not something is under it; nothing else happens."""
    side.show_part(side.place(500), 1.0)
    port = side.view.viewport()
    times = []
    for step in range(400):
        at = QPoint(100 + step * 3 % 1400, 100 + step * 7 % 700)
        started = time.thread_time()
        QTest.mouseMove(port, at)
        times.append((time.thread_time() - started) * 1000)
    QApplication.processEvents()
    return statistics.median(times)


def _memory(count: int) -> float:
    """Kilobytes of this process that a block takes, in a process of its own."""
    code = f"from tests.benchmarks.canvas import weigh; print(weigh({count}))"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def weigh(count: int) -> float:
    """How many kilobytes more the process holds once the canvas shows so many blocks, for each of them."""
    application = QApplication.instance() or QApplication([])
    side = Ours(1)
    side.load()
    _wait(side)
    project = graph(count)
    gc.collect()
    before = _resident()
    side.canvas.document.open(project, None)
    side.show_all()
    _wait(side)
    application.processEvents()
    gc.collect()
    return (_resident() - before) / 1024 / count


def _resident() -> float:
    """Bytes of memory that this process holds, where the system tells it as Linux does; else the most it ever held."""
    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


# Clocks


def _frames(frame: Callable[[int], None], count: int = FRAMES) -> list[float]:
    QApplication.processEvents()
    return [_timed(lambda step=step: frame(step)) for step in range(count)]


def _timed(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    QApplication.processEvents()
    return (time.thread_time() - started) * 1000


def _wait(side: Side) -> None:
    QApplication.processEvents()
    while not side.settled():
        time.sleep(0.002)
        QApplication.processEvents()


def _row(name: str, ours: float, reference: float, unit: str = "ms") -> dict[str, Any]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": reference / ours, "unit": unit}
