"""Axes by their number, counted as torch does: 0 is the batch, -1 the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.problem import Misfit
from engine.tensor import Size, TensorSpec

COUNTED = "counted as torch does: 0 is the batch, -1 the last."


def rank(x: TensorSpec) -> int:
    """The number of axes as torch counts them."""
    return len(x.shape) + x.batched


def axis(x: TensorSpec, dim: int, does: str = "works", param: str = "dim") -> int:
    """The place of axis `dim` in `x.shape`; `does` is what the block does along it: “joins”.

    Raises:
        Misfit: when it is the batch, or there is no such axis.
    """
    place = dim + rank(x) if dim < 0 else dim
    if x.batched and place == 0:
        raise Misfit(f"{does} along axis {dim}, which is the batch: samples stay apart", param=param)
    if not 0 <= place < rank(x):
        raise Misfit(f"{does} along axis {dim}, but {has(x)}", param=param)
    return place - x.batched


def axes(x: TensorSpec, dims: Sequence[int], does: str = "works", param: str = "dim") -> tuple[int, ...]:
    """The places of several axes, in the order they are given.

    Raises:
        Misfit: also when one is named twice.
    """
    places = tuple(axis(x, dim, does, param) for dim in dims)
    if len(set(places)) < len(places):
        raise Misfit(f"{does} along axes {', '.join(map(str, dims))}, of which two are the same", param=param)
    return places


def has(x: TensorSpec) -> str:
    """`4 × 6 has axes 1 to 2`"""
    if not x.shape:
        return "one number arrives" + (" for each sample" if x.batched else "")
    first, last = int(x.batched), rank(x) - 1
    return f"{x} has axes {first} to {last}" if first < last else f"{x} has only axis {first}"


def counted(x: TensorSpec, place: int) -> int:
    """The number of an axis, given its place in `x.shape`."""
    return place + x.batched


def replaced(shape: tuple[Size, ...], place: int, *sizes: Size) -> tuple[Size, ...]:
    """A shape in which one axis is replaced by others, or by none."""
    return (*shape[:place], *sizes, *shape[place + 1 :])


def short(dims: Sequence[int]) -> int | tuple[int, ...]:
    """Axes as a person writes them: one as a number, several as a tuple."""
    return dims[0] if len(dims) == 1 else tuple(dims)


def along(dim: int, part: Any) -> tuple[Any, ...]:
    """What stands in `x[…]` to take a part along one axis: `x[:, 2:5]`, and `x[..., 2:5]` when counted from the end."""
    if dim >= 0:
        return (*(slice(None),) * dim, part)
    return (..., part, *(slice(None),) * (-dim - 1))
