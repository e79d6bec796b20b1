"""A plain interpreter that walks a plan block by block: what printed Python is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

import torch

from engine.blocks.inputs import Input, Output, Target
from engine.call import Call
from engine.compile import Compiled
from engine.graph import Graph
from engine.group import Group, GroupInput, GroupOutput
from engine.parts import Value, ancestors
from engine.parts import leaving as results_of
from engine.plan import Plan, Step
from engine.printing.answers import views
from engine.project import Project

Place = tuple[str, tuple[int, ...]]  # the path of a block, and the number of each repeat around it


class Interpreter:
    """Each block's own layer, with the weights that a compiled network has."""

    def __init__(self, project: Project, planned: Plan, compiled: Compiled) -> None:
        self._plan = planned
        self._kept: dict[Place, Any] = {}
        self._build(planned, "", ())
        theirs: dict[str, list[Any]] = {}
        for dotted, path in compiled.source.holders.items():
            layer = attrgetter(dotted)(compiled.network)
            if isinstance(layer, torch.nn.Parameter) or (isinstance(layer, torch.nn.Module) and layer.state_dict()):
                theirs.setdefault(_owned(project.graph, path), []).append(layer)
        for path, layers in theirs.items():
            places = sorted(place for place in self._kept if place[0] == path)
            assert len(places) == len(layers), (path, places)
            for place, layer in zip(places, layers, strict=True):
                _copy(layer, self._kept[place])

    def _build(self, planned: Plan, front: str, times: tuple[int, ...]) -> None:
        for step in planned.steps.values():
            path = front + _place(step)
            if isinstance(step.block, Group):
                for time, inner in enumerate(step.trace.inner):
                    self._build(inner, f"{path}/", (*times, time))
            elif step.trace.call is not None and step.trace.call.kept and (path, times) not in self._kept:
                self._kept[path, times] = step.trace.call.make({})

    def __call__(self, inputs: Mapping[str, torch.Tensor], results: Mapping[str, Value]) -> dict[str, torch.Tensor]:
        """The results by name, given the inputs of the network by name."""
        values = {(key, "y"): inputs[step.name] for key, step in self._plan.steps.items() if step.name in inputs}
        for kept in self._kept.values():
            if isinstance(kept, torch.nn.Module):
                kept.eval()
        with torch.no_grad():
            self._carry_out(self._plan, values, (key for key, _ in results.values()), "", ())
        return {name: values[value] for name, value in results.items()}

    def _carry_out(
        self, planned: Plan, values: dict[Value, Any], wanted: Iterable[str], front: str, times: tuple[int, ...]
    ) -> None:
        needed = ancestors(planned, wanted)
        for step in planned.steps.values():
            if step.id in needed and not isinstance(step.block, (Input, Target, Output, GroupInput, GroupOutput)):
                ports = zip(step.block.input_ports(), step.wires, strict=True)
                arriving = {port.name: values[wire.source, wire.output] for port, wire in ports if wire is not None}
                path = front + _place(step)
                if isinstance(step.block, Group):
                    leaving = self._group(step, step.block, list(arriving.values()), path, times)
                else:
                    leaving = _leaving(step, arriving, self._kept.get((path, times)))
                values.update({(step.id, port): value for port, value in leaving.items()})

    def _group(
        self, step: Step, group: Group, arriving: list[Any], path: str, times: tuple[int, ...]
    ) -> dict[str, torch.Tensor]:
        results = results_of(group, step.trace.inner[0].living)
        leaving: list[Any] = []
        for time, inner in enumerate(step.trace.inner):
            arriving = [*leaving, *arriving[len(leaving) :]]
            values = {(key, "y"): value for key, value in zip(group.inputs_inside(), arriving, strict=True)}
            self._carry_out(inner, values, (key for key, _ in results.values()), f"{path}/", (*times, time))
            leaving = [values[value] for value in results.values()]
        return dict(zip(results, leaving, strict=True))


def _place(step: Step) -> str:
    """Whose layer a step uses: without weights, there is nothing to share."""
    return step.shares if step.shares and step.trace.weights else step.id


def _leaving(step: Step, arriving: Mapping[str, Any], kept: Any) -> dict[str, torch.Tensor]:
    """What leaves a block, carried out by its own layer."""
    call, looked = step.trace.call, views(step)
    assert call is not None
    if call.kept == "module":
        answer = step.block.applied(*looked).make({**arriving, "module": kept})
    else:
        answer = kept if call.kept else call.make(arriving)
    value = step.block.forward(Call("answer"), *looked)
    parts = value if isinstance(value, tuple) else (value,)
    made = [part.make({**arriving, "answer": lambda: answer}) for part in parts]
    return dict(zip(step.block.output_ports(), made, strict=True))


def _copy(source: Any, target: Any) -> None:
    if isinstance(source, torch.nn.Module):
        target.load_state_dict(source.state_dict())
        for weight, other in zip(source.parameters(), target.parameters(), strict=True):
            other.requires_grad_(weight.requires_grad)  # torch has other ways for weights that stay
    else:
        target.data.copy_(source.data)


def _owned(graph: Graph, path: str) -> str:
    """A path that leads through the blocks that own the weights."""
    owners = []
    for key in path.split("/"):
        owners.append(graph.owner(key))
        block = graph.nodes[key].block
        graph = block.graph if isinstance(block, Group) else graph
    return "/".join(owners)
