"""Blocks that may be put on a wire so that it fits, and blocks that may stand in for one another: tables."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.blocks import CATALOGUE
from engine.blocks.base import Block, Loss
from engine.record import BadValue
from engine.tensor import NUMBERS, TensorSpec

Values = Iterator[Mapping[str, Any]]
Specs = tuple[TensorSpec, ...]


@dataclass(frozen=True)
class Adapter:
    """A block that makes one shape or dtype of another; `values` gives the parameters worth trying.

    It is given what arrives and what the wire shall go together with; `cost` says how large the change is felt to be.
    """

    block: str
    cost: float
    values: Callable[[TensorSpec, Specs], Values]


def _as_it_is(have: TensorSpec, goals: Specs) -> Values:
    yield {}


def _dtypes(have: TensorSpec, goals: Specs) -> Values:
    yield from ({"dtype": dtype} for dtype in NUMBERS if dtype != have.dtype)


def _flattened(have: TensorSpec, goals: Specs) -> Values:
    if len(have.shape) > 1:
        yield {}


def _partly_flattened(have: TensorSpec, goals: Specs) -> Values:
    rank = len(have.shape)
    for first in range(2, rank):
        yield {"start_dim": first}
    for last in range(2, rank):
        yield {"end_dim": last}


def _new_axes(have: TensorSpec, goals: Specs) -> Values:
    yield from ({"dim": axis} for axis in range(1, len(have.shape) + 2))


def _lone_axes(have: TensorSpec, goals: Specs) -> Values:
    yield from ({"dim": (axis,)} for axis, size in enumerate(have.shape, start=1) if size == 1)


def _axes(have: TensorSpec, goals: Specs) -> Values:
    yield from ({"dim": (axis,)} for axis in range(1, len(have.shape) + 1))


def _last_steps(have: TensorSpec, goals: Specs) -> Values:
    if len(have.shape) > 1:
        yield {"dim": 1, "index": -1}


def _swapped_axes(have: TensorSpec, goals: Specs) -> Values:
    for first, second in itertools.combinations(range(1, len(have.shape) + 1), 2):
        yield {"dim0": first, "dim1": second}


def _turned_axes(have: TensorSpec, goals: Specs) -> Values:
    """The last axis in front, and the first at the end: channels last and channels first."""
    axes = tuple(range(1, len(have.shape) + 1))
    if len(axes) > 2:
        yield {"dims": (0, *axes[-1:], *axes[:-1])}
        yield {"dims": (0, *axes[1:], *axes[:1])}


def _layouts(have: TensorSpec, goals: Specs) -> Values:
    for goal in goals:
        if None not in goal.shape and goal.shape and goal.numel == have.numel:
            yield {"sample_shape": goal.shape}


def _pictures(have: TensorSpec, goals: Specs) -> Values:
    """A row of numbers as a grey or a coloured square, or as channels of one pixel each."""
    size = have.shape[0] if len(have.shape) == 1 else None
    if size is None:
        return
    for channels in (1, 3):
        edge = math.isqrt(size // channels)
        if edge > 1 and channels * edge * edge == size:
            yield {"sample_shape": (channels, edge, edge)}
    yield {"sample_shape": (size, 1, 1)}


def _features(have: TensorSpec, goals: Specs) -> Values:
    yield from ({"out_features": goal.shape[-1]} for goal in goals if goal.shape and goal.shape[-1])


def _channels(count: int) -> Callable[[TensorSpec, Specs], Values]:
    def channels(have: TensorSpec, goals: Specs) -> Values:
        if len(have.shape) != count + 1:
            return
        for goal in goals:
            if len(goal.shape) == count + 1 and goal.shape[0]:
                yield {"out_channels": goal.shape[0], "kernel_size": 1}

    return channels


def _places(count: int, name: str) -> Callable[[TensorSpec, Specs], Values]:
    def places(have: TensorSpec, goals: Specs) -> Values:
        if len(have.shape) != count + 1:
            return
        for goal in goals:
            sizes = goal.shape[1:]
            if len(sizes) == count and None not in sizes:
                yield {name: sizes if count > 1 else sizes[0]}

    return places


ADAPTERS = (
    Adapter("Cast", 1.5, _dtypes),
    Adapter("Embedding", 1.8, _as_it_is),
    Adapter("Flatten", 2.0, _flattened),
    Adapter("Flatten", 2.4, _partly_flattened),
    Adapter("Unsqueeze", 2.4, _new_axes),
    Adapter("Squeeze", 2.2, _lone_axes),
    Adapter("Transpose", 2.5, _swapped_axes),
    Adapter("Permute", 2.6, _turned_axes),
    Adapter("Select", 2.8, _last_steps),
    Adapter("Mean", 2.9, _axes),
    Adapter("Reshape", 3.0, _layouts),
    Adapter("Reshape", 3.1, _pictures),
    Adapter("Linear", 3.0, _features),
    *(Adapter(f"Conv{count}d", 3.0, _channels(count)) for count in (1, 2, 3)),
    *(Adapter(f"AdaptiveAvgPool{count}d", 3.2, _places(count, "output_size")) for count in (1, 2, 3)),
)

LOSSES = ("CrossEntropyLoss", "BCEWithLogitsLoss", "MSELoss", "NLLLoss", "L1Loss")
DIMENSION = re.compile(r"(.+)([123])d\Z")


def adapters(have: TensorSpec, goals: Specs) -> Iterator[tuple[float, Block]]:
    """Blocks to put on a wire that carries `have`, with what each costs."""
    for adapter in ADAPTERS:
        kind = CATALOGUE.get(adapter.block)
        if kind is None:
            continue
        for values in adapter.values(have, goals):
            built = _ready(kind, tuple(values.items()))
            if built is not None:
                yield adapter.cost, built


def siblings(block: Block) -> Iterator[Block]:
    """The same for signals, images and volumes, or for any shape; for a loss, the other common ones."""
    name = type(block).__name__
    match = DIMENSION.fullmatch(name)
    names = [*(f"{match[1]}{count}d" for count in (1, 2, 3)), match[1]] if match else []
    if isinstance(block, Loss):
        names += LOSSES
    for other in names:
        kind = CATALOGUE.get(other)
        if kind is not None and other != name:
            found = _carried(kind, block)
            if found is not None:
                yield found


def _carried(kind: type[Block], block: Block) -> Block | None:
    """A block of another class with the same values, as far as they go."""
    values = {}
    for described in kind.params():
        value = block.values().get(described.name)
        if described.name not in block.values():
            continue
        for form in _forms(value):
            if _built(kind, {described.name: form}) is not None:
                values[described.name] = form
                break
    return _built(kind, values)


def _forms(value: Any) -> tuple[Any, ...]:
    """One number for several axes and the other way round."""
    if isinstance(value, tuple) and value:
        return (value, (*value, value[-1]), value[1:], value[0])
    return (value,)


@functools.lru_cache(maxsize=4096)
def _ready(kind: type[Block], values: tuple[tuple[str, Any], ...]) -> Block | None:
    """An adapter, of which the same few are asked for again and again."""
    return _built(kind, dict(values))


def _built(kind: type[Block], values: Mapping[str, Any]) -> Block | None:
    try:
        return kind.build(values)
    except BadValue:
        return None
