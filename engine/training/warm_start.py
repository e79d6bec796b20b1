"""Begin with the weights of an earlier run, where its blocks still fit; the others begin as their seed says.

A block is found again by its id, else by its path in names, else by its own name where no other bears it. It fits when
it is of the same kind and no weight that both have differs in shape; statistics, such as those of batch normalisation,
come along. What does not fit is never cut or filled up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.compile import source_of
from engine.graph import Graph
from engine.group import Group, path_in_names
from engine.problem import UserError
from engine.project import Project
from engine.source import Source
from engine.training.events import WarmStarted
from engine.training.history import record
from engine.training.run import RunFolder
from engine.training.state import load_state

if TYPE_CHECKING:
    import torch

Checkpoint = Literal["best", "last"]
Reading = tuple["Checkpoint", "dict[str, torch.Tensor]"]
# Which repetition a layer stands in: for each group around it, the innermost being 0, how many came before. Where none
# did, nothing is said, so that a group drawn around blocks, or repeated from now on, changes nothing for the first.
Place = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Origin:
    """A run whose weights another one begins with."""

    folder: RunFolder
    project: Project
    checkpoint: Checkpoint
    epoch: int  # after which the weights were kept; 0 where that is not known
    weights: Mapping[str, torch.Tensor]  # by the names of the network's state

    @property
    def name(self) -> str:
        return f"run {self.folder.number}" if self.folder.number else f"the run in {self.folder.path.name}"


def origin_in(path: Path) -> Origin:
    """What a run left behind: the weights of its best epoch, or else those that were saved last.

    Where weights were averaged, the averages, since these are what was validated.

    Raises:
        UserError: when there is no run, or nothing of it can be read.
    """
    folder = RunFolder.existing(path)
    project = folder.read_project()
    checkpoint, weights = _read(folder)
    known = record(path)
    return Origin(folder, project, checkpoint, known.best_epoch if checkpoint == "best" else known.epochs, weights)


def _read(folder: RunFolder) -> Reading:
    if (folder.path / "best.safetensors").exists():
        return "best", folder.read_best()
    saved = load_state(folder.path / "last")
    return "last", saved.learning.get("averaging", {}).get("average") or saved.network


@dataclass
class _Held:
    """A layer of a network and what it holds; a group in series has one for each repetition."""

    block: str  # path in ids
    name: str  # path in names
    kind: str
    place: Place
    weights: dict[str, torch.Tensor] = field(default_factory=dict)  # by name in the layer


def warm_start(network: torch.nn.Module, source: Source, graph: Graph, origin: Origin) -> WarmStarted:
    """Put the weights that fit in place, and tell which.

    Raises:
        UserError: when the design of the earlier run can't be read any more.
    """
    import torch

    try:
        printed = source_of(origin.project)
    except UserError as error:
        words = f"The design of {origin.name} can't be read any more, so its weights can't be placed"
        raise UserError(f"{words}: {error}") from None
    before = _held(origin.weights, printed, origin.project.graph)
    layers = _held(network.state_dict(), source, graph)
    reasons: dict[str, list[str]] = {}
    fresh: dict[str, str] = {}
    taken = 0
    found = _found(layers, before)
    for layer in layers:
        old = found.get((layer.block, layer.place))
        reason = _misfit(layer, old, origin.name)
        reasons.setdefault(layer.name, []).append(reason)
        if reason or old is None:
            continue
        for name, tensor in layer.weights.items():
            if name in old.weights:
                with torch.no_grad():
                    tensor.copy_(old.weights[name])
                taken += tensor.numel()
            else:
                fresh[f"{layer.name}.{name}"] = f"{origin.name} had none"
    fresh |= {name: _together(each) for name, each in reasons.items() if any(each)}
    return WarmStarted(
        run=origin.folder.number,
        run_dir=str(origin.folder.path),
        checkpoint=origin.checkpoint,
        epoch=origin.epoch,
        kept=tuple(name for name, each in reasons.items() if not any(each)),
        fresh=fresh,
        numbers_kept=taken,
        numbers=sum(tensor.numel() for layer in layers for tensor in layer.weights.values()),
    )


def _found(layers: Iterable[_Held], before: Iterable[_Held]) -> dict[tuple[str, Place], _Held]:
    """The layer of the earlier run for each of these that has one."""
    layers, before = list(layers), list(before)
    by_block = {(old.block, old.place): old for old in before}
    blocks, old_blocks = {layer.block for layer in layers}, {old.block for old in before}
    left = [old for old in before if old.block not in blocks]  # those whose id is gone
    by_name = {(old.name, old.place): old for old in left}
    lost = [layer for layer in layers if layer.block not in old_blocks]  # and those whose id is new
    by_own_name = _alone(left)
    may = _alone(layer for layer in lost if (layer.name, layer.place) not in by_name)
    found = {}
    for layer in layers:
        key = (layer.block, layer.place)
        old = by_block.get(key)
        if old is None and layer.block not in old_blocks:
            old = by_name.get((layer.name, layer.place))
            if old is None and _own(layer) in may:
                old = by_own_name.get(_own(layer))
        if old is not None:
            found[key] = old
    return found


def _own(layer: _Held) -> tuple[str, Place]:
    return layer.name.rpartition("/")[2], layer.place


def _alone(layers: Iterable[_Held]) -> dict[tuple[str, Place], _Held]:
    """Layers by their own name, those left out that share it with another."""
    layers = list(layers)
    counted = Counter(_own(layer) for layer in layers)
    return {_own(layer): layer for layer in layers if counted[_own(layer)] == 1}


def _misfit(layer: _Held, old: _Held | None, run: str) -> str:
    """Why a layer can't take the weights of the earlier one; empty when it can."""
    if old is None:
        return f"not in {run}"
    if layer.kind != old.kind:
        return f"{layer.kind}, was {old.kind}"
    for name, tensor in layer.weights.items():
        if name in old.weights and tensor.shape != old.weights[name].shape:
            return f"{_sizes(tensor)}, was {_sizes(old.weights[name])}"
    return "" if layer.weights.keys() & old.weights.keys() else f"{run} had other weights"


