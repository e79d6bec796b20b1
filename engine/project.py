"""The project: graph, positions, data and training as one frozen value, and edits that keep them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from engine.blocks.base import Block
from engine.data.settings import DataSettings
from engine.graph import Graph, Wire
from engine.training.settings import TrainingSettings


class Position(NamedTuple):
    """Upper left corner of a block's card on the canvas, in pixels at 100 %."""

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
        layout = {key: position for key, position in self.layout.items() if key not in gone}
        return self.with_(graph=self.graph.remove(gone).disconnect(wires), layout=layout)

    def move(self, positions: Mapping[str, tuple[float, float]]) -> Self:
        """The project with some blocks at other places."""
        return self.with_(layout={**self.layout, **{key: Position(*xy) for key, xy in positions.items()}})

    def edit(self, graph: Graph) -> Self:
        """The project with another graph over the same layout."""
        return self.with_(graph=graph)
