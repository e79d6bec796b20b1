"""What the arrow keys make of a number: the next whole one, or the next in the last digit that counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any


def whole(value: int, steps: int) -> int:
    """`8` → `9`."""
    return value + steps


def decimal(value: float, steps: int) -> float:
    """`0.5` → `0.6`, `0.001` → `0.002`, and down from there `0.0009`: a step is one in the first digit."""
    for _ in range(abs(steps)):
        value = _decimal(value, 1 if steps > 0 else -1)
    return value


def _decimal(value: float, direction: int) -> float:
    if value == 0:
        return 0.1 * direction
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    shrinks = (value > 0) != (direction > 0)
    if shrinks and math.isclose(abs(value), 10.0**exponent):
        exponent -= 1
    return round(value + direction * 10.0**exponent, max(0, 12 - exponent))


def each(value: tuple[int | None, ...], steps: int) -> tuple[int | None, ...]:
    """`3 × 3` → `4 × 4`; an axis that keeps its size goes on keeping it."""
    if not isinstance(value, tuple):
        return value
    return tuple(None if item is None else whole(item, steps) for item in value)


STEPS: Mapping[str, Callable[[Any, int], Any]] = {"int": whole, "float": decimal, "sizes": each}
