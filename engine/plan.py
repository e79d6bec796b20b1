"""The order in which a graph is carried out, and for every step its call, its shapes and its counts.

Broken parts don't stop it: what can be known is told, the rest is None. What one block does to given shapes is
remembered, so that after an edit only what changed is worked out. A plan needs no torch but for the few blocks without
a shape rule, which `probe` runs; a caller that can't wait for that plans with `probing=False` and finds them pending.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.blocks.base import Block, Loss, Source
from engine.blocks.inputs import Input, Output
from engine.blocks.unknown import Unknown
from engine.call import Expression
from engine.field import Field
from engine.graph import Graph, Node, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.muting import passage, working_owner
from engine.probe import answered, probe
from engine.problem import Misfit
from engine.tensor import TensorSpec


@dataclass(frozen=True)
class Trace:
    """What a block does to inputs of given shapes."""

    outputs: tuple[TensorSpec | None, ...]
    call: Expression | None = None
    weights: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # of a repeat that is like another, once
    multiply_adds: int = 0
    misfit: Misfit | None = None
    pending: bool = False  # only torch knows, and has not been asked yet
    passing: bool = False  # muted: what enters leaves by the first port
    inner: tuple[Plan, ...] = ()  # of a group: one plan for each time it stands in series

    @functools.cached_property
    def parameters(self) -> int:
        if self.inner:
            return sum(plan.parameters for plan in self.inner)
        return sum(math.prod(shape) for shape in self.weights.values())

    @functools.cached_property
    def activation_bytes(self) -> int:
        """Memory of all that leaves, for one sample; of a group, of all that leaves the blocks in it."""
        if self.inner:
            return sum(plan.activation_bytes for plan in self.inner)
        if self.passing:
            return 0
        return sum(spec.bytes for spec in self.outputs if spec is not None and spec.batched)

    @property
    def complete(self) -> bool:
        """Whether the shape of all that leaves is known."""
        return None not in self.outputs and self.misfit is None and all(plan.complete for plan in self.inner)


@dataclass(frozen=True)
class Step:
    """One block in its place: where each input comes from, what arrives, what leaves."""

    id: str
    node: Node
    wires: tuple[Wire | None, ...]  # one an input port
    arrives: tuple[TensorSpec | None, ...]
    trace: Trace
    shares: str = ""  # id of the block whose weights this one uses

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def block(self) -> Block:
        return self.node.block

    @property
    def passes(self) -> int | None:
        """Of a muted block, which input passes on by its first output; None for a block that works."""
        return passage(self.node)

    @property
    def leaves(self) -> tuple[TensorSpec | None, ...]:
        return self.trace.outputs

    @property
    def complete(self) -> bool:
        """Whether every shape around this block is known and fits."""
        if self.passes is not None:
            return self.arrives[self.passes] is not None
        return _fed(self.block, self.wires, self.arrives) and self.trace.complete

    @property
    def parameters(self) -> int:
        """Learned numbers of its own: those it shares are counted where they belong."""
        return 0 if self.shares else self.trace.parameters


@dataclass(frozen=True, eq=False)
class Plan:
    """The steps in the order they run; blocks on a cycle, and only they, have no place in it.

    Two plans are the same only when they are one: so what is found out about a plan can be remembered by it.
    """

    steps: Mapping[str, Step]
    cycles: tuple[tuple[str, ...], ...] = ()

    @functools.cached_property
    def parameters(self) -> int:
        return sum(step.parameters for step in self.steps.values())

    @functools.cached_property
    def multiply_adds(self) -> int:
        """For one sample."""
        return sum(step.trace.multiply_adds for step in self.steps.values())

    @functools.cached_property
    def activation_bytes(self) -> int:
        """Memory of all that leaves the blocks, for one sample; what enters is counted where it comes from."""
        return sum(
            step.trace.activation_bytes for step in self.steps.values() if not isinstance(step.block, GroupInput)
        )

    @functools.cached_property
    def living(self) -> Plan:
        """The plan as it is carried out: without muted blocks, whose readers read what enters them; in groups too."""
        if not self.mutes:
            return self
        return Plan({key: self._lived(step) for key, step in self.steps.items() if step.passes is None}, self.cycles)

    @functools.cached_property
    def mutes(self) -> bool:
        """Whether any block in it, or in a group, is muted."""
        return any(step.trace.passing or any(inner.mutes for inner in step.trace.inner) for step in self.steps.values())

    def _lived(self, step: Step) -> Step:
        wires = tuple(self._origin(wire) for wire in step.wires)
        inner = tuple(plan.living for plan in step.trace.inner)
        if wires == step.wires and all(one is other for one, other in zip(inner, step.trace.inner, strict=True)):
            return step
        return replace(step, wires=wires, trace=replace(step.trace, inner=inner))

    def _origin(self, wire: Wire | None) -> Wire | None:
        """A wire from where its value is computed, past all that is muted; None where nothing arrives."""
        while wire is not None and (step := self.steps.get(wire.source)) is not None and step.passes is not None:
            entering = step.wires[step.passes] if wire.output == step.block.output_ports()[0] else None
            wire = entering and Wire(entering.source, entering.output, wire.target, wire.input)
        return wire

    @functools.cached_property
    def complete(self) -> bool:
        """Whether everything in it is known and fits."""
        return not self.cycles and all(step.complete for step in self.steps.values())

    @functools.cached_property
    def pending(self) -> bool:
        """Whether a plan with `probing` would tell more."""
        return any(step.trace.pending for step in self.steps.values())

    def leaving(self, key: str, output: str) -> TensorSpec | None:
        """What leaves a block by one of its ports; None where that isn't known."""
        step = self.steps.get(key)
        if step is None:
            return None
        names = step.block.output_ports()
        return step.leaves[names.index(output)] if output in names else None

    def of_kind(self, kind: type[Block]) -> tuple[Step, ...]:
        return tuple(step for step in self.steps.values() if isinstance(step.block, kind))

    def inside(self, path: tuple[str, ...]) -> Plan | None:
        """The plan of the group that a path of ids leads to, the first time it runs; None where there is none."""
        here = self
        for key in path:
            step = here.steps.get(key)
            if step is None or not step.trace.inner:
                return None
            here = step.trace.inner[0]
        return here

    @functools.cached_property
    def inputs(self) -> tuple[Step, ...]:
        return self.of_kind(Input)

    @functools.cached_property
    def losses(self) -> tuple[Step, ...]:
        return self.of_kind(Loss)

    @functools.cached_property
    def outputs(self) -> tuple[Step, ...]:
        return self.of_kind(Output)


