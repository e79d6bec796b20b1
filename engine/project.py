"""The project: graph, places, data and training as one frozen value, and edits that keep them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, InstanceOf

from engine.blocks.base import Block
from engine.data.settings import DataSettings
from engine.decor import Decor, Route
from engine.graph import Graph, Wire
from engine.group import Path, inside, put_back
from engine.places import Position, put_under, seen_from, without_groups
from engine.training import turn
from engine.training.settings import TrainingSettings


class Project(BaseModel):
    """Everything a file holds. An edit is a method that answers with a new project; none changes one in place."""

    model_config = ConfigDict(frozen=True)

    name: str = "untitled"
    graph: Graph = Graph()
    layout: Mapping[str, InstanceOf[Position]] = {}
    decor: Mapping[str, Decor] = {}  # frames, notes and the ways of wires, by path
    data: DataSettings = DataSettings()
    training: TrainingSettings = TrainingSettings()
    extras: Mapping[str, Any] = {}  # sections of the file that this version does not know; saved back unchanged

    def with_(self, **changes: Any) -> Self:
        """The project with other parts; how a wire was drawn is forgotten with the wire."""
        after = self.model_copy(update=changes)
        if not after.decor or after.graph.wires is self.graph.wires:
            return after
        drawn = {key for key, item in after.decor.items() if isinstance(item, Route) and "/" not in key}
        lost = drawn - {str(wire) for wire in after.graph.wires} if drawn else drawn
        if not lost:
            return after
        decor = {key: item for key, item in after.decor.items() if key not in lost}
        return after.model_copy(update={"decor": decor})

    def add(self, block: Block, position: tuple[float, float], name: str | None = None) -> tuple[Self, str]:
        """The project with one more block at a place, and the id it got."""
        graph, key = self.graph.add(block, name)
        return self.with_(graph=graph, layout={**self.layout, key: Position(*position)}), key

    def remove(self, ids: Iterable[str], wires: Iterable[Wire] = ()) -> Self:
        """The project without these blocks (and the wires that touch them) and these wires."""
        gone = set(ids)
        heirs = {
            node.same_as: key
            for key, node in reversed(list(self.graph.nodes.items()))
            if node.same_as in gone and key not in gone
        }
        return self.with_(
            graph=self.graph.remove(gone).disconnect(wires),
            layout={key: place for key, place in without_groups(self.layout, gone, heirs).items() if key not in gone},
            decor=without_groups(self.decor, gone, heirs),
            training=self.with_turns(turn.without(self.training.turns, gone, heirs)),
        )

    def with_turns(self, turns: turn.Turns) -> TrainingSettings:
        """The training with other steps of a batch; these name blocks, so they follow the edits of the drawing."""
        before = self.training
        return before if turns == before.turns else before.model_copy(update={"turns": turns})

    def move(self, positions: Mapping[str, tuple[float, float]]) -> Self:
        """The project with some blocks at other places; a wire's bends go along where both of its ends go."""
        places = {key: Position(*xy) for key, xy in positions.items()}
        decor: dict[str, Decor] = {}
        for key, item in self.decor.items():
            if isinstance(item, Route) and item.bends and "/" not in key:
                wire = Wire.parse(key)
                by, other = (_distance(self.layout, places, end) for end in (wire.source, wire.target))
                if by is not None and by == other:
                    decor[key] = item.with_(bends=tuple(point.by(*by) for point in item.bends))
        return self.with_(layout={**self.layout, **places}, decor={**self.decor, **decor} if decor else self.decor)

    def edit(self, graph: Graph) -> Self:
        """The project with another graph over the same layout."""
        return self.with_(graph=graph)

    def inside(self, path: Path) -> Self:
        """The project as seen from inside a group: its graph is the group's, its layout that of the blocks in it.

        All edits work there as they do outside; `put_back` takes them over.

        Raises:
            KeyError: when the path leads to no group.
        """
        if not path:
            return self
        front = self._front(path)
        return self.with_(
            graph=inside(self.graph, path),
            layout=seen_from(self.layout, front),
            decor=seen_from(self.decor, front) if self.decor else self.decor,
            training=self.with_turns(turn.seen_from(self.training.turns, front)),
        )

    def put_back(self, path: Path, inner: Self) -> Self:
        """The project in which the group at `path`, and every use of the same weights, is as in `inner`."""
        if not path:
            return inner
        front = self._front(path)
        graph = put_back(self.graph, path, inner.graph)
        decor = put_under(self._renamed(path, graph), front, inner.decor) if self.decor or inner.decor else self.decor
        turns = turn.put_under(self.training.turns, front, inner.training.turns)
        layout, training = put_under(self.layout, front, inner.layout), inner.with_turns(turns)
        return inner.with_(graph=graph, layout=layout, decor=decor, training=training)

    def _renamed(self, path: Path, after: Graph) -> Mapping[str, Decor]:
        """The decor in which wires to a port that goes by another name now are drawn as before."""
        outer = path[:-1]
        front = self._front(outer) if outer else ""
        pairs = zip(inside(self.graph, outer).wires, inside(after, outer).wires, strict=True)
        names = {f"{front}{old}": f"{front}{new}" for old, new in pairs if old != new}
        return {names.get(key, key): item for key, item in self.decor.items()} if names else self.decor

    def _front(self, path: Path) -> str:
        """What the ids of the blocks in a group begin with in the layout; uses of the same weights have one layout."""
        graph, owners = self.graph, []
        for key in path:
            owners.append(graph.owner(key))
            graph = inside(graph, (key,))
        return "/".join(owners) + "/"


def _distance(before: Mapping[str, Position], after: Mapping[str, Position], key: str) -> tuple[float, float] | None:
    """How far a block moves; None when it doesn't, or had no place."""
    if key not in before or key not in after:
        return None
    # rounded, as two blocks dragged by the same fraction of a pixel differ by the last digits
    return round(after[key].x - before[key].x, 6), round(after[key].y - before[key].y, 6)


__all__ = ["Position", "Project"]
