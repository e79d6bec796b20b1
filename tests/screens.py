"""`python -m tests.screens OUT [NAME…]` saves a picture of every main view, in both themes, at 1440 × 900."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from engine.graph import Wire
    from engine.project import Project

SIZE = (1440, 900)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("names", nargs="*", help=f"which views: {', '.join(VIEWS)} (all)")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = home
        arguments.out.mkdir(parents=True, exist_ok=True)
        Camera(arguments.out).shoot(arguments.names or list(VIEWS))
    return 0


class Camera:
    """Drives one window through the views."""

    def __init__(self, out: Path) -> None:
        from designer.app import open_window

        self.out = out
        self.window = open_window()
        self.window.resize(*SIZE)

    def shoot(self, names: list[str]) -> None:
        from designer.dialogs.command_palette import CommandPalette

        for name in names:
            VIEWS[name](self)
            for theme in ("dark", "light"):
                getattr(self.window.commands, f"theme_{theme}")()
                self.wait(250)
                self._grab(f"{name}-{theme}.png")
            for dialog in self._dialogs():
                dialog.close()
            for palette in self.window.findChildren(CommandPalette):
                palette.close_palette()
            self.window.commands.export_dialog = None
        self.window.session.close()
        self.window.document.undo_stack.setClean()
        self.window.close()

    def _grab(self, name: str) -> None:
        """The window, and the dialog over it when there is one."""
        from PySide6.QtCore import QPoint
        from PySide6.QtGui import QPainter

        picture = self.window.grab()
        for dialog in self._dialogs():
            place = QPoint((self.window.width() - dialog.width()) // 2, (self.window.height() - dialog.height()) // 2)
            painter = QPainter(picture)
            painter.drawPixmap(place, dialog.grab())
            painter.end()
        picture.save(str(self.out / name))
        print(self.out / name)

    def _dialogs(self) -> list[QDialog]:
        from PySide6.QtWidgets import QDialog

        return [one for one in self.window.findChildren(QDialog) if one.isVisible()]

    def wait(self, milliseconds: int) -> None:
        """Let the window live; an event loop, since `QTest.qWait` keeps other threads from running."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(self, condition: Callable[[], bool], milliseconds: int = 60_000) -> None:
        for _ in range(milliseconds // 50):
            if condition():
                return
            self.wait(50)
        raise TimeoutError("the window did not come to show what was waited for")

    # The views

    def start(self) -> None:
        self.window.show_start()

    def empty(self) -> None:
        self.window.commands.new()

    def design(self) -> None:
        """The digits network with a block selected, as in the design."""
        from engine import templates

        self.window.document.open(templates.open_template("digits-cnn"), None)
        self.window.show_opened()
        self.wait(100)
        self.window.canvas.select(["conv2"])

    def problem(self) -> None:
        """The classic trap: Softmax in front of CrossEntropyLoss."""
        from engine.blocks import CATALOGUE
        from engine.graph import Wire

        self.design()
        document = self.window.document
        project, key = document.project.add(CATALOGUE["Softmax"](), (576, 512), "softmax")
        project = project.edit(project.graph.connect(Wire("logits", "y", key, "x")))
        project = project.edit(project.graph.connect(Wire(key, "y", "loss", "prediction")))
        document.change(project, "Add Softmax")
        self.window.commands.check()
        self.window.canvas.show_block(key)
        self.wait(200)

    def groups(self) -> None:
        """A network drawn in groups, one of which is used twice."""
        from tests.grouped import grouped

        self.window.document.open(grouped(), None)
        self.window.show_opened()
        self.wait(100)
        self.window.canvas.select(["tower1"])

    def inside(self) -> None:
        """Inside a group of a group, with a block selected whose number of filters is exposed."""
        self.groups()
        self.window.document.here.go(("encoder1", "residual_block1"))
        self.window.canvas.select(["conv2"])
        self.window.design.inspector.block.weights_fold.open()
        self.wait(100)

    def routes(self) -> None:
        """A wire led through two bends, one of them in hand, and one hidden behind labels."""
        from PySide6.QtCore import QPointF

        from engine import decorating
        from engine.templates import open_template

        document = self.window.document
        project = open_template("two-inputs")
        wires = sorted(project.graph.wires, key=lambda wire: -_length(project, wire))
        document.open(decorating.label(project, wires[1:3]), None)
        self.window.show_opened()
        self.wait(100)
        routing, end = self.window.canvas.routing, self.window.canvas.scene.wires[wires[0]].ends[1]
        routing.add_bend_at(wires[0], end + QPointF(-20, 160))
        routing.add_bend_at(wires[0], end + QPointF(-20, 60))

    def guides(self) -> None:
        """A block that is dragged, in line with others and as far from its neighbours as they are from each other."""
        from PySide6.QtCore import QPointF, Qt
        from PySide6.QtTest import QTest

        self.design()
        view, card = self.window.canvas.view, self.window.canvas.scene.cards["flatten"]
        middle = view.from_scene(card.body.center()) + QPointF(0, 14)
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=middle.toPoint())
        for by in (QPointF(30, 20), QPointF(3, 5)):
            QTest.mouseMove(view.viewport(), (middle + by).toPoint())

    def tidy(self) -> None:
        """A network of groups, tidied up from left to right."""
        self.groups()
        self.window.canvas.select([])
        self.window.canvas.arranging.tidy()
        self.wait(400)

    def tidy_down(self) -> None:
        """The same from top to bottom."""
        self.tidy()
        self.window.canvas.arranging.tidy_down()
        self.wait(400)

    def decor(self) -> None:
        """Two frames, notes with Markdown, and a muted block; one of the frames is selected."""
        from engine import decorating
        from engine.framing import around
        from engine.places import Area

        self.design()
        canvas, document = self.window.canvas, self.window.document
        project = document.project

        def areas(*keys: str) -> list[Area]:
            bodies = [canvas.scene.cards[key].body for key in keys]
            return [Area(body.x(), body.y(), body.width(), body.height()) for body in bodies]

        project, first = decorating.add_frame(project, around(areas("conv1", "relu1", "pool1")), "First stage", "blue")
        project, _ = decorating.add_frame(project, around(areas("conv2", "relu2", "pool2")), "Second stage", "green")
        top = project.decor[first].area
        words = "**Why two stages?**\n\n- each halves the *image*\n- see [the notes](https://example.org)"
        project, _ = decorating.add_note(project, Area(top.x, top.y - 150, 240, 120), words)
        picture = "![loss over the epochs](curves.png) from the run before"
        project, _ = decorating.add_note(project, Area(top.x + 270, top.y - 150, 200, 90), picture, "violet")
        document.change(project, "Frame the stages")
        canvas.select(["relu2"])
        canvas.muting.mute()
        canvas.scene.select((), (), (first,))
        canvas.fit()

    def decor_far(self) -> None:
        """The same from far away."""
        self.decor()
        self.window.canvas.zoom_to(0.25)

    def search(self) -> None:
        """Search on the canvas, at the second of three hits."""
        self.design()
        self.window.commands.search_canvas()
        search = self.window.canvas.search
        search.bar.field.setText("relu")
        search.step(1)
        search.step(1)

    def connect(self) -> None:
        """A wire that is drawn by keys."""
        self.design()
        self.window.canvas.select(["relu1"])
        self.window.commands.connect_output()

    def commands(self) -> None:
        """The command palette, with what can be done and what can't."""
        self.design()
        self.window.commands.command_palette()
        from designer.dialogs.command_palette import CommandPalette

        self.window.findChild(CommandPalette).field.setText("gro")

    def shortcuts(self) -> None:
        """The list of shortcuts, over the window."""
        self.design()
        self.window.commands.show_shortcuts()

    def blocks(self, count: int) -> None:
        """So many blocks in view, some of them selected."""
        from tests.benchmarks._canvas_sides import graph

        self.window.document.open(graph(count), None)
        self.window.show_opened()
        self.window.canvas.fit()
        self.window.canvas.select([f"block{index}" for index in range(2, 6)])
        self.wait(1500)

    def quick_add(self) -> None:
        """A wire let go over empty ground, and the blocks that fit it."""
        from PySide6.QtCore import QPointF

        from designer.canvas.facts import Port

        self.design()
        canvas = self.window.canvas
        place = canvas.scene.cards["pool2"].port_place("out", "y") + QPointF(60, 60)
        canvas.adding.seek_from(Port("pool2", "out", "y"), place)
        self.wait(1500)

    def splice(self) -> None:
        """A block from the palette over a wire: the wires and the room to come."""
        from designer.canvas.gestures.drop_block import DropBlock
        from designer.canvas.gestures.gesture import Point

        self.design()
        canvas = self.window.canvas
        cards = canvas.scene.cards
        middle = (cards["conv1"].port_place("out", "y") + cards["relu1"].port_place("in", "x")) / 2
        canvas.pointer._begin(DropBlock(canvas._stage, "BatchNorm2d", canvas.adding))
        canvas.pointer._start(Point(middle, canvas.view.from_scene(middle)))

    def training(self) -> None:
        self.design()
        self.window.commands.run()
        self.until(lambda: self.window.session.state == "running")
        self.wait(2500)
        self.window.commands.pause()

    def trained(self) -> None:
        if not self.window.session.active:
            self.training()
        self.window.commands.pause()
        self.until(lambda: not self.window.session.active)

    def data(self) -> None:
        self.design()
        self.window.commands.workspace_data()
        page = self.window.workspaces.currentWidget()
        self.until(lambda: not page.reading)
        self.wait(300)

    def train_settings(self) -> None:
        self.design()
        self.window.commands.workspace_train()
        self.wait(1500)

    def train_steps(self) -> None:
        """Two steps of a batch, as an adversarial network takes them."""
        from engine import templates

        self.window.document.open(templates.open_template("moons-gan"), None)
        self.window.show_opened()
        self.window.commands.workspace_train()
        self.wait(1500)

    def export(self) -> None:
        self.design()
        self.window.commands.export_python()
        self.until(lambda: bool(self.window.commands.export_dialog.source))