NO_FIELDS: Mapping[str, Field] = {}


def plan(
    graph: Graph,
    fields: Mapping[str, Field],
    entering: Mapping[str, TensorSpec | None] | None = None,
    probing: bool = True,
) -> Plan:
    """Order the graph and find every shape, given the dataset's fields.

    For the graph inside a group, `entering` tells what enters by each port. Without `probing`, torch is neither loaded
    nor asked: what only it could tell is pending.
    """
    order, cycles = _order(tuple(graph.nodes), graph.wires)
    arriving = {(wire.target, wire.input): wire for wire in graph.wires}
    steps: dict[str, Step] = {}
    for key in order:
        block = graph.nodes[key].block
        wires = tuple(arriving.get((key, port.name)) for port in block.input_ports())
        source = (entering or {}).get(graph.nodes[key].name)
        steps[key] = carry_out(graph, key, wires, steps, fields, source, probing)
    return Plan(steps, cycles)


def carry_out(
    graph: Graph,
    key: str,
    wires: tuple[Wire | None, ...],
    steps: Mapping[str, Step],
    fields: Mapping[str, Field],
    entering: TensorSpec | None = None,
    probing: bool = True,
) -> Step:
    """One step, given those in front of it and the wire into each of its input ports."""
    node, owner = graph.nodes[key], working_owner(graph, key)
    block, passing = node.block, passage(node)
    arrives = tuple(_leaving(steps, wire) if wire else None for wire in wires)
    if passing is not None:
        trace = Trace((arrives[passing], *[None] * (len(block.output_ports()) - 1)), passing=True)
    elif isinstance(block, GroupInput):
        trace = Trace((entering,))
    elif isinstance(block, Unknown) or not (isinstance(block, Group) or _fed(block, wires, arrives)):
        trace = Trace((None,) * len(block.output_ports()))
    else:
        trace = trace_alone(block, arrives, fields, probing)
    return Step(key, node, wires, arrives, trace, "" if owner == key else owner)


