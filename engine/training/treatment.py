"""How each weight of a network is to be treated while it learns, as the blocks and the groups around them say."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from engine.graph import Graph
from engine.group import Group
from engine.source import Source
from engine.weight_settings import WeightSettings

if TYPE_CHECKING:
    import torch


def treatment(
    network: torch.nn.Module, source: Source, graph: Graph
) -> list[tuple[torch.nn.Parameter, WeightSettings]]:
    """Every weight that learns, with its settings, in the order of the network's parameters.

    What a block leaves open, the group around it decides.
    """
    settings: dict[int, WeightSettings] = {}
    for dotted, path in source.holders.items():
        held = attrgetter(dotted)(network)
        known = _settings(graph, path)
        for weight in held.parameters() if hasattr(held, "parameters") else [held]:
            settings.setdefault(id(weight), known)
    return [
        (weight, settings.get(id(weight), WeightSettings())) for weight in network.parameters() if weight.requires_grad
    ]


def _settings(graph: Graph, path: str) -> WeightSettings:
    weight_decay, l1 = None, 0.0
    for key in path.split("/"):
        node = graph.nodes[key]
        weight_decay = weight_decay if node.weights.weight_decay is None else node.weights.weight_decay
        l1 = node.weights.l1 or l1
        if isinstance(node.block, Group):
            graph = node.block.graph
    return WeightSettings(weight_decay=weight_decay, l1=l1)
