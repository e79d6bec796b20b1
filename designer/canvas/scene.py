"""The items of the canvas, kept equal to the project: one card a block, one path a wire, and what is selected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene

from designer.canvas.card import Card
from designer.canvas.drift import Drift
from designer.canvas.facts import Facts, Port, facts_of
from designer.canvas.geometry import COLUMN, ROW, united
from designer.canvas.heat import Heat, Quantity, heat_of
from designer.canvas.inks import Inks
from designer.canvas.looks import Pictures
from designer.canvas.placed_layer import PlacedLayer
from designer.canvas.touched import Touched
from designer.canvas.way_layer import WayLayer
from designer.canvas.wire import WireItem
from engine.check import Review
from engine.field import Field
from engine.graph import Graph, Node, Wire
from engine.plan import Trace
from engine.problem import Problem
from engine.project import Project

BY_BOUNDS = Qt.ItemSelectionMode.IntersectsItemBoundingRect
ABREAST = 4  # blocks without a position stand in rows of so many


class Hit(NamedTuple):
    """What lies at a point: at most one of port, badge, card and wire is acted upon, in this order."""

    card: Card | None = None
    port: Port | None = None
    badge: bool = False
    wire: Wire | None = None


class Scene(QGraphicsScene):
    """Compares each project with the one before and touches only what differs.

    `selection_changed` tells the ids of the selected blocks; selected wires are kept beside them.
    """

    selection_changed = Signal(object)
    content_changed = Signal(object)  # Touched: what is seen from far differs
    guides_changed = Signal()  # there are others; where they stand, the gesture that draws them knows
    hover_changed = Signal(object)  # id | None

    def __init__(self, inks: Inks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.inks = inks
        self._pictures = Pictures(inks)
        self.cards: dict[str, Card] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.ways = WayLayer(self.wires)  # bends and labels
        self.guides: list[QGraphicsPathItem] = []  # what gestures draw: a wire on its way, a frame, a ghost
        self.selected: tuple[str, ...] = ()
        self.placed = PlacedLayer(self, inks)  # frames and notes
        self.selected_wires: frozenset[Wire] = frozenset()
        self.hovered: str | None = None
        self._project = Project()
        self._drift = Drift(self, self._carry)
        self._divided = QRectF()  # what the index divides; without it, Qt would ask all items at each edit
        self._attached: defaultdict[str, list[Wire]] = defaultdict(list)
        self._owners: set[str] = set()  # blocks whose weights others use
        self.quantity: Quantity | None = None  # whose heat map is shown
        self._known: dict[str, tuple[Trace | None, tuple[Problem, ...], Heat | None]] = {}
        self._fields: Mapping[str, Field] = {}
        self._cache = QGraphicsItem.CacheMode.DeviceCoordinateCache
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)

    # The project

    def show_project(self, project: Project) -> None:
        """Add, change, move and remove items until the scene equals the project."""
        self.rest()
        before, self._project = self._project, project
        blocks: set[str] = set()
        wires: set[Wire] = set()
        if project.graph is not before.graph:
            blocks, wires = self._show_graph(before.graph, project.graph)
        moved = self._show_places(before)
        for wire in wires.union(*(self._attached.get(key, ()) for key in blocks.union(moved))) & self.wires.keys():
            self.wires[wire].route()
        if project.decor is not before.decor or project.graph is not before.graph:
            wires |= self.ways.show_project(project)
        if project.decor is not before.decor:
            self.placed.show_project(project)
        self._grow(moved)
        self._prune_selection()
        if blocks or wires or project.decor is not before.decor:
            self.touched(blocks.union(moved), wires)
        else:
            self.carried(moved)

    def _show_places(self, before: Project) -> list[str]:
        """Put cards where the project has them; answers which may have moved."""
        after, layout, known = self._project, before.layout, before.graph.nodes
        moved = [key for key in after.graph.nodes if after.layout.get(key) is not layout.get(key) or key not in known]
        for key in moved:
            card, place = self.cards[key], self._place(key)
            if card.pos() != place:
                card.setPos(place)
        return moved

    def drift(self, before: Mapping[str, QPointF]) -> None:
        """Let the eye follow cards from where they stood before to where they stand now."""
        self.rest()
        now = {key: self.cards[key].pos() for key in before}
        self._drift.begin({key: (place, now[key]) for key, place in before.items() if now[key] != place})

    def rest(self) -> None:
        """Whatever is still on its way is where it belongs."""
        self._drift.end()

    def _carry(self, places: Mapping[str, QPointF]) -> None:
        for key, place in places.items():
            self.cards[key].setPos(place)
        inner, outer = self.attached(places)
        for wire in (*inner, *outer):
            wire.route()
        self.carried(places)

    def _show_graph(self, before: Graph, after: Graph) -> tuple[set[str], set[Wire]]:
        """Bring blocks and wires up to date; answers with those that came, went or look otherwise."""
        gone = before.nodes.keys() - after.nodes.keys()
        lost = (self.wires.keys() - set(after.wires)).union(*(self._attached.get(key, ()) for key in gone))
        for wire in lost:
            self._remove_wire(wire)
        for key in gone:
            self.removeItem(self.cards.pop(key))
            self._known.pop(key, None)
            self._attached.pop(key, None)
        differing = {key for key, node in after.nodes.items() if node is not before.nodes.get(key)}
        come = [key for key in after.nodes if key not in self.cards]
        for key in come:
            self._add_card(key, after.nodes[key])
        fresh = set()
        for wire in after.wires:
            # a file may hold wires whose ends are missing; they are a problem to be told, not an item
            if wire not in self.wires and wire.source in self.cards and wire.target in self.cards:
                self._add_wire(wire)
                fresh.add(wire)
        owners = {node.same_as for node in after.nodes.values()} & after.nodes.keys()
        if owners != self._owners:  # any block may have become one of several with the same weights
            self._owners, differing = owners, set(after.nodes)
        differing |= {wire.target for wire in lost | fresh} & self.cards.keys()
        changed = {key for key in differing if self._show_node(key, after.nodes[key])}
        return gone | changed.union(come), lost | fresh

    def _show_node(self, key: str, node: Node) -> bool:
        """Answers whether the card, and so perhaps its wires, look otherwise now."""
        entered = [wire.input for wire in self._attached.get(key, ()) if wire.target == key]
        if not self.cards[key].show_node(node, entered, key in self._owners or node.same_as in self._owners):
            return False
        self._known.pop(key, None)
        for wire in self._attached.get(key, ()):
            self.wires[wire].show_state(self.inks)
        return True

    def _add_card(self, key: str, node: Node) -> None:
        card = self.cards[key] = Card(key, node, self._pictures)
        card.setCacheMode(self._cache)
        card.setPos(self._place(key))
        self.addItem(card)

    def _add_wire(self, wire: Wire) -> None:
        item = WireItem(wire, self.cards[wire.source], self.cards[wire.target], self.inks)
        self.wires[wire] = item
        self._attached[wire.source].append(wire)
        self._attached[wire.target].append(wire)
        self.addItem(item)

    def _remove_wire(self, wire: Wire) -> None:
        self.removeItem(self.wires.pop(wire))
        self._attached[wire.source].remove(wire)
        self._attached[wire.target].remove(wire)

    def _place(self, key: str) -> QPointF:
        """Where the project puts a block; blocks of a file without positions stand in rows."""
        position = self._project.layout.get(key)
        if position is not None:
            return QPointF(*position)
        row, column = divmod(list(self._project.graph.nodes).index(key), ABREAST)
        return QPointF(column * COLUMN, row * ROW)

    def _grow(self, moved: Collection[str]) -> None:
        """Keep the rectangle that the index divides around all cards, with room, so that it seldom changes."""
        if not moved or self._divided.contains(self.content(moved)):
            return
        content = self.content()
        room = max(content.width(), content.height(), 2000) / 2
        self._divided = content.adjusted(-room, -room, room, room)
        self.setSceneRect(self._divided)

    # The review

    def show_review(self, review: Review, fields: Mapping[str, Field]) -> None:
        """Bring counts, shapes and badges up to date."""
        problems: defaultdict[str, list[Problem]] = defaultdict(list)
        for problem in review.problems:
            if problem.block is not None:  # one inside a group is told at the group
                problems[problem.block.partition("/")[0]].append(problem)
        if fields != self._fields:
            self._fields = dict(fields)
            self._known.clear()
        heat = heat_of(review.plan, self.quantity)
        touched = []
        for key, card in self.cards.items():
            step = review.plan.steps.get(key)
            found = (step.trace if step else None, tuple(problems.get(key, ())), heat.get(key))
            known = self._known.get(key)
            if known is not None and known[0] is found[0] and known[1:] == found[1:]:
                continue
            self._known[key] = found
            before = card.facts
            card.show_facts(facts_of(step, fields, found[1], found[2]))
            if (card.facts.severity, card.facts.heat) != (before.severity, before.heat):
                touched.append(key)
            if card.facts.refused != before.refused:
                for wire in self._attached.get(key, ()):
                    self.wires[wire].show_state(self.inks)
        if touched:
            self.touched(touched)

    def facts(self, key: str) -> Facts:
        return self.cards[key].facts

    # Selection and states

    def select(self, ids: Iterable[str], wires: Iterable[Wire] = (), placed: Iterable[str] = ()) -> None:
        """Select these blocks, wires, frames and notes and nothing else; ids that are not there are passed over."""
        chosen = set(ids)
        selected = tuple(key for key in self.cards if key in chosen) if chosen else ()
        selected_wires = frozenset(wires) & self.wires.keys()
        fresh = self.placed.select(placed)
        if selected == self.selected and selected_wires == self.selected_wires and not fresh:
            return
        alone = selected if len(selected) == 1 else ()
        for key in {*self.selected, *selected} & self.cards.keys():
            self.cards[key].show_state(selected=key in chosen, inspected=key in alone)
        for wire in self.selected_wires ^ selected_wires:
            if wire in self.wires:
                self.wires[wire].show_selected(wire in selected_wires)
        self.selected, self.selected_wires = selected, selected_wires
        self.ways.pick(None)
        self.touched()
        self.selection_changed.emit(selected)

    def select_hit(self, hit: Hit) -> None:
        """Select what was hit, unless it is selected, perhaps among others."""
        if hit.card is not None and hit.card.key not in self.selected:
            self.select((hit.card.key,))
        elif hit.card is None and hit.wire is not None and hit.wire not in self.selected_wires:
            self.select((), (hit.wire,))

    def middle_of_selection(self) -> QPointF | None:
        """The middle of the selected blocks, or of one of the selected wires; None where none is."""
        if self.selected:
            return self.content(self.selected).center()
        return next((self.wires[wire].middle for wire in self.selected_wires), None)

    @property
    def selects_something(self) -> bool:
        return bool(self.selected or self.selected_wires or self.placed.selected)

    @property
    def selects_items(self) -> bool:
        """Whether blocks, frames or notes are selected."""
        return bool(self.selected or self.placed.selected)

    def _prune_selection(self) -> None:
        self.select(self.selected, self.selected_wires, self.placed.selected)
        if self.hovered is not None and self.hovered not in self.cards:
            self.hover(None)

    def hover(self, key: str | None) -> None:
        """The pointer stands over this block, or over none."""
        if key == self.hovered:
            return
        for one, state in ((self.hovered, False), (key, True)):
            if one is not None and one in self.cards:
                self.cards[one].show_state(hovered=state)
        self.hovered = key
        self.hover_changed.emit(key)

    def show_running(self, ids: Collection[str]) -> None:
        """A training is under way on these blocks."""
        differing = [key for key, card in self.cards.items() if card.running != (key in ids)]
        for key in differing:
            self.cards[key].show_state(running=key in ids)
        self.touched(differing)

    def show_inks(self, inks: Inks) -> None:
        self.inks = inks
        self._pictures = Pictures(inks)
        for card in self.cards.values():
            card.show_pictures(self._pictures)
        for item in self.wires.values():
            item.show_state(inks)
        self.placed.show_inks(inks)
        self.touched(self.cards)

    def cache_cards(self, cached: bool) -> None:
        """Whether cards are painted from pixmaps of their own, which pays at middling scales."""
        mode = QGraphicsItem.CacheMode.DeviceCoordinateCache if cached else QGraphicsItem.CacheMode.NoCache
        if mode != self._cache:
            self._cache = mode
            for card in self.cards.values():
                card.setCacheMode(mode)

    def add_guide(self, guide: QGraphicsPathItem) -> None:
        """Show something that a gesture draws."""
        self.guides.append(guide)
        self.addItem(guide)
        self.guides_changed.emit()

    def remove_guide(self, guide: QGraphicsPathItem) -> None:
        self.guides.remove(guide)
        self.removeItem(guide)
        self.guides_changed.emit()

    def touched(self, blocks: Iterable[str] = (), wires: Iterable[Wire] = ()) -> None:
        """Say that these may be seen otherwise; without any, that the selection, a frame or a note is."""
        self.content_changed.emit(Touched(tuple(blocks), tuple(wires)))

    def carried(self, blocks: Iterable[str]) -> None:
        """Say that these blocks have moved, together with their wires, and nothing else differs."""
        self.content_changed.emit(Touched(tuple(blocks), carried=True))

    # Questions

    def attached(self, ids: Iterable[str]) -> tuple[list[WireItem], list[WireItem]]:
        """Wires with both ends at these blocks, and wires with one."""
        chosen = set(ids)
        wires = set().union(*(self._attached.get(key, ()) for key in chosen))
        inner = {wire for wire in wires if wire.source in chosen and wire.target in chosen}
        return [self.wires[wire] for wire in inner], [self.wires[wire] for wire in wires - inner]

    def content(self, ids: Iterable[str] | None = None) -> QRectF:
        """The rectangle around all cards, frames and notes, or around some cards."""
        if ids is None:
            return united(card.body for card in self.cards.values()) | self.placed.extent()
        return united(self.cards[key].body for key in ids)

    def extent(self) -> QRectF:
        """The rectangle around all that is drawn, wires that swing out among it."""
        return self.content() | united(item.sceneBoundingRect() for item in self.wires.values())

    def chosen_area(self) -> QRectF:
        """The rectangle around the selected cards, frames and notes; empty where there are none."""
        return united([self.cards[key].body for key in self.selected] + self.placed.areas(self.placed.selected))

    def cards_in(self, area: QRectF) -> list[Card]:
        return [item for item in self.items(area, BY_BOUNDS) if isinstance(item, Card) and item.body.intersects(area)]

    def free(self, area: QRectF) -> bool:
        """Whether no card touches an area; where it is large, a small part of it tells soon that one does."""
        part = QRectF(0, 0, min(area.width(), COLUMN), min(area.height(), ROW))
        part.moveCenter(area.center())
        return not self.cards_in(part) and (part == area or not self.cards_in(area))

    def wires_in(self, area: QRectF) -> list[WireItem]:
        """The wires that may run through an area."""
        return [item for item in self.items(area, BY_BOUNDS) if isinstance(item, WireItem) and item.isVisible()]

    def wire_at(self, point: QPointF, reach: float) -> Wire | None:
        """The wire that runs within reach of a point of the scene, also where it runs below a card."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        return next((item.wire for item in self.wires_in(around) if item.passes(point, reach)), None)

    def hit(self, point: QPointF, reach: float) -> Hit:
        """What lies at a point of the scene, `reach` being the tolerance around ports and wires."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        below = None
        for item in self.items(around, BY_BOUNDS):
            if isinstance(item, Card):
                if item.badge_at(point):
                    return Hit(item, badge=True)
                port = item.port_at(point, reach)
                if port is not None or item.body.contains(point):
                    return Hit(item, port)
            elif isinstance(item, WireItem) and below is None and item.passes(point, reach / 2):
                below = item.wire
        return Hit(wire=below)
