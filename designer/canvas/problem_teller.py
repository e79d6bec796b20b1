"""Which block's problems the bubble tells: of the one under the pointer, the one asked for, or the one selected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QRectF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from designer.canvas.minimap import MiniMap
from designer.canvas.problem_bubble import ProblemBubble
from designer.canvas.scene import Scene
from designer.canvas.view import View

LINGER = 350  # milliseconds for which the bubble waits for the pointer to come over to it
EDGE = 14  # pixels between the bubble and the edge of the canvas


class ProblemTeller(QObject):
    """Shows and places the bubble. `mend(fix)` tells which of its links was followed."""

    mend = Signal(object)

    def __init__(
        self, canvas: QWidget, scene: Scene, view: View, minimap: MiniMap, dragging: Callable[[], bool]
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._scene, self._view, self._minimap = canvas, scene, view, minimap
        self._dragging = dragging
        self.bubble = ProblemBubble(canvas)
        self._key = ""
        self._pinned: str | None = None  # the block whose badge was clicked
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(LINGER)
        self._end.timeout.connect(self.refresh)
        self.bubble.fix_chosen.connect(self.mend)
        self.bubble.entered.connect(self._end.stop)
        self.bubble.left.connect(self._end.start)
        scene.hover_changed.connect(self._hovered)
        view.camera_moved.connect(self.place)

    def pin(self, key: str) -> None:
        """Tell of a block until another one is selected."""
        self._pinned = key
        self.refresh()

    def select(self, ids: tuple[str, ...]) -> None:
        """Other blocks are selected now."""
        if self._pinned is not None and self._pinned not in ids:
            self._pinned = None
        self.refresh()

    def close(self) -> bool:
        """Take the bubble away; answers whether there was one."""
        shown = self.bubble.isVisible()
        self._pinned = None
        self.bubble.hide()
        return shown

    def refresh(self) -> None:
        """Tell what there is to tell now."""
        key = self._told()
        if key is None:
            self.bubble.hide()
            return
        self._key = key
        self.bubble.show_problems(self._scene.facts(key).problems)
        self.bubble.show()
        self.bubble.raise_()
        self.place()

    def place(self) -> None:
        """Put the bubble beside its block, where it covers the least."""
        if not self.bubble.isVisible() or self._key not in self._scene.cards:
            return
        block = self._on_screen(self._key)
        near = self._view.viewportTransform().inverted()[0].mapRect(QRectF(self.bubble.reach(block)))
        others = [self._on_screen(card.key) for card in self._scene.cards_in(near) if card.key != self._key]
        room = self._canvas.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.bubble.place(block, room, [*others, self._minimap.geometry()])

    def _hovered(self, key: str | None) -> None:
        if key is not None and self._scene.facts(key).problems:
            self._end.stop()
            self.refresh()
        elif self.bubble.isVisible():
            self._end.start()

    def _told(self) -> str | None:
        if self._dragging():
            return None
        selected = self._scene.selected
        for key in (self._scene.hovered, self._pinned, selected[0] if len(selected) == 1 else None):
            if key in self._scene.cards and self._scene.facts(key).problems:
                return key
        return None

    def _on_screen(self, key: str) -> QRect:
        return self._view.viewportTransform().mapRect(self._scene.cards[key].body).toRect()
