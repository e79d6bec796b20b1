"""Projects for tests, drawn in a line or two: blocks by name, and wires such as `fc -> loss.prediction`."""

from __future__ import annotations

from typing import Any

from engine.blocks import CATALOGUE, Block
from engine.data import SOURCES, DataSettings
from engine.graph import Graph, Wire
from engine.project import Project
from engine.training.settings import TrainingSettings


def block(kind: str, **values: Any) -> Block:
    return CATALOGUE[kind].build(values)


def graph(blocks: dict[str, Block], *wires: str) -> Graph:
    """A graph whose ids are the names; a wire may leave out ports, which are then the first output and input."""
    drawn = Graph()
    for name, what in blocks.items():
        drawn, _ = drawn.add(what, name)
    for text in wires:
        for start, end in zip(text.split(" -> "), text.split(" -> ")[1:], strict=False):
            source, _, output = start.partition(".")
            target, _, entry = end.partition(".")
            outputs, inputs = blocks[source].output_ports(), blocks[target].input_ports()
            drawn = drawn.connect(Wire(source, output or outputs[0], target, entry or inputs[0].name))
    return drawn


def draw(
    blocks: dict[str, Block],
    *wires: str,
    source: str = "Digits",
    name: str = "drawn",
    data: Any = None,
    **training: Any,
) -> Project:
    """A project over a dataset, on the CPU; `training` are its settings, `data` those of its data."""
    settings = TrainingSettings().change(**{"device": "cpu", **training})
    return Project(
        name=name,
        graph=graph(blocks, *wires),
        data=DataSettings(source=SOURCES[source](), **(data or {})),
        training=settings,
    )


def classifier(*layers: Block, source: str = "Iris", **training: Any) -> Project:
    """features → layers → a score for each class → cross-entropy."""
    fields = {field.kind: field for field in reversed(SOURCES[source]().fields())}  # the first of each kind
    inside = {f"layer{number + 1}": layer for number, layer in enumerate(layers)}
    blocks = {
        "x_in": block("Input", field=fields["vector"].name),
        **inside,
        "scores": block("Linear", out_features=len(fields["class"].classes)),
        "label": block("Target", field=fields["class"].name),
        "loss": block("CrossEntropyLoss"),
    }
    chain = " -> ".join(["x_in", *inside, "scores", "loss.prediction"])
    return draw(blocks, chain, "label -> loss.target", source=source, **training)
