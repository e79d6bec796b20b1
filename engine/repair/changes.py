"""The three kinds of change that can mend a block: another block in its place, one more on a wire, one wire less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.blocks.base import Block
from engine.graph import Graph, Wire
from engine.project import Position, Project

BESIDE = (0.0, 60.0)  # where a new block stands, seen from what it is wired to, when only that has a place


@dataclass(frozen=True)
class Replace:
    """Another block, or the same one with another parameter, in the place of `key` and of all that share with it."""

    key: str
    block: Block

    def graph(self, before: Graph) -> Graph:
        return before.replace(self.key, self.block)

    def project(self, before: Project) -> Project:
        return before.edit(self.graph(before.graph))

    def touched(self, before: Graph) -> Iterable[str]:
        return before.sharing(self.key)


@dataclass(frozen=True)
class Insert:
    """A block on a wire."""

    wire: Wire
    block: Block

    def graph(self, before: Graph) -> Graph:
        return self._inserted(before)[0]

    def project(self, before: Project) -> Project:
        graph, key = self._inserted(before.graph)
        return before.with_(graph=graph, layout={**before.layout, key: self._position(before)})

    def touched(self, before: Graph) -> Iterable[str]:
        return self._inserted(before)[1], self.wire.target

    def _inserted(self, before: Graph) -> tuple[Graph, str]:
        graph, key = before.add(self.block)
        port = self.block.input_ports()[0].name
        graph = graph.connect(Wire(self.wire.source, self.wire.output, key, port))
        return graph.connect(Wire(key, self.block.output_ports()[0], self.wire.target, self.wire.input)), key

    def _position(self, project: Project) -> Position:
        """Half way between the two ends of the wire."""
        source, target = project.layout.get(self.wire.source), project.layout.get(self.wire.target)
        if source is None or target is None:
            near = source or target or Position(0.0, 0.0)
            return Position(near.x + BESIDE[0], near.y + BESIDE[1])
        return Position((source.x + target.x) / 2, (source.y + target.y) / 2)


@dataclass(frozen=True)
class Unwire:
    """The wire into an input that needs none goes."""

    wire: Wire

    def graph(self, before: Graph) -> Graph:
        return before.disconnect([self.wire])

    def project(self, before: Project) -> Project:
        return before.edit(self.graph(before.graph))

    def touched(self, before: Graph) -> Iterable[str]:
        return (self.wire.target,)


Change = Replace | Insert | Unwire
