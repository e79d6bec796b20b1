"""Live curves of a million points: one update, from the new points to the painted screen, against plain pyqtgraph."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

POINTS = 1_000_000
NEW = 100  # points that come with an update
WIDTH, HEIGHT = 900, 300  # pixels
ROUNDS = 15


def measure() -> list[dict[str, object]]:
    """Milliseconds an update: one curve of ours against `setData`, and what is done without painting."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    plain = _plain(application)
    curve, ours = _ours(application)
    times: dict[str, list[float]] = {"plain": [], "curve": [], "ours": []}
    for round_number in range(ROUNDS):  # interleaved, so that a busy moment meets all alike
        times["ours"].append(_milliseconds(ours))
        times["curve"].append(_milliseconds(curve))
        if round_number % 3 == 0:
            times["plain"].append(_milliseconds(plain))
    middle = {name: statistics.median(values) for name, values in times.items()}
    return [
        _row("a million points, painted: our chart against plain setData", middle["ours"], middle["plain"]),
        _row("a million points, append and query: our series against plain setData", middle["curve"], middle["plain"]),
    ]


def _row(name: str, ours: float, reference: float) -> dict[str, object]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": reference / ours, "unit": "ms an update"}


def _milliseconds(update: Callable[[], None]) -> float:
    started = time.process_time()  # of the processor, so that what else runs on the machine doesn't count
    update()
    return (time.process_time() - started) * 1e3


def _noise(count: int, first: float) -> tuple[object, object]:
    import numpy as np

    x = first + np.arange(count) / POINTS * 10
    return x, 2.3 * np.exp(-x / 3) + 0.1 + np.random.default_rng(count).normal(size=count) * 0.05


def _plain(application: object) -> Callable[[], None]:
    import numpy as np
    import pyqtgraph

    plot = pyqtgraph.PlotWidget()
    plot.resize(WIDTH, HEIGHT)
    plot.show()
    curve = plot.plot(pen="b")
    x, y = _noise(POINTS, 0.0)

    def update() -> None:
        nonlocal x, y
        more_x, more_y = _noise(NEW, float(x[-1]))
        x, y = np.concatenate((x, more_x)), np.concatenate((y, more_y))
        curve.setData(x, y)
        plot.update()
        application.processEvents()  # paints

    update()
    return update


def _ours(application: object) -> tuple[Callable[[], None], Callable[[], None]]:
    from designer.theme import DARK
    from designer.training.chart import Chart
    from designer.training.series import Series

    chart = Chart("Loss", DARK)
    chart.resize(WIDTH, HEIGHT)
    chart.add_run(1, "1", DARK.curve(0))
    chart.set_span(0, 20)  # epochs, as a run announces them
    chart.append(1, "train", *_noise(POINTS, 0.0))
    chart.show()
    application.processEvents()
    series = Series().append(*_noise(POINTS, 0.0))

    def update() -> None:
        chart.append(1, "train", *_noise(NEW, chart.reading(1e9).points[0][0]))
        chart.redraw()
        application.processEvents()  # paints

    def update_curve() -> None:
        series.append(*_noise(NEW, float(series.x[-1])))
        series.window(0, 20, WIDTH // 2)

    update()
    return update_curve, update
