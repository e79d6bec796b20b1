"""Edits that fold blocks into a group, and that unfold one: all wires are kept, and one takes back the other.

Each is a pure function on a project and works in whatever group the project is seen from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.blocks.base import Loss, Source
from engine.blocks.inputs import Output
from engine.copying import FreeNames, duplicate, moved, share, unshare
from engine.decorating import folded, unfolded
from engine.graph import Graph, Node, Wire, refused_name
from engine.group import Group, GroupInput, GroupOutput
from engine.places import insides, put_into
from engine.problem import UserError
from engine.project import Position, Project
from engine.training import turn
from engine.weight_settings import WeightSettings

OUTSIDE = (Source, Output, Loss)  # kinds of blocks that never stand in a group
PORTS = (GroupInput, GroupOutput)
COLUMN, BELOW = 190.0, 80.0  # pixels from card to card in a row, and from one port's card to the next below it

Value = tuple[str, str]  # the id of a block and the name of one of its outputs


def make_group(
    project: Project, ids: Iterable[str], title: str = "Group", decor: Iterable[str] = ()
) -> tuple[Project, str]:
    """The project in which these blocks stand in a group of their own, and the group's id.

    What crosses the border goes through ports, named after the blocks that it comes from; inputs without a wire
    and the outputs of blocks whose work nobody reads become ports too. Ids and names inside stay as they are.
    Frames that hold nothing but these blocks go along, and so do the frames and notes named in `decor`.

    Raises:
        UserError: when these blocks can't be a group.
    """
    graph, asked = project.graph, set(ids)
    chosen = [key for key in graph.nodes if key in asked]
    refusal = refused_group(graph, chosen)
    if refusal:
        raise UserError(refusal)
    border = _border(graph, chosen)
    group = Group.build({"title": title}).with_graph(border.inner)
    kept = {key: node for key, node in graph.nodes.items() if key not in asked}
    name, nodes = Graph(nodes=kept).free_name(_stem(title)), dict[str, Node]()
    for key, node in graph.nodes.items():
        if key == chosen[0]:
            nodes[name] = Node(name=name, block=group)
        if key in kept:
            nodes[key] = node
    outer = Graph(nodes=nodes, wires=tuple(_through_ports(graph, name, border)))
    along = folded(project, name, border.blocks, decor) if project.decor else project.decor
    training = project.with_turns(turn.folded(project.training.turns, name, border.blocks))
    return project.with_(graph=outer, layout=_folded(project, name, border), decor=along, training=training), name


def refused_group(graph: Graph, chosen: Sequence[str]) -> str | None:
    """Why these blocks can't be made a group, in words; None when they can."""
    if not chosen:
        return "Select the blocks that shall become a group."
    nodes = graph.nodes
    ports = [key for key in chosen if isinstance(nodes[key].block, PORTS)]
    if ports:
        return f"{_listed(graph, ports)} can't go into another group: ports stay where their group is."
    outside = [key for key in chosen if isinstance(nodes[key].block, OUTSIDE)]
    if outside:
        return f"{_listed(graph, outside)} can't go into a group: inputs, targets, outputs and losses stay outside."
    for key in chosen:
        other = next((other for other in graph.sharing(key) if other not in chosen), None)
        if other is not None:
            return (
                f"{nodes[key].name} shares its weights with {nodes[other].name}, which is not selected. Select both, "
                f"or give {nodes[key].name} weights of its own first."
            )
    between = _between(graph, set(chosen))
    if between:
        lone = len(between) == 1
        return (
            f"{_listed(graph, between)} {'stands' if lone else 'stand'} between the selected blocks, so the group "
            f"would feed itself. Select {'it' if lone else 'them'} too."
        )
    return None


