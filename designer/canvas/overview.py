"""The graph as seen from far away: rectangles and lines grouped by colour, kept up to date while blocks move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import chain
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from designer.canvas.card import Card
from designer.canvas.geometry import united
from designer.canvas.heat import LEVELS
from designer.canvas.scene import Scene
from engine.graph import Wire

Part = Literal["all", "resting", "lifted"]
INNER = 9.0  # of the scene, between the edge of a group and the line inside it, and around what is hollow
BELOW = 10.0  # of the scene, from a card to the line that tells of a training
MARK = 4.0  # pixels, half the size of the mark of a problem


class Overview:
    """Paints a scene in a few calls. The view uses it at small scales, the minimap always.

    The blocks that were moved last are `lifted`: they can be painted apart from all that rests, so that a drag does
    not paint the whole graph at every step.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._stale = True
        self._moved: set[str] = set()
        self._touched = self._touched_rest = True
        self.version = 0  # grows whenever it would be painted differently
        self.resting_version = 0  # likewise, without the lifted blocks and their wires
        self.lifted: frozenset[str] = frozenset()
        self._cards = QRectF()  # around all cards; while they move it only grows
        self._rects: dict[str, dict[str, QRectF]] = {}  # by category and block
        self._lines: dict[str, dict[Wire, list[QLineF]]] = {}  # by category and wire
        self._flat: dict[str, list[QLineF]] = {}  # of the wires at rest
        self._states: dict[str, dict[str, QRectF]] = {}  # by name of the state and block
        scene.content_changed.connect(self._note)

    @property
    def content(self) -> QRectF:
        """The rectangle around all cards, frames and notes."""
        return self._cards | self._scene.placed.extent()

    def _note(self, moved: Collection[str] | None) -> None:
        """What differs: only the places of some blocks, or anything."""
        self._touched = True
        if moved is None:
            self._stale = self._touched_rest = True
            self.lifted = frozenset()
        elif not moved or self.lifted != frozenset(moved):
            self._touched_rest = True
            self.lifted = frozenset(moved)
            self._flat = {}
        self._moved.update(moved or ())

    def refresh(self) -> None:
        """Bring the lists up to date with the scene."""
        self.version += self._touched
        self.resting_version += self._touched_rest
        self._touched = self._touched_rest = False
        if self._stale:
            self._gather()
        elif self._moved:
            self._follow()
        self._stale, self._moved = False, set()

    def _gather(self) -> None:
        rects: defaultdict[str, dict[str, QRectF]] = defaultdict(dict)
        lines: defaultdict[str, dict[Wire, list[QLineF]]] = defaultdict(dict)
        states: defaultdict[str, dict[str, QRectF]] = defaultdict(dict)
        for key, card in self._scene.cards.items():
            body = rects[card.category][key] = card.body
            for state in _states(card):
                states[state][key] = body
        self._cards = united(body for bodies in rects.values() for body in bodies.values())
        for wire, item in self._scene.wires.items():
            lines[item.source.category][wire] = item.lines()
        self._rects, self._lines, self._states, self._flat = dict(rects), dict(lines), dict(states), {}

    def _follow(self) -> None:
        """Only some blocks have moved: change their rectangles in place, and the lines of their wires."""
        cards = self._scene.cards
        for key in self._moved & cards.keys():
            rect = self._rects[cards[key].category][key]
            rect.moveTopLeft(cards[key].pos())
            self._cards |= rect
        for item in chain(*self._scene.attached(self._moved & cards.keys())):
            self._lines[item.source.category][item.wire] = item.lines()
            if not self.lifted:
                self._flat.pop(item.source.category, None)

    def paint(self, painter: QPainter, scale: float, *, wires: bool = True, frame: int = 2, part: Part = "all") -> None:
        """Paint in scene coordinates.

        Args:
            scale: how many pixels one of them takes.
            wires: whether wires, and marks of what is told by more than a frame, are painted.
            frame: width of frames in pixels.
            part: only what is lifted, or only the rest.
        """
        self.refresh()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._scene.placed.paint_far(painter, frame, part)
        if wires:
            self._paint_wires(painter, part)
        painter.setPen(Qt.PenStyle.NoPen)
        for category, rects in self._rects.items():
            painter.setBrush(self._scene.inks.category(category))
            painter.drawRects(self._of(rects, part))
        if self._scene.quantity is not None:
            self._paint_heat(painter, part)
        if wires:
            self._paint_forms(painter, part)
        self._paint_frames(painter, scale, frame, part)
        if wires:
            self._paint_marks(painter, scale, part)
            self._scene.placed.paint_titles(painter, scale, part)

    def _of(self, rects: dict[str, QRectF], part: Part) -> list[QRectF]:
        """Those that belong to a part."""
        if part == "all" or not self.lifted:
            return list(rects.values()) if part != "lifted" else []
        if part == "lifted":
            return [rects[key] for key in self.lifted & rects.keys()]
        return [rect for key, rect in rects.items() if key not in self.lifted]

    def _paint_wires(self, painter: QPainter, part: Part) -> None:
        lifted: defaultdict[str, list[QLineF]] = defaultdict(list)
        moving: set[Wire] = set()
        for item in chain(*self._scene.attached(self.lifted & self._scene.cards.keys())):
            moving.add(item.wire)
            lifted[item.source.category] += self._lines[item.source.category][item.wire]
        if part != "lifted":
            for category, ways in self._lines.items():
                if category not in self._flat:
                    resting = (lines for wire, lines in ways.items() if wire not in moving)
                    self._flat[category] = list(chain.from_iterable(resting))
                painter.setPen(_thin(self._scene.inks.category(category)))
                painter.drawLines(self._flat[category])
        if part != "resting":
            for category, lines in lifted.items():
                painter.setPen(_thin(self._scene.inks.category(category)))
                painter.drawLines(lines)

    def _paint_heat(self, painter: QPainter, part: Part) -> None:
        """On the heat map, what is hot stands out and all else steps back."""
        inks = self._scene.inks
        levels: defaultdict[int, dict[str, QRectF]] = defaultdict(dict)
        for key, card in self._scene.cards.items():
            levels[card.facts.heat][key] = self._rects[card.category][key]
        for level, rects in levels.items():
            painter.setBrush(inks.heated_far(level / LEVELS))
            painter.drawRects(self._of(rects, part))

    def _paint_forms(self, painter: QPainter, part: Part) -> None:
        """A group has a line inside, what is muted is hollow, and below what is trained there is a dashed line."""
        inks = self._scene.inks
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.hollow)
        painter.drawRects([_shrunk(rect, INNER) for rect in self._of(self._states.get("muted", {}), part)])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_thin(inks.canvas, 2))
        painter.drawRects([_shrunk(rect, INNER) for rect in self._of(self._states.get("group", {}), part)])
        pen = QPen(inks.running)
        pen.setCosmetic(True)
        painter.setPen(pen)
        below = QPointF(0, BELOW)
        running = self._of(self._states.get("running", {}), part)
        painter.drawLines([QLineF(rect.bottomLeft() + below, rect.bottomRight() + below) for rect in running])

    def _paint_frames(self, painter: QPainter, scale: float, width: int, part: Part) -> None:
        """Frames around cards, at distances that differ by what they mean, so that all can be seen."""
        inks, cards = self._scene.inks, self._scene.cards
        chosen = {key: self._rects[cards[key].category][key] for key in self._scene.selected if key in cards}
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frames = [(self._states.get(name, {}), colour, 3 * width) for name, colour in inks.severities.items()]
        for rects, colour, distance in (*frames, (chosen, inks.selected.color(), width)):
            painter.setPen(_thin(colour, width))
            painter.drawRects([_shrunk(rect, -distance / scale) for rect in self._of(rects, part)])

    def _paint_marks(self, painter: QPainter, scale: float, part: Part) -> None:
        """At the upper right corner of what is wrong: a disc for an error, a triangle for a warning."""
        inks, size = self._scene.inks, MARK / scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_thin(inks.canvas))
        shapes: dict[str, Callable[[QPointF], object]] = {
            "error": lambda place: painter.drawEllipse(place, size, size),
            "warning": lambda place: painter.drawPolygon(_triangle(place, 1.3 * size)),
        }
        for name, draw in shapes.items():
            painter.setBrush(inks.severities[name])
            for rect in self._of(self._states.get(name, {}), part):
                draw(rect.topRight())


def _states(card: Card) -> Iterable[str]:
    """Names of the states that are seen from far away, but for the selection."""
    told = {"running": card.running, "muted": card.muted, "group": card.is_group}
    yield from (name for name, here in told.items() if here)
    if card.facts.severity is not None:
        yield card.facts.severity


def _shrunk(rect: QRectF, room: float) -> QRectF:
    return rect.adjusted(room, room, -room, -room)


def _triangle(place: QPointF, size: float) -> QPolygonF:
    corners = ((0, -size), (size, 0.8 * size), (-size, 0.8 * size))
    return QPolygonF([place + QPointF(*corner) for corner in corners])


def _thin(colour: QColor, width: int = 1) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
