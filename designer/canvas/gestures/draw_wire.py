"""Draw a wire from port to port in either direction, or pick up the end of one that is there."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QPointF, QTimer
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.card import Card
from designer.canvas.edits import connected, disconnected
from designer.canvas.facts import Port, shape_text
from designer.canvas.geometry import wire_path
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from engine.check import refusal
from engine.graph import Wire

translate = QCoreApplication.translate
REACH = 20.0  # pixels around a port within which a wire snaps to it
JUDGE_FOR = 0.005  # seconds spent at a time on finding out which ports in view fit
JUDGE_EVERY = 15  # milliseconds
LINGER = 3.0  # seconds that a refusal stays to be read


class DrawWire(Gesture):
    """One end is held by a port, the other follows the pointer; ports in view that fit glow, all others are dimmed.

    A wire that is let go over a port that refuses it changes nothing. The end of a wire that was there
    before is put on another port, or taken off when it is let go over empty ground.
    """

    drags_view = True

    def __init__(self, stage: Stage, port: Port) -> None:
        super().__init__(stage)
        self._taken = stage.here.project.graph.into(port.block, port.name) if port.side == "in" else None
        self._held = Port(self._taken.source, "out", self._taken.output) if self._taken else port
        self._verdicts: dict[Port, str | None] = {}
        self._goal: Port | None = None

    def start(self, at: Point) -> None:
        scene, project = self.stage.scene, self.stage.here.project
        self._project = project.edit(project.graph.disconnect([self._taken])) if self._taken else project
        self._plan = self.stage.here.review.plan
        self._path = QGraphicsPathItem()
        self._path.setZValue(2)
        self._category = scene.cards[self._held.block].category
        self._path.setPen(scene.inks.wire(self._category))
        scene.add_guide(self._path)
        if self._taken:
            scene.wires[self._taken].setVisible(False)
        self._timer = QTimer(scene)
        self._timer.timeout.connect(self._judge_in_view)
        self._timer.start(JUDGE_EVERY)
        self._judge_in_view()

    def move(self, at: Point) -> None:
        self._goal = self._goal_at(at)
        scene, refused = self.stage.scene, self._goal is not None and self._verdict(self._goal) is not None
        loose = at.scene
        if self._goal is not None and not refused:
            loose = scene.cards[self._goal.block].port_place(self._goal.side, self._goal.name)
        fixed = scene.cards[self._held.block].port_place(self._held.side, self._held.name)
        self._path.setPath(wire_path(fixed, loose) if self._held.side == "out" else wire_path(loose, fixed))
        self._path.setPen(scene.inks.wire(self._category, refused=refused))
        self._explain(at.screen)

    def end(self, at: Point) -> None:
        self.move(at)
        goal, here = self._goal, self.stage.here
        refused = goal is not None and self._verdict(goal) is not None
        self._clear(LINGER if refused else 0.0)
        if goal is None and self._taken is not None:
            here.change(*disconnected(here.project, self._taken))
        elif goal is not None and not refused and self._wire(goal) != self._taken:
            here.change(*connected(here.project, self._wire(goal), self._taken))

    def cancel(self) -> None:
        self._clear(0.0)

    def _clear(self, linger: float) -> None:
        self._timer.stop()
        self._timer.deleteLater()
        scene = self.stage.scene
        scene.remove_guide(self._path)
        if self._taken in scene.wires:
            scene.wires[self._taken].setVisible(True)
        for card in scene.cards.values():
            card.show_marks(None)
        self.stage.hush(linger)

    # Which port

    def _goal_at(self, at: Point) -> Port | None:
        """The port that the pointer means: one nearby, else the best of the card under it."""
        scene, zoom = self.stage.scene, self.stage.view.zoom
        hit = scene.hit(at.scene, min(REACH / zoom, 2 * REACH))
        if hit.card is None:
            return None
        if hit.port is not None and hit.port.side != self._held.side:
            return hit.port
        if hit.card.key == self._held.block or not hit.card.body.contains(at.scene):
            return None
        return self._best_of(hit.card)

    def _best_of(self, card: Card) -> Port | None:
        """A free port that fits, else any that fits, else the first, which says why not; optional ones come last."""
        ports = [port for port in card.ports if port.side != self._held.side]
        ports.sort(key=card.spare.__contains__)
        fitting = [port for port in ports if self._verdict(port) is None]
        free = [port for port in fitting if self._replaced(port) is None]
        return next(iter(free or fitting or ports), None)

    def _wire(self, port: Port) -> Wire:
        source, target = (self._held, port) if self._held.side == "out" else (port, self._held)
        return Wire(source.block, source.name, target.block, target.name)

    def _replaced(self, port: Port) -> Wire | None:
        """The wire that has to make way for one to this port."""
        wire = self._wire(port)
        return self._project.graph.into(wire.target, wire.input)

    # Which fit

    def _verdict(self, port: Port) -> str | None:
        """Why a wire to this port is refused; None when it isn't."""
        if port not in self._verdicts:
            self._verdicts[port] = refusal(self._project, self._plan, self._wire(port))
        return self._verdicts[port]

    def _judge_in_view(self) -> None:
        """Mark the cards in view, as many as go in one slice of time, so that large graphs don't stall the pointer."""
        if self.stage.view.far:
            return
        until = time.perf_counter() + JUDGE_FOR
        for card in self.stage.view.visible_cards():
            if card.marks is not None:
                continue
            ports = [port for port in card.ports if port.side != self._held.side]
            marks = {port: self._verdict(port) is None for port in ports}
            card.show_marks(marks | ({self._held: True} if card.key == self._held.block else {}))
            if time.perf_counter() > until:
                return

    def _explain(self, screen: QPointF) -> None:
        goal = self._goal
        if goal is None:
            self.stage.hush(0.0)
            return
        reason = self._verdict(goal)
        if reason is not None:
            self.stage.say(reason, screen, True)
            return
        nodes, wire, replaced = self._project.graph.nodes, self._wire(goal), self._replaced(goal)
        text = f"{nodes[wire.source].name} → {nodes[wire.target].name}.{wire.input}"
        shape = shape_text(self._plan.leaving(wire.source, wire.output))
        if shape:
            text += f" · {shape}"
        if replaced is not None and replaced != wire:
            text += "\n" + translate("Canvas", "Takes the place of the wire from {name}").format(
                name=nodes[replaced.source].name
            )
        self.stage.say(text, screen, False)
