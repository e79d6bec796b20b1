"""Hands that mean what they do, where there is something to do it with: each gesture, at a place chosen at random."""

from __future__ import annotations

import itertools
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import rule
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from designer.actions import ON_CANVAS
from engine.group import Group
from tests.designer.canvas.random_hands import ARROWS, LUCK, WORDS, Button, Key, Modifier, RandomHands


class KnowingHands(RandomHands):
    """Somebody who knows the gestures."""

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
        if name in ("ungroup", "enter_group") and not groups and self.canvas.possible()["group"]:
            self.canvas.groups.group()
            self.through()
        elif name in ("ungroup", "enter_group"):
            self.canvas.select(groups[:1])
        if self.canvas.possible().get(name):
            getattr(getattr(self.canvas, ON_CANVAS[name]), name)()
            self.choose(luck)
            self.through()
