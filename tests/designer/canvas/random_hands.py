"""Hands that do anything at random, by real mouse and key events; all they did is undone and redone in the end.

Where a hand lands is random, so most of what it does makes little sense, as with a cat on the desk. Nothing may break:
project and scene are equal at every step.
What there is to be hit depends on what came before, so each rule is given a seed and chooses by it; and none is held
back, since what is possible may depend on the clock too.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import shiboken6
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from designer.actions import ON_CANVAS
from designer.block_search import COMMON
from designer.canvas import Canvas
from designer.document import Document
from designer.theme import DARK
from engine import templates
from engine.group import Group
from engine.project import Project
from tests.designer.canvas.equality import history_repeats, scene_equals_project

Button, Modifier, Key = Qt.MouseButton, Qt.KeyboardModifier, Qt.Key
HELD = st.sampled_from([Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier])
LUCK = st.integers(0, 2**32).map(Random)
KEYS = (Key.Key_Delete, Key.Key_Backspace, Key.Key_Escape, Key.Key_Return, Key.Key_Tab, Key.Key_Space, Key.Key_Home)
ARROWS = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)
WORDS = ("dense", "relu", "conv", "add", "split", "lstm", "", "nothing like that")


class RandomHands(RuleBasedStateMachine):
    """Somebody at the canvas. `history` holds the project of every undo step, whatever made it."""

    made = Counter[str]()  # the steps that were made by all hands, by the first words of their names

    @initialize(drawn=st.booleans())
    def begin(self, drawn: bool) -> None:
        self.document = Document(templates.open_template("two-inputs") if drawn else Project())
        self.canvas = Canvas(self.document, DARK)
        self.document.setParent(self.canvas)
        self.canvas.resize(1200, 800)
        self.canvas.show()
        self.canvas.fit()
        self.history = [self.document.project]

    def teardown(self) -> None:
        if not hasattr(self, "canvas"):
            return
        history_repeats(self.canvas, self.history)
        self.canvas.close()
        shiboken6.delete(self.canvas)

    # The hands

    @property
    def viewport(self) -> QWidget:
        return self.canvas.view.viewport()

    def at(self, point: QPointF) -> QPoint:
        """Where a point of the scene is on the viewport, or the nearest that is."""
        place, area = self.canvas.view.from_scene(point).toPoint(), self.viewport.rect().adjusted(2, 2, -2, -2)
        return QPoint(min(max(place.x(), area.left()), area.right()), min(max(place.y(), area.top()), area.bottom()))

    def spot(self, luck: Random) -> QPoint:
        """A place where something happens: a port, a card, the middle or the end of a wire, or anywhere."""
        scene = self.canvas.scene
        cards = list(scene.cards.values())
        ports = [card.pos() + place for card in cards for place in card.ports.values()]
        wires = [
            item.mapToScene(item.path().pointAtPercent(part)) for item in scene.wires.values() for part in (0.1, 0.5)
        ]
        bodies = [card.body.center() + QPointF(0, 12) for card in cards]
        kind = luck.choice(["port", "port", "card", "card", "wire", "ground"])
        some = {"port": ports, "card": bodies, "wire": wires}.get(kind)
        if some:
            return self.at(luck.choice(some))
        area = self.viewport.rect()
        return QPoint(luck.randint(4, area.width() - 4), luck.randint(4, area.height() - 4))

    def through(self) -> None:
        """Close what has opened, and keep the step that was made, if one was."""
        for part in (self.canvas.adding, self.canvas.wiring):
            part.close()
        self.canvas.inline.finish()
        self.canvas.marking.close(keep=True)
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        self.note()

    def note(self) -> None:
        """Keep the project of each step; a merged step takes the place of the one before, or takes it back."""
        stack, project = self.document.undo_stack, self.document.project
        assert stack.count() <= len(self.history), "one gesture made several steps"
        if stack.index() == stack.count():
            if stack.index() == len(self.history):
                self.made[stack.undoText()] += 1
            del self.history[stack.index() :]
            self.history.append(project)
        assert len(self.history) == stack.count() + 1
        assert self.history[stack.index()] == project

    # What they do

    @rule(luck=LUCK, held=HELD, cancelled=st.booleans())
    def drag(self, luck: Random, held: Modifier, cancelled: bool) -> None:
        start, end = self.spot(luck), self.spot(luck)
        button = luck.choice([Button.LeftButton] * 5 + [Button.RightButton, Button.MiddleButton])
        QTest.mousePress(self.viewport, button, held, start)
        QTest.mouseMove(self.viewport, (start + end) / 2)
        QTest.mouseMove(self.viewport, end)
        if cancelled:
            QTest.keyClick(self.canvas.view, Key.Key_Escape)
        QTest.mouseRelease(self.viewport, button, held, end)
        self.choose(luck)
        self.through()

    @rule(luck=LUCK, held=HELD, twice=st.booleans())
    def click(self, luck: Random, held: Modifier, twice: bool) -> None:
        place = self.spot(luck)
        QTest.mouseClick(self.viewport, Button.LeftButton, held, place)
        if twice:
            QTest.mouseDClick(self.viewport, Button.LeftButton, held, place)  # which leaves the button down
            QTest.mouseRelease(self.viewport, Button.LeftButton, held, place)
            self.choose(luck)
        self.through()

    @rule(luck=LUCK, keys=st.lists(st.sampled_from(KEYS + ARROWS), min_size=1, max_size=3), held=HELD)
    def press(self, luck: Random, keys: list[Key], held: Modifier) -> None:
        for key in keys:
            QTest.keyClick(self.canvas.view, key, held)
            self.choose(luck)
            self.through()

    def choose(self, luck: Random) -> None:
        """From the search for blocks, where it has opened: the first that is found, or nothing."""
        if self.canvas.adding.searching:
            field = self.canvas.adding.finder.field
            QTest.keyClicks(field, luck.choice(WORDS))
            QTest.keyClick(field, luck.choice([Key.Key_Return, Key.Key_Return, Key.Key_Escape]))

    @rule(luck=LUCK)
    def command(self, luck: Random) -> None:
        """Whatever the menus offer at the moment."""
        offered = [name for name, possible in self.canvas.possible().items() if possible and name in ON_CANVAS]
        name = luck.choice(sorted(offered))
        getattr(getattr(self.canvas, ON_CANVAS[name]), name)()
        self.choose(luck)
        self.through()

    @rule(name=st.sampled_from(COMMON))
    def add(self, name: str) -> None:
        if len(self.canvas.scene.cards) < 8:
            self.canvas.add_block(name)
            self.through()

    @rule(luck=LUCK)
    def select(self, luck: Random) -> None:
        keys = list(self.canvas.scene.cards)
        if keys:
            self.canvas.select(luck.sample(keys, min(len(keys), luck.randint(1, 5))))

    @rule(luck=LUCK)
    def go(self, luck: Random) -> None:
        """Into a group that stands here, or out."""
        here, cards = self.document.here, self.canvas.scene.cards
        groups = [key for key, card in cards.items() if isinstance(card.node.block, Group)]
        if here.path and (not groups or luck.random() < 0.5):
            here.leave()
        elif groups:
            here.enter(luck.choice(groups))

    @rule(scale=st.sampled_from([0.2, 0.5, 1.0, 2.0]))
    def zoom(self, scale: float) -> None:
        self.canvas.zoom_to(scale)
        self.canvas.fit()

    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()  # or nothing, where there is nothing to undo
        assert self.document.project == self.history[self.document.undo_stack.index()]

    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()  # or nothing, where there is nothing to redo
        assert self.document.project == self.history[self.document.undo_stack.index()]

    @invariant()
    def equal(self) -> None:
        if hasattr(self, "canvas"):
            self.canvas.scene.rest()  # blocks that glide to their new places arrive
            project = self.document.here.project
            scene_equals_project(self.canvas, project)
            for wire in project.graph.wires:
                assert wire.output in project.graph.nodes[wire.source].block.output_ports()
                assert wire.input in [port.name for port in project.graph.nodes[wire.target].block.input_ports()]
