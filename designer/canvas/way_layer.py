"""How wires are led on the canvas, kept equal to the project: bends, labels, and which of them are in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from designer.canvas.wire import WireItem
from designer.canvas.wire_marks import Slot
from engine.decorating import PLAIN, routes
from engine.graph import Wire
from engine.project import Project


class WayLayer:
    """Knows the scene's wires; those that run as any wire does cost nothing."""

    def __init__(self, wires: Mapping[Wire, WireItem]) -> None:
        self._wires = wires
        self._led: set[Wire] = set()
        self.picked: tuple[Wire, int] | None = None  # the bend that keys are about
        self.hot: Wire | None = None  # over a label of which the pointer stands

    def show_project(self, project: Project) -> set[Wire]:
        """Lead the wires as the project has them; answers which are led otherwise than before."""
        found = {wire: way for wire, way in routes(project).items() if wire in self._wires} if project.decor else {}
        changed = {
            wire
            for wire in self._led | found.keys()
            if wire in self._wires and self._wires[wire].way != found.get(wire, PLAIN)
        }
        slots = _slots([self._wires[wire] for wire, way in found.items() if way.labelled])
        for wire in changed:
            item = self._wires[wire]
            item.show_way(found.get(wire, PLAIN), slots.get(item))
        self._led = set(found)
        for item, places in slots.items():
            item.show_slots(places)
        if self.picked is not None:
            self.pick(*self.picked)
        if self.hot is not None and (self.hot not in self._wires or not self._wires[self.hot].way.labelled):
            self.hot = None
        return changed

    def pick(self, wire: Wire | None, place: int | None = None) -> None:
        """Let the keys be about one bend of a wire, or about none."""
        before, self.picked = self.picked, None
        if wire in self._wires and place is not None and place < len(self._wires[wire].way.bends):
            self.picked = wire, place
        for one in {picked[0] for picked in (before, self.picked) if picked is not None}:
            dots = self._wires[one].dots if one in self._wires else None
            if dots is not None:
                dots.show_points(dots.points, place if self.picked is not None and self.picked[0] == one else None)

    def point_at(self, wire: Wire | None) -> None:
        """The pointer stands over a label of this wire, or over none."""
        if wire == self.hot:
            return
        for one, hot in ((self.hot, False), (wire, True)):
            if one is not None and one in self._wires:
                self._wires[one].show_hot(hot)
        self.hot = wire


def _slots(items: list[WireItem]) -> dict[WireItem, tuple[Slot, Slot]]:
    """The places of all labels, row by row below each card; those of outputs and of inputs side by side."""
    columns: defaultdict[tuple[str, str], list[WireItem]] = defaultdict(list)
    heights = {item: tuple(end.y() for end in item.ends) for item in items}
    for item in sorted(items, key=lambda item: (*heights[item], item.wire)):
        columns[item.wire.source, "out"].append(item)
    for item in sorted(items, key=lambda item: (*reversed(heights[item]), item.wire)):
        columns[item.wire.target, "in"].append(item)

    def slot(item: WireItem, key: str, side: str, other: str) -> Slot:
        return Slot(columns[key, side].index(item), not columns.get((key, other)))

    return {
        item: (slot(item, item.wire.source, "out", "in"), slot(item, item.wire.target, "in", "out")) for item in items
    }
