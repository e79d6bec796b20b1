"""How long an edit takes to show its shapes, against asking torch itself for them, on tensors without data."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from engine.blocks import CATALOGUE, Block
from engine.call import Call, Expression
from engine.check import review
from engine.graph import Graph, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.plan import plan, trace_block
from engine.project import Project
from tests.engine.drawing import block

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
    rows += _transformer_rows()
    return rows


def _transformer_rows() -> list[dict[str, Any]]:
    """A GPT of 12 layers in nested groups: after an edit outside of the groups, and after one deep inside."""
    gpt = gpt_12()
    reference = _meta(plain_gpt_12())
    outside, within = _edits(gpt, "scores"), _edits_within(gpt)
    return [
        _row("GPT-12 after an edit outside, checked", lambda: review(next(outside)), reference),
        _row("GPT-12 after an edit inside, checked", lambda: review(next(within)), reference),
    ]


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


def gpt_12() -> Project:
    """Twelve transformer blocks as one repeated group, which holds a group for attention and one for the rest."""
    graph = Graph()
    for name, what in {
        "words": block("Input", sample_shape=(256,), dtype="int64"),
        "emb": block("Embedding", num_embeddings=50257, embedding_dim=768),
        "place": block("LearnedPositionalEncoding"),
        "layers": _layer(),
        "norm": block("LayerNorm"),
        "scores": block("Linear", out_features=50257, bias=False),
        "out": block("Output"),
    }.items():
        graph, _ = graph.add(what, name)
    return Project(graph=_in_a_row(graph, "words", "emb", "place", "layers", "norm", "scores", "out"))


def plain_gpt_12() -> Project:
    """The same without groups."""
    graph, previous = Graph().add(block("Input", sample_shape=(256,), dtype="int64"), "words")

    def then(what: Block, other: str | None = None) -> str:
        nonlocal graph, previous
        graph, key = graph.add(what)
        graph = graph.connect(Wire(previous, "y", key, what.input_ports()[0].name))
        if other is not None:
            graph = graph.connect(Wire(other, "y", key, what.input_ports()[1].name))
        previous = key
        return key

    then(block("Embedding", num_embeddings=50257, embedding_dim=768))
    skipped = then(block("LearnedPositionalEncoding"))
    for _ in range(12):
        then(block("LayerNorm"))
        then(block("MultiheadAttention", num_heads=12))
        skipped = then(block("Add"), skipped)
        for what in (block("LayerNorm"), block("Linear", out_features=3072), block("GELU")):
            then(what)
        then(block("Linear", out_features=768))
        skipped = then(block("Add"), skipped)
    then(block("LayerNorm"))
    then(block("Linear", out_features=50257, bias=False))
    then(block("Output"))
    return Project(graph=graph)


def _layer() -> Group:
    attention = {"norm": block("LayerNorm"), "heads": block("MultiheadAttention", num_heads=12)}
    rest = {
        "norm": block("LayerNorm"),
        "wide": block("Linear", out_features=3072),
        "act": block("GELU"),
        "narrow": block("Linear", out_features=768),
    }
    return _residual(
        {"attention": _residual(attention, "Attention"), "rest": _residual(rest, "Rest")},
        "Layer",
        skip=False,
        repeat=12,
    )


def _residual(inside: dict[str, Block], title: str, skip: bool = True, repeat: int = 1) -> Group:
    """Blocks in a row as a group, with a wire that skips them."""
    graph, start = Graph().add(GroupInput(), "x")
    for name, what in inside.items():
        graph, _ = graph.add(what, name)
    names = [start, *inside]
    if skip:
        graph, end = graph.add(block("Add"), "skip")
        graph = graph.connect(Wire(start, "y", end, "x2"))
        names.append(end)
    graph, leaves = graph.add(GroupOutput(), "y")
    return Group(title=title, repeat=repeat, graph=_in_a_row(graph, *names, leaves))


def _in_a_row(graph: Graph, *keys: str) -> Graph:
    for source, target in itertools.pairwise(keys):
        port = graph.nodes[target].block.input_ports()[0].name
        graph = graph.connect(Wire(source, graph.nodes[source].block.output_ports()[0], target, port))
    return graph


def _edits_within(project: Project) -> Any:
    """Each time with another width in the middle of each of the twelve layers."""
    path, width = ("layers", "rest"), 3072
    while True:
        width = 3072 if width > 4000 else width + 1
        inner = project.inside(path)
        yield project.put_back(path, inner.edit(inner.graph.change("wide", out_features=width)))


def _edits(project: Project, key: str = "") -> Any:
    """The project after one edit more each time: a layer in the middle, or the one named, gets other parameters."""
    graph: Graph = project.graph
    key = key or list(graph.nodes)[len(graph.nodes) // 2 // 8 * 8 + 1]
    name = type(graph.nodes[key].block).params()[0].name
    bias, size = True, 3
    while True:
        bias = not bias
        size = 3 if size > 60 else size + bias * 2
        yield project.edit(graph.change(key, **{"bias": bias, "kernel_size" if name == "out_channels" else name: size}))


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
                values[step.id, "y"] = torch.empty(2, *spec.sizes, dtype=getattr(torch, spec.dtype))
            for step in steps:
                ports = step.block.input_ports()
                views = [
                    spec and port.kind.view(spec, port.name) for port, spec in zip(ports, step.arrives, strict=True)
                ]
                inputs = {
                    port.name: values[wire.source, wire.output]
                    for port, wire in zip(ports, step.wires, strict=True)
                    if wire is not None
                }
                call = step.trace.call
                assert call is not None
                if call.kept == "module":
                    module = call.make({})
                    answer = step.block.applied(*views).make({"module": module, **inputs})
                else:
                    answer = call.make(inputs)
                leaves = step.block.forward(Call("answer"), *views)
                assert isinstance(leaves, Expression)
                values[step.id, "y"] = leaves.make({"answer": partial(_same, answer), **inputs})
        best.append((time.perf_counter() - started) * 1000)
    return min(best)


def _same(answer: Any) -> Any:
    return answer


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
