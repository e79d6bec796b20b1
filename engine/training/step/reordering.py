"""ReLU behind max pooling instead of in front of it, where it has a fraction of the numbers to look at.

The largest number of a window is the same before and after ReLU, but for negative ones, which become 0 either way and
learn nothing. So losses and gradients stay what they are to the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import torch

from engine.training.step.recording import Operation, storage_of


class _Pooling(NamedTuple):
    """Four operations that stand together, in their order."""

    relu: Operation
    pool: Operation
    pool_back: Operation
    relu_back: Operation


def pooled_first(operations: Sequence[Operation], ends: Collection[int]) -> list[Operation]:
    """The operations, with the two exchanged wherever that is exact; `ends` are memories that are looked at later."""
    result = list(operations)
    for relu in operations:
        found = _pooling_of(relu, operations, ends) if relu.name == "relu" else None
        if found is not None:
            result = _exchanged(result, found)
    return result


def _pooling_of(relu: Operation, operations: Sequence[Operation], ends: Collection[int]) -> _Pooling | None:
    if len(relu.takes) != 1 or len(relu.results) != 1 or relu.takes[0].stride() != relu.results[0].stride():
        return None
    by_name = {user.name: user for user in _users(relu.results[0], operations)}
    names = {"max_pool2d_with_indices", "max_pool2d_with_indices_backward", "threshold_backward"}
    if by_name.keys() != names or len(_users(relu.results[0], operations)) != len(names):
        return None
    found = _Pooling(relu, *(by_name[name] for name in sorted(names)))
    slope, way_back = found.pool_back.results[0], found.relu_back.results[0]
    fits = (
        _same(found.pool.arguments[0], relu.result)
        and _same(found.pool_back.arguments[1], relu.result)
        and _same(found.relu_back.arguments[0], slope)
        and found.relu_back.arguments[2] == 0
        and _users(slope, operations) == [found.relu_back]
        and slope.stride() == way_back.stride()
    )
    memories = {storage_of(tensor) for each in found for tensor in (*each.takes, *each.results)}
    untouched = not any(storage_of(tensor) in memories for each in operations for tensor in each.writes)
    hidden = not {storage_of(relu.results[0]), storage_of(slope)} & set(ends)
    return found if fits and untouched and hidden else None


def _exchanged(operations: list[Operation], found: _Pooling) -> list[Operation]:
    relu, pool, pool_back, relu_back = found
    before, (pooled, places) = relu.arguments[0], pool.result
    raw, slope = torch.empty_like(pooled), torch.empty_like(pool_back.arguments[0])
    instead = {
        id(relu): [],
        id(pool): [
            Operation(pool.function, (before, *pool.arguments[1:]), pool.named, (raw, places)),
            Operation(relu.function, (raw,), relu.named, pooled),
        ],
        id(pool_back): [
            Operation(relu_back.function, (pool_back.arguments[0], pooled, 0), relu_back.named, slope),
            Operation(pool_back.function, (slope, before, *pool_back.arguments[2:]), pool_back.named, relu_back.result),
        ],
        id(relu_back): [],
    }
    return [new for each in operations for new in instead.get(id(each), [each])]


def _users(tensor: torch.Tensor, operations: Sequence[Operation]) -> list[Operation]:
    return [each for each in operations if any(storage_of(taken) == storage_of(tensor) for taken in each.takes)]


def _same(one: torch.Tensor, two: torch.Tensor) -> bool:
    return storage_of(one) == storage_of(two) and one.shape == two.shape
