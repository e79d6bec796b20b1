"""What can be done with how wires are led: bend them, straighten them, hide them behind labels, and follow these."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QKeyEvent

from designer.canvas.adding import Adding
from designer.canvas.geometry import GRID, snapped
from designer.canvas.gestures.gesture import Stage
from designer.canvas.travels import Travels
from designer.canvas.walk import ARROWS
from designer.canvas.wire import End
from designer.canvas.wire_ways import leg_at, middle_of_longest
from engine import decorating
from engine.decor import MOST_BENDS
from engine.graph import Wire
from engine.places import Position

translate = QCoreApplication.translate
REACH = 8.0  # pixels from a wire within which the pointer says where a bend goes
FAR = 5  # steps of the grid with Alt

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, SHIFT, FARTHER = Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ShiftModifier | Modifier.AltModifier


class RouteEdits:
    """Acts upon the selected wires, or where none is, upon those between the selected blocks.

    `aim` tells where the pointer is, None when it is elsewhere; `tell(text, at, bad)` says something beside a point
    of the scene, `announce` to those who listen.
    """

    def __init__(
        self,
        stage: Stage,
        travels: Travels,
        adding: Adding,
        aim: Callable[[], QPointF | None],
        tell: Callable[[str, QPointF, bool], None],
        announce: Callable[[str], None],
    ) -> None:
        self._stage, self._here, self._scene = stage, stage.here, stage.scene
        self._travels, self._adding, self._aim, self._tell = travels, adding, aim, tell
        self._announce = announce

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        wire, wires, items = self._adding.chosen_wire(), self._wires(), self._scene.wires
        return {
            "add_bend": wire is not None and not items[wire].way.labelled,
            "remove_bends": any(items[one].way.bends for one in wires),
            "show_labels": bool(wires),
        }

    def _wires(self) -> list[Wire]:
        scene = self._scene
        if scene.selected_wires:
            return [wire for wire in scene.wires if wire in scene.selected_wires]
        return sorted(item.wire for item in scene.attached(scene.selected)[0])

    # The edits

    def add_bend(self) -> None:
        """A dot on the chosen wire: where the pointer is, if it is on the wire, else in the middle."""
        wire = self._adding.chosen_wire()
        if wire is None or self._scene.wires[wire].way.labelled:
            return
        item, aim = self._scene.wires[wire], self._aim()
        if aim is not None and item.passes(aim, REACH / self._stage.view.zoom):
            self.add_bend_at(wire, aim)
        elif item.way.bends:
            self._add(wire, *middle_of_longest(item.points))
        else:
            self._add(wire, 0, item.middle)

    def add_bend_at(self, wire: Wire, point: QPointF) -> None:
        """A dot on a wire, near a point of the scene."""
        item = self._scene.wires[wire]
        if not item.way.labelled:
            self._add(wire, leg_at(item.points, point) if item.way.bends else 0, point)

    def _add(self, wire: Wire, place: int, point: QPointF) -> None:
        bends = list(self._scene.wires[wire].way.bends)
        if len(bends) >= MOST_BENDS:
            words = translate("Canvas", "A wire has at most {0} bends. Remove one first.")
            self._tell(words.format(MOST_BENDS), point, True)
            return
        stop = snapped(point, self._stage.grid)
        bends.insert(place, Position(stop.x(), stop.y()))
        self._here.settle()
        self._scene.select((), (wire,))
        self._here.change(decorating.bend(self._here.project, wire, bends), translate("Canvas", "Add a bend"))
        self._scene.ways.pick(wire, place)
        self._reveal(stop)

    def remove_bends(self) -> None:
        """Let the wires run as they would by themselves."""
        bent = [wire for wire in self._wires() if self._scene.wires[wire].way.bends]
        if bent:
            self._here.settle()
            self._here.change(decorating.straighten(self._here.project, bent), translate("Canvas", "Remove bends"))

    def remove_picked(self) -> bool:
        """Take away the bend that the keys are about; answers whether there was one."""
        picked = self._scene.ways.picked
        if picked is None or picked[0] not in self._scene.selected_wires:
            return False
        wire, place = picked
        bends = list(self._scene.wires[wire].way.bends)
        del bends[place]
        self._here.settle()
        self._here.change(decorating.bend(self._here.project, wire, bends), translate("Canvas", "Remove a bend"))
        self._scene.ways.pick(wire, min(place, len(bends) - 1) if bends else None)
        return True

    def show_labels(self) -> None:
        """Hide the wires behind labels; where all are hidden, draw them again."""
        wires = self._wires()
        if not wires:
            return
        hidden = all(self._scene.wires[wire].way.labelled for wire in wires)
        text = (
            translate("Canvas", "Show %n wire(s) as lines", "", len(wires))
            if hidden
            else translate("Canvas", "Show %n wire(s) as labels", "", len(wires))
        )
        self._here.settle()
        self._here.change(decorating.label(self._here.project, wires, not hidden), text)

    def follow(self, wire: Wire, end: End) -> None:
        """From the label at one end, go to the other; nothing moves where it is in view already."""
        item, view = self._scene.wires[wire], self._stage.view
        label = item.label_area("in" if end == "out" else "out")
        area = label | (item.target if end == "out" else item.source).body  # the label stays as large as it is
        with self._travels.jump():
            if not view.visible.contains(area):
                view.look_at(area.center())

    # Keys

    def press(self, event: QKeyEvent) -> bool:
        """Take a key while one wire is selected and nothing else is."""
        key, keys = Key(event.key()), event.modifiers() & ~Modifier.KeypadModifier
        scene = self._scene
        if len(scene.selected_wires) != 1 or scene.selected or scene.placed.selected or key not in ARROWS:
            return False
        wire = next(iter(scene.selected_wires))
        across, down = ARROWS[key]
        if keys == NONE and across:
            self._walk(wire, across)
            return True
        item = scene.wires[wire]
        if keys not in (SHIFT, FARTHER) or item.dots is None:
            return False
        place = self._place(wire)
        place = len(item.way.bends) - 1 if place is None else place
        steps = (FAR if keys == FARTHER else 1) * (self._stage.grid or GRID)
        bends = list(item.way.bends)
        bends[place] = bends[place].by(across * steps, down * steps)
        after = decorating.bend(self._here.project, wire, bends)
        self._here.change(after, translate("Canvas", "Move a bend"), merge=f"bend {wire} {place}")
        scene.ways.pick(wire, place)
        self._reveal(QPointF(*bends[place]))
        return True

    def _place(self, wire: Wire) -> int | None:
        picked = self._scene.ways.picked
        return picked[1] if picked is not None and picked[0] == wire else None

    def _walk(self, wire: Wire, across: int) -> None:
        """To the next bend of a wire, and from the last one to the block at its end."""
        scene, item = self._scene, self._scene.wires[wire]
        count, place = len(item.way.bends) if item.dots is not None else 0, self._place(wire)
        place = (0 if across > 0 else count - 1) if place is None else place + across
        if 0 <= place < count:
            scene.ways.pick(wire, place)
            self._announce(translate("Canvas", "Bend {0} of {1}").format(place + 1, count))
            self._reveal(QPointF(*item.way.bends[place]))
            return
        key = wire.target if across > 0 else wire.source
        with self._travels.jump():
            scene.select((key,))
            self._stage.view.reveal(scene.content((key,)))

    def _reveal(self, point: QPointF) -> None:
        self._stage.view.reveal(QRectF(point, QSizeF(1, 1)))
