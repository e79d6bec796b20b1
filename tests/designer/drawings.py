"""Projects to test views with."""

from __future__ import annotations

import itertools

from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project


def classifier(softmax: bool = False) -> Project:
    """Digits through two convolutions and a linear layer; with `softmax` it has a classic problem."""
    chain = [
        ("image", CATALOGUE["Input"](field="image")),
        ("conv1", CATALOGUE["Conv2d"](out_channels=32)),
        ("conv2", CATALOGUE["Conv2d"](out_channels=64)),
        ("flatten", CATALOGUE["Flatten"]()),
        ("logits", CATALOGUE["Linear"](out_features=10)),
    ]
    if softmax:
        chain.append(("softmax", CATALOGUE["Softmax"]()))
    project = Project(name="digits")
    for place, (name, block) in enumerate(chain):
        project, _ = project.add(block, (200 * place, 0), name)
    project, _ = project.add(CATALOGUE["Target"](field="digit"), (0, 200), "label")
    project, _ = project.add(CATALOGUE["CrossEntropyLoss"](), (1200, 0), "loss")
    names = [name for name, _ in chain]
    graph = project.graph
    for source, target in itertools.pairwise(names):
        graph = graph.connect(Wire(source, "y", target, "x"))
    graph = graph.connect(Wire(names[-1], "y", "loss", "prediction")).connect(Wire("label", "y", "loss", "target"))
    return project.edit(graph)
