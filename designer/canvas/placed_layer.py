"""Frames and notes on the canvas, kept equal to the project, and which of them are selected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.geometry import united
from designer.canvas.inks import Inks
from designer.canvas.placed_items import TITLE, PlacedItem
from engine.decor import Frame
from engine.decorating import placed
from engine.project import Project

SHORTEST = 40.0  # pixels on the screen that a title needs
GROUND = 230  # how opaque, of 255, what a title stands on is


class Grip(NamedTuple):
    """What the pointer has hold of: all of a frame or a note, or the edges that move when it is drawn larger."""

    key: str
    across: int = 0  # -1 for the left edge, 1 for the right one
    down: int = 0  # -1 for the upper edge, 1 for the lower one


class PlacedLayer:
    """The items by id; the scene tells it what to show and asks it what lies where."""

    def __init__(self, scene: QGraphicsScene, inks: Inks) -> None:
        self._scene, self._inks = scene, inks
        self.items: dict[str, PlacedItem] = {}
        self.selected: tuple[str, ...] = ()
        self.lifted: frozenset[str] = frozenset()  # those that are dragged, as the overview has it of blocks

    def show_project(self, project: Project) -> None:
        """Add, change and remove items until they equal the project's frames and notes."""
        found = placed(project) if project.decor else {}
        for key in self.items.keys() - found.keys():
            self._scene.removeItem(self.items.pop(key))
        for key, what in found.items():
            item = self.items.get(key)
            if item is None:
                item = self.items[key] = PlacedItem(key, what, self._inks)
                self._scene.addItem(item)
            elif item.what is not what or item.area != QRectF(*what.area):
                item.show_what(what)
        self.selected = tuple(key for key in self.selected if key in self.items)

    def show_inks(self, inks: Inks) -> None:
        self._inks = inks
        for item in self.items.values():
            item.show_inks(inks)

    def select(self, keys: Iterable[str]) -> bool:
        """Select these and nothing else; answers whether that is new."""
        chosen = set(keys)
        selected = tuple(key for key in self.items if key in chosen)
        if selected == self.selected:
            return False
        self.selected = selected
        for key, item in self.items.items():
            item.show_selected(key in chosen)
        return True

    def extent(self) -> QRectF:
        """The rectangle around all frames and notes."""
        return united(item.area for item in self.items.values())

    def grip(self, point: QPointF, reach: float) -> Grip | None:
        """What the pointer would take at a point: an edge or a corner, a frame's bar, a note; the upper ones first."""
        for item in sorted(self.items.values(), key=lambda item: -item.zValue()):
            area = item.area
            if not area.adjusted(-reach, -reach, reach, reach).contains(point):
                continue
            across = (abs(point.x() - area.right()) <= reach) - (abs(point.x() - area.left()) <= reach)
            down = (abs(point.y() - area.bottom()) <= reach) - (abs(point.y() - area.top()) <= reach)
            if across or down:
                return Grip(item.key, across, down)
            if not isinstance(item.what, Frame) or point.y() <= area.top() + TITLE:
                return Grip(item.key)
        return None

    def paint_far(self, painter: QPainter, width: int, part: str) -> None:
        """Frames and notes as they are seen from far away: tinted rectangles, the selected ones framed."""
        for item in self._of(part):
            colour = QColor(self._inks.theme.mark(item.what.colour))
            pen = QPen(self._inks.selected.color() if item.selected else colour, width if item.selected else 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            fill = QColor(colour)
            if isinstance(item.what, Frame):
                fill.setAlpha(24)
            else:
                fill = QColor(self._inks.theme.paper(item.what.colour))
            painter.setBrush(fill)
            painter.drawRect(item.area)

    def paint_titles(self, painter: QPainter, scale: float, part: str) -> None:
        """The titles of frames upon their upper edges, which is where they cover least; as large at any scale."""
        font, metrics = self._inks.name_letters[-1]
        ground = QColor(self._inks.canvas)
        ground.setAlpha(GROUND)
        for item in self._of(part):
            room = item.area.width() * scale
            if not isinstance(item.what, Frame) or not item.what.title or room < SHORTEST:
                continue
            shown = metrics.elidedText(item.what.title, Qt.TextElideMode.ElideRight, room - 18)
            box = QRectF(6, -metrics.height() / 2, metrics.horizontalAdvance(shown) + 6, metrics.height())
            painter.save()
            painter.translate(item.area.topLeft())
            painter.scale(1 / scale, 1 / scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, 3, 3)
            painter.setFont(font)
            painter.setPen(self._inks.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
            painter.restore()

    def _of(self, part: str) -> list[PlacedItem]:
        """Those that belong to a part of the overview, the lower ones first."""
        items = sorted(self.items.values(), key=lambda item: item.zValue())
        return [item for item in items if part == "all" or (item.key in self.lifted) == (part == "lifted")]

    def caught(self, area: QRectF) -> set[str]:
        """Those that a box takes: notes that it touches, and frames that lie in it; it may be drawn inside of one."""
        found = self.items.values()
        return {
            item.key
            for item in found
            if (area.contains(item.area) if isinstance(item.what, Frame) else area.intersects(item.area))
        }

    def areas(self, keys: Collection[str]) -> list[QRectF]:
        """Where these lie."""
        return [item.area for item in self.shown(keys)]

    def shown(self, keys: Collection[str]) -> list[PlacedItem]:
        return [item for key, item in self.items.items() if key in keys]
