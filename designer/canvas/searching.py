"""Search on the canvas: marks the hits, walks from one to the next, also into groups, and back to where one was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from designer import background
from designer.canvas.looks import RADIUS
from designer.canvas.scene import Scene
from designer.canvas.search import Found, Index
from designer.canvas.search_bar import SearchBar
from designer.canvas.touched import Touched
from designer.canvas.view import View
from designer.document import Document
from engine.check import Review
from engine.group import Path

AROUND, LINE = 5.0, 2.0  # from a card to the mark around it, and how broad that is
AT_ONCE = 150  # blocks; more are gone through off the screen's thread
AFTER = 60  # milliseconds after the last key that is typed


class Searching(QObject):
    """Owns the bar. `show(id)` brings a block of the group that one is in into view; `announce(text)` says a text."""

    def __init__(
        self,
        canvas: QWidget,
        document: Document,
        scene: Scene,
        view: View,
        show: Callable[[str], None],
        announce: Callable[[str], None],
    ) -> None:
        super().__init__(canvas)
        self._document, self._here, self._scene, self._view = document, document.here, scene, view
        self._show, self._announce = show, announce
        self.bar = SearchBar(canvas)
        self.hits: list[Found] = []
        self.place = -1
        self._index: tuple[object, Index] | None = None
        self._start: tuple[Path, float, QPointF, tuple[str, ...]] | None = None  # where one was when it began
        self._marks: list[QGraphicsPathItem] = []
        self._current: list[QGraphicsPathItem] = []
        self._awaited: object = None  # the review whose index is being made
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(AFTER)
        self._typing.timeout.connect(self._search)
        self.bar.typed.connect(lambda _text: self._typing.start())
        self.bar.stepped.connect(self.step)
        self.bar.closed.connect(self.close)
        scene.content_changed.connect(self._follow)
        document.reviewed.connect(lambda _review: self._typing.start() if self.bar.isVisible() else None)

    def search_canvas(self) -> None:
        """Open the bar, or go back into it."""
        if not self.bar.isVisible():
            centre = self._view.to_scene(self._view.middle)
            self._start = self._here.path, self._view.zoom, centre, self._scene.selected
            self.place = -1
        self.bar.open_bar()
        self._search()

    def close(self, back: bool) -> None:
        """Take the bar away, and go back to where one was, if that is wanted."""
        if not self.bar.isVisibleTo(self.bar.parentWidget()):
            return
        self._typing.stop()
        self.bar.hide()
        self._mark()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        if back and self._start is not None:
            path, zoom, centre, selected = self._start
            self._here.go(path)
            self._view.zoom_to(zoom)
            self._view.look_at(centre)
            self._scene.select(selected)
        self._start = None

    def step(self, by: int) -> None:
        """Go to the next hit, or back to the one before, around the end."""
        if self._typing.isActive():
            self._typing.stop()
            self._search()
        if self.hits:
            self.place = (self.place + by) % len(self.hits) if self.place >= 0 else min(by, 0) % len(self.hits)
            self._go()

    def _go(self) -> None:
        way, words = self.hits[self.place]
        self._here.go(way[:-1])
        if way[-1] in self._scene.cards:
            self._show(way[-1])
        else:
            self._look_at_decor(way)
        self._mark_current()
        self.bar.show_place(self.place + 1, len(self.hits), words)
        self._announce(f"{self.bar.count.text()}, {words}" if words else self.bar.count.text())

    def _look_at_decor(self, way: Path) -> None:
        item = self._document.project.decor.get("/".join(way))
        area = getattr(item, "area", None)
        if area is not None:
            self._view.look_at(QPointF(*area.middle))

    def _search(self) -> None:
        index = self._ready() if self.bar.isVisible() else None
        if index is None:
            return
        current = self.hits[self.place].way if 0 <= self.place < len(self.hits) else None
        self.hits = index.find(self.bar.field.text())
        ways = [hit.way for hit in self.hits]
        self.place = ways.index(current) if current in ways else -1
        self.bar.show_place(self.place + 1, len(self.hits), self.hits[self.place].words if self.place >= 0 else "")
        if not self.hits and self.bar.field.text().strip():
            self._announce(self.bar.count.text())
        self._mark()

    def _ready(self) -> Index | None:
        """What can be found as the project is now; of a large one that takes a while, and the search waits for it."""
        project, review = self._document.project, self._document.review
        if self._index is not None and self._index[0] is review:
            return self._index[1]
        if len(project.graph.nodes) > AT_ONCE:
            if self._awaited is not review:
                self._awaited = review
                background.run(self, lambda: Index(project, review.plan), lambda index: self._take(review, index))
            return None
        self._index = review, Index(project, review.plan)
        return self._index[1]

    def _take(self, review: Review, index: Index) -> None:
        self._index, self._awaited = (review, index), None
        self._search()

    # Marks

    def _follow(self, touched: Touched) -> None:
        """What is marked may have moved, or be gone."""
        if touched.blocks:
            self._mark()

    def _mark(self) -> None:
        """Draw around the hits that are seen from here; of a hit inside a group, around the group."""
        self._unmark(self._marks)
        self._unmark(self._current)
        if not self.bar.isVisible():
            return
        seen = dict.fromkeys(self._seen(hit) for hit in self.hits)
        areas = [self._scene.cards[key].body for key in seen if key in self._scene.cards]
        if areas:
            self._marks.append(self._mark_of(areas, current=False))
        self._mark_current()

    def _mark_current(self) -> None:
        """Draw a broader line around the hit that one stands at."""
        self._unmark(self._current)
        key = self._seen(self.hits[self.place]) if 0 <= self.place < len(self.hits) else ""
        if key in self._scene.cards:
            self._current.append(self._mark_of([self._scene.cards[key].body], current=True))

    def _unmark(self, marks: list[QGraphicsPathItem]) -> None:
        while marks:
            self._scene.remove_guide(marks.pop())

    def _seen(self, hit: Found) -> str:
        """The block by which a hit is seen from here; empty for one that lies elsewhere."""
        here = self._here.path
        return hit.way[len(here)] if len(hit.way) > len(here) and hit.way[: len(here)] == here else ""

    def _mark_of(self, areas: list[QRectF], current: bool) -> QGraphicsPathItem:
        path = QPainterPath()
        for area in areas:
            room = area.adjusted(-AROUND, -AROUND, AROUND, AROUND)
            path.addRoundedRect(room, RADIUS + AROUND, RADIUS + AROUND)
        item = QGraphicsPathItem(path)
        width = LINE * self._view.devicePixelRatioF() * (2 if current else 1)
        pen = QPen(QColor(self._scene.inks.theme.warning), width)
        pen.setStyle(Qt.PenStyle.SolidLine if current else Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        item.setPen(pen)
        item.setZValue(-0.4)  # below the cards, whose ports lie on the line
        self._scene.add_guide(item)
        return item