def trace_alone(
    block: Block, arrives: tuple[TensorSpec | None, ...], fields: Mapping[str, Field] = NO_FIELDS, probing: bool = True
) -> Trace:
    """What a block of any kind does to inputs of these shapes (None: unwired, or in front of a group unknown)."""
    if isinstance(block, Source):
        return _trace_source(block, fields)
    if isinstance(block, Group):
        # torch's answers may come any time: what waits for one isn't remembered
        return (trace_group if probing or not _probed(block) else _trace_group)(block, arrives, probing)
    if probing or not _probed(block) or answered(block, arrives):
        return trace_block(block, arrives)
    return Trace((None,) * len(block.output_ports()), pending=True)


def _leaving(steps: Mapping[str, Step], wire: Wire) -> TensorSpec | None:
    step = steps.get(wire.source)
    if step is None:
        return None
    names = step.block.output_ports()
    return step.leaves[names.index(wire.output)] if wire.output in names else None


def _fed(block: Block, wires: tuple[Wire | None, ...], arrives: tuple[TensorSpec | None, ...]) -> bool:
    """Whether all that the block needs is known."""
    ports = zip(block.input_ports(), wires, arrives, strict=True)
    return all(spec is not None or (port.optional and wire is None) for port, wire, spec in ports)


@functools.lru_cache(maxsize=65536)
def _probed(block: Block) -> bool:
    """Whether torch has to be asked what the block, or one in it, does to shapes."""
    if isinstance(block, Group):
        return any(_probed(node.block) for node in block.graph.nodes.values())
    return type(block).shape is Block.shape and not isinstance(block, (Source, GroupInput, Unknown))


@functools.lru_cache(maxsize=65536)
def trace_block(block: Block, arrives: tuple[TensorSpec | None, ...]) -> Trace:
    """What `block` does to inputs of these shapes (None: unwired); a misfit is part of the answer, not an error."""
    nothing: tuple[TensorSpec | None, ...] = (None,) * len(block.output_ports())
    views = []
    for port, spec in zip(block.input_ports(), arrives, strict=True):
        refusal = port.kind.refusal(spec) if spec is not None else None
        if refusal:
            return Trace(nothing, misfit=Misfit(refusal, port.name))
        views.append(port.kind.view(spec, port.name) if spec is not None else None)
    try:
        if _probed(block):
            probed = probe(block, tuple(views))
            return Trace(probed.outputs, block.layer(*views), probed.weights, probed.multiply_adds)
        shape = block.shape(*views)
        outputs = shape if isinstance(shape, tuple) else (shape,)
        if isinstance(block, (Output, GroupOutput)):
            return Trace(())
        call = block.layer(*views)
        return Trace(outputs, call, block.weights(*views), block.multiply_adds(outputs[0], *views))
    except Misfit as misfit:
        return Trace(nothing, misfit=misfit)
    except ValueError as error:  # an axis that would have to be fixed
        ports = block.input_ports()
        return Trace(nothing, misfit=Misfit(str(error), ports[0].name if ports else None))


@functools.lru_cache(maxsize=4096)
def trace_group(group: Group, arrives: tuple[TensorSpec | None, ...], probing: bool = True) -> Trace:
    """What a group does to inputs of these shapes, through all its repeats.

    What leaves by the first, second, … port enters the next repeat by the first, second, …; inputs beyond those
    stay the same for each.
    """
    return _trace_group(group, arrives, probing)


