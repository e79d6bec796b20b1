"""The graph as seen from far away: rectangles and lines grouped by colour, kept up to date while blocks move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Literal, TypeVar

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from designer.canvas.card import Card
from designer.canvas.geometry import united
from designer.canvas.heat import LEVELS
from designer.canvas.scene import Scene
from designer.canvas.touched import Touched
from designer.canvas.wire import WireItem
from engine.graph import Wire

Part = Literal["all", "resting", "lifted"]
Found = TypeVar("Found")
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
        self._moved: set[str] = set()
        self._blocks, self._wires = set(scene.cards), set(scene.wires)  # to be looked at again
        self._touched = self._touched_rest = True
        self.version = 0  # grows whenever it would be painted differently
        self.resting_version = 0  # likewise, without the lifted blocks and their wires
        self.lifted: frozenset[str] = frozenset()
        self._cards = QRectF()  # around all cards; while they move it only grows
        self._bodies: dict[str, tuple[str, QRectF]] = {}  # category and rectangle, by block
        self._lines: dict[Wire, tuple[str, Sequence[QLineF]]] = {}  # category and way, by wire
        self._led: tuple[list[WireItem], list[WireItem]] | None = None  # between what is lifted, and out of it
        self._flat: dict[str, list[QLineF]] | None = None  # by category, of the wires at rest
        self._states: defaultdict[str, dict[str, QRectF]] = defaultdict(dict)  # by name of the state and block
        scene.content_changed.connect(self._note)

    @property
    def content(self) -> QRectF:
        """The rectangle around all cards, frames and notes."""
        return self._cards | self._scene.placed.extent()

    def _note(self, touched: Touched) -> None:
        self._touched = True
        lifted = frozenset(touched.blocks if touched.carried else ())
        if not lifted or lifted != self.lifted:
            self._touched_rest = True
            self.lifted, self._flat, self._led = lifted, None, None
        (self._moved if touched.carried else self._blocks).update(touched.blocks)
        self._wires.update(touched.wires)

    def refresh(self) -> None:
        """Bring the lists up to date with the scene."""
        self.version += self._touched
        self.resting_version += self._touched_rest
        self._touched = self._touched_rest = False
        if self._moved:
            self._follow((self._moved & self._bodies.keys()) - self._blocks)
        if self._blocks or self._wires:
            self._look()
        self._moved, self._blocks, self._wires = set(), set(), set()

    def _look(self) -> None:
        """Look at some blocks and wires again, wherever they are now, if anywhere."""
        scene = self._scene
        for key in self._blocks:
            if self._bodies.pop(key, None) is not None:
                for bodies in self._states.values():
                    bodies.pop(key, None)
            card = scene.cards.get(key)
            if card is not None:
                body = card.body
                self._bodies[key] = card.category, body
                for state in _states(card):
                    self._states[state][key] = body
        for wire in self._wires - scene.wires.keys():
            self._lines.pop(wire, None)
        for item in chain(*scene.attached(self._blocks & scene.cards.keys())):
            self._wires.add(item.wire)
        for wire in self._wires & scene.wires.keys():
            self._look_at_wire(scene.wires[wire])
        self._cards, self._flat = united(body for _, body in self._bodies.values()), None

    def _lifted_wires(self) -> tuple[list[WireItem], list[WireItem]]:
        """The wires between lifted blocks, and those that lead to others."""
        if self._led is None:
            self._led = self._scene.attached(self.lifted & self._scene.cards.keys())
        return self._led

    def _look_at_wire(self, item: WireItem) -> None:
        self._lines[item.wire] = item.source.category, item.lines()

    def _follow(self, moved: Collection[str]) -> None:
        """Only these blocks have moved: move their rectangles in place, and the lines of their wires."""
        shifts: dict[str, tuple[float, float]] = {}
        for key in moved:
            card, rect = self._scene.cards[key], self._bodies[key][1]
            place = card.x(), card.y()
            shifts[key] = place[0] - rect.x(), place[1] - rect.y()
            rect.moveTo(*place)
        self._cards |= united(self._bodies[key][1] for key in moved)
        inner, outer = self._lifted_wires() if moved == self.lifted else self._scene.attached(moved)
        for item in inner:
            wire, by = item.wire, shifts[item.wire.source]
            if wire in self._wires or by != shifts[wire.target] or item.way.bends:
                self._look_at_wire(item)
            else:
                for line in self._lines[wire][1]:
                    line.translate(*by)
        for item in outer:
            self._look_at_wire(item)
        if not self.lifted:
            self._flat = None

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
        rects: defaultdict[str, list[QRectF]] = defaultdict(list)
        for category, rect in self._of(self._bodies, part):
            rects[category].append(rect)
        for category in sorted(rects):
            painter.setBrush(self._scene.inks.category(category))
            painter.drawRects(rects[category])
        if self._scene.quantity is not None:
            self._paint_heat(painter, part)
        if wires:
            self._paint_forms(painter, part)
        self._paint_frames(painter, scale, frame, part)
        if wires:
            self._paint_marks(painter, scale, part)
            self._scene.placed.paint_titles(painter, scale, part)

    def _of(self, found: Mapping[str, Found], part: Part) -> list[Found]:
        """What belongs to a part, of all that was found about blocks."""
        if part == "all" or not self.lifted:
            return list(found.values()) if part != "lifted" else []
        if part == "lifted":
            return [found[key] for key in self.lifted & found.keys()]
        return [one for key, one in found.items() if key not in self.lifted]

    def _paint_wires(self, painter: QPainter, part: Part) -> None:
        moving = {item.wire for item in chain(*self._lifted_wires())}
        if part != "lifted":
            if self._flat is None:
                self._flat = _by_category(lines for wire, lines in self._lines.items() if wire not in moving)
            self._draw_lines(painter, self._flat)
        if part != "resting":
            self._draw_lines(painter, _by_category(self._lines[wire] for wire in moving))

    def _draw_lines(self, painter: QPainter, found: Mapping[str, list[QLineF]]) -> None:
        for category in sorted(found):
            painter.setPen(_thin(self._scene.inks.category(category)))
            painter.drawLines(found[category])

    def _paint_heat(self, painter: QPainter, part: Part) -> None:
        """On the heat map, what is hot stands out and all else steps back."""
        inks = self._scene.inks
        levels: defaultdict[int, dict[str, QRectF]] = defaultdict(dict)
        for key, card in self._scene.cards.items():
            levels[card.facts.heat][key] = self._bodies[key][1]
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
        inks = self._scene.inks
        chosen = {key: self._bodies[key][1] for key in self._scene.selected if key in self._bodies}
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frames = [(self._states.get(name, {}), colour, 3 * width) for name, colour in inks.severities.items()]
        for rects, colour, distance in (*frames, (chosen, inks.selected.color(), width)):
            painter.setPen(_thin(colour, width))
            room = distance / scale
            painter.drawRects([rect.adjusted(-room, -room, room, room) for rect in self._of(rects, part)])

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


def _by_category(ways: Iterable[tuple[str, Sequence[QLineF]]]) -> dict[str, list[QLineF]]:
    """The lines of many wires, those of one colour together."""
    found: defaultdict[str, list[QLineF]] = defaultdict(list)
    for category, lines in ways:
        found[category] += lines
    return found


def _shrunk(rect: QRectF, room: float) -> QRectF:
    return rect.adjusted(room, room, -room, -room)


def _triangle(place: QPointF, size: float) -> QPolygonF:
    corners = ((0, -size), (size, 0.8 * size), (-size, 0.8 * size))
    return QPolygonF([place + QPointF(*corner) for corner in corners])


def _thin(colour: QColor, width: int = 1) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
