"""A line or two a group: blocks by name, and wires such as `x -> conv1 -> relu1 -> y`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from engine.arrange import arrange
from engine.blocks import CATALOGUE, Block
from engine.data import SOURCES, DataSettings
from engine.graph import Graph, Wire
from engine.group import Exposed, Group, GroupInput, GroupOutput
from engine.project import Position, Project
from engine.training.settings import TrainingSettings

Exposing = Mapping[str, str]  # a label on the group → the parameters behind it: "conv1.out_channels conv2.out_channels"


def block(kind: str, **values: Any) -> Block:
    return CATALOGUE[kind].build(values)


def wire(graph: Graph, start: str, end: str) -> Wire:
    """The wire that `conv1.y -> add.x2` means; without a port, the first there is."""
    source, _, output = start.partition(".")
    target, _, entry = end.partition(".")
    outputs = graph.nodes[source].block.output_ports()
    inputs = [port.name for port in graph.nodes[target].block.input_ports()]
    return Wire(source, output or outputs[0], target, entry or inputs[0])


def connected(graph: Graph, wires: tuple[str, ...]) -> Graph:
    for text in wires:
        names = [name.strip() for name in text.split("->")]
        for start, end in pairwise(names):
            graph = graph.connect(wire(graph, start, end))
    return graph


def group(
    title: str,
    blocks: Mapping[str, Block],
    *wires: str,
    inputs: tuple[str, ...] = ("x",),
    outputs: tuple[str, ...] = ("y",),
    repeat: int = 1,
    exposed: Exposing | None = None,
) -> Group:
    """A group whose wires begin at `inputs` and end at `outputs`."""
    graph = Graph()
    for name in inputs:
        graph, _ = graph.add(GroupInput(), name)
    for name, what in blocks.items():
        graph, _ = graph.add(what, name)
    for name in outputs:
        graph, _ = graph.add(GroupOutput(), name)
    entries = tuple(
        Exposed(label, *place.split(".")) for label, places in (exposed or {}).items() for place in places.split()
    )
    return Group(title=title, graph=connected(graph, wires), repeat=repeat, exposed=entries)


def network(
    name: str,
    description: str,
    blocks: Mapping[str, Block],
    *wires: str,
    source: str = "Digits",
    shared: Mapping[str, str] | None = None,
    **training: Any,
) -> Project:
    """A project with every block in its place; `shared` names uses of the weights of another block."""
    graph = Graph()
    for key, what in blocks.items():
        graph, _ = graph.add(what, key)
    for key, owner in (shared or {}).items():
        graph, made = graph.share(owner)
        graph = renamed(graph, made, key)
    project = Project(
        name=name,
        graph=connected(graph, wires),
        data=DataSettings(source=SOURCES[source]()),
        training=TrainingSettings().change(**training),
        extras={"description": description},
    )
    return placed(project)


def renamed(graph: Graph, key: str, name: str) -> Graph:
    """The graph in which a block goes by another name, and by that id."""
    nodes = {name if k == key else k: n.with_(name=name) if k == key else n for k, n in graph.nodes.items()}
    return Graph(nodes=nodes, wires=graph.wires)


def placed(project: Project) -> Project:
    """The project with every block, inside of groups too, where `arrange` puts it."""
    layout: dict[str, Position] = {}

    def place(graph: Graph, front: str) -> None:
        layout.update({front + key: position for key, position in arrange(graph).items()})
        for key, node in graph.nodes.items():
            if isinstance(node.block, Group) and graph.owner(key) == key:
                place(node.block.graph, f"{front}{key}/")

    place(project.graph, "")
    return project.with_(layout=layout)
