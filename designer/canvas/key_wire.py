"""Draws a wire by keys: one port that fits after the other is offered, and Enter takes it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.card import Card
from designer.canvas.edits import connected
from designer.canvas.facts import Port, shape_text
from designer.canvas.geometry import wire_path
from designer.canvas.gestures.gesture import Stage
from designer.canvas.spoken import spoken
from engine.check import refusal
from engine.graph import Wire
from engine.project import Project
from engine.wiring import misfit

translate = QCoreApplication.translate
Key = Qt.Key
JUDGE_FOR = 0.04  # seconds spent on finding ports that fit; the nearest blocks are looked at first
MOST = 60  # ports that are offered
LINGER = 4.0  # seconds that a refusal stays to be read
STEPS = {Key.Key_Down: 1, Key.Key_Tab: 1, Key.Key_Up: -1, Key.Key_Backtab: -1}
MODIFIERS = (Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_Meta, Key.Key_AltGr)


class KeyWire(QObject):
    """While it is `active`, all keys of the view are its own; a click or another focus calls it off.

    `announce(text)` is told each port that is offered.
    """

    def __init__(self, stage: Stage, announce: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._announce = stage, announce
        self._offers: list[Wire] = []
        self._place = 0
        self._path: QGraphicsPathItem | None = None
        self._side: Literal["in", "out"] = "out"

    @property
    def active(self) -> bool:
        return self._path is not None

    def begin(self, key: str, side: Literal["in", "out"]) -> None:
        """Offer the ports that a wire from an output of this block fits, or with `in`, to an input of it."""
        self.cancel()
        scene = self._stage.scene
        card = scene.cards[key]
        self._side, self._place = side, 0
        self._offers = self._found(card)
        if not self._offers:
            self._refuse(card)
            return
        self._path = QGraphicsPathItem()
        self._path.setZValue(2)
        scene.add_guide(self._path)
        good = [wire for wire in self._offers if self._misfit(wire) is None]
        fitting = {(wire.target, wire.input) if side == "out" else (wire.source, wire.output) for wire in good}
        for other in self._stage.view.visible_cards():
            other.show_marks({port: (port.block, port.name) in fitting and port.side != side for port in other.ports})
        view = self._stage.view
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        self._show()

    def cancel(self) -> None:
        """Take everything away; nothing has changed."""
        if self._path is None:
            return
        view, scene = self._stage.view, self._stage.scene
        view.removeEventFilter(self)
        view.viewport().removeEventFilter(self)
        scene.remove_guide(self._path)
        self._path = None
        for card in scene.cards.values():
            card.show_marks(None)
        self._stage.hush(0.0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._press(event)
            return True
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress):
            self.cancel()
        return False

    def _press(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self._place = (self._place + STEPS[key]) % len(self._offers)
            self._show()
        elif key in (Key.Key_Left, Key.Key_Right):
            self._other_port(1 if key == Key.Key_Right else -1)
        elif key in (Key.Key_Return, Key.Key_Enter):
            self._take()
        elif key not in MODIFIERS:
            self.cancel()

    def _take(self) -> None:
        wire, here = self._offers[self._place], self._stage.here
        self.cancel()
        here.settle()
        after, text = connected(here.project, wire)
        here.change(after, text)
        self._announce(text)

    def _other_port(self, by: int) -> None:
        """Go on to the offers of another port of the block that the wire begins at."""
        ports = list(dict.fromkeys(self._own(wire) for wire in self._offers))
        wanted = ports[(ports.index(self._own(self._offers[self._place])) + by) % len(ports)]
        if len(ports) > 1:
            self._place = next(place for place, wire in enumerate(self._offers) if self._own(wire) == wanted)
            self._show()

    # What fits

    def _found(self, card: Card) -> list[Wire]:
        """Fitting wires: by the block's own ports in their order, those to free ports that need a wire first."""
        project = self._stage.here.project
        # circles are left out already, and without wires nobody looks for them again at every port
        bare = project.with_(graph=project.graph.disconnect(project.graph.wires))
        others, found = self._by_distance(card), []
        until = time.perf_counter() + JUDGE_FOR
        for other in others:
            found += self._fitting(bare, card, other)
            if len(found) >= MOST or (found and time.perf_counter() > until):
                break
        own = [port.name for port in card.ports]
        return sorted(found, key=lambda wire: (own.index(self._own(wire)), self._rank(wire)))

    def _fitting(self, bare: Project, card: Card, other: Card) -> Iterator[Wire]:
        drawn, plan = self._stage.here.project.graph.wires, self._stage.here.review.plan
        source, target = (card, other) if self._side == "out" else (other, card)
        for output in (port for port in source.ports if port.side == "out"):
            for entry in (port for port in target.ports if port.side == "in"):
                wire = Wire(output.block, output.name, entry.block, entry.name)
                if refusal(bare, plan, wire) is None and wire not in drawn:
                    yield wire

    def _by_distance(self, card: Card) -> list[Card]:
        here, ahead = card.pos(), 1 if self._side == "out" else -1

        def distance(other: Card) -> float:
            by = other.pos() - here
            return by.manhattanLength() * (1 if by.x() * ahead > 0 else 3)  # a wire would run backwards

        circle = self._behind(card.key)  # a wire would close a circle: never judged, as that takes the longest
        cards = (other for key, other in self._stage.scene.cards.items() if key not in circle)
        return sorted(cards, key=distance)

    def _behind(self, key: str) -> set[str]:
        """The block itself and all that already lead to it, or, where the wire is to end at it, follow from it."""
        neighbours: defaultdict[str, list[str]] = defaultdict(list)
        for wire in self._stage.here.project.graph.wires:
            start, end = (wire.target, wire.source) if self._side == "out" else (wire.source, wire.target)
            neighbours[start].append(end)
        found, waiting = {key}, [key]
        while waiting:
            fresh = set(neighbours[waiting.pop()]) - found
            found |= fresh
            waiting += fresh
        return found

    def _rank(self, wire: Wire) -> int:
        """0 for an input that waits for a wire, 1 for one that can do without, 2 for one that has one already.

        What would not fit by its shape comes after all that would.
        """
        worse = 3 if self._misfit(wire) else 0
        if self._stage.here.project.graph.into(wire.target, wire.input) is not None:
            return worse + 2
        return worse + int(Port(wire.target, "in", wire.input) in self._stage.scene.cards[wire.target].spare)

    def _misfit(self, wire: Wire) -> str | None:
        return misfit(self._stage.here.project.graph, self._stage.here.review.plan, wire)

    def _own(self, wire: Wire) -> str:
        return wire.output if self._side == "out" else wire.input

    # What is shown

    def _show(self) -> None:
        assert self._path is not None
        wire, scene, view = self._offers[self._place], self._stage.scene, self._stage.view
        source, target = scene.cards[wire.source], scene.cards[wire.target]
        view.reveal((target if self._side == "out" else source).body)
        start, end = source.port_place("out", wire.output), target.port_place("in", wire.input)
        self._path.setPath(wire_path(start, end))
        pen = QPen(scene.inks.wire(source.category))
        pen.setStyle(Qt.PenStyle.DashLine)
        self._path.setPen(pen)
        words = self._words(wire)
        count = translate("Canvas", "{place} of {count}").format(place=self._place + 1, count=len(self._offers))
        keys = translate("Canvas", "↑ ↓ choose · Enter connects · Esc cancels")
        self._stage.say(f"{words}\n{count} · {keys}", view.from_scene(end if self._side == "out" else start), False)
        said = spoken(words.replace(" · ", ", ").replace("→", translate("Canvas", "to")).replace("⚠ ", ""))
        self._announce(f"{said}, {count}")

    def _words(self, wire: Wire) -> str:
        project, plan = self._stage.here.project, self._stage.here.review.plan
        nodes = project.graph.nodes
        output = f".{wire.output}" if len(nodes[wire.source].block.output_ports()) > 1 else ""
        text = f"{nodes[wire.source].name}{output} → {nodes[wire.target].name}.{wire.input}"
        shape = shape_text(plan.leaving(wire.source, wire.output))
        if shape:
            text += f" · {shape}"
        replaced = project.graph.into(wire.target, wire.input)
        if replaced is not None:
            name = nodes[replaced.source].name
            text += "\n" + translate("Canvas", "Takes the place of the wire from {name}").format(name=name)
        doubt = self._misfit(wire)
        return f"{text}\n⚠ {doubt}" if doubt else text

    def _refuse(self, card: Card) -> None:
        name = card.node.name
        if not any(port.side == self._side for port in card.ports):
            no_port = {"out": "{name} has no output", "in": "{name} has no input"}
            text = translate("Canvas", no_port[self._side]).format(name=name)
        elif self._side == "out":
            text = translate("Canvas", "No input fits what {name} gives").format(name=name)
        else:
            text = translate("Canvas", "No output fits what {name} takes").format(name=name)
        self._stage.say(text, self._stage.view.from_scene(card.body.center()), True)
        self._stage.hush(LINGER)
        self._announce(text)
