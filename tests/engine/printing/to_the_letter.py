"""Small drawings, and the classes that are printed of them."""

from __future__ import annotations

from collections.abc import Callable

from engine.blocks import Block
from engine.compile import source_of
from engine.group import Group
from engine.project import Project
from tests.engine.drawing import block, draw

Table = dict[Callable[[], Project], str]  # a design, and its classes


def classes(project: Project) -> str:
    """The classes of the printed file."""
    code = source_of(project).text.partition("from torch import nn\n")[2]
    return code.partition("\n\n\nif __name__")[0].strip("\n") + "\n"


def image(channels: int = 4) -> dict[str, Block]:
    return {"image": block("Input", sample_shape=(channels, 8, 8))}


def around(inner: Group, *shapes: tuple[int, ...]) -> Project:
    """A group between inputs of these shapes and an Output for each of its outputs."""
    inputs = {f"in{number + 1}": block("Input", sample_shape=shape) for number, shape in enumerate(shapes)}
    outputs = {f"out{number + 1}": block("Output") for number in range(len(inner.output_ports()))}
    ports = [port.name for port in inner.input_ports()]
    wires = [f"{entry} -> inner.{port}" for entry, port in zip(inputs, ports, strict=True)]
    wires += [f"inner.{port} -> {out}" for out, port in zip(outputs, inner.output_ports(), strict=True)]
    return draw({**inputs, "inner": inner, **outputs}, *wires, name="net")


def row(blocks: dict[str, Block], *wires: str, size: int = 6) -> Project:
    """A drawing over a row of numbers."""
    return draw({"row": block("Input", sample_shape=(size,)), **blocks}, *wires, name="net")
