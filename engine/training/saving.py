"""When the state of a run is written: often enough that little can be lost, seldom enough that it costs little."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

EPOCH_EVERY = 2.0  # seconds; epochs that are shorter are not all written
SHARE = 0.05  # of the time that goes into writing, at most, since a large network takes long


class Saving:
    """A clock that is started anew by each writing."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._last = time.perf_counter()
        self._cost = 0.0  # seconds that the last writing took

    def due(self, *, epoch_over: bool) -> bool:
        """Whether to write now; at the end of an epoch earlier than amidst one."""
        wanted = min(self._every, EPOCH_EVERY) if epoch_over else self._every
        return time.perf_counter() - self._last >= max(wanted, self._cost / SHARE)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around the writing itself."""
        began = time.perf_counter()
        yield
        self._last = time.perf_counter()
        self._cost = self._last - began