def ungroup(project: Project, key: str) -> tuple[Project, tuple[str, ...]]:
    """The project in which the blocks of a group stand where the group stood, and their ids.

    A repeated group becomes so many copies in series. All wires are led on; how the group's weights were treated
    passes on to the blocks. A use of shared weights gets weights of its own first.

    Raises:
        UserError: when the block is no group.
    """
    project = unshare(project, key)
    graph, node = project.graph, project.graph.nodes[key]
    if not isinstance(node.block, Group):
        raise UserError(f"{node.name} is no group.")
    unfolding = _Unfolding(graph, key, node.block)
    nodes: dict[str, Node] = {}
    for other, kept in graph.nodes.items():
        nodes |= unfolding.nodes(node.weights) if other == key else {other: kept}
    outer = Graph(nodes=nodes, wires=tuple(unfolding.wires()))
    layout = _unfolded(project, key, node.block.graph, unfolding.ids)
    decor = unfolded(project, key, unfolding.ids, layout) if project.decor else project.decor
    blocks = tuple(new for ids in unfolding.ids for new in ids.values())
    training = project.with_turns(turn.unfolded(project.training.turns, key, unfolding.ids))
    return project.with_(graph=outer, layout=layout, decor=decor, training=training), blocks


# Folding


@dataclass(frozen=True)
class _Border:
    """The graph inside a new group, the blocks in it, and the id of the port there that each value goes through."""

    inner: Graph
    blocks: Mapping[str, Node]
    entering: Mapping[Value, str]  # values of blocks outside
    leaving: Mapping[Value, str]  # values of blocks inside


def _border(graph: Graph, chosen: Sequence[str]) -> _Border:
    """The graph of these blocks with ports for all that crosses its border, in the order of blocks and their ports."""
    blocks = {key: graph.nodes[key] for key in chosen}
    inner = Graph(nodes=blocks, wires=tuple(w for w in graph.wires if w.source in blocks and w.target in blocks))
    arriving: dict[tuple[str, str], list[Wire]] = {}
    for wire in graph.wires:
        arriving.setdefault((wire.target, wire.input), []).append(wire)
    entering: dict[Value, str] = {}
    leaving: dict[Value, str] = {}
    links: list[Wire] = []
    for key, name in _inputs(graph, blocks, arriving):
        wires = arriving.get((key, name), [])
        if not wires:
            inner, port = _with_port(inner, GroupInput(), _open_name(graph.nodes[key], name))
            links.append(Wire(port, "y", key, name))
        for value in [(wire.source, wire.output) for wire in wires if wire.source not in blocks]:
            if value not in entering:
                inner, entering[value] = _with_port(inner, GroupInput(), _value_name(graph, value))
            links.append(Wire(entering[value], "y", key, name))
    for value in _outputs(graph, blocks):
        first = value[1] in graph.nodes[value[0]].block.output_ports()[:1]
        wanted = f"{graph.nodes[value[0]].name[:40]}_{'out' if first else value[1]}"
        inner, leaving[value] = _with_port(inner, GroupOutput(), wanted)
        links.append(Wire(*value, leaving[value], "x"))
    order = sorted(inner.nodes, key=lambda key: (isinstance(inner.nodes[key].block, GroupOutput), key in blocks))
    inner = Graph(nodes={key: inner.nodes[key] for key in order}, wires=(*inner.wires, *links))
    return _Border(inner, blocks, entering, leaving)


def _inputs(
    graph: Graph, blocks: Mapping[str, Node], arriving: Mapping[tuple[str, str], list[Wire]]
) -> Iterator[tuple[str, str]]:
    """The inputs of these blocks that have a wire or need one; a wire may lead to an input that isn't there."""
    entered: dict[str, list[str]] = {}
    for target, name in arriving:
        entered.setdefault(target, []).append(name)
    for key, node in blocks.items():
        ports = node.block.input_ports()
        known = {port.name for port in ports}
        yield from ((key, port.name) for port in ports if not port.optional or (key, port.name) in arriving)
        yield from ((key, name) for name in entered.get(key, []) if name not in known)


def _outputs(graph: Graph, blocks: Mapping[str, Node]) -> list[Value]:
    """The values of these blocks that are read outside, and of each whose work nobody reads the first."""
    read = {(wire.source, wire.output) for wire in graph.wires if wire.target not in blocks}
    feeding = {wire.source for wire in graph.wires}
    found: list[Value] = []
    for key, node in blocks.items():
        outputs = node.block.output_ports()
        strange = sorted(output for source, output in read if source == key and output not in outputs)
        found += [(key, output) for output in (*outputs, *strange) if (key, output) in read]
        if key not in feeding:
            found += [(key, output) for output in outputs[:1]]
    return found


def _with_port(inner: Graph, port: GroupInput | GroupOutput, wanted: str) -> tuple[Graph, str]:
    """The graph with a port, by that name where it can have it, and the port's id."""
    taken = {node.name for node in inner.nodes.values()}
    stem = port.stem if refused_name(wanted) else wanted
    return inner.add(port, inner.free_name(stem) if stem in taken or refused_name(stem) else stem)


