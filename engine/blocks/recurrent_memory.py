"""The memory of recurrent layers on its way in and out: torch puts layers first and the batch second, we don't."""

from __future__ import annotations

from collections.abc import Sequence

from engine.blocks.base import Shape
from engine.blocks.rules import in_words
from engine.call import Expression, Method, size, torch
from engine.problem import Misfit
from engine.tensor import AnyTensor


def check_memory(memory: AnyTensor | None, expected: Shape) -> None:
    """Refuse what doesn't have the shape of the layer's own memory.

    Raises:
        Misfit
    """
    if memory is None or memory.shape == expected:
        return
    where = "a row of numbers" if len(expected) == 1 else "a row for each layer and direction"
    resizes = memory.shape[:-1] == expected[:-1] and memory.shape[-1:] != (None,)
    raise Misfit(
        f"begins with a memory of {in_words(expected)} ({where}), but {memory.port} is {memory}",
        memory.port,
        "hidden_size" if resizes else None,
    )


def stacked(memories: Sequence[AnyTensor | None], x: AnyTensor) -> list[Expression]:
    """Memories as torch's layers take them, each (layers × directions, batch, hidden) and without gaps, for cuDNN.

    At least one is given; the others begin at zero. One without a batch axis, such as a learned one, is the same
    for all samples.
    """
    like = next(memory for memory in memories if memory is not None)
    return [_stacked(torch.zeros_like(like) if memory is None else memory, memory or like, x) for memory in memories]


def _stacked(memory: AnyTensor | Expression, like: AnyTensor, x: AnyTensor) -> Expression:
    one = len(like.shape) == 1
    moved: Expression
    if like.batched:
        moved = Method(memory, "unsqueeze", (0,)) if one else Method(memory, "transpose", (0, 1))
    elif one:
        moved = Method(memory, "expand", (1, size(x, 0), -1))
    else:
        moved = Method(Method(memory, "unsqueeze", (1,)), "expand", (-1, size(x, 0), -1))
    return Method(moved, "contiguous")


def by_sample(memories: Sequence[AnyTensor | None], x: AnyTensor) -> list[AnyTensor | Expression]:
    """Memories as torch's cells take them, each (batch, hidden); like `stacked` otherwise."""
    like = next(memory for memory in memories if memory is not None)
    found: list[AnyTensor | Expression] = []
    for memory in memories:
        value = torch.zeros_like(like) if memory is None else memory
        found.append(value if (memory or like).batched else Method(value, "expand", (size(x, 0), -1)))
    return found


def leaving(state: Expression, axes: int) -> Expression:
    """A state of torch's, (layers × directions, batch, hidden), sample by sample: with one axis if there is one row."""
    return Method(state, "squeeze", (0,)) if axes == 1 else Method(state, "transpose", (0, 1))
