"""A hand on the mouse: real events on the canvas's viewport, at places of the scene."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from designer.canvas import Canvas

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.viewport = canvas.view.viewport()

    def at(self, point: QPointF) -> QPoint:
        """Where a point of the scene is on the viewport; it must be in view."""
        place = self.canvas.view.from_scene(point).toPoint()
        assert self.viewport.rect().contains(place), f"{point} is out of view"
        return place

    def card(self, key: str) -> QPointF:
        """A place on a card's body, away from its ports."""
        return self.canvas.scene.cards[key].body.center() + QPointF(0, 18)

    def port(self, key: str, side: str, name: str) -> QPointF:
        return self.canvas.scene.cards[key].port_place(side, name)

    def press(self, point: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.viewport, button, keys, self.at(point))

    def move(self, point: QPointF) -> None:
        QTest.mouseMove(self.viewport, self.at(point))

    def release(self, point: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseRelease(self.viewport, button, keys, self.at(point))

    def click(self, point: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self.press(point, LEFT, keys)
        self.release(point, LEFT, keys)

    def drag(
        self, start: QPointF, *stops: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE
    ) -> None:
        """Press at a place, move over all stops, let go at the last one."""
        self.press(start, button, keys)
        before = self.at(start)
        for stop in stops:
            after = self.at(stop)
            QTest.mouseMove(self.viewport, (before + after) / 2)
            QTest.mouseMove(self.viewport, after)
            before = after
        QTest.mouseRelease(self.viewport, button, keys, before)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas.view, key, keys)