def _sizes(tensor: torch.Tensor) -> str:
    return " × ".join(str(size) for size in tensor.shape) or "one number"


def _together(reasons: list[str]) -> str:
    """One reason for the repetitions of a block."""
    told = [reason for reason in reasons if reason]
    return told[0] if len(told) == len(reasons) else f"{len(told)} of {len(reasons)} repetitions: {told[0]}"


def _held(weights: Mapping[str, torch.Tensor], source: Source, graph: Graph) -> list[_Held]:
    """The layers that hold these weights, in the order of the network."""
    counts: Counter[str] = Counter()
    layers: dict[str, _Held] = {}
    for dotted, path in source.holders.items():
        kind, repeats = _on_the_way(graph, path)
        place = _unravelled(counts[path], repeats)
        layers[dotted] = _Held(path, path_in_names(graph, path), kind, place)
        counts[path] += 1
    for key, tensor in weights.items():
        parts = key.split(".")
        for depth in range(len(parts), 0, -1):
            layer = layers.get(".".join(parts[:depth]))
            if layer is not None:
                layer.weights[".".join(parts[depth:])] = tensor
                break
    return [layer for layer in layers.values() if layer.weights]


def _on_the_way(graph: Graph, path: str) -> tuple[str, list[int]]:
    """The kind of the block at a path, and how often each group on the way to it is repeated."""
    kind, repeats = "", []
    for key in path.split("/"):
        block = graph.nodes[key].block
        kind = type(block).__name__
        if isinstance(block, Group):
            graph = block.graph
            repeats.append(block.repeat)
    return kind, repeats


def _unravelled(count: int, repeats: list[int]) -> Place:
    """Which repetition of each group the layer is that comes after `count` others of its block."""
    place = []
    for depth, repeat in enumerate(reversed(repeats)):
        count, rest = divmod(count, repeat)
        if rest:
            place.append((depth, rest))
    return (*place, (len(repeats), count)) if count else tuple(place)


def in_words(event: WarmStarted) -> str:
    """What was kept and what is new, as a sentence or two."""
    run = f"run {event.run}" if event.run else event.run_dir
    when = f", epoch {event.epoch}" if event.epoch else ""
    blocks = len(event.kept) + len({name for name in event.fresh if not _is_weight(name, event.kept)})
    told = f"Begins with the {event.checkpoint} weights of {run}{when}: "
    told += f"{len(event.kept)} of {blocks} blocks kept" if event.fresh else "all blocks kept"
    new = "; ".join(f"{name} ({why})" for name, why in event.fresh.items())
    return f"{told}. New: {new}." if new else f"{told}."


def _is_weight(name: str, kept: Iterable[str]) -> bool:
    """Whether it is a single weight of a block that was kept."""
    return any(name.startswith(f"{block}.") for block in kept)
