"""How the axes of several tensors line up when an operation works number by number, the batch axis kept apart.

Torch lines axes up from the last one, and does not know which of them is the batch. Here it is a thing
of its own: it may meet another batch axis, an axis of size 1 or nothing, never an axis of the samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from engine.problem import Misfit
from engine.tensor import AnyTensor, Size, TensorSpec

BATCH: Final = "batch"
Axis = Size | Literal["batch"]
FullShape = tuple[Axis, ...]
DTYPES = ("bool", "int64", "float32")  # each takes in those before it


def full(x: TensorSpec) -> FullShape:
    """The shape as torch sees it, the batch axis in its place."""
    return (BATCH, *x.shape) if x.batched else x.shape


def spec_of(shape: FullShape, dtype: str) -> TensorSpec:
    """The inverse of `full`."""
    batched = shape[:1] == (BATCH,)
    return TensorSpec(tuple(size for size in shape if size != BATCH), dtype, batched)


def promoted(*dtypes: str) -> str:
    """What torch makes of numbers of several kinds."""
    return max(dtypes, key=DTYPES.index)


def broadcast(xs: Sequence[AnyTensor], does: str = "works number by number") -> FullShape:
    """The full shape of an operation number by number; axes of size 1 stretch (torch, "Broadcasting semantics").

    Raises:
        Misfit: when two shapes don't line up, or an axis would meet the batch.
    """
    result = lined_up([full(x) for x in xs])
    if result is not None:
        return result
    for place, x in enumerate(xs):
        for other in xs[:place]:
            if lined_up([full(other), full(x)]) is None:
                raise Misfit(f"{does}, so {_trouble(other, x)}", x.port)
    raise Misfit(f"{does}, which the shapes of its inputs don't allow", xs[-1].port)


def _trouble(one: AnyTensor, other: AnyTensor) -> str:
    shapes = f"{one.port} is {one} and {other.port} is {other}"
    if one.batched == other.batched:
        more = "" if len(one.shape) == len(other.shape) else "; an axis of size 1 (Unsqueeze) would line them up"
        return f"its inputs need one shape, but {shapes}{more}"
    single = other if one.batched else one
    if lined_up([one.shape, other.shape]) is None:
        return f"its inputs need one shape, but {shapes}"
    return f"axis 0 of {single.port}, which has no batch axis, would meet the batch, since {shapes}"


def lined_up(shapes: Sequence[FullShape]) -> FullShape | None:
    """Shapes stretched to one, lined up from the last axis; None where they don't go together."""
    rank = max(map(len, shapes))
    result: list[Axis] = []
    for place in range(-rank, 0):
        meeting = [shape[place] for shape in shapes if len(shape) >= -place and shape[place] != 1]
        if len(set(meeting)) > 1 or (BATCH in meeting and place != -rank):
            return None
        result.append(meeting[0] if meeting else 1)
    return tuple(result)
