"""A curve that only grows, with a pyramid of minima and maxima, so that a million points draw like a thousand.

Level k of the pyramid holds the least, the greatest and the sum of every 4^k points in a row. A view asks for
at most as many buckets as it has pixels; each comes from one level with one reduction over a few thousand
numbers, however long the curve is. Appending costs a constant number of operations a point on average.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

FACTOR = 4  # points of one level that make one of the next
LARGEST = 1e100  # what is beyond it is as good as infinite; so no sum ever overflows
FIRST = 1024  # points there is room for at the beginning


@dataclass(frozen=True)
class Window:
    """A part of a curve in buckets from left to right: each spans `left` to `right` and `low` to `high`.

    A bucket without any finite value has NaN for `low`, `high` and `mean`. Where every bucket is one
    point (`whole`), left = right and low = high = mean.
    """

    left: Numbers
    right: Numbers
    low: Numbers
    high: Numbers
    mean: Numbers
    counts: Numbers  # points in each bucket, gaps included
    whole: bool

    @property
    def x(self) -> Numbers:
        """The middle of each bucket."""
        return (self.left + self.right) / 2

    def __len__(self) -> int:
        return len(self.left)


class Series:
    """Points (x, y) with x never falling; a y that isn't finite, or is beyond `LARGEST`, is a gap."""

    def __init__(self) -> None:
        self._length = 0
        self._x = np.empty(FIRST)
        self._y = np.empty(FIRST)
        self._levels: list[_Level] = []

    def __len__(self) -> int:
        return self._length

    @property
    def x(self) -> Numbers:
        """All x so far; a view that the next `append` may leave behind."""
        return self._x[: self._length]

    @property
    def y(self) -> Numbers:
        """All y so far, gaps as NaN."""
        return self._y[: self._length]

    def append(self, xs: ArrayLike, ys: ArrayLike) -> Self:
        """Add points at the right end. Points at or after the first new x are dropped before: a run that goes on
        from an earlier checkpoint draws its curve anew from there.

        Raises:
            ValueError: when xs and ys differ in length, or xs falls or isn't finite.
        """
        x = np.atleast_1d(np.asarray(xs, dtype=np.float64))
        y = np.atleast_1d(np.asarray(ys, dtype=np.float64))
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"a curve needs as many x as y, but got {x.size} and {y.size}")
        if not np.isfinite(x).all() or (np.diff(x) < 0).any():
            raise ValueError("the x of a curve must be finite and never fall")
        if not len(x):
            return self
        if self._length and x[0] < self._x[self._length - 1]:
            self._truncate(int(np.searchsorted(self.x, x[0])))
        start, self._length = self._length, self._length + len(x)
        self._x, self._y = _grown(self._x, self._length), _grown(self._y, self._length)
        self._x[start : self._length] = x
        self._y[start : self._length] = np.where(np.abs(y) <= LARGEST, y, np.nan)
        self._build()
        return self

    def span(self) -> tuple[float, float] | None:
        """First and last x; None while there is no point."""
        return (float(self._x[0]), float(self._x[self._length - 1])) if self._length else None

    def at(self, x: float) -> tuple[float, float] | None:
        """The point nearest to `x`; None while there is no point."""
        if not self._length:
            return None
        right = min(int(np.searchsorted(self.x, x)), self._length - 1)
        index = right - 1 if right and x - self._x[right - 1] <= self._x[right] - x else right
        return float(self._x[index]), float(self._y[index])

    def window(self, x0: float, x1: float, pixels: int, lead: int = 0) -> Window:
        """The points from `x0` to `x1`, with a neighbour on either side so that lines reach the edges, in at most
        `pixels` + 2 buckets; `lead` asks for that many points more at the left.
        """
        start = max(int(np.searchsorted(self.x, x0, side="left")) - 1 - lead, 0)
        stop = min(int(np.searchsorted(self.x, x1, side="right")) + 1, self._length)
        points = max(stop - start, 0)
        if points <= max(pixels, 1):
            x, y = self._x[start : start + points], self._y[start : start + points]
            return Window(x, x, y, y, y, np.ones(points), whole=True)
        # A power of two, and buckets that begin at its multiples: the picture doesn't flicker while the curve grows.
        size = 1 << (-(-points // max(pixels, 1)) - 1).bit_length()
        return self._buckets(start // size, -(-stop // size), size)

    def _buckets(self, first: int, last: int, size: int) -> Window:
        """The buckets `first` to `last` (not included) of `size` points each, a power of two."""
        full = min(last, self._length // size)
        parts = []
        if full > first:
            depth = (size.bit_length() - 1) // 2  # of the level with the largest blocks that still divide `size`
            group = size // FACTOR**depth
            parts.append(_joined(self._blocks(depth, first * group, full * group), group))
        left = self._x[first * size : full * size : size]
        right = self._x[first * size + size - 1 : full * size : size]
        counts = np.full(full - first, float(size))
        if last > full:  # the points at the end that don't fill a bucket yet
            rest = self._length - full * size
            parts.append(_joined(self._blocks(0, full * size, self._length), rest))
            left, right = np.append(left, self._x[full * size]), np.append(right, self._x[self._length - 1])
            counts = np.append(counts, float(rest))
        low, high, total, finite = np.concatenate(parts, axis=1)
        mean = np.divide(total, finite, out=np.full(len(total), np.nan), where=finite > 0)
        return Window(left, right, low, high, np.clip(mean, low, high), counts, whole=False)

    def _blocks(self, depth: int, start: int, stop: int) -> Numbers:
        """The blocks from `start` to `stop` of a level; those of level 0 are the points themselves."""
        if depth:
            return self._levels[depth - 1].columns[:, start:stop]
        y = self._y[start:stop]
        finite = np.isfinite(y)
        return np.stack((y, y, np.where(finite, y, 0.0), finite))

    def _truncate(self, length: int) -> None:
        self._length = length
        for depth, level in enumerate(self._levels, start=1):
            level.length = min(level.length, length // FACTOR**depth)

    def _build(self) -> None:
        """Bring every level up to what is complete in the one below."""
        below, depth = self._length, 0
        while below >= FACTOR:
            if depth == len(self._levels):
                self._levels.append(_Level())
            level, complete = self._levels[depth], below // FACTOR
            if complete == level.length:
                break  # then nothing is new above either
            level.extend(_joined(self._blocks(depth, level.length * FACTOR, complete * FACTOR), FACTOR))
            below, depth = complete, depth + 1


class _Level:
    """Blocks in a row; the rows of `columns` are their least, greatest and added values and how many were finite."""

    def __init__(self) -> None:
        self.columns = np.empty((4, FIRST // FACTOR))
        self.length = 0

    def extend(self, blocks: Numbers) -> None:
        start, self.length = self.length, self.length + blocks.shape[1]
        self.columns = _grown(self.columns, self.length)
        self.columns[:, start : self.length] = blocks


def _joined(blocks: Numbers, group: int) -> Numbers:
    """Every `group` blocks in a row made one: (4, blocks) → (4, blocks / group)."""
    low, high, total, finite = blocks.reshape(4, -1, group)
    return np.stack((_fold(np.fmin, low), _fold(np.fmax, high), _fold(np.add, total), _fold(np.add, finite)))


def _fold(operation: np.ufunc, rows: Numbers) -> Numbers:
    """Each row reduced to one number; numpy's own reduction is slow where rows are many and short."""
    if rows.shape[1] > FACTOR:
        return np.asarray(operation.reduce(rows, axis=1))
    return functools.reduce(operation, rows.T)


def _grown(numbers: Numbers, length: int) -> Numbers:
    """The same array where its last axis has room for `length`, else a larger copy; doubling keeps appends cheap."""
    room = numbers.shape[-1]
    if length <= room:
        return numbers
    grown = np.empty((*numbers.shape[:-1], max(length, 2 * room)))
    grown[..., :room] = numbers
    return grown
