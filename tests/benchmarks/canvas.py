"""The canvas against a bare QGraphicsScene of plain rectangles and curves: load, pan, drag and zoom of 1000 blocks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QTransform
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

from designer.canvas import COLUMN, ROW, Canvas
from designer.canvas.geometry import HEIGHT, WIDTH, wire_path
from designer.document import Document
from designer.theme import DARK
from engine.blocks import CATALOGUE
from engine.graph import Graph, Node, Wire
from engine.project import Position, Project

BLOCKS, ABREAST, DRAGGED = 1000, 37, 100
SIZE = (1600, 900)
FRAMES, LOADS = 60, 5
KINDS = ("Conv2d", "ReLU", "BatchNorm2d", "Dropout", "Linear", "Tanh")
DRAG_AT = 0.5  # scale at which blocks are dragged
ZOOMS = (0.4, 1.4)  # scales between which it is zoomed


def measure() -> list[dict[str, Any]]:
    """CPU milliseconds of the screen's thread; medians, but for zooming, where the slow frames are what is felt."""
    assert QApplication.instance() or QApplication([])
    project = graph()
    sides = [Ours(project), Bare()]
    rows = [_row("canvas load of 1000 blocks with its first frame", [_load(side) for side in sides])]
    for name, judge in (("pan", statistics.median), ("drag", statistics.median), ("zoom", _slow)):
        found = []
        for side in sides:
            frame = getattr(side, name)()
            _times(frame, 5)
            found.append(judge(_times(frame, FRAMES)))
        rows.append(_row(f"canvas {WORDS[name]}", found))
    for side in sides:
        side.close()
    return rows


WORDS = {
    "pan": "pan with all 1000 blocks in view, a frame",
    "drag": "drag of 100 blocks, an event with its frame",
    "zoom": "zoom frame, 95th percentile",
}


def graph() -> Project:
    """A chain of blocks in rows, as a large network is laid out."""
    nodes, layout, wires = {}, {}, []
    for index in range(BLOCKS):
        values = {"sample_shape": (3, 64, 64)} if index == 0 else {}
        block = CATALOGUE["Input" if index == 0 else KINDS[index % len(KINDS)]](**values)
        key = f"block{index}"
        nodes[key] = Node(name=key, block=block)
        layout[key] = Position(index % ABREAST * COLUMN, index // ABREAST * ROW)
        if index:
            wires.append(Wire(f"block{index - 1}", "y", key, "x"))
    return Project(graph=Graph(nodes=nodes, wires=tuple(wires)), layout=layout)


class Side:
    """What both sides can do; each method but `load` prepares something and answers with one frame of it."""

    window: QWidget
    view: QGraphicsView

    def pan(self) -> Callable[[int], None]:
        self.fit()
        return lambda step: self.shift(QPoint(9, 4) if step % 2 else QPoint(-9, -4))

    def zoom(self) -> Callable[[int], None]:
        low, high = ZOOMS
        return lambda step: self.scale(low + (high - low) * abs(step % 40 - 20) / 20)

    def fit(self) -> None:
        raise NotImplementedError

    def shift(self, by: QPoint) -> None:
        raise NotImplementedError

    def scale(self, scale: float) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()

    def hold(self, point: QPointF) -> Callable[[int], None]:
        """Press at a point of the scene; a frame moves the mouse."""
        port, at = self.view.viewport(), self.view.mapFromScene(point)
        QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        return lambda step: QTest.mouseMove(port, at + QPoint(20 + 8 * (step % 30), 10 + 4 * (step % 30)))


class Ours(Side):
    def __init__(self, project: Project) -> None:
        self.project = project
        self.window = self.canvas = Canvas(Document(Project()), DARK)
        self.view = self.canvas.view
        self.window.resize(*SIZE)
        self.window.show()

    def clear(self) -> None:
        self.canvas.document.open(Project(), None)

    def load(self) -> None:
        self.canvas.document.open(self.project, None)

    def fit(self) -> None:
        self.canvas.fit()

    def shift(self, by: QPoint) -> None:
        self.view.pan(QPointF(by))

    def scale(self, scale: float) -> None:
        self.view.zoom_to(scale)

    def drag(self) -> Callable[[int], None]:
        keys = list(self.canvas.scene.cards)[BLOCKS // 2 - DRAGGED // 2 :][:DRAGGED]
        self.canvas.select(keys)
        self.scale(DRAG_AT)
        middle = self.canvas.scene.cards[keys[DRAGGED // 2]].body.center()
        self.view.look_at(middle)
        return self.hold(middle)


class Bare(Side):
    """Qt as it comes: nothing is shown but rectangles and curves, and nothing is told of the project."""

    def __init__(self) -> None:
        self.window = self.view = QGraphicsView()
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.window.resize(*SIZE)
        self.window.show()

    def clear(self) -> None:
        self.view.setScene(None)

    def load(self) -> None:
        scene = QGraphicsScene(self.view)
        self.items, pen, brush = [], QPen(QColor("#4b8")), QBrush(QColor("#262a32"))
        for index in range(BLOCKS):
            item = scene.addRect(QRectF(0, 0, WIDTH, HEIGHT), pen, brush)
            item.setPos(index % ABREAST * COLUMN, index // ABREAST * ROW)
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
            if self.items:
                start = self.items[-1].pos() + QPointF(WIDTH, HEIGHT / 2)
                scene.addPath(wire_path(start, item.pos() + QPointF(0, HEIGHT / 2)), pen)
            self.items.append(item)
        self.view.setScene(scene)
        self.view.setSceneRect(-20_000, -20_000, 40_000, 40_000)

    def fit(self) -> None:
        self.view.fitInView(self.view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def shift(self, by: QPoint) -> None:
        across, down = self.view.horizontalScrollBar(), self.view.verticalScrollBar()
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())

    def scale(self, scale: float) -> None:
        middle = self.view.mapToScene(self.view.viewport().rect().center())
        self.view.setTransform(QTransform.fromScale(scale, scale))
        self.view.centerOn(middle)

    def drag(self) -> Callable[[int], None]:
        chosen = self.items[BLOCKS // 2 - DRAGGED // 2 :][:DRAGGED]
        for item in chosen:
            item.setSelected(True)
        self.scale(DRAG_AT)
        middle = chosen[DRAGGED // 2].sceneBoundingRect().center()
        self.view.centerOn(middle)
        return self.hold(middle)


def _load(side: Ours | Bare) -> float:
    found = []
    for _ in range(LOADS):
        side.clear()
        QApplication.processEvents()
        found += _times(lambda step: side.load(), 1)
    return statistics.median(found)


def _times(frame: Callable[[int], None], count: int) -> list[float]:
    """Milliseconds of each call together with the painting that follows from it."""
    found = []
    for step in range(count):
        started = time.thread_time()
        frame(step)
        QApplication.processEvents()
        found.append((time.thread_time() - started) * 1000)
    return found


def _slow(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _row(name: str, found: list[float]) -> dict[str, Any]:
    ours, reference = found
    return {
        "name": f"{name}, against bare rectangles",
        "ours": ours,
        "reference": reference,
        "ratio": reference / ours,
        "unit": "ms",
    }
