"""What dragging wires has in common: ports in view that fit glow, all others are dimmed, and the pointer seeks one."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QTimer
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas.card import Card
from designer.canvas.facts import Port
from designer.canvas.geometry import wire_path
from designer.canvas.gestures.gesture import Gesture, Point, Stage
from engine.graph import Wire

translate = QCoreApplication.translate
REACH = 20.0  # pixels around a port within which a wire snaps to it
JUDGE_FOR = 0.005  # seconds spent at a time on finding out which ports in view fit
JUDGE_EVERY = 15  # milliseconds
LINGER = 3.0  # seconds that a refusal stays to be read


class SeekPort(Gesture):
    """The ends at `held` stay where they are, the other ends follow the pointer to a port of the other side.

    The wires that were there before, `taken`, are hidden while it lasts. What is let go over a port that refuses it
    changes nothing.
    """

    drags_view = True

    def __init__(self, stage: Stage, held: Sequence[Port], taken: Sequence[Wire] = ()) -> None:
        super().__init__(stage)
        self._held, self._taken = tuple(held), tuple(taken)
        self._side = "in" if self._held[0].side == "out" else "out"  # of the ports that are sought
        self._verdicts: dict[Port, str | None] = {}
        self._misfits: dict[Port, str | None] = {}
        self._goal: Port | None = None
        self._wrong: str | None = None  # why nothing can be done where the pointer is, though a port is there

    # What each kind of drag answers for itself

    def refusal(self, port: Port) -> str | None:
        """Why the wires may not go to this port; None when they may."""
        raise NotImplementedError

    def misfit(self, port: Port) -> str | None:
        """Why what arrives would not fit by its shape, at a port that takes the wires all the same."""
        return None

    def promise(self, port: Port) -> str:
        """What would be done here, in words."""
        raise NotImplementedError

    def ends(self, port: Port) -> Sequence[Port]:
        """Where each of the wires would come to its end, of those at a port that takes them."""
        return [port] * len(self._held)

    def land(self, port: Port) -> None:
        """The wires are let go over a port that takes them."""
        raise NotImplementedError

    def drop(self, at: Point) -> None:
        """The wires are let go where there is no port."""

    # The gesture

    def start(self, at: Point) -> None:
        scene, project = self.stage.scene, self.stage.here.project
        self._project = project.edit(project.graph.disconnect(self._taken)) if self._taken else project
        self._plan = self.stage.here.review.plan
        self._path = QGraphicsPathItem()
        self._path.setZValue(2)
        first = self._taken[0].source if self._taken else self._held[0].block
        self._category = scene.cards[first].category
        self._path.setPen(scene.inks.wire(self._category))
        scene.add_guide(self._path)
        for wire in self._taken:
            scene.wires[wire].setVisible(False)
        self._timer = QTimer(scene)
        self._timer.timeout.connect(self._judge_in_view)
        self._timer.start(JUDGE_EVERY)
        self._judge_in_view()

    def move(self, at: Point) -> None:
        self._goal = self._goal_at(at)
        scene, refused = self.stage.scene, self._goal is not None and self._verdict(self._goal) is not None
        places = [at.scene] * len(self._held)
        if self._goal is not None and not refused:
            places = [scene.cards[port.block].port_place(port.side, port.name) for port in self.ends(self._goal)]
        path = QPainterPath()
        for held, loose in zip(self._held, places, strict=True):
            fixed = scene.cards[held.block].port_place(held.side, held.name)
            path.addPath(wire_path(fixed, loose) if held.side == "out" else wire_path(loose, fixed))
        self._path.setPath(path)
        self._path.setPen(scene.inks.wire(self._category, refused=refused or self._wrong is not None))
        self._explain(at.screen)

    def end(self, at: Point) -> None:
        self.move(at)
        goal, wrong = self._goal, self._wrong
        refused = wrong is not None or (goal is not None and self._verdict(goal) is not None)
        self._clear(LINGER if refused else 0.0)
        if goal is None and not refused:
            self.drop(at)
        elif goal is not None and not refused:
            self.land(goal)

    def cancel(self) -> None:
        self._clear(0.0)

    def _clear(self, linger: float) -> None:
        self._timer.stop()
        self._timer.deleteLater()
        scene = self.stage.scene
        scene.remove_guide(self._path)
        for wire in self._taken:
            if wire in scene.wires:
                scene.wires[wire].setVisible(True)
        for card in scene.cards.values():
            card.show_marks(None)
        self.stage.hush(linger)

    # Which port

    def _goal_at(self, at: Point) -> Port | None:
        """The port that the pointer means: one nearby, else the best of the card under it."""
        scene, zoom = self.stage.scene, self.stage.view.zoom
        self._wrong = None
        hit = scene.hit(at.scene, min(REACH / zoom, 2 * REACH))
        if hit.card is None:
            return None
        if hit.port is not None and hit.port.side == self._side:
            return hit.port
        if hit.port is not None and hit.port not in self._held:
            self._wrong = self._same_side()
            return None
        if any(hit.card.key == held.block for held in self._held) or not hit.card.body.contains(at.scene):
            return None
        return self._best_of(hit.card)

    def _same_side(self) -> str:
        if self._side == "in":
            return translate("Canvas", "This is an output; a wire goes from an output to an input.")
        return translate("Canvas", "This is an input; a wire comes from an output.")

    def _best_of(self, card: Card) -> Port | None:
        """A free port that fits, else any that fits, else the first, which says why not; optional ones come last."""
        ports = [port for port in card.ports if port.side == self._side]
        ports.sort(key=card.spare.__contains__)
        fitting = [port for port in ports if self._verdict(port) is None]
        free = [port for port in fitting if self.replaced(port) is None]
        best = [port for port in free if self._shape_verdict(port) is None]
        return next(iter(best or free or fitting or ports), None)

    def replaced(self, port: Port) -> Wire | None:
        """The wire that has to make way at this port."""
        return None

    def makes_way(self, wire: Wire) -> str:
        """That a wire is replaced, in words."""
        words = translate("Canvas", "Takes the place of the wire from {name}")
        return words.format(name=self._project.graph.nodes[wire.source].name)

    # Which fit

    def _verdict(self, port: Port) -> str | None:
        """Why this port refuses; None when it doesn't."""
        if port not in self._verdicts:
            self._verdicts[port] = self.refusal(port)
        return self._verdicts[port]

    def _shape_verdict(self, port: Port) -> str | None:
        """Why it would not fit here by its shape; None when it would, or when the port refuses it altogether."""
        if port not in self._misfits:
            self._misfits[port] = self.misfit(port) if self._verdict(port) is None else None
        return self._misfits[port]

    def _judge_in_view(self) -> None:
        """Mark the cards in view, as many as go in one slice of time, so that large graphs don't stall the pointer."""
        if self.stage.view.far:
            return
        until = time.perf_counter() + JUDGE_FOR
        for card in self.stage.view.visible_cards():
            if card.marks is not None:
                continue
            ports = [port for port in card.ports if port.side == self._side]
            marks = {port: self._verdict(port) is None and self._shape_verdict(port) is None for port in ports}
            card.show_marks(marks | {held: True for held in self._held if card.key == held.block})
            if time.perf_counter() > until:
                return

    def _explain(self, screen: QPointF) -> None:
        if self._wrong is not None:
            self.stage.say(self._wrong, screen, True)
        elif self._goal is None:
            self.stage.hush(0.0)
        elif (reason := self._verdict(self._goal)) is not None:
            self.stage.say(reason, screen, True)
        elif (doubt := self._shape_verdict(self._goal)) is not None:
            anyway = translate("Canvas", "Let go to wire it all the same, and change the block after.")
            self.stage.say(f"{self.promise(self._goal)}\n⚠ {doubt}\n{anyway}", screen, False)
        else:
            self.stage.say(self.promise(self._goal), screen, False)
