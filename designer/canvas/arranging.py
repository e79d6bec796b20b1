"""Putting blocks in order: in line, at equal distances, or the whole network in layers along its wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

from designer import background
from designer.canvas.aligning import Places, aligned, distributed, same_spacing
from designer.canvas.geometry import GRID, free_place
from designer.canvas.gestures.gesture import Stage
from designer.canvas.lanes import Bends, led_around
from engine.arrange_frames import lay_out_framed
from engine.decorating import bend_all
from engine.framing import arranged, frames_of
from engine.graph import Graph, Wire
from engine.places import Area
from engine.project import Project

IN_STEP = 60  # blocks; more of them are arranged on another thread

translate = QCoreApplication.translate


class Arranging:
    """Acts upon the selected blocks; tidying, on all where none is selected."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._task: background.Task | None = None

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        count = len(self._stage.scene.selected)
        align = ("left", "centre", "right", "top", "middle", "bottom")
        three = ("distribute_across", "distribute_down", "same_spacing")
        tidy = bool(self._stage.scene.cards) and count != 1
        return {
            **{f"align_{side}": count > 1 for side in align},
            **dict.fromkeys(three, count > 2),
            "tidy": tidy,
            "tidy_down": tidy,
        }

    def align_left(self) -> None:
        self._align("left", translate("Canvas", "Align left"))

    def align_centre(self) -> None:
        self._align("centre", translate("Canvas", "Align centre"))

    def align_right(self) -> None:
        self._align("right", translate("Canvas", "Align right"))

    def align_top(self) -> None:
        self._align("top", translate("Canvas", "Align top"))

    def align_middle(self) -> None:
        self._align("middle", translate("Canvas", "Align middle"))

    def align_bottom(self) -> None:
        self._align("bottom", translate("Canvas", "Align bottom"))

    def distribute_across(self) -> None:
        """Equal distances from left to right between the outermost blocks."""
        self._space(lambda areas: distributed(areas, 0), translate("Canvas", "Distribute horizontally"))

    def distribute_down(self) -> None:
        """Likewise from top to bottom."""
        self._space(lambda areas: distributed(areas, 1), translate("Canvas", "Distribute vertically"))

    def same_spacing(self) -> None:
        """Distances like that between the first two."""
        self._space(same_spacing, translate("Canvas", "Same spacing"))

    def tidy(self) -> None:
        """Layers from left to right."""
        self._tidy(False, translate("Canvas", "Tidy up"))

    def tidy_down(self) -> None:
        """Layers from top to bottom."""
        self._tidy(True, translate("Canvas", "Tidy up from top to bottom"))

    def _align(self, side: str, text: str) -> None:
        self._place(lambda areas: aligned(areas, side), text, 2)

    def _space(self, places: Callable[[Mapping[str, QRectF]], Places], text: str) -> None:
        self._place(places, text, 3)

    def _place(self, places: Callable[[Mapping[str, QRectF]], Places], text: str, fewest: int) -> None:
        scene = self._stage.scene
        scene.rest()
        if len(scene.selected) >= fewest:
            self._move(places({key: scene.cards[key].body for key in scene.selected}), text)

    def _tidy(self, downwards: bool, text: str) -> None:
        scene, project = self._stage.scene, self._stage.here.project
        scene.rest()
        chosen = [key for key in project.graph.nodes if key in scene.selected] or list(project.graph.nodes)
        if len(chosen) < 2:
            return
        part = _part(project.graph, chosen)
        sizes = {key: scene.cards[key].body.size() for key in chosen}
        ports, frames = {wire: self._ports(wire) for wire in part.wires}, frames_of(project)

        def work() -> tuple[Places, Mapping[Wire, Bends]]:
            found = lay_out_framed(part, frames, lambda key: sizes[key].toTuple(), downwards, GRID)
            bodies = {key: QRectF(QPointF(*place), sizes[key]) for key, place in found.places.items()}
            ends = {
                wire: (bodies[wire.source].topLeft() + start, bodies[wire.target].topLeft() + end)
                for wire, (start, end) in ports.items()
            }
            places = {key: (place.x, place.y) for key, place in found.places.items()}
            return places, led_around(ends, found.ways, bodies, downwards)

        def done(found: tuple[Places, Mapping[Wire, Bends]]) -> None:
            self._task = None
            if self._stage.here.project is project:  # else it is another drawing by now
                by = self._room(found[0])
                places = {key: (x + by.x(), y + by.y()) for key, (x, y) in found[0].items()}
                led = {wire: tuple(bend.by(by.x(), by.y()) for bend in bends) for wire, bends in found[1].items()}
                self._move(places, text, {wire: led.get(wire, ()) for wire in part.wires})

        if self._task is not None:
            self._task.cancel()
            self._task = None
        if len(chosen) <= IN_STEP:
            done(work())
        else:
            self._task = background.run(scene, work, done)

    def _ports(self, wire: Wire) -> tuple[QPointF, QPointF]:
        """Where the ends of a wire are, counted from the corners of its cards."""
        item = self._stage.scene.wires[wire]
        start, end = item.ends
        return start - item.source.pos(), end - item.target.pos()

    def _room(self, places: Places) -> QPointF:
        """How far the places have to be moved to where these blocks were, or beside others that they would lie upon."""
        scene = self._stage.scene
        corner = scene.content(places).topLeft()
        area = QRectF(corner, corner)
        for key, place in places.items():
            area |= QRectF(corner + QPointF(*place), scene.cards[key].body.size())

        def free(wanted: QRectF) -> bool:
            return all(card.key in places for card in scene.cards_in(wanted))

        return free_place(corner, area.size(), free)

    def _move(self, places: Places, text: str, tidied: Mapping[Wire, Bends] | None = None) -> None:
        """One step, seen as a movement; what was moved is in view afterwards.

        Wires that were `tidied` have these bends now and no others, and frames are drawn around their blocks again.
        """
        here, scene, view = self._stage.here, self._stage.scene, self._stage.view
        before = {key: scene.cards[key].pos() for key in places}
        here.settle()
        project = here.project
        if tidied is None or not project.decor:
            after = _moved(project, places)
        else:
            after = arranged(project, {key: self._area(key, places) for key in scene.cards})
        if tidied is not None:
            after = bend_all(after, tidied)
        here.change(after, text)
        area = scene.content(places).adjusted(0, 0, 0, 16)  # the shape stands below a card
        shown = view.visible
        everything = tidied is not None and len(places) == len(scene.cards)
        if everything or area.width() > shown.width() or area.height() > shown.height():
            view.show_area(area)
        else:
            view.reveal(area)
        scene.drift(before)

    def _area(self, key: str, places: Places) -> Area:
        """Where a card lies when some have gone to other places."""
        body = self._stage.scene.cards[key].body
        corner = places.get(key, (body.x(), body.y()))
        return Area(*corner, body.width(), body.height())


def _moved(project: Project, places: Places) -> Project:
    """The project with blocks at other places; those that stay are left as they are."""
    layout = project.layout
    return project.move({key: place for key, place in places.items() if layout.get(key) != place})


def _part(graph: Graph, chosen: Sequence[str]) -> Graph:
    """These blocks alone, with the wires between them."""
    nodes = {key: graph.nodes[key] for key in chosen}
    wires = tuple(wire for wire in graph.wires if wire.source in nodes and wire.target in nodes)
    return Graph(nodes=nodes, wires=wires)
