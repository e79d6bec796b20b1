"""Garbage is collected on the screen's thread alone: a collector on another thread could take down Qt objects there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds


class Collector(QObject):
    """Stands in for Python's automatic collection; young garbage often, old seldom.

    The automatic one stays off after `stop` too: work that is still under way on other threads must not bring it back.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """The oldest generation whose count is over its threshold, and all younger ones."""
        over = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(over):
            gc.collect(max(generation for generation, full in enumerate(over) if full))

    def stop(self) -> None:
        self._timer.stop()
