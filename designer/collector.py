"""Garbage is collected on the screen's thread alone: a collector on another thread could take down Qt objects there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds
MANY = 50_000  # objects made since the last time; so many are a large drawing that came in, and hardly garbage
SPARED = 8  # times in a row that these are not looked through, which would hold the screen


class Collector(QObject):
    """Stands in for Python's automatic collection; young garbage often, old seldom.

    What comes in large numbers is set aside for a while (`gc.freeze`) and looked through with all the old some time.
    The automatic one stays off after `stop` too: work that is still under way on other threads must not bring it back.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._spared = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """The oldest generation whose count is over its threshold, and all younger ones."""
        counts = gc.get_count()
        if counts[0] > MANY and self._spared < SPARED:
            gc.freeze()
            self._spared += 1
            return
        over = [count > limit for count, limit in zip(counts, gc.get_threshold(), strict=True)]
        if not any(over):
            return
        oldest = max(generation for generation, full in enumerate(over) if full)
        if oldest == 2 or self._spared == SPARED:
            gc.unfreeze()
            oldest, self._spared = 2, 0
        gc.collect(oldest)

    def stop(self) -> None:
        self._timer.stop()
        gc.unfreeze()
