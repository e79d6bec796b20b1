"""A canvas on the screen, a hand on its mouse, and small graphs to work on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.canvas import COLUMN, Canvas
from designer.document import Document
from designer.motion import reduce_motion
from designer.theme import DARK
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.hand import Hand


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says that it has no window manager; nothing on the canvas asks for one."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


def chain(*names: str, wired: bool = True) -> Project:
    """Blocks of the catalogue side by side, each wired to the next by its first input; ids are a, b, c…"""
    project = Project(name="chain")
    keys = []
    for index, name in enumerate(names):
        values = {"sample_shape": (3, 16, 16)} if name == "Input" else {}
        project, key = project.add(CATALOGUE[name](**values), (index * COLUMN, 0), "abcdefgh"[index])
        keys.append(key)
    graph = project.graph
    for source, target in itertools.pairwise(keys):
        if wired:
            graph = graph.connect(Wire(source, "y", target, graph.nodes[target].block.input_ports()[0].name))
    return project.edit(graph)


@pytest.fixture(autouse=True)
def still(qapp: QApplication) -> Iterator[None]:
    """What moves by itself is there at once, unless a test is about the movement."""
    reduce_motion(True)
    yield
    reduce_motion(False)


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Callable[[Project], Canvas]]:
    """Shows a project on a canvas of 900 × 600 pixels, at 100 %."""
    made: list[Canvas] = []

    def shown(project: Project) -> Canvas:
        canvas = Canvas(Document(project), DARK)
        made.append(canvas)
        canvas.document.setParent(canvas)
        canvas.resize(900, 600)
        with qtbot.waitExposed(canvas):
            canvas.show()
        canvas.zoom_to(1.0)
        return canvas

    yield shown
    for canvas in made:
        # here and now: the collector may run on another thread, and the next test must not find its window
        shiboken6.delete(canvas)


@pytest.fixture
def canvas(show: Callable[[Project], Canvas]) -> Canvas:
    """Input → Conv2d → ReLU → Flatten, as a, b, c, d."""
    return show(chain("Input", "Conv2d", "ReLU", "Flatten"))


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    return Hand(canvas)
