"""Zoom that glides: a turn of the wheel is carried out within a few frames, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from designer.motion import motion_allowed

DURATION = 120  # milliseconds, anew with each turn


class SmoothZoom(QVariantAnimation):
    """Glides to a scale; `zoom(scale, at)` is called for each frame on the way. Turns that follow each other add up."""

    def __init__(self, zoom: Callable[[float, QPointF], None], parent: QObject) -> None:
        super().__init__(parent)
        self._zoom = zoom
        self._from = self._goal = 1.0
        self._at = QPointF()
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(DURATION)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._step)

    @property
    def gliding(self) -> bool:
        return self.state() == QVariantAnimation.State.Running

    def glide(self, scale: float, factor: float, at: QPointF, limits: tuple[float, float]) -> None:
        """Glide from a scale to `factor` times where one was headed, as far as the limits allow."""
        headed = self._goal if self.gliding else scale
        self.stop()
        self._from, self._goal, self._at = scale, min(limits[1], max(limits[0], headed * factor)), at
        if motion_allowed():
            self.start()
        else:
            self._zoom(self._goal, at)

    def _step(self, part: float) -> None:
        self._zoom(self._from * (self._goal / self._from) ** part, self._at)
