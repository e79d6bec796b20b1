"""How long an edit takes to show its shapes, against asking torch itself for them, on tensors without data."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from engine.blocks import CATALOGUE
from engine.call import Call
from engine.check import review
from engine.graph import Graph, Wire
from engine.plan import plan, trace_block
from engine.project import Project

ROUNDS = 7


def measure() -> list[dict[str, Any]]:
    """Milliseconds for 200 blocks after one edit, and for 1000 blocks of which nothing is known yet."""
    rows = []
    small, large = _network(200), _network(1000)
    meta = {len(project.graph.nodes): _meta(project) for project in (small, large)}
    edits = _edits(small)
    rows.append(_row("200 blocks after an edit, planned", lambda: plan(next(edits).graph, {}), meta[200]))
    rows.append(_row("200 blocks after an edit, checked", lambda: review(next(edits)), meta[200]))
    rows.append(_row("1000 blocks cold, planned", lambda: plan(large.graph, {}), meta[1000], cold=True))
    rows.append(_row("1000 blocks cold, checked", lambda: review(large), meta[1000], cold=True))
    return rows


def _network(size: int) -> Project:
    """Convolutions, norms and activations in a row, every eighth with a residual connection."""
    project = Project()
    graph, previous = project.graph.add(CATALOGUE["Input"](sample_shape=(8, 32, 32)), "image")
    kinds = ("Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "BatchNorm2d", "ReLU", "Dropout", "Add")
    skipped = previous
    for number in range(size - 2):
        kind = kinds[number % len(kinds)]
        values = {"out_channels": 8, "padding": "same"} if kind == "Conv2d" else {}
        graph, key = graph.add(CATALOGUE[kind](**values), f"block{number}")
        graph = graph.connect(Wire(previous, "y", key, "x1" if kind == "Add" else "x"))
        if kind == "Add":
            graph = graph.connect(Wire(skipped, "y", key, "x2"))
            skipped = key
        previous = key
    graph, output = graph.add(CATALOGUE["Output"](), "out")
    return project.edit(graph.connect(Wire(previous, "y", output, "x")))


def _edits(project: Project) -> Any:
    """The project after one edit more each time: the bias of a layer in the middle is switched."""
    graph: Graph = project.graph
    key = list(graph.nodes)[len(graph.nodes) // 2 // 8 * 8 + 1]
    bias, kernel = True, 3
    while True:
        bias = not bias
        kernel = 3 if kernel > 60 else kernel + bias * 2
        yield project.edit(graph.change(key, bias=bias, kernel_size=kernel))


def _meta(project: Project) -> float:
    """Milliseconds that torch needs to tell all shapes of the network, layers built without memory."""
    import torch

    planned = plan(project.graph, {})
    steps = [step for step in planned.steps.values() if step.trace.call is not None]
    best = []
    for _ in range(3):
        started = time.perf_counter()
        values: dict[tuple[str, str], Any] = {}
        with torch.device("meta"):
            for step in planned.inputs:
                spec = step.leaves[0]
                assert spec is not None
                values[step.id, "y"] = torch.empty(2, *spec.sizes)
            for step in steps:
                inputs = {
                    port.name: values[wire.source, wire.output]
                    for port, wire in zip(step.block.input_ports(), step.wires, strict=True)
                    if wire is not None
                }
                call = step.trace.call
                assert call is not None
                module = call.make({}) if isinstance(call, Call) and call.builds_module else None
                values[step.id, "y"] = module(*inputs.values()) if module is not None else call.make(inputs)
        best.append((time.perf_counter() - started) * 1000)
    return min(best)


def _row(name: str, work: Callable[[], object], reference: float, cold: bool = False) -> dict[str, Any]:
    times = []
    for _ in range(ROUNDS):
        if cold:
            trace_block.cache_clear()
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    ours = statistics.median(times)
    title = f"{name} against meta tensors"
    return {"name": title, "ours": ours, "reference": reference, "ratio": reference / ours, "unit": "ms"}