def _open_name(node: Node, name: str) -> str:
    required = [port.name for port in node.block.input_ports() if not port.optional]
    return f"{node.name[:40]}_{'in' if required == [name] else name}"


def _value_name(graph: Graph, value: Value) -> str:
    source = graph.nodes.get(value[0])
    if source is None:
        return GroupInput.stem
    first = value[1] in source.block.output_ports()[:1]
    return source.name if first else f"{source.name[:40]}_{value[1]}"


def _through_ports(graph: Graph, group: str, border: _Border) -> Iterator[Wire]:
    """The wires around the new group; a value that enters several of its blocks enters by one port."""
    ports, entered = border.inner.nodes, set()
    for wire in graph.wires:
        value = (wire.source, wire.output)
        if wire.source in border.blocks and wire.target not in border.blocks:
            yield Wire(group, ports[border.leaving[value]].name, wire.target, wire.input)
        elif wire.source not in border.blocks and wire.target not in border.blocks:
            yield wire
        elif wire.source not in border.blocks and value not in entered:
            entered.add(value)
            yield Wire(*value, group, ports[border.entering[value]].name)


def _folded(project: Project, group: str, border: _Border) -> dict[str, Position]:
    """The layout around and in a new group, which stands in the middle of its blocks; these keep their places."""
    layout: dict[str, Position] = {}
    places: dict[str, Position] = {}
    for key, place in project.layout.items():
        first = key.partition("/")[0]
        if first not in border.blocks:
            layout[key] = place
        else:
            layout[f"{group}/{key}"] = place
            if first == key:
                places[key] = place
    if not places:
        return layout
    layout[group] = _middle(places.values())
    left, right = min(place.x for place in places.values()), max(place.x for place in places.values())
    for kind, x in ((GroupInput, left - COLUMN), (GroupOutput, right + COLUMN)):
        ports = [key for key, node in border.inner.nodes.items() if isinstance(node.block, kind)]
        for key, y in _heights(ports, border.inner, places).items():
            layout[f"{group}/{key}"] = Position(x, y)
    return layout


def _heights(ports: Sequence[str], inner: Graph, places: Mapping[str, Position]) -> dict[str, float]:
    """Where ports of one side stand: each beside the first block it is wired to, none over another."""
    beside: dict[str, float] = {}
    for wire in inner.wires:
        for port, block in ((wire.source, wire.target), (wire.target, wire.source)):
            if block in places:
                beside.setdefault(port, places[block].y)
    heights: dict[str, float] = {}
    free = -float("inf")
    for port in sorted(ports, key=lambda port: beside.get(port, 0.0)):
        heights[port] = max(beside.get(port, 0.0), free)
        free = heights[port] + BELOW
    return heights


def _between(graph: Graph, chosen: set[str]) -> list[str]:
    """Blocks outside that are fed by these blocks and feed them."""
    followers: dict[str, set[str]] = {}
    leaders: dict[str, set[str]] = {}
    for wire in graph.wires:
        if wire.source in graph.nodes and wire.target in graph.nodes:
            followers.setdefault(wire.source, set()).add(wire.target)
            leaders.setdefault(wire.target, set()).add(wire.source)
    found = (_reached(followers, chosen) & _reached(leaders, chosen)) - chosen
    return [key for key in graph.nodes if key in found]


