"""The single changes that would make a block fit, as far as the block and what lies in front of it can tell."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.blocks.base import Block, Loss, Source
from engine.blocks.inputs import Target
from engine.field import Field
from engine.group import Group, GroupInput, GroupOutput
from engine.plan import Plan, Step, Trace, trace_alone
from engine.repair.adapters import adapters, siblings
from engine.repair.changes import Change, Insert, Replace, Unwire
from engine.repair.dials import Dial, Specs, dials, values
from engine.scope import Scope
from engine.tensor import TensorSpec

FARTHEST = 4  # how many blocks in front of the misfit are looked at
PER_FEEDER = 12  # values of each parameter of a block in front
PER_DIAL = 3  # values of one parameter that are kept, for when the nearest does not suit what follows
EFFORT = 0.3  # what the largest change of a value costs more than the smallest
STEP = 0.01  # what the second of two that are alike costs more than the first
# what each kind of change costs the user's idea; the least is told first
NAMED, SIBLING, OWN, FEEDER, FARTHER = 1.0, 1.9, 2.0, 2.3, 0.2
INSIDE, UNWIRED, OTHER_LOSS, OTHER_PORT, TYPED_SHAPE = 2.2, 2.6, 2.8, 0.3, 1.0


@dataclass(frozen=True)
class Candidate:
    """A change that would mend a block, and how it is told; of those of one kind only the best is offered."""

    cost: float
    kind: str
    label: str
    sentence: str
    change: Change


def candidates(scope: Scope, step: Step) -> Iterator[Candidate]:
    """All single changes that make the step fit, taken by itself; in no order."""
    misfit = step.trace.misfit
    yield from _own(scope, step, misfit.param if misfit else None)
    if isinstance(step.block, Source):
        return
    yield from _siblings(scope, step)
    wired = [index for index, wire in enumerate(step.wires) if wire is not None]
    names = [port.name for port in step.block.input_ports()]
    for index in wired:
        blamed = misfit is None or misfit.port in (None, names[index])
        extra = 0.0 if blamed else OTHER_PORT
        yield from _adapters(scope, step, index, names[index] if len(wired) > 1 else "", extra)
        yield from _feeders(scope, step, index, extra)
        if step.block.input_ports()[index].optional:
            yield from _unwired(scope, step, index, names[index])
    if isinstance(step.block, Group):
        yield from _inside(scope, step, step.block)


def _own(scope: Scope, step: Step, named: str | None) -> Iterator[Candidate]:
    """The step's own parameters; that which the misfit names is the first to look at."""
    if isinstance(step.block, Source):
        found = tuple(_turned(step.block, step.arrives, _likely_first(step.block, scope.fields), scope.probing))
    else:
        found = _turned_alone(step.block, step.arrives, scope.probing)
    for dial, value, block in found:
        cost = (NAMED if dial.param.name == named else OWN) + EFFORT * dial.effort(value)
        kind = f"field {value}" if dial.param.kind == "field" else f"turn {step.id} {dial.param.label}"
        yield Candidate(cost, kind, dial.words(value, step.name), dial.words(value, ""), Replace(step.id, block))


