"""The graph as seen from far away: rectangles and lines grouped by colour, kept up to date while blocks move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import chain

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer.canvas.heat import LEVELS
from designer.canvas.scene import Scene
from engine.graph import Wire


class Overview:
    """Paints a scene in a few calls. The view uses it at small scales, the minimap always."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._stale = True
        self._moved: set[str] = set()
        self._touched = True
        self.version = 0  # grows whenever it would be painted differently
        self.content = QRectF()  # around all cards; while they move it only grows
        self._rects: dict[str, dict[str, QRectF]] = {}  # by category and block
        self._lines: dict[str, dict[Wire, list[QLineF]]] = {}  # by category and wire
        self._flat: dict[str, list[QLineF]] = {}
        self._wrong: dict[str, list[QRectF]] = {}  # by severity
        self._muted: list[QRectF] = []
        scene.content_changed.connect(self._note)

    def _note(self, moved: Collection[str] | None) -> None:
        """What differs: only the places of some blocks, or anything."""
        self._touched = True
        if moved is None:
            self._stale = True
        else:
            self._moved.update(moved)

    def refresh(self) -> None:
        """Bring the lists up to date with the scene."""
        if self._touched:
            self._touched = False
            self.version += 1
        if self._stale:
            self._gather()
        elif self._moved:
            self._follow()
        self._stale, self._moved = False, set()

    def _gather(self) -> None:
        rects: defaultdict[str, dict[str, QRectF]] = defaultdict(dict)
        lines: defaultdict[str, dict[Wire, list[QLineF]]] = defaultdict(dict)
        wrong: defaultdict[str, list[QRectF]] = defaultdict(list)
        self.content, self._muted = QRectF(), []
        for key, card in self._scene.cards.items():
            body = rects[card.category][key] = card.body
            self.content |= body
            if card.muted:
                self._muted.append(body)
            if card.facts.problems:
                wrong[card.facts.severity or ""].append(body)
        for wire, item in self._scene.wires.items():
            lines[item.source.category][wire] = item.lines()
        self._rects, self._lines, self._wrong, self._flat = dict(rects), dict(lines), dict(wrong), {}

    def _follow(self) -> None:
        """Only some blocks have moved: change their rectangles in place, and the lines of their wires."""
        cards = self._scene.cards
        for key in self._moved & cards.keys():
            rect = self._rects[cards[key].category][key]
            rect.moveTopLeft(cards[key].pos())
            self.content |= rect
        for item in chain(*self._scene.attached(self._moved & cards.keys())):
            self._lines[item.source.category][item.wire] = item.lines()
            self._flat.pop(item.source.category, None)

    def paint(self, painter: QPainter, scale: float, *, wires: bool = True, frame: int = 2) -> None:
        """Paint in scene coordinates; `scale` is how many pixels one of them takes, `frame` the width of frames."""
        self.refresh()
        inks = self._scene.inks
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if wires:
            for category, ways in self._lines.items():
                if category not in self._flat:
                    self._flat[category] = list(chain.from_iterable(ways.values()))
                painter.setPen(_thin(inks.category(category)))
                painter.drawLines(self._flat[category])
        painter.setPen(Qt.PenStyle.NoPen)
        for category, rects in self._rects.items():
            painter.setBrush(inks.category(category))
            painter.drawRects(list(rects.values()))
        if self._scene.quantity is not None:
            self._paint_heat(painter)
        if self._muted:  # they are hollow
            room = max(frame, 1) / scale
            painter.setBrush(inks.hollow)
            painter.drawRects([rect.adjusted(room, room, -room, -room) for rect in self._muted])
        self._paint_states(painter, scale, frame)

    def _paint_heat(self, painter: QPainter) -> None:
        """On the heat map, what is hot stands out and all else steps back."""
        inks = self._scene.inks
        levels: defaultdict[int, list[QRectF]] = defaultdict(list)
        for card in self._scene.cards.values():
            levels[card.facts.heat].append(card.body)
        for level, rects in levels.items():
            painter.setBrush(inks.heated_far(level / LEVELS))
            painter.drawRects(rects)

    def _paint_states(self, painter: QPainter, scale: float, width: int) -> None:
        """Frames around cards, at distances that differ by what they mean, so that all can be seen."""
        inks, cards = self._scene.inks, self._scene.cards
        chosen = [self._rects[cards[key].category][key] for key in self._scene.selected]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frames = [(rects, inks.severities[severity], 3 * width) for severity, rects in self._wrong.items()]
        for rects, colour, distance in (*frames, (chosen, inks.selected.color(), width)):
            if rects:
                painter.setPen(_thin(colour, width))
                room = distance / scale
                painter.drawRects([rect.adjusted(-room, -room, room, room) for rect in rects])


def _thin(colour: QColor, width: int = 1) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
