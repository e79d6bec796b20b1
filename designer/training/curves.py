"""The curves of several runs: their points, and what of them is drawn and read in a given part of the epochs."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from designer.theme import Theme
from designer.training.figures import measured
from designer.training.series import Numbers, Series
from designer.training.smoothing import reach, smoothed

Part = Literal["train", "validation"]
PARTS: tuple[Part, ...] = ("train", "validation")
Span = tuple[float, float]
Point = tuple[float, float, str]  # x, y, colour
SHORT = 20.0  # epochs that are shown from the start, as far as so many are expected


@dataclass(frozen=True)
class Line:
    """A curve as it is drawn; `low` and `high` are the band that its points were averaged from."""

    key: tuple[object, ...]
    x: Numbers
    y: Numbers
    colour: str
    dashed: bool = False
    low: Numbers | None = None
    high: Numbers | None = None


@dataclass(frozen=True)
class Reading:
    """What the crosshair reads at `x`: a table with a row for each run, and the points that it read."""

    x: float
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]  # colour, cells
    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()  # what happened there


@dataclass
class Run:
    """One run: how it is shown, its two curves and its best epoch."""

    name: str
    colour: str
    visible: bool = True
    best: float | None = None  # epoch after which the validation part was scored best
    changes: list[tuple[float, str]] = field(default_factory=list)  # where its settings changed, and how
    parts: dict[Part, Series] = field(default_factory=lambda: {part: Series() for part in PARTS})


class Curves:
    """Runs by their number. With `log`, y is given out as decimal logarithm, and what isn't above zero is a gap."""

    def __init__(self) -> None:
        self.runs: dict[int, Run] = {}
        self.log = False
        self.smoothing = 0.0

    @property
    def shown(self) -> dict[int, Run]:
        """The visible runs that have a point."""
        return {run_id: run for run_id, run in self.runs.items() if run.visible and any(map(len, run.parts.values()))}

    def append(self, run_id: int, part: Part, xs: ArrayLike, ys: ArrayLike) -> None:
        self.runs[run_id].parts[part].append(xs, ys)

    def colour(self, run: Run, part: Part, theme: Theme) -> str:
        """A run's colour; its validation curve has one of its own while no other run is shown."""
        return theme.validation if part == "validation" and len(self.shown) == 1 else run.colour

    def x_span(self, expected: Span | None) -> Span:
        """First and last epoch of the visible curves, extended to what is expected, or as much of it as comes soon."""
        spans = [series.span() for run in self.shown.values() for series in run.parts.values()]
        known = [span for span in spans if span is not None]
        if expected is not None:
            seen = max((last for _, last in known), default=0.0)
            known.append((expected[0], min(expected[1], soon(seen))))
        known = known or [(0.0, 1.0)]
        first, last = min(span[0] for span in known), max(span[1] for span in known)
        return (first, last) if last > first else (first - 0.5, last + 0.5)

    def lines(self, span: Span, buckets: int, theme: Theme) -> list[Line]:
        """The visible curves within some epochs, each in at most about so many points."""
        lines = []
        for run_id, run in self.shown.items():
            for part, series in run.parts.items():
                if len(series):
                    colour = self.colour(run, part, theme)
                    weight = self.smoothing if part == "train" else 0.0
                    lines.append(self._line((run_id, part), series, span, buckets, colour, weight))
        return lines

    def marks(self, theme: Theme) -> list[Point]:
        """Where the best epochs lie on the visible validation curves."""
        marks = []
        for run in self.shown.values():
            found = None if run.best is None else run.parts["validation"].at(run.best)
            if found is not None and found[0] == run.best:
                (y,) = self._scaled(np.array([found[1]])).tolist()
                marks.append((found[0], y, self.colour(run, "validation", theme)))
        return [mark for mark in marks if np.isfinite(mark[1])]

    def turns(self) -> list[tuple[float, str]]:
        """Where the settings of visible runs changed, each with the run's colour."""
        return [(x, run.colour) for run in self.shown.values() for x, _ in run.changes]

    def reading(self, x: float, theme: Theme, header: tuple[str, ...], best: str = "", near: float = 0.0) -> Reading:
        """The values of every visible curve at its point nearest to epoch `x`; `best` is said of the best epoch.

        Changes of settings are told from as `near` as that.
        """
        rows, points = [], []
        for run in self.shown.values():
            cells = [run.name]
            for part in PARTS:
                found = run.parts[part].at(x)
                words = "–" if found is None else measured(found[1])
                at_best = best and part == "validation" and found is not None and found[0] == run.best
                cells.append(f"{words} · {best}" if at_best else words)
                if found is not None:
                    (y,) = self._scaled(np.array([found[1]])).tolist()
                    points.append((found[0], y, self.colour(run, part, theme)))
            rows.append((run.colour, tuple(cells)))
        several = len(self.shown) > 1
        notes = [
            f"{run.name}: {words}" if several else words
            for run in self.shown.values()
            for place, words in run.changes
            if abs(place - x) <= near
        ]
        return Reading(x, header, tuple(rows), tuple(p for p in points if np.isfinite(p[1])), tuple(notes))

    def _line(
        self, key: tuple[int, Part], series: Series, span: Span, buckets: int, colour: str, smoothing: float
    ) -> Line:
        window = series.window(*span, buckets, lead=reach(smoothing))
        banded = not window.whole or smoothing > 0
        return Line(
            key,
            window.x,
            self._scaled(smoothed(window, smoothing)),
            colour,
            dashed=key[1] == "validation",
            low=self._scaled(window.low) if banded else None,
            high=self._scaled(window.high) if banded else None,
        )

    def _scaled(self, y: Numbers) -> Numbers:
        return np.log10(y, out=np.full(len(y), np.nan), where=y > 0) if self.log else y


def soon(seen: float) -> float:
    """A round number of epochs, so that a curve that has come so far neither crouches at the left nor moves often."""
    ends = (float(f"{digit}e{power}") for power in count(1) for digit in (1, 2, 5))
    return next(end for end in ends if end >= max(SHORT, 2 * seen))


def y_span(lines: list[Line]) -> Span:
    """The least and the greatest value of some lines and their bands."""
    arrays = [array for line in lines for array in (line.y, line.low, line.high) if array is not None]
    values = np.concatenate(arrays) if arrays else np.empty(0)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