def _reached(links: Mapping[str, set[str]], start: set[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        for key in links.get(waiting.pop(), set()) - seen:
            seen.add(key)
            waiting.append(key)
    return seen


# Unfolding


class _Unfolding:
    """The blocks of a group as they stand outside of it; `ids` leads from inside to outside, once for each repeat."""

    def __init__(self, graph: Graph, key: str, group: Group) -> None:
        self._graph, self._key, self._inner = graph, key, group.graph
        self._inputs, self._outputs = list(group.inputs_inside()), list(group.outputs_inside())
        self._arriving = {(wire.target, wire.input): wire for wire in group.graph.wires}
        self._entering = {wire.input: wire for wire in graph.wires if wire.target == key}
        self._names = FreeNames(Graph(nodes={other: node for other, node in graph.nodes.items() if other != key}))
        blocks = [key for key, node in group.graph.nodes.items() if not isinstance(node.block, PORTS)]
        self.ids = [{block: self._names.key(block) for block in blocks} for _ in range(group.repeat)]

    def nodes(self, outer: WeightSettings) -> dict[str, Node]:
        """The blocks of all repeats; what the group's weights were set to holds for each."""
        made = {}
        for ids in self.ids:
            for inside, outside in ids.items():
                node = self._inner.nodes[inside]
                made[outside] = node.with_(
                    name=self._names.name(node.name),
                    same_as=ids.get(node.same_as, ""),
                    weights=_passed_on(outer, node.weights),
                )
        return made

    def wires(self) -> Iterator[Wire]:
        """All wires outside, with those of the blocks that stood in the group."""
        for wire in self._graph.wires:
            if wire.target == self._key:
                continue
            value = self._origin(None, wire.source, wire.output)
            if value is not None:
                yield Wire(*value, wire.target, wire.input)
        for time, ids in enumerate(self.ids):
            for wire in self._inner.wires:
                value = self._origin(time, wire.source, wire.output) if wire.target in ids else None
                if value is not None:
                    yield Wire(*value, ids[wire.target], wire.input)

    def _origin(self, time: int | None, source: str, output: str) -> Value | None:
        """The block outside that a value really comes from; `time` is the repeat it is read in, None outside."""
        seen = set()
        while (time, source, output) not in seen:
            seen.add((time, source, output))
            if time is None and source != self._key:
                return source, output
            if time is not None and source not in self._inputs:
                return (self.ids[time][source], output) if source in self.ids[time] else None
            if time is None:  # what leaves the group is what leaves its last repeat
                names = [self._inner.nodes[key].name for key in self._outputs]
                wire = self._into_port(names.index(output)) if output in names else None
                time = len(self.ids) - 1
            else:  # what enters a repeat left the one before it; the first one, and what stays, gets it from outside
                place = self._inputs.index(source)
                if time and place < len(self._outputs):
                    wire, time = self._into_port(place), time - 1
                else:
                    wire, time = self._entering.get(self._inner.nodes[source].name), None
            if wire is None:
                return None
            source, output = wire.source, wire.output
        return None  # wires that go round without a block between them

    def _into_port(self, place: int) -> Wire | None:
        return self._arriving.get((self._outputs[place], "x"))


def _passed_on(outer: WeightSettings, own: WeightSettings) -> WeightSettings:
    return own.change(
        frozen=own.frozen or outer.frozen,
        weight_decay=outer.weight_decay if own.weight_decay is None else own.weight_decay,
        l1=outer.l1 if own.l1 is None else own.l1,
        learning_rate=min(own.learning_rate * outer.learning_rate, 1000.0),
    )


def _unfolded(project: Project, key: str, inner: Graph, ids: Sequence[Mapping[str, str]]) -> dict[str, Position]:
    """The layout without the group: its blocks around the place where it stood, repeats to the right of each other."""
    inside = insides(project.layout).get(key, {})
    deeper = insides(inside)
    layout = {name: place for name, place in project.layout.items() if name.partition("/")[0] != key}
    places = {block: inside[block] for block in ids[0] if block in inside}
    if not places:
        return layout
    middle = _middle(places.values())
    here = project.layout.get(key, middle)
    across, down = here.x - middle.x, here.y - middle.y
    width = max(place.x for place in places.values()) - min(place.x for place in places.values()) + COLUMN
    room = (len(ids) - 1) * width
    for name, place in layout.items():
        if room and "/" not in name and place.x > here.x:
            layout[name] = moved(place, room, 0)
    for time, names in enumerate(ids):
        for block, name in names.items():
            if block in places:
                layout[name] = moved(places[block], across + time * width, down)
            layout |= put_into(name, deeper.get(block, {}))
    return layout


def _middle(places: Iterable[Position]) -> Position:
    xs, ys = zip(*places, strict=True)
    return Position((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)


def _listed(graph: Graph, keys: Sequence[str]) -> str:
    names = [graph.nodes[key].name for key in keys]
    shown = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} others"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _stem(title: str) -> str:
    """`ResidualBlock` → `residual_block`"""
    stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", title).lower()
    return stem if refused_name(stem) is None else Group.stem


__all__ = ["duplicate", "make_group", "refused_group", "share", "ungroup", "unshare"]
