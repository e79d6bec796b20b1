"""A block that a file names and this version can't read: it stays visible and is saved back unchanged."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.base import Block, Port


class Unknown(Block):
    """Stands for a block that this version of Plexus does not know, or whose parameters it can't read.

    It keeps its place, its wires and everything the file says of it.
    """

    category: ClassVar[str] = "Unknown"

    type_name: str
    values_json: str  # the parameters as the file has them
    reason: str  # why it could not be read, in words
    ins: tuple[str, ...] = ()  # ports, as far as wires tell of them
    outs: tuple[str, ...] = ()

    def input_ports(self) -> tuple[Port, ...]:
        return tuple(Port(name) for name in self.ins)

    def output_ports(self) -> tuple[str, ...]:
        return self.outs

    def summary(self) -> str:
        return f"{self.type_name} (unknown)"
