"""How each weight of a network is to be treated while it learns, as the blocks and the groups around them say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.graph import Graph
from engine.group import Group, path_in_names
from engine.source import Source

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Treated:
    """A weight that learns, and what is said of it; what is None is left to the training's own settings."""

    weight: torch.nn.Parameter
    weight_decay: float | None = None
    l1: float | None = None
    learning_rate: float = 1.0  # factor of the training's
    table: bool = False  # whether its rows are looked up, as those of an embedding are
    path: str = ""  # of the block that owns it

    @property
    def wishes(self) -> tuple[float | None, float | None, float, bool]:
        """All that is said of it; weights with the same wishes are treated alike."""
        return self.weight_decay, self.l1, self.learning_rate, self.table

    def faster(self, factor: float) -> Treated:
        """The same, learning so many times faster."""
        return replace(self, learning_rate=self.learning_rate * factor)


def treatment(network: torch.nn.Module, source: Source, graph: Graph) -> list[Treated]:
    """Every weight that learns, with its treatment, in the order of the network's parameters.

    What a block leaves open, the group around it decides; factors of the learning rate multiply.
    """
    import torch

    tables = {
        id(module.weight)
        for module in network.modules()
        if isinstance(module, (torch.nn.Embedding, torch.nn.EmbeddingBag))
    }
    paths: dict[int, str] = {}
    for dotted, path in source.holders.items():
        held = attrgetter(dotted)(network)
        for weight in held.parameters() if hasattr(held, "parameters") else [held]:
            paths.setdefault(id(weight), path)
    return [
        _treated(weight, graph, paths.get(id(weight)), id(weight) in tables)
        for weight in network.parameters()
        if weight.requires_grad
    ]


def _treated(weight: torch.nn.Parameter, graph: Graph, path: str | None, table: bool) -> Treated:
    weight_decay, l1, learning_rate, owners = None, None, 1.0, list[str]()
    for key in path.split("/") if path is not None else ():
        node = graph.nodes[key]
        owners.append(graph.owner(key))
        weight_decay = weight_decay if node.weights.weight_decay is None else node.weights.weight_decay
        l1 = l1 if node.weights.l1 is None else node.weights.l1
        learning_rate *= node.weights.learning_rate
        if isinstance(node.block, Group):
            graph = node.block.graph
    return Treated(weight, weight_decay, l1, learning_rate, table, "/".join(owners))


def blocks_with_weights(network: torch.nn.Module, source: Source, graph: Graph) -> dict[str, list[Any]]:
    """The weights of each block by its path in names; a group has all that are in it."""
    import torch

    blocks: dict[str, list[Any]] = {}
    for dotted, key in source.holders.items():
        held = attrgetter(dotted)(network)
        weights = list(held.parameters()) if isinstance(held, torch.nn.Module) else [held] * held.requires_grad
        names = path_in_names(graph, key).split("/")
        for depth in range(1, len(names) + 1) if weights else ():
            blocks.setdefault("/".join(names[:depth]), []).extend(weights)
    return blocks