def _likely_first(source: Block, fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """A network mostly reads images and vectors, and predicts a class or a number."""
    likely = ("class", "number") if isinstance(source, Target) else ("image", "vector")
    return dict(sorted(fields.items(), key=lambda field: field[1].kind not in likely))


@functools.lru_cache(maxsize=512)
def _turned_alone(block: Block, arrives: Specs, probing: bool) -> tuple[tuple[Dial, Any, Block], ...]:
    return tuple(_turned(block, arrives, {}, probing))


def _turned(
    block: Block, arrives: Specs, fields: Mapping[str, Field], probing: bool
) -> Iterator[tuple[Dial, Any, Block]]:
    """The block with other values of its parameters that suit what arrives."""
    for dial in dials(block):
        kept = 0
        for value in values(dial, arrives, fields=fields):
            other = dial.set(block, value)
            if (
                other is not None
                and _same_ports(block, other)
                and trace_alone(other, arrives, fields, probing).complete
            ):
                yield dial, value, other
                kept += 1
            if kept == PER_DIAL and dial.param.kind != "field":
                break


def _same_ports(block: Block, other: Block) -> bool:
    return other.output_ports() == block.output_ports() and len(other.input_ports()) == len(block.input_ports())


def _siblings(scope: Scope, step: Step) -> Iterator[Candidate]:
    for place, other in enumerate(siblings(step.block)):
        same_ports = other.input_ports()[: len(step.arrives)]
        if len(same_ports) == len(step.arrives) and trace_alone(other, step.arrives, probing=scope.probing).complete:
            cost = (OTHER_LOSS if isinstance(other, Loss) else SIBLING) + STEP * place
            words = f"Use {type(other).__name__} instead"
            kind = "another loss" if isinstance(other, Loss) else words
            yield Candidate(cost, kind, words, words, Replace(step.id, other))


def _adapters(scope: Scope, step: Step, index: int, port: str, extra: float) -> Iterator[Candidate]:
    wire, have = step.wires[index], step.arrives[index]
    if wire is None or have is None:
        return
    for cost, block in _adapting(step.block, step.arrives, index, scope.probing):
        if isinstance(step.block, Loss) and index > 0 and type(block).weights is not Block.weights:
            continue  # a target that is learned would be no target
        name, _, told = block.summary().partition(" ")
        words = f"Put {'an' if name[0] in 'AEIOU' else 'a'} {name}{f' ({told})' if told else ''} in front"
        words += f" of “{port}”" if port else ""
        yield Candidate(cost + extra, f"put {name}", words, words, Insert(wire, block))


@functools.lru_cache(maxsize=512)
def _adapting(block: Block, arrives: Specs, index: int, probing: bool) -> tuple[tuple[float, Block], ...]:
    """Blocks that make what arrives at one port suit the block; of those with one outcome, the first."""
    have = arrives[index]
    assert have is not None
    goals = tuple(spec for place, spec in enumerate(arrives) if place != index and spec is not None)
    kind = block.input_ports()[index].kind
    found: dict[TensorSpec, tuple[float, Block]] = {}
    for cost, adapter in adapters(have, goals):
        trace = trace_alone(adapter, (have,), probing=probing)
        made = trace.outputs[0] if trace.complete else None
        if made is None or made == have or (made in found and found[made][0] <= cost) or kind.refusal(made):
            continue
        if trace_alone(block, (*arrives[:index], made, *arrives[index + 1 :]), probing=probing).complete:
            found[made] = cost, adapter
    return tuple(found.values())


def _feeders(scope: Scope, step: Step, index: int, extra: float) -> Iterator[Candidate]:
    """Parameters of the blocks in front, along the one way that leads to a port."""
    goals = tuple(spec for place, spec in enumerate(step.arrives) if place != index and spec is not None)
    numbers = frozenset(value for value in step.block.values().values() if type(value) is int)
    way: list[tuple[Step, int]] = [(step, index)]  # the step, and each block in front with the port it is entered by
    for distance in range(FARTHEST):
        wire = way[-1][0].wires[way[-1][1]]
        feeder = scope.plan.steps.get(wire.source) if wire is not None else None
        if wire is None or feeder is None or not feeder.complete or isinstance(feeder.block, GroupInput):
            return
        question = feeder.block, feeder.arrives, goals, numbers
        source = isinstance(feeder.block, Source)
        found = _varied(*question, scope.fields, scope.probing) if source else _varied_alone(*question, scope.probing)
        for dial, value, block, trace in found:
            if _arrives_well(scope, way, block, trace):
                kind = f"field {value}" if dial.param.kind == "field" else f"turn {feeder.id} {dial.param.label}"
                words = dial.words(value, feeder.name)
                cost = FEEDER + FARTHER * distance + extra + EFFORT * dial.effort(value)
                cost += TYPED_SHAPE if source and dial.param.kind == "shape" else 0.0  # data are as they are
                yield Candidate(cost, kind, words, words, Replace(feeder.id, block))
        ways = [place for place, other in enumerate(feeder.wires) if other is not None]
        if len(ways) != 1:
            return
        way.append((feeder, ways[0]))


Varied = tuple[Dial, Any, Block, Trace]


@functools.lru_cache(maxsize=512)
def _varied_alone(
    block: Block, arrives: Specs, goals: Specs, numbers: frozenset[int], probing: bool
) -> tuple[Varied, ...]:
    return tuple(_varied(block, arrives, goals, numbers, {}, probing))


def _varied(
    block: Block,
    arrives: Specs,
    goals: Specs,
    numbers: frozenset[int],
    fields: Mapping[str, Field],
    probing: bool,
) -> Iterator[Varied]:
    """The block with other values of its parameters that change what leaves it."""
    leaves = trace_alone(block, arrives, fields, probing).outputs
    for dial in dials(block):
        if dial.param.kind == "field" and not dial.value:
            continue  # its shape was typed by hand: data may come later, and from elsewhere
        for value in itertools.islice(values(dial, arrives, goals, fields, numbers), PER_FEEDER):
            other = dial.set(block, value)
            if other is not None and _same_ports(block, other):
                trace = trace_alone(other, arrives, fields, probing)
                if trace.complete and trace.outputs != leaves:
                    yield dial, value, other, trace


def _arrives_well(scope: Scope, way: list[tuple[Step, int]], block: Block, trace: Trace) -> bool:
    """Whether what a changed block in front gives passes all blocks on the way, and suits the step."""
    for step, index in reversed(way):
        wire = step.wires[index]
        names = block.output_ports()
        if wire is None or wire.output not in names:
            return False
        spec = trace.outputs[names.index(wire.output)]
        arrives = (*step.arrives[:index], spec, *step.arrives[index + 1 :])
        block, trace = step.block, trace_alone(step.block, arrives, scope.fields, scope.probing)
        if not trace.complete:
            return False
    return True


def _unwired(scope: Scope, step: Step, index: int, port: str) -> Iterator[Candidate]:
    wire = step.wires[index]
    arrives = (*step.arrives[:index], None, *step.arrives[index + 1 :])
    if wire is not None and trace_alone(step.block, arrives, scope.fields, scope.probing).complete:
        words = f"Remove the wire into “{port}”"
        yield Candidate(UNWIRED, f"unwire {port}", words, words, Unwire(wire))


def _inside(scope: Scope, step: Step, group: Group) -> Iterator[Candidate]:
    """Parameters of the last blocks in a group, for a group whose repeats can't follow each other."""
    plan = step.trace.inner[0] if step.trace.inner else None
    if plan is None or group.repeat == 1:
        return
    goals = tuple(spec for spec in step.arrives if spec is not None)
    for distance, inner in enumerate(_last(plan)):
        for dial, value, block, _ in _varied_alone(inner.block, inner.arrives, goals, frozenset(), scope.probing):
            other = group.with_graph(group.graph.replace(inner.id, block))
            if trace_alone(other, step.arrives, scope.fields, scope.probing).complete:
                words = dial.words(value, f"{inner.name} in {step.name}")
                cost = INSIDE + FARTHER * distance + EFFORT * dial.effort(value)
                yield Candidate(cost, f"turn {inner.id} {dial.param.label}", words, words, Replace(step.id, other))


def _last(plan: Plan) -> Iterator[Step]:
    """The last blocks of a group that have something to set, from what leaves it inwards."""
    waiting = [key for key, step in plan.steps.items() if isinstance(step.block, GroupOutput)]
    seen: set[str] = set()
    while waiting and len(seen) < 2 * FARTHEST:
        step = plan.steps.get(waiting.pop(0))
        if step is None or step.id in seen:
            continue
        waiting += [wire.source for wire in step.wires if wire is not None]
        if not isinstance(step.block, (GroupInput, GroupOutput)):
            seen.add(step.id)
            yield step
