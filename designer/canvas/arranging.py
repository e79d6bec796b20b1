"""Putting blocks in order: in line, at equal distances, or the whole network in layers along its wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

from designer import background
from designer.canvas.aligning import Places, aligned, distributed, same_spacing
from designer.canvas.geometry import GRID, free_place, united
from designer.canvas.gestures.gesture import Stage
from designer.canvas.lanes import led_around
from engine.arrange_frames import lay_out_framed
from engine.decorating import bend_all
from engine.framing import arranged, frames_of
from engine.graph import Graph, Wire
from engine.notes_aside import with_notes_aside
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
        ports = {wire: self._ports(wire) for wire in part.wires}
        cards = {key: card.body for key, card in scene.cards.items()}

        def work() -> tuple[Places, Project]:
            return _tidied(project, part, cards, ports, downwards)

        def done(found: tuple[Places, Project]) -> None:
            self._task = None
            if self._stage.here.project is project:  # else it is another drawing by now
                self._show(*found, text, whole=len(chosen) == len(cards))

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

    def _move(self, places: Places, text: str) -> None:
        """One step to other places of blocks, and nothing else."""
        self._show(places, _moved(self._stage.here.project, places), text)

    def _show(self, places: Places, after: Project, text: str, whole: bool = False) -> None:
        """One step, seen as a movement; what was moved is in view afterwards, or the whole with its notes."""
        here, scene, view = self._stage.here, self._stage.scene, self._stage.view
        before = {key: scene.cards[key].pos() for key in places}
        here.settle()
        here.change(after, text)
        area = (scene.extent() if whole else scene.content(places)).adjusted(
            0, 0, 0, 16
        )  # the shape stands below a card
        shown = view.visible
        if whole or area.width() > shown.width() or area.height() > shown.height():
            view.show_area(area)
        else:
            view.reveal(area)
        scene.drift(before)


def _tidied(
    project: Project,
    part: Graph,
    cards: Mapping[str, QRectF],
    ports: Mapping[Wire, tuple[QPointF, QPointF]],
    downwards: bool,
) -> tuple[Places, Project]:
    """The places of the blocks of a part in layers, and the project with them.

    Wires of the part have the bends then that lead them around cards and no others, frames are drawn around their
    blocks again, and notes outside of frames lie upon none of them.
    """
    found = lay_out_framed(part, frames_of(project), lambda key: cards[key].size().toTuple(), downwards, GRID)
    bodies = {key: QRectF(QPointF(*place), cards[key].size()) for key, place in found.places.items()}
    ends = {
        wire: (bodies[wire.source].topLeft() + start, bodies[wire.target].topLeft() + end)
        for wire, (start, end) in ports.items()
    }
    led = led_around(ends, found.ways, bodies, downwards)
    by = _room(bodies, cards)
    bodies = {key: body.translated(by) for key, body in bodies.items()}
    areas = {key: Area(*bodies.get(key, body).getRect()) for key, body in cards.items()}
    after = with_notes_aside(project, arranged(project, areas), areas)
    bends = {wire: [bend.by(*by.toTuple()) for bend in led.get(wire, ())] for wire in part.wires}
    return {key: body.topLeft().toTuple() for key, body in bodies.items()}, bend_all(after, bends)


def _room(bodies: Mapping[str, QRectF], cards: Mapping[str, QRectF]) -> QPointF:
    """How far the bodies have to be moved to where their cards are, or beside others that they would lie upon."""
    area, corner = united(bodies.values()), united(cards[key] for key in bodies).topLeft()
    others = [body for key, body in cards.items() if key not in bodies]

    def free(wanted: QRectF) -> bool:
        return not any(wanted.intersects(other) for other in others)

    return free_place(corner, area.size(), free) - area.topLeft()


def _moved(project: Project, places: Places) -> Project:
    """The project with blocks at other places; those that stay are left as they are."""
    layout = project.layout
    return project.move({key: place for key, place in places.items() if layout.get(key) != place})


def _part(graph: Graph, chosen: Sequence[str]) -> Graph:
    """These blocks alone, with the wires between them."""
    nodes = {key: graph.nodes[key] for key in chosen}
    wires = tuple(wire for wire in graph.wires if wire.source in nodes and wire.target in nodes)
    return Graph(nodes=nodes, wires=wires)
