"""Cards that drift from where they were to where they are: the project has changed at once, only the eye follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from designer.motion import motion_allowed

LASTS = 200  # milliseconds
MOST = 300  # cards; more of them are there at once


class Drift(QObject):
    """`carry(places)` puts cards where they are seen on the way; at the end these are the places that count."""

    def __init__(self, parent: QObject, carry: Callable[[Mapping[str, QPointF]], None]) -> None:
        super().__init__(parent)
        self._carry = carry
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(LASTS)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._step)
        self._animation.finished.connect(self.end)

    @property
    def running(self) -> bool:
        return bool(self._ways)

    def begin(self, ways: Mapping[str, tuple[QPointF, QPointF]]) -> None:
        """Lead cards from one place to another; too many, or where no motion is wanted, stay at the second."""
        if ways and len(ways) <= MOST and motion_allowed():
            self._ways = dict(ways)
            self._step(0.0)
            self._animation.start()

    def end(self) -> None:
        """Put all where they belong."""
        if self._ways:
            self._animation.stop()
            self._step(1.0)
            self._ways = {}

    def _step(self, share: float) -> None:
        self._carry({key: start + (end - start) * share for key, (start, end) in self._ways.items()})
