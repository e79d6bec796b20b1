"""The project: graph, positions, data and training as one frozen value, and edits that keep them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from engine.blocks.base import Block
from engine.data.settings import DataSettings
from engine.graph import Graph, Wire
from engine.group import Path, inside, put_back
from engine.training.settings import TrainingSettings


class Position(NamedTuple):
    """Upper left corner of a block's card on the canvas, in pixels at 100 %.

    A layout goes by ids; a block in a group by those of the groups in front, such as "stage1/block1/conv1".
    """

    x: float
    y: float


class Project(BaseModel):
    """Everything a file holds. An edit is a method that answers with a new project; none changes one in place."""

    model_config = ConfigDict(frozen=True)

    name: str = "untitled"
    graph: Graph = Graph()
    layout: Mapping[str, Position] = {}
    data: DataSettings = DataSettings()
    training: TrainingSettings = TrainingSettings()
    extras: Mapping[str, Any] = {}  # sections of the file that this version does not know; saved back unchanged

    def with_(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)

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
        layout = {}
        for key, position in self.layout.items():
            first, slash, rest = key.partition("/")
            if first not in gone:
                layout[key] = position
            elif slash and first in heirs:  # what is inside a group stays as long as one use of it does
                layout[f"{heirs[first]}/{rest}"] = position
        return self.with_(graph=self.graph.remove(gone).disconnect(wires), layout=layout)

    def move(self, positions: Mapping[str, tuple[float, float]]) -> Self:
        """The project with some blocks at other places."""
        return self.with_(layout={**self.layout, **{key: Position(*xy) for key, xy in positions.items()}})

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
        layout = {key[len(front) :]: place for key, place in self.layout.items() if key.startswith(front)}
        return self.with_(graph=inside(self.graph, path), layout=layout)

    def put_back(self, path: Path, inner: Self) -> Self:
        """The project in which the group at `path`, and every use of the same weights, is as in `inner`."""
        if not path:
            return inner
        front = self._front(path)
        layout = {key: place for key, place in self.layout.items() if not key.startswith(front)}
        layout |= {front + key: place for key, place in inner.layout.items()}
        return inner.with_(graph=put_back(self.graph, path, inner.graph), layout=layout)

    def _front(self, path: Path) -> str:
        """What the ids of the blocks in a group begin with in the layout; uses of the same weights have one layout."""
        graph, owners = self.graph, []
        for key in path:
            owners.append(graph.owner(key))
            graph = inside(graph, (key,))
        return "/".join(owners) + "/"
