"""Blocks are added here: found by a search that opens over the canvas, or by name; wired where they fit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from designer.available import available, offer
from designer.block_ranks import ranks
from designer.block_search import search
from designer.canvas import edits
from designer.canvas.aims import Aim, Verdict, before, behind, beside, on_ground, told, within
from designer.canvas.facts import Port
from designer.canvas.finder import Finder, Row
from designer.canvas.geometry import COLUMN, free_place, snapped, wire_path
from designer.canvas.gestures.gesture import Stage
from designer.canvas.late_finder import LateFinder
from designer.canvas.ports import card_size, port_places, sides_of
from designer.canvas.room import Crowd, Landing, landing
from designer.theme import Theme
from engine.blocks import Block
from engine.graph import Wire

JUDGE_FOR = 0.008  # seconds spent at a time on finding out which blocks fit
JUDGE_EVERY = 2  # milliseconds
BESIDE = QPointF(14, 10)  # from the pointer to the list
Place = Callable[[Block, Verdict], Landing]


class Adding(QObject):
    """Opens the search and carries out what is chosen; `added` tells what was added, to be counted."""

    added = Signal(str)

    def __init__(self, stage: Stage, room: QWidget) -> None:
        super().__init__(room)
        self._stage = stage
        self._here, self._scene, self._view = stage.here, stage.scene, stage.view
        self._asking = LateFinder(room, self._search, self._tell, self._choose, self._closed)
        self.uses: Mapping[str, int] = {}  # how often each block was added
        self._aim, self._place = on_ground(), self._around(QPointF())
        self._ghost: QGraphicsPathItem | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._names: list[str] = []
        self._query = ""
        self._timer = QTimer(self)
        self._timer.setInterval(JUDGE_EVERY)
        self._timer.timeout.connect(self._judge_some)

    @property
    def finder(self) -> Finder:
        return self._asking.finder

    @property
    def searching(self) -> bool:
        return self._asking.open

    def show_theme(self, theme: Theme) -> None:
        self._asking.show_theme(theme)

    def close(self) -> None:
        """Close the search without a choice."""
        self._asking.close()

    # Without a search

    def add(self, name: str, at: QPointF | None = None) -> str:
        """Add a block by name: around a point of the scene; or next to the selected block and wired to it; or in view.

        Answers with its id.
        """
        selected = self._scene.selected
        if at is None and len(selected) == 1:
            return self._add(name, self._beside(selected[0]), self._next_to(selected[0]))
        place = self._near(self._view.to_scene(self._view.middle)) if at is None else self._around(at)
        key = self._add(name, on_ground(), place)
        if at is not None:  # dropped here; who adds by keys may want to go on with the next block
            self._view.setFocus()
        return key

    def insert(self, name: str, wire: Wire, landed: Landing) -> None:
        """Add a block that was let go over a wire."""
        aim = within(self._here.project, self._here.review.plan, wire)
        self._add(name, aim, lambda _block, _verdict: landed)
        self._view.setFocus()

    # With a search

    def seek_at(self, point: QPointF) -> None:
        """Look for a block that comes to lie around a point of the scene."""
        self._open(on_ground(), self._near(point), self._view.from_scene(point))

    def seek_from(self, port: Port, point: QPointF) -> None:
        """Look for a block at the end of a wire that was let go over empty ground."""
        here, out = self._here, port.side == "out"
        if out:
            aim = behind(here.project, here.review.plan, port)
        else:
            aim = before(here.project, here.review.plan, port, here.project.data.fields())
        self._open(aim, self._at_end(point, out), self._view.from_scene(point))
        fixed = self._scene.cards[port.block].port_place(port.side, port.name)
        self._show_ghost(wire_path(fixed, point) if out else wire_path(point, fixed))

    def seek_on(self, wire: Wire, point: QPointF | None = None) -> None:
        """Look for a block to be set into a wire, at a point of the scene or in its middle."""
        item = self._scene.wires[wire]
        point = point or item.middle
        aim = within(self._here.project, self._here.review.plan, wire)
        self._view.reveal(item.mapToScene(item.path()).boundingRect())
        self._open(aim, self._on_wire(wire, point), self._view.from_scene(point))
        self._show_ghost(item.mapToScene(item.path()))

    def seek(self, pointer: QPointF | None) -> None:
        """Look for a block by keys: on the selected wire, next to the selected block, or where the pointer is."""
        wire = self.chosen_wire()
        selected = self._scene.selected
        if wire is not None:
            self.seek_on(wire)
        elif len(selected) == 1:
            self._view.reveal(self._scene.content(selected))
            corner = self._view.from_scene(self._scene.cards[selected[0]].body.bottomLeft())
            self._open(self._beside(selected[0]), self._next_to(selected[0]), corner)
        else:
            self.seek_at(pointer or self._view.to_scene(self._view.middle))

    def chosen_wire(self) -> Wire | None:
        """The wire that is selected, or that alone joins the two selected blocks."""
        selected, wires = self._scene.selected, self._scene.selected_wires
        if not selected and len(wires) == 1:
            return next(iter(wires))
        if len(selected) == 2:
            inner, _ = self._scene.attached(selected)
            return inner[0].wire if len(inner) == 1 else None
        return None

    def _open(self, aim: Aim, place: Place, at: QPointF) -> None:
        self.close()
        self._aim, self._place, self._verdicts = aim, place, {}
        self._ranks = ranks(self.uses, aim.usual, bool(self._here.path))
        self.finder.open((at + BESIDE).toPoint(), aim.heading, self.tr("Search blocks"))
        self._search("")

    def _search(self, text: str) -> None:
        inside = bool(self._here.path)
        self._query = text.strip()
        self._names = search(text, inside, self._ranks) if self._query else list(self._ranks)
        if self._aim.strict:
            self._timer.start()
            self._judge_some()
        else:
            self._show()

    def _judge_some(self) -> None:
        """Find out which blocks fit, as many as go in one slice of time; those that come first in the list first."""
        until = time.perf_counter() + JUDGE_FOR
        for name in self._names:
            if name not in self._verdicts:
                self._verdicts[name] = self._aim.judge(offer(name).block)
                if time.perf_counter() > until:
                    break
        else:
            self._timer.stop()
        self._show()

    def _show(self) -> None:
        """What fits; and what was looked for and doesn't fit, with the reason."""
        if not self._aim.strict:
            self.finder.show_rows([_row(name) for name in self._names])
            return
        known = [(name, self._verdicts[name].reason) for name in self._names if name in self._verdicts]
        rows = [_row(name) for name, reason in known if not reason]
        if self._query:
            rows += [_row(name, f"{offer(name).label} {reason}.") for name, reason in known if reason]
        self.finder.show_rows(rows)

    def _tell(self, row: Row | None) -> None:
        if row is None:
            words = self.tr("No block matches “{0}”. Try what it does, such as “dense”, “pool” or “loss”.")
            judging = self._timer.isActive()
            self.finder.tell("" if judging or not self._query else words.format(self._query), False)
            return
        if row.reason:
            self.finder.tell(row.reason, True)
            return
        made = offer(row.name)
        verdict = self._verdict(row.name)
        wires = told(self._here.project, made, verdict)
        if verdict.reason:
            wires = self.tr("Comes without a wire: {0} {1}.").format(made.label, verdict.reason)
        self.finder.tell("\n".join(filter(None, (wires, made.doc))), False)

    def _verdict(self, name: str) -> Verdict:
        if name not in self._verdicts:
            self._verdicts[name] = self._aim.judge(offer(name).block)
        return self._verdicts[name]

    def _choose(self, name: str) -> None:
        self._closed()
        self._add(name, self._aim, self._place)
        self._view.setFocus()

    def _closed(self) -> None:
        self._timer.stop()
        if self._ghost is not None:
            self._scene.remove_guide(self._ghost)
            self._ghost = None

    def _show_ghost(self, path: object) -> None:
        self._ghost = QGraphicsPathItem(path)  # type: ignore[call-overload]
        self._ghost.setPen(self._scene.inks.guide)
        self._ghost.setZValue(2)
        self._scene.add_guide(self._ghost)

    def _add(self, name: str, aim: Aim, place: Place) -> str:
        """One undo step: the block, its wires, and the room made for it."""
        block = offer(name).block
        verdict = aim.judge(block)
        landed = place(block, verdict)
        after, text, key = edits.inserted(self._here.project, name, landed, aim, verdict)
        self._here.settle()
        self._here.change(after, text)
        self._scene.select((key,))
        self._view.reveal(self._scene.content((key,)))
        self.added.emit(name)
        return key

    # Where it comes to lie

    def _beside(self, key: str) -> Aim:
        here = self._here
        return beside(here.project, here.review.plan, key, here.project.data.fields())

    def _around(self, point: QPointF) -> Place:
        """Its middle exactly here."""
        return lambda block, _verdict: Landing(snapped(point - _half(block), self._stage.grid))

    def _near(self, point: QPointF) -> Place:
        """Its middle here, or where there is room."""

        def place(block: Block, _verdict: Verdict) -> Landing:
            return self._free(point - _half(block), block)

        return place

    def _next_to(self, key: str) -> Place:
        """To the right of a block, or to the left of it what only gives something."""

        def place(block: Block, _verdict: Verdict) -> Landing:
            step = QPointF(COLUMN if block.input_ports() else -COLUMN, 0)
            return self._free(self._scene.cards[key].pos() + step, block)

        return place

    def _at_end(self, point: QPointF, out: bool) -> Place:
        """The port that the wire goes to exactly at its end."""

        def place(block: Block, verdict: Verdict) -> Landing:
            inputs, outputs = port_places(sides_of(block))
            wire = verdict.wires[0]
            names = [port.name for port in block.input_ports()] if out else list(block.output_ports())
            port = (inputs if out else outputs)[names.index(wire.input if out else wire.output)]
            return self._free(point - port, block)

        return place

    def _on_wire(self, wire: Wire, point: QPointF) -> Place:
        def place(block: Block, verdict: Verdict) -> Landing:
            sides, item = sides_of(block), self._scene.wires[wire]
            names = [port.name for port in block.input_ports()]
            port = port_places(sides)[0][names.index(verdict.wires[0].input)]
            crowd = Crowd({key: card.body for key, card in self._scene.cards.items()})
            ends, source = item.part(point)
            return landing(card_size(sides), point, port.y(), ends, source, crowd, self._stage.grid)

        return place

    def _free(self, corner: QPointF, block: Block) -> Landing:
        corner = free_place(snapped(corner, self._stage.grid), card_size(sides_of(block)), self._scene.free)
        return Landing(snapped(corner, self._stage.grid))


def _row(name: str, reason: str = "") -> Row:
    made = available(inside=False).get(name) or offer(name)
    return Row(name, made.label, made.section, made.section, reason)


def _half(block: Block) -> QPointF:
    size = card_size(sides_of(block))
    return QPointF(size.width() / 2, size.height() / 2)
