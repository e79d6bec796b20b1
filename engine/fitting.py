"""Which ports of a block that stands alone fit what is drawn: behind an output, before an input, or in a wire."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.blocks.base import Block, Loss, Source
from engine.blocks.unknown import Unknown
from engine.field import Field
from engine.graph import Graph, Wire
from engine.group import GroupInput, GroupOutput
from engine.plan import NO_FIELDS, Plan, Trace, trace_alone
from engine.tensor import TensorSpec

OPAQUE = (GroupInput, GroupOutput, Unknown)  # what leaves these is not known from what enters


@dataclass(frozen=True)
class Fit:
    """The ports by which a block fits; or why it doesn't, in words that start after the block's name."""

    input: str = ""
    output: str = ""
    reason: str = ""

    @property
    def fits(self) -> bool:
        return not self.reason


def fit_behind(block: Block, spec: TensorSpec | None) -> Fit:
    """By which of its inputs a block takes a tensor; one whose shape isn't known may enter anywhere.

    A block that needs more than that one tensor is judged by the kind of tensor its port takes.
    """
    first = ""
    for port, trace in _entered(block, spec):
        reason = _complaint(trace) if isinstance(trace, Trace) else trace
        if reason is None:
            return Fit(input=port)
        first = first or reason
    return Fit(reason=first or "has no input")


def fit_before(
    block: Block, graph: Graph, plan: Plan, target: str, port: str, fields: Mapping[str, Field] = NO_FIELDS
) -> Fit:
    """By which of its outputs a block can feed an input port that is drawn.

    What leaves a block hangs on what enters it, which isn't known yet: it may feed the port when one of the things
    that it can give fits.
    """
    first = ""
    given = _given(block, fields)
    for output in _outputs(block):
        specs = given[output]
        reasons = [arriving(graph, plan, target, port, spec) for spec in specs]
        if None in reasons or not reasons:
            return Fit(output=output)
        first = first or f"gives what {graph.nodes[target].name} can't take: it {reasons[0]}"
    return Fit(reason=first or "has no output that goes on")


def fit_between(block: Block, graph: Graph, plan: Plan, wire: Wire) -> Fit:
    """By which ports a block can be set into a wire, so that the block behind it can go on working."""
    reasons: list[str] = []
    for port, trace in _entered(block, plan.leaving(wire.source, wire.output)):
        reason = _complaint(trace) if isinstance(trace, Trace) else trace
        if reason is not None:
            reasons.append(reason)
            continue
        specs = trace.outputs if isinstance(trace, Trace) else ()
        for place, output in enumerate(_outputs(block)):
            spec = specs[place] if place < len(specs) else None
            reason = arriving(graph, plan, wire.target, wire.input, spec)
            if reason is None:
                return Fit(port, output)
            reasons.append(f"gives what {graph.nodes[wire.target].name} can't take: it {reason}")
    nothing = "has no output that goes on" if block.input_ports() else "has no input"
    return Fit(reason=reasons[0] if reasons else nothing)


def arriving(graph: Graph, plan: Plan, target: str, port: str, spec: TensorSpec | None) -> str | None:
    """Why a block that is drawn could not work if this arrived at one of its inputs; None when it could.

    What was wrong with it before is not held against what arrives.
    """
    block = graph.nodes[target].block
    ports = block.input_ports()
    place = next((place for place, described in enumerate(ports) if described.name == port), None)
    if place is None:
        return f"has no input “{port}”"
    if spec is None:
        return None
    refused = ports[place].kind.refusal(spec)
    step = plan.steps.get(target)
    if refused is not None or step is None or isinstance(block, OPAQUE) or _complaint(step.trace) is not None:
        return refused
    arrives = tuple(spec if number == place else other for number, other in enumerate(step.arrives))
    wired = (number == place or wire is not None for number, wire in enumerate(step.wires))
    known = zip(ports, wired, arrives, strict=True)
    if not all(other is not None or (described.optional and not wire) for described, wire, other in known):
        return None
    return _complaint(trace_alone(block, arrives, probing=False))


def _entered(block: Block, spec: TensorSpec | None) -> Iterator[tuple[str, Trace | str | None]]:
    """Each input that the block needs, with what it does when the tensor enters there.

    Where that can't be said: the words by which the port refuses it, or None when it doesn't.
    """
    ports = block.input_ports()
    for port in [port for port in ports if not port.optional] or ports:
        refused = port.kind.refusal(spec) if spec is not None else None
        needed = [other for other in ports if not other.optional and other is not port]
        if refused is not None or spec is None or needed or isinstance(block, OPAQUE):
            yield port.name, refused
        else:
            arrives = tuple(spec if other is port else None for other in ports)
            yield port.name, trace_alone(block, arrives, probing=False)


def _outputs(block: Block) -> tuple[str, ...]:
    """The outputs that a wire can leave by: nothing takes a loss."""
    return () if isinstance(block, Loss) else block.output_ports()


def _complaint(trace: Trace) -> str | None:
    """What a block, or one inside a group, says is wrong."""
    if trace.misfit is not None:
        return trace.misfit.message
    for inner in trace.inner:
        for step in inner.steps.values():
            words = _complaint(step.trace)
            if words is not None:
                return f"holds {step.name}, which {words}"
    return None


def _given(block: Block, fields: Mapping[str, Field]) -> Mapping[str, tuple[TensorSpec, ...]]:
    """What a block can give by each of its outputs, as far as that is known; nothing where it is not."""
    if isinstance(block, Source):
        specs = trace_alone(block, (), fields).outputs
        return {name: () if spec is None else (spec,) for name, spec in zip(block.output_ports(), specs, strict=True)}
    return _given_by_example(block)


@functools.lru_cache(maxsize=4096)
def _given_by_example(block: Block) -> Mapping[str, tuple[TensorSpec, ...]]:
    names = block.output_ports()
    if isinstance(block, OPAQUE):
        return dict.fromkeys(names, ())
    traces = [
        trace_alone(block, example, probing=False)
        for example in block.examples
        if len(example) == len(block.input_ports())
    ]
    return {
        name: tuple(spec for trace in traces if (spec := trace.outputs[place]) is not None)
        for place, name in enumerate(names)
    }