def _length(project: Project, wire: Wire) -> float:
    """How far apart the blocks stand that a wire joins."""
    start, end = project.layout[wire.source], project.layout[wire.target]
    return abs(start.x - end.x) + abs(start.y - end.y)


VIEWS: dict[str, Callable[[Camera], None]] = {
    "start": Camera.start,
    "empty": Camera.empty,
    "design": Camera.design,
    "problem": Camera.problem,
    "groups": Camera.groups,
    "inside": Camera.inside,
    "routes": Camera.routes,
    "guides": Camera.guides,
    "tidy": Camera.tidy,
    "tidy_down": Camera.tidy_down,
    "decor": Camera.decor,
    "decor_far": Camera.decor_far,
    "search": Camera.search,
    "connect": Camera.connect,
    "commands": Camera.commands,
    "shortcuts": Camera.shortcuts,
    "blocks_10": lambda camera: camera.blocks(10),
    "blocks_200": lambda camera: camera.blocks(200),
    "blocks_3000": lambda camera: camera.blocks(3000),
    "quick_add": Camera.quick_add,
    "splice": Camera.splice,
    "training": Camera.training,
    "trained": Camera.trained,
    "data": Camera.data,
    "train_settings": Camera.train_settings,
    "train_steps": Camera.train_steps,
    "export": Camera.export,
}

if __name__ == "__main__":
    sys.exit(main())
