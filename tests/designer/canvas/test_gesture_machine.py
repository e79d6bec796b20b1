"""Random gestures by real mouse and key events; undone and redone, project and scene are equal at every step.

Where a hand lands is random, so most of what it does makes little sense, as with a cat on the desk. Nothing may break.
What there is to be hit depends on what came before, so each rule is given a seed and chooses by it; and none is held
back, since what is possible may depend on the clock too.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from random import Random

import pytest
import shiboken6
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from designer.actions import ON_CANVAS
from designer.block_search import COMMON
from designer.canvas import Canvas
from designer.document import Document
from designer.theme import DARK
from engine import templates
from engine.group import Group
from engine.project import Project
from tests.designer.canvas.equality import scene_equals_project

Button, Modifier, Key = Qt.MouseButton, Qt.KeyboardModifier, Qt.Key
HELD = st.sampled_from([Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier])
LUCK = st.integers(0, 2**32).map(Random)
KEYS = (Key.Key_Delete, Key.Key_Backspace, Key.Key_Escape, Key.Key_Return, Key.Key_Tab, Key.Key_Space, Key.Key_Home)
ARROWS = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)
WORDS = ("dense", "relu", "conv", "add", "split", "lstm", "", "nothing like that")


class Hands(RuleBasedStateMachine):
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
        stack = self.document.undo_stack
        stack.setIndex(stack.count())
        assert self.document.project == self.history[-1]
        for project in reversed(self.history[:-1]):
            stack.undo()
            assert self.document.project == project
            self.canvas.scene.rest()
            scene_equals_project(self.canvas, self.document.here.project)
        assert not stack.canUndo()
        for project in self.history[1:]:
            stack.redo()
            assert self.document.project == project
            self.canvas.scene.rest()
            scene_equals_project(self.canvas, self.document.here.project)
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

    # What they mean to do, where there is something to do it with

    def drag_over(self, *places: QPointF, held: Modifier = Modifier.NoModifier) -> None:
        """Press at the first place of the scene, move over the others, let go at the last."""
        points = [self.at(place) for place in places]
        QTest.mousePress(self.viewport, Button.LeftButton, held, points[0])
        for start, end in itertools.pairwise(points):
            QTest.mouseMove(self.viewport, (start + end) / 2)
            QTest.mouseMove(self.viewport, end)
        QTest.mouseRelease(self.viewport, Button.LeftButton, held, points[-1])

    def keys(self, *keys: Key, held: Modifier = Modifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.canvas.view, key, held)

    def on_wire(self, luck: Random, part: float | None = None) -> QPointF | None:
        """A place on some wire that is drawn as a line."""
        lines = [item for item in self.canvas.scene.wires.values() if item.labels is None]
        if not lines:
            return None
        item = luck.choice(lines)
        return item.mapToScene(item.path().pointAtPercent(luck.uniform(0.2, 0.8) if part is None else part))

    def port(self, luck: Random, side: str) -> QPointF | None:
        """Where some port of a side is."""
        cards = self.canvas.scene.cards.values()
        ports = [card.pos() + place for card in cards for port, place in card.ports.items() if port.side == side]
        return luck.choice(ports) if ports else None

    def body(self, luck: Random) -> QPointF | None:
        """A place on some card, beside what can be edited there."""
        cards = list(self.canvas.scene.cards.values())
        return luck.choice(cards).body.center() + QPointF(0, 18) if cards else None

    @rule(luck=LUCK, words=st.sampled_from(WORDS), opener=st.sampled_from([Key.Key_Tab, Key.Key_Space, None]))
    def search(self, luck: Random, words: str, opener: Key | None) -> None:
        """Add a block by its name: by keys, or at the end of a wire that is let go over the ground."""
        start = self.port(luck, luck.choice(["in", "out"]))
        if opener is not None or start is None:
            self.keys(opener or Key.Key_Tab)
        else:
            self.drag_over(start, self.canvas.view.to_scene(QPointF(luck.randint(20, 900), luck.randint(20, 700))))
        if self.canvas.adding.searching:
            QTest.keyClicks(self.canvas.adding.finder.field, words)
            QTest.keyClick(self.canvas.adding.finder.field, Key.Key_Return)
        self.through()

    @rule(luck=LUCK, held=st.sampled_from([Modifier.NoModifier, Modifier.ShiftModifier]))
    def wire(self, luck: Random, held: Modifier) -> None:
        """From port to port; with Shift, all the wires of a port to another of its side."""
        sides = luck.choice([("in", "in"), ("out", "out")] if held else [("in", "out"), ("out", "in"), ("in", "in")])
        ends = [self.port(luck, side) for side in sides]
        if None not in ends:
            self.drag_over(*ends, held=held)
            self.through()

    @rule(luck=LUCK)
    def move_end(self, luck: Random) -> None:
        """The end of a wire, taken beside its port, is put on another one, or taken off."""
        part = luck.choice([0.0, 1.0])
        start = self.on_wire(luck, abs(part - 0.08))
        end = self.port(luck, "in" if part else "out") if luck.random() < 0.7 else self.body(luck)
        if start is not None and end is not None:
            self.drag_over(start, end)
            self.through()

    @rule(luck=LUCK)
    def splice(self, luck: Random) -> None:
        """A block without wires is let go over a wire."""
        scene = self.canvas.scene
        alone = [card for key, card in scene.cards.items() if not any(scene.attached((key,)))]
        if not alone and len(scene.cards) < 8:
            self.canvas.select(())
            self.canvas.add_block(luck.choice(["ReLU", "Dropout", "Identity"]))
            self.through()
            alone = [scene.cards[self.canvas.selected()[0]]]
        goal = self.on_wire(luck)
        if alone and goal is not None:
            start = luck.choice(alone).body.center()
            self.drag_over(start, (start + goal) / 2, goal)
            self.through()

    @rule(luck=LUCK, button=st.sampled_from([Button.LeftButton, Button.RightButton]))
    def cut(self, luck: Random, button: Button) -> None:
        """A line is drawn across a wire."""
        middle = self.on_wire(luck)
        if middle is None:
            return
        held = Modifier.AltModifier if button == Button.LeftButton else Modifier.ControlModifier
        start, end = (self.at(middle + QPointF(*by)) for by in ((-20, -70), (20, 70)))
        QTest.mousePress(self.viewport, button, held, start)
        QTest.mouseMove(self.viewport, (start + end) / 2)
        QTest.mouseMove(self.viewport, end)
        QTest.mouseRelease(self.viewport, button, held, end)
        self.through()

    @rule(luck=LUCK, away=st.booleans())
    def bend(self, luck: Random, away: bool) -> None:
        """A dot is put on a wire and dragged, or one that is there."""
        dotted = [item for item in self.canvas.scene.wires.values() if item.dots is not None]
        place = QPointF(luck.choice(dotted).dots.points[0]) if dotted else self.on_wire(luck)
        if place is None:
            return
        if not dotted:
            for press in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
                press(self.viewport, Button.LeftButton, Modifier.AltModifier, self.at(place))
            self.through()
        if away:
            self.drag_over(place, place + QPointF(luck.randint(-90, 90), luck.randint(-90, 90)))
            self.through()

    @rule(luck=LUCK)
    def label(self, luck: Random) -> None:
        """Wires are hidden behind labels, or drawn again, or one is followed to its other end."""
        wires = list(self.canvas.scene.wires)
        if not wires:
            return
        wire = luck.choice(wires)
        if self.canvas.scene.wires[wire].labels is not None and luck.random() < 0.5:
            place = self.at(self.canvas.scene.wires[wire].label_area(luck.choice(["in", "out"])).center())
            QTest.mouseClick(self.viewport, Button.LeftButton, Modifier.NoModifier, place)
        else:
            self.canvas.scene.select((), (wire,))
            self.canvas.routing.show_labels()
        self.through()

    @rule(luck=LUCK)
    def copies(self, luck: Random) -> None:
        """Drag copies away, or copy or cut what is selected and paste it."""
        start = self.body(luck)
        if start is None or len(self.canvas.scene.cards) > 10:
            return
        if luck.random() < 0.4:
            self.drag_over(start, start + QPointF(luck.randint(-200, 200), 150), held=Modifier.AltModifier)
            self.through()
            return
        self.select(luck)
        luck.choice([self.canvas.clipboard.copy, self.canvas.clipboard.copy, self.canvas.clipboard.cut])()
        self.through()
        self.canvas.clipboard.paste()
        self.through()

    @rule(luck=LUCK, note=st.booleans())
    def mark(self, luck: Random, note: bool) -> None:
        """A frame around some blocks, or a note, and what is written there; then it is moved or drawn larger."""
        self.select(luck)
        if not note and not self.canvas.possible()["frame"]:
            return
        (self.canvas.marking.add_note if note else self.canvas.marking.frame)()
        self.note()
        editor = self.canvas.marking.editor
        if editor is not None:
            QTest.keyClicks(editor, luck.choice(["Encoder", "**Why**", ""]))
        self.through()
        for corner in (False, True):
            items = list(self.canvas.scene.placed.items.values())
            if items:
                area = luck.choice(items).area
                start = area.bottomRight() if corner else area.topLeft() + QPointF(20, 12)
                self.drag_over(start, start + QPointF(luck.randint(-60, 60), luck.randint(20, 60)))
                self.through()

    @rule(luck=LUCK, keep=st.booleans())
    def edit(self, luck: Random, keep: bool) -> None:
        """A value is edited on its card, of one block or of several, by a double click or by Enter."""
        start = self.body(luck)
        if start is None:
            return
        if luck.random() < 0.5:
            place = self.at(start - QPointF(0, 14))
            for press in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
                press(self.viewport, Button.LeftButton, Modifier.NoModifier, place)
        else:
            self.select(luck)
            self.keys(Key.Key_Return)
        editor = self.canvas.inline.editor
        field = editor.control if editor is not None else None
        if isinstance(field, QLineEdit):
            field.selectAll()
            QTest.keyClicks(field, luck.choice(["7", "12", "0.25", "3 5", "words", ""]))
            QTest.keyClick(field, Key.Key_Return if keep else Key.Key_Escape)
        self.through()

    @rule(luck=LUCK, keys=st.lists(st.sampled_from(ARROWS), min_size=1, max_size=3), walk=st.booleans())
    def arrows(self, luck: Random, keys: list[Key], walk: bool) -> None:
        """Walk from block to block, or move those that are selected."""
        self.select(luck)
        self.keys(*keys, held=Modifier.NoModifier if walk else Modifier.ShiftModifier)
        self.through()

    @rule(luck=LUCK, held=st.sampled_from([Modifier.NoModifier, Modifier.ShiftModifier]), steps=st.integers(0, 3))
    def wire_by_keys(self, luck: Random, held: Modifier, steps: int) -> None:
        """C, a walk through what is offered, and Enter; or the wires of a port chosen from the list."""
        cards = list(self.canvas.scene.cards)
        if not cards:
            return
        self.canvas.select([luck.choice(cards)])
        if luck.random() < 0.6:
            self.keys(Key.Key_C, held=held)
            if self.canvas.keyboard.wire.active:
                self.keys(*[Key.Key_Down] * steps, Key.Key_Return)
        else:
            (self.canvas.wiring.move_entries if held else self.canvas.wiring.move_wires)()
            moving = self.canvas.wiring.moving
            while moving.finder.isVisible() and moving.finder.rows:
                for key in (*[Key.Key_Down] * steps, Key.Key_Return):
                    QTest.keyClick(moving.finder.field, key)
        self.through()

    @rule(luck=LUCK, name=st.sampled_from(sorted(ON_CANVAS)))
    def arrange(self, luck: Random, name: str) -> None:
        """One of the commands, with something selected, or all groups for those that are about them."""
        self.select(luck)
        cards = self.canvas.scene.cards
        groups = [key for key, card in cards.items() if isinstance(card.node.block, Group)]
        if groups and name in ("ungroup", "enter_group"):
            self.canvas.select(groups[:1])
        if self.canvas.possible().get(name):
            getattr(getattr(self.canvas, ON_CANVAS[name]), name)()
            self.choose(luck)
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


@pytest.mark.usefixtures("qapp")
def test_random_gestures() -> None:
    run_state_machine_as_test(
        Hands,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


NO, SHIFT = Modifier.NoModifier, Modifier.ShiftModifier
SOME_ARROWS = [[Key.Key_Left], [Key.Key_Right, Key.Key_Down], [Key.Key_Up]]
# Each gesture with what else it is told, in so many ways.
TURNS: tuple[tuple[str, dict[str, object]], ...] = (
    *(("search", {"words": words, "opener": key}) for words, key in (("relu", Key.Key_Tab), ("add", Key.Key_Space))),
    *(("search", {"words": words, "opener": None}) for words in ("dense", "dropout", "relu")),
    *(("wire", {"held": held}) for held in (NO, NO, NO, SHIFT, SHIFT, SHIFT)),
    *(("move_end", {}), ("move_end", {}), ("splice", {}), ("splice", {}), ("label", {}), ("label", {})),
    *(("cut", {"button": button}) for button in (Button.LeftButton, Button.RightButton)),
    *(("bend", {"away": away}) for away in (True, False, True)),
    *(("copies", {}), ("copies", {}), ("mark", {"note": True}), ("mark", {"note": False})),
    *(("edit", {"keep": keep}) for keep in (True, True, True, False)),
    *(("arrows", {"keys": keys, "walk": walk}) for keys in SOME_ARROWS for walk in (True, False)),
    *(("wire_by_keys", {"held": held, "steps": steps}) for held in (NO, SHIFT) for steps in (0, 2)),
    *(("arrange", {"name": name}) for name in sorted(ON_CANVAS)),
    *(("drag", {"held": held, "cancelled": held == SHIFT}) for held in (NO, SHIFT, Modifier.AltModifier)),
    *(("click", {"held": NO, "twice": twice}) for twice in (True, False)),
)
KINDS = (
    *(
        "Add [A-Z]",
        "Add a bend",
        "Add a note",
        "Align",
        "Change",
        "Connect",
        r"Cut ([a-z]|\d+ block)",
        r"Cut \d+ wire",
        "Delete",
    ),
    *("Disconnect", "Distribute", "Duplicate", "Frame", "Group", "Insert", "Move [a-z]", "Move wires", "Move a bend"),
    *("Mute", "Paste", "Rename", "Resize", "Show .* as labels", "Tidy", "Ungroup", ".*and reconnect", "Move frames"),
)


@pytest.mark.usefixtures("qapp")
def test_every_gesture_in_any_order() -> None:
    """All of them, shuffled, so that none is left to chance; each kind of step has been made by the end."""
    made = Counter[str]()
    for seed in range(6):
        luck, hands = Random(seed), Hands()
        Hands.made = Counter()
        hands.begin(drawn=bool(seed % 3))
        for name, told in luck.sample(TURNS, len(TURNS)):
            if name == "splice" and not hands.canvas.scene.wires:
                hands.wire(Random(seed), NO)
            getattr(hands, name)(**({"luck": luck} | told))
            hands.equal()
        hands.teardown()
        made += Hands.made
    missing = [kind for kind in KINDS if not any(re.match(kind, step) for step in made)]
    assert not missing, f"no hand has ever done this: {missing}"
