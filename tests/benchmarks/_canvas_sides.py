"""The two canvases that the benchmark drives: ours, and NodeGraphQt with nodes of as many ports and the same wires."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsView, QWidget

import engine
from designer.canvas import COLUMN, ROW, Canvas
from designer.canvas.geometry import HEIGHT, WIDTH
from designer.document import Document
from designer.theme import DARK
from engine.blocks import CATALOGUE
from engine.graph import Graph, Node, Wire
from engine.project import Position, Project

SIZE = (1600, 900)
KINDS = ("Conv2d", "ReLU", "BatchNorm2d", "Dropout", "Linear", "Tanh")


def abreast(count: int) -> int:
    """How many blocks stand in a row, so that the whole has about the shape of a screen."""
    return round((count * 1.2) ** 0.5) + 2


def graph(count: int) -> Project:
    """A chain of blocks in rows, as a large network is laid out."""
    nodes, layout, wires, row = {}, {}, [], abreast(count)
    for index in range(count):
        values = {"sample_shape": (3, 64, 64)} if index == 0 else {}
        block = CATALOGUE["Input" if index == 0 else KINDS[index % len(KINDS)]](**values)
        key = f"block{index}"
        nodes[key] = Node(name=key, block=block)
        layout[key] = Position(index % row * COLUMN, index // row * ROW)
        if index:
            wires.append(Wire(f"block{index - 1}", "y", key, "x"))
    return Project(graph=Graph(nodes=nodes, wires=tuple(wires)), layout=layout)


class Side:
    """What both sides can do."""

    view: QGraphicsView
    window: QWidget

    def load(self) -> None:
        """Read the graph from its file and show it."""
        raise NotImplementedError

    def clear(self) -> None:
        raise NotImplementedError

    def select(self, indices: Sequence[int]) -> None:
        raise NotImplementedError

    def delete(self) -> None:
        """Delete what is selected."""
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError

    def place(self, index: int) -> QPointF:
        """Where in the scene one can take hold of a block."""
        raise NotImplementedError

    def show_all(self) -> None:
        raise NotImplementedError

    def show_part(self, middle: QPointF, scale: float) -> None:
        raise NotImplementedError

    def zoom(self, factor: float) -> None:
        """Zoom around the middle of the view, at once."""
        raise NotImplementedError

    def at(self, point: QPointF) -> QPoint:
        return self.view.mapFromScene(point)

    def settled(self) -> bool:
        """Whether all that follows from an edit is done, on other threads too."""
        return True

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()


class Ours(Side):
    def __init__(self, count: int) -> None:
        self._file = Path(tempfile.mkdtemp()) / "graph.plexus"
        engine.save(graph(count), self._file)
        self.window = self.canvas = Canvas(Document(Project()), DARK)
        self.view = self.canvas.view
        self._reviewed = True
        self.canvas.document.changed.connect(lambda _project: self._expect(False))
        self.canvas.document.reviewed.connect(lambda _review: self._expect(True))
        self.window.resize(*SIZE)
        self.window.show()

    def _expect(self, done: bool) -> None:
        self._reviewed = done

    def settled(self) -> bool:
        return self._reviewed

    def load(self) -> None:
        self.canvas.document.open(engine.load(self._file), None)

    def clear(self) -> None:
        self.canvas.document.open(Project(), None)

    def select(self, indices: Sequence[int]) -> None:
        self.canvas.select([f"block{index}" for index in indices])

    def delete(self) -> None:
        self.canvas.delete_selected()

    def undo(self) -> None:
        self.canvas.document.undo_stack.undo()

    def place(self, index: int) -> QPointF:
        return self.canvas.scene.cards[f"block{index}"].pos() + QPointF(WIDTH / 2, HEIGHT / 2)

    def show_all(self) -> None:
        self.canvas.fit()

    def zoom(self, factor: float) -> None:
        self.view.zoom_to(self.view.zoom * factor)

    def show_part(self, middle: QPointF, scale: float) -> None:
        self.canvas.zoom_to(scale)
        self.view.look_at(middle)


class Theirs(Side):
    def __init__(self, count: int) -> None:
        from NodeGraphQt import BaseNode, NodeGraph

        class Plain(BaseNode):
            __identifier__ = "benchmark"
            NODE_NAME = "Plain"

            def __init__(self) -> None:
                super().__init__()
                self.add_input("x")
                self.add_output("y")

        self._graph: Any = NodeGraph()
        self._graph.register_node(Plain)
        self.window = self.view = self._graph.viewer()
        self.window.resize(*SIZE)
        self.window.show()
        self._file = Path(tempfile.mkdtemp()) / "graph.json"
        row, before = abreast(count), None
        for index in range(count):
            node = self._graph.create_node(
                "benchmark.Plain",
                name=f"block{index}",
                pos=(index % row * COLUMN, index // row * ROW),
                selected=False,
                push_undo=False,
            )
            if before is not None:
                before.set_output(0, node.input(0))
            before = node
        self._graph.save_session(str(self._file))
        self.clear()

    def load(self) -> None:
        self._graph.load_session(str(self._file))

    def clear(self) -> None:
        self._graph.clear_session()

    def select(self, indices: Sequence[int]) -> None:
        self._graph.clear_selection()
        for index in indices:
            self._graph.get_node_by_name(f"block{index}").set_selected(True)

    def delete(self) -> None:
        self._graph.delete_nodes(self._graph.selected_nodes())

    def undo(self) -> None:
        self._graph.undo_stack().undo()

    def place(self, index: int) -> QPointF:
        return self._graph.get_node_by_name(f"block{index}").view.sceneBoundingRect().center()

    def show_all(self) -> None:
        area = QRectF()
        for node in self._graph.all_nodes():
            area |= node.view.sceneBoundingRect()
        room = area.width() * 0.03
        self._show(area.adjusted(-room, -room, room, room))

    def show_part(self, middle: QPointF, scale: float) -> None:
        across, down = SIZE[0] / scale, SIZE[1] / scale
        self._show(QRectF(middle.x() - across / 2, middle.y() - down / 2, across, down))

    def zoom(self, factor: float) -> None:
        self.view.scale(factor, factor)

    def _show(self, area: QRectF) -> None:
        """As its own way of showing the selection does it."""
        self.view._scene_range = area
        self.view._update_scene()
