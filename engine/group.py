"""A group: a graph that stands in another graph as one block, with ports of its own."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import field_validator

from engine.blocks.base import Block, Port
from engine.call import Expression
from engine.graph import Graph, Node, Wire
from engine.record import Param, param, refuse
from engine.tensor import TensorSpec, Value

TITLE = re.compile(r"[A-Z][A-Za-z0-9]{0,59}\Z")
Path = tuple[str, ...]  # ids of groups, from the outermost inwards


class GroupInput(Block):
    """Where a value enters a group; its name is the name of the group's port.

    It stands inside the group only. Adding one gives the group another input.
    """

    category: ClassVar[str] = "Inputs & targets"
    stem: ClassVar[str] = "x"
    aliases: ClassVar[tuple[str, ...]] = ("port", "argument", "subgraph input")

    def layer(self) -> Expression:
        raise NotImplementedError("a GroupInput has no layer; it is an argument of the group's forward")


class GroupOutput(Block):
    """Where a value leaves a group; its name is the name of the group's port.

    It stands inside the group only. Adding one gives the group another output.
    """

    category: ClassVar[str] = "Inputs & targets"
    stem: ClassVar[str] = "y"
    aliases: ClassVar[tuple[str, ...]] = ("port", "result", "subgraph output")
    output_names: ClassVar[tuple[str, ...]] = ()

    def layer(self, x: Value) -> Expression:
        raise NotImplementedError("a GroupOutput has no layer; the group returns what enters it")

    def shape(self, x: Value) -> TensorSpec:
        return TensorSpec(x.shape, x.dtype, x.batched)


class Exposed(NamedTuple):
    """A parameter of a block inside that can be set on the group itself; those of one label are set together."""

    label: str
    block: str  # its id inside the group
    param: str


class Group(Block):
    """A part of a network drawn once, with ports of its own, that stands for all that is inside it.

    It can be entered and edited, repeated in series, and used in several places.
    """

    category: ClassVar[str] = "Groups"
    stem: ClassVar[str] = "group"
    aliases: ClassVar[tuple[str, ...]] = ("module", "subgraph", "macro", "composite", "container")

    title: str = param("Group", label="Class", doc="Name of the class that is printed, such as ResidualBlock.")
    repeat: int = param(
        1, ge=1, le=1000, unit="times", doc="How often it stands in series, each time with weights of its own."
    )
    graph: Graph = Graph()
    exposed: tuple[Exposed, ...] = ()

    @field_validator("title")
    @classmethod
    def _can_name_a_class(cls, value: str) -> str:
        if not TITLE.match(value) or keyword.iskeyword(value):
            raise refuse(
                "title",
                f"Class must be a capital letter, then letters and digits, such as ResidualBlock, not “{value[:60]}”.",
            )
        return value

    def inputs_inside(self) -> dict[str, Node]:
        """The blocks inside where values enter, by id, in the order of the ports."""
        return {key: node for key, node in self.graph.nodes.items() if isinstance(node.block, GroupInput)}

    def outputs_inside(self) -> dict[str, Node]:
        """The blocks inside where values leave, by id, in the order of the ports."""
        return {key: node for key, node in self.graph.nodes.items() if isinstance(node.block, GroupOutput)}

    def input_ports(self) -> tuple[Port, ...]:
        return tuple(Port(node.name, Value) for node in self.inputs_inside().values())

    def output_ports(self) -> tuple[str, ...]:
        return tuple(node.name for node in self.outputs_inside().values())

    def summary(self) -> str:
        told = [f"{_shown(self.exposed_value(label))}" for label in self.exposed_labels()]
        times = f"× {self.repeat}" if self.repeat > 1 else ""
        return " ".join(word for word in (self.title, times, " · ".join(told)) if word)

    def exposed_labels(self) -> tuple[str, ...]:
        """The labels under which parameters of blocks inside are set on the group."""
        return tuple(dict.fromkeys(entry.label for entry in self._live()))

    def exposed_param(self, label: str) -> Param:
        """How the parameter behind a label is described; its own name stands in `name`, the label in `label`."""
        first = next(entry for entry in self._live() if entry.label == label)
        described = type(self.graph.nodes[first.block].block).param(first.param)
        return described.relabelled(label)

    def exposed_value(self, label: str) -> Any:
        first = next(entry for entry in self._live() if entry.label == label)
        return getattr(self.graph.nodes[first.block].block, first.param)

    def set_exposed(self, label: str, value: Any) -> Self:
        """The group with another value behind a label.

        Raises:
            BadValue: when the value can't be taken.
        """
        graph = self.graph
        for entry in self._live():
            if entry.label == label:
                graph = graph.change(entry.block, **{entry.param: value})
        return self.with_graph(graph)

    def expose(self, label: str, block: str, name: str) -> Self:
        """The group on which the parameter `name` of a block inside can be set."""
        return self._with(exposed=(*self.exposed, Exposed(label, block, name)))

    def hide(self, label: str) -> Self:
        """The group without a label; the blocks inside keep their values."""
        return self._with(exposed=tuple(entry for entry in self.exposed if entry.label != label))

    def with_graph(self, graph: Graph) -> Self:
        return self._with(graph=graph)

    def _with(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)

    def _live(self) -> tuple[Exposed, ...]:
        """What is exposed and still there."""
        nodes = self.graph.nodes
        return tuple(
            entry for entry in self.exposed if entry.block in nodes and entry.param in nodes[entry.block].block.values()
        )


def inside(graph: Graph, path: Path) -> Graph:
    """The graph of the group that a path of ids leads to.

    Raises:
        KeyError: when it leads to no group.
    """
    for key in path:
        block = graph.nodes[key].block
        if not isinstance(block, Group):
            raise KeyError(key)
        graph = block.graph
    return graph


def every_node(graph: Graph, front: str = "") -> Iterator[tuple[str, Node]]:
    """All blocks by path, those in a group behind it; uses of the same weights have one inside."""
    for key, node in graph.nodes.items():
        yield front + key, node
        if isinstance(node.block, Group) and graph.owner(key) == key:
            yield from every_node(node.block.graph, f"{front}{key}/")


def path_in_names(graph: Graph, path: str) -> str:
    """A path of ids such as "stage1/conv1" with the names that the blocks have now."""
    names = []
    for key in path.split("/"):
        node = graph.nodes[key]
        names.append(node.name)
        graph = node.block.graph if isinstance(node.block, Group) else graph
    return "/".join(names)


def put_back(graph: Graph, path: Path, inner: Graph) -> Graph:
    """The graph in which the group at `path` holds `inner`; every use of the same weights follows.

    Wires keep to a port that was renamed. A wire to a port that is gone stays, and `check` tells of it.
    """
    if not path:
        return inner
    key, *rest = path
    group = graph.nodes[key].block
    assert isinstance(group, Group)
    changed = group.with_graph(put_back(group.graph, tuple(rest), inner))
    places = graph.sharing(key)
    entering, leaving = _renamed(group.inputs_inside(), changed), _renamed(group.outputs_inside(), changed)
    wires = tuple(
        Wire(
            wire.source,
            leaving.get(wire.output, wire.output) if wire.source in places else wire.output,
            wire.target,
            entering.get(wire.input, wire.input) if wire.target in places else wire.input,
        )
        for wire in graph.wires
    )
    nodes = {**graph.nodes, **{place: graph.nodes[place].with_(block=changed) for place in places}}
    return Graph(nodes=nodes, wires=wires)


def _renamed(before: dict[str, Node], after: Group) -> dict[str, str]:
    """Old names of ports that go by another name now."""
    nodes = after.graph.nodes
    return {node.name: nodes[key].name for key, node in before.items() if key in nodes and nodes[key].name != node.name}


def _shown(value: Any) -> str:
    return "×".join(map(str, value)) if isinstance(value, tuple) else str(value)
