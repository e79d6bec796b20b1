"""The graph as seen from far away: rectangles and lines grouped by colour, kept until the scene differs."""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer.canvas.scene import Scene


class Overview:
    """Paints a scene in a few calls. The view uses it at small scales, the minimap always."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._version = -1
        self.content = QRectF()
        self._rects: dict[str, list[QRectF]] = {}
        self._lines: dict[str, list[QLineF]] = {}
        self._selected: list[QRectF] = []
        self._wrong: dict[str, list[QRectF]] = {}

    def refresh(self) -> None:
        """Gather the lists anew if the scene has changed since."""
        if self._version == self._scene.version:
            return
        self._version = self._scene.version
        rects: defaultdict[str, list[QRectF]] = defaultdict(list)
        lines: defaultdict[str, list[QLineF]] = defaultdict(list)
        wrong: defaultdict[str, list[QRectF]] = defaultdict(list)
        self._selected = []
        for card in self._scene.cards.values():
            body, severity = card.body, card.facts.severity
            rects[card.category].append(body)
            if card.selected:
                self._selected.append(body)
            if severity is not None:
                wrong[severity].append(body)
        for item in self._scene.wires.values():
            lines[item.source.category] += item.lines()
        self._rects, self._lines, self._wrong = dict(rects), dict(lines), dict(wrong)
        self.content = self._scene.content()

    def paint(self, painter: QPainter, scale: float, *, wires: bool = True) -> None:
        """Paint in scene coordinates; `scale` is how many pixels one of them takes."""
        self.refresh()
        inks = self._scene.inks
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if wires:
            for category, lines in self._lines.items():
                painter.setPen(_thin(inks.category(category)))
                painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for category, rects in self._rects.items():
            painter.setBrush(inks.category(category))
            painter.drawRects(rects)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for severity, rects in self._wrong.items():
            self._outline(painter, rects, inks.severities[severity], 6, scale)
        self._outline(painter, self._selected, inks.selected.color(), 2, scale)

    def _outline(self, painter: QPainter, rects: list[QRectF], colour: QColor, gap: float, scale: float) -> None:
        """Frames around cards, at a distance that depends on what they mean, so that both can be seen."""
        if not rects:
            return
        painter.setPen(_thin(colour, 2))
        room = gap / scale
        painter.drawRects([rect.adjusted(-room, -room, room, room) for rect in rects])


def _thin(colour: QColor, width: int = 1) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