def _trace_group(group: Group, arrives: tuple[TensorSpec | None, ...], probing: bool) -> Trace:
    names = [port.name for port in group.input_ports()]
    exits = [(key, next((w for w in group.graph.wires if w.target == key), None)) for key in group.outputs_inside()]
    nothing: tuple[TensorSpec | None, ...] = (None,) * len(exits)
    if group.repeat > 1 and len(exits) > len(names):
        message = f"is repeated, but gives {len(exits)} values where it takes {len(names)}"
        return Trace(nothing, misfit=Misfit(f"{message}: each needs an input to go on into", param="repeat"))
    entering = arrives
    plans: list[Plan] = []
    for time in range(group.repeat):
        inner = plan(group.graph, NO_FIELDS, dict(zip(names, entering, strict=True)), probing)
        outputs = tuple(inner.leaving(wire.source, wire.output) if wire else None for _, wire in exits)
        broken = time and plans[0].complete and not inner.complete and not inner.pending
        plans.append(inner)
        if broken:
            return Trace(nothing, misfit=_unrepeatable(time, inner, entering), inner=tuple(plans))
        if group.repeat > 1 and entering == arrives and outputs == arrives[: len(outputs)]:
            plans *= group.repeat  # nothing changes from one to the next
            break
        entering = (*outputs, *entering[len(outputs) :])
    alike = {id(inner): (time, inner) for time, inner in reversed(list(enumerate(plans)))}
    weights = {
        f"{f'{time}.' if group.repeat > 1 else ''}{step.name}.{name}": shape
        for time, inner in reversed(alike.values())
        for step in inner.steps.values()
        if not step.shares
        for name, shape in step.trace.weights.items()
    }
    pending = any(inner.pending for inner in plans)
    return Trace(outputs, None, weights, sum(inner.multiply_adds for inner in plans), None, pending, inner=tuple(plans))


def _unrepeatable(time: int, inner: Plan, entering: tuple[TensorSpec | None, ...]) -> Misfit:
    """Why a repeat can't take what the one before it gives, in the words of the block that can't."""
    told = ", ".join(str(spec) for spec in entering)
    stuck = next((step for step in inner.steps.values() if step.trace.misfit is not None), None)
    reason = f": {stuck.name} {stuck.trace.misfit.message}" if stuck is not None and stuck.trace.misfit else ""
    return Misfit(
        f"can't be repeated, since repeat {time + 1} receives {told} from the one before{reason}", None, "repeat"
    )


def _trace_source(block: Source, fields: Mapping[str, Field]) -> Trace:
    try:
        return Trace((block.spec(fields),))
    except Misfit as misfit:
        return Trace((None,), misfit=misfit)


def order_of(graph: Graph) -> tuple[str, ...]:
    """The ids in the order they run; blocks on a cycle are left out."""
    return _order(tuple(graph.nodes), graph.wires)[0]


@functools.lru_cache(maxsize=256)
def _order(keys: tuple[str, ...], wires: tuple[Wire, ...]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Ids in topological order (ties in the order they were added) and the cycles, whose blocks are left out."""
    if not wires:
        return keys, ()
    import networkx as nx

    links: nx.DiGraph[str] = nx.DiGraph()
    links.add_nodes_from(keys)
    # a file may hold wires from or to blocks that it does not have
    links.add_edges_from((w.source, w.target) for w in wires if w.source in links and w.target in links)
    place = {key: index for index, key in enumerate(keys)}
    cycles = []
    if not nx.is_directed_acyclic_graph(links):
        parts = nx.strongly_connected_components(links)
        knots = [part for part in parts if len(part) > 1 or links.has_edge(next(iter(part)), next(iter(part)))]
        cycles = [tuple(sorted(knot, key=place.__getitem__)) for knot in knots]
        links.remove_nodes_from([key for knot in knots for key in knot])
    return tuple(nx.lexicographical_topological_sort(links, key=place.__getitem__)), tuple(cycles)
