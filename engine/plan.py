"""The order in which a graph is carried out, and for every step its call, its shapes and its counts.

A plan needs no torch. Broken parts don't stop it: what can be known is told, the rest is None.
What one block does to given shapes is remembered, so that after an edit only what changed is worked out.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.blocks.base import Block, Loss, Source
from engine.blocks.inputs import Input, Output
from engine.blocks.unknown import Unknown
from engine.call import Call, Expression
from engine.field import Field
from engine.graph import Graph, Wire
from engine.problem import Misfit
from engine.tensor import TensorSpec


@dataclass(frozen=True)
class Trace:
    """What a block does to inputs of given shapes."""

    outputs: tuple[TensorSpec | None, ...]
    call: Expression | None = None
    weights: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    multiply_adds: int = 0
    misfit: Misfit | None = None

    @property
    def parameters(self) -> int:
        return sum(math.prod(shape) for shape in self.weights.values())


@dataclass(frozen=True)
class Step:
    """One block in its place: where each input comes from, what arrives, what leaves."""

    id: str
    name: str
    block: Block
    wires: tuple[Wire | None, ...]  # one an input port
    arrives: tuple[TensorSpec | None, ...]
    trace: Trace

    @property
    def leaves(self) -> tuple[TensorSpec | None, ...]:
        return self.trace.outputs

    @property
    def complete(self) -> bool:
        """Whether every shape around this block is known and fits."""
        return None not in self.arrives and None not in self.leaves and self.trace.misfit is None


@dataclass(frozen=True)
class Plan:
    """The steps in the order they run; blocks on a cycle, and only they, have no place in it."""

    steps: Mapping[str, Step]
    cycles: tuple[tuple[str, ...], ...] = ()

    @property
    def parameters(self) -> int:
        return sum(step.trace.parameters for step in self.steps.values())

    @property
    def multiply_adds(self) -> int:
        """For one sample."""
        return sum(step.trace.multiply_adds for step in self.steps.values())

    def leaving(self, key: str, output: str) -> TensorSpec | None:
        """What leaves a block by one of its ports; None where that isn't known."""
        step = self.steps.get(key)
        if step is None:
            return None
        names = step.block.output_ports()
        return step.leaves[names.index(output)] if output in names else None

    def of_kind(self, kind: type[Block]) -> tuple[Step, ...]:
        return tuple(step for step in self.steps.values() if isinstance(step.block, kind))

    @property
    def inputs(self) -> tuple[Step, ...]:
        return self.of_kind(Input)

    @property
    def losses(self) -> tuple[Step, ...]:
        return self.of_kind(Loss)

    @property
    def outputs(self) -> tuple[Step, ...]:
        return self.of_kind(Output)


def plan(graph: Graph, fields: Mapping[str, Field]) -> Plan:
    """Order the graph and find every shape, given the dataset's fields."""
    order, cycles = _order(graph)
    arriving = {(wire.target, wire.input): wire for wire in graph.wires}
    leaving: dict[tuple[str, str], TensorSpec | None] = {}
    steps: dict[str, Step] = {}
    for key in order:
        node = graph.nodes[key]
        block = node.block
        wires = tuple(arriving.get((key, port.name)) for port in block.input_ports())
        arrives = tuple(leaving.get((wire.source, wire.output)) if wire else None for wire in wires)
        if isinstance(block, Source):
            trace = _trace_source(block, fields)
        else:
            known = tuple(spec for spec in arrives if spec is not None)
            told = len(known) == len(arrives) and not isinstance(block, Unknown)
            trace = trace_block(block, known) if told else Trace((None,) * len(block.output_ports()))
        steps[key] = Step(key, node.name, block, wires, arrives, trace)
        leaving.update(zip(((key, name) for name in block.output_ports()), trace.outputs, strict=True))
    return Plan(steps, cycles)


@functools.lru_cache(maxsize=65536)
def trace_block(block: Block, arrives: tuple[TensorSpec, ...]) -> Trace:
    """What `block` does to inputs of these shapes; a misfit is part of the answer, not an error."""
    nothing: tuple[TensorSpec | None, ...] = (None,) * len(block.output_ports())
    views = []
    for port, spec in zip(block.input_ports(), arrives, strict=True):
        refusal = port.kind.refusal(spec)
        if refusal:
            return Trace(nothing, misfit=Misfit(refusal, port.name))
        views.append(port.kind.view(spec, port.name))
    try:
        output = block.shape(*views)
        if isinstance(block, Output):
            return Trace(())
        call = block.layer(*views)
        return Trace((output,), call, block.weights(*views), block.multiply_adds(output, *views))
    except Misfit as misfit:
        return Trace(nothing, misfit=misfit)
    except ValueError as error:  # an axis that would have to be fixed
        return Trace(nothing, misfit=Misfit(str(error), block.input_ports()[0].name))


def _trace_source(block: Source, fields: Mapping[str, Field]) -> Trace:
    try:
        return Trace((block.spec(fields),))
    except Misfit as misfit:
        return Trace((None,), misfit=misfit)


def _order(graph: Graph) -> tuple[list[str], tuple[tuple[str, ...], ...]]:
    """Ids in topological order (ties in the order they were added) and the cycles, whose blocks are left out."""
    if not graph.wires:
        return list(graph.nodes), ()
    import networkx as nx

    links: nx.DiGraph[str] = nx.DiGraph()
    links.add_nodes_from(graph.nodes)
    # a file may hold wires from or to blocks that it does not have
    links.add_edges_from((w.source, w.target) for w in graph.wires if w.source in links and w.target in links)
    place = {key: index for index, key in enumerate(graph.nodes)}
    cycles = []
    if not nx.is_directed_acyclic_graph(links):
        parts = nx.strongly_connected_components(links)
        knots = [part for part in parts if len(part) > 1 or links.has_edge(next(iter(part)), next(iter(part)))]
        cycles = [tuple(sorted(knot, key=place.__getitem__)) for knot in knots]
        links.remove_nodes_from([key for knot in knots for key in knot])
    return list(nx.lexicographical_topological_sort(links, key=place.__getitem__)), tuple(cycles)


__all__ = ["Call", "Plan", "Step", "Trace", "plan", "trace_block"]
