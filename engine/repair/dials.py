"""The parameters of a block that can be turned when it doesn't fit, and the values worth trying, the nearest first."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.blocks.base import Block
from engine.group import Group
from engine.record import BadValue, Param
from engine.tensor import TensorSpec

Specs = tuple[TensorSpec | None, ...]
SMALL = range(-4, 7)  # axes, strides, paddings, kernels
CHOICE = 0.1  # how large a change from one word to another is
MOST = 40  # values of one parameter
LARGEST_DIVIDED = 10**7


@dataclass(frozen=True)
class Dial:
    """One parameter of a block, or of a block in a group that shows it under a label."""

    param: Param
    value: Any
    exposed: bool = False

    def set(self, block: Block, value: Any) -> Block | None:
        """The block with another value there; None when that is no value for it."""
        try:
            if self.exposed and isinstance(block, Group):
                return block.set_exposed(self.param.label, value)
            return block.change(**{self.param.name: value})
        except BadValue:
            return None

    def effort(self, value: Any) -> float:
        """How large a change another value is, from 0 to 1: for numbers by their ratio, for words always small."""
        after = value if isinstance(value, tuple) else (value,)
        before = self.value if isinstance(self.value, tuple) else (self.value,)
        if self.value in self.param.choices and isinstance(value, tuple):
            before = (1,) * len(after)  # a word such as “same” in place of numbers
        if len(before) != len(after) or not all(type(number) in (int, float) for number in (*before, *after)):
            return CHOICE
        ratios = [_distance(new, old) for new, old in zip(after, before, strict=True)]
        return min(1.0, sum(ratios) / len(ratios) / 4)

    def words(self, value: Any, name: str) -> str:
        """What turning it is called, such as `Set groups of conv1 to 3`; without a name, as if it stood at hand."""
        label, whose = self.param.label.lower(), f" of {name}" if name else ""
        if self.param.name == "repeat" and value == 1:
            return f"Repeat {name or 'it'} once"
        if isinstance(value, bool):
            return f"Switch {label}{whose} {'on' if value else 'off'}"
        if value is None:
            return f"Leave {label}{whose} empty"
        return f"Set {label}{whose} to {self.param.format(value)}"


def dials(block: Block) -> Iterator[Dial]:
    """All parameters that may decide whether a block fits."""
    if isinstance(block, Group):
        yield Dial(Group.param("repeat"), block.repeat)
        for label in block.exposed_labels():
            yield Dial(block.exposed_param(label), block.exposed_value(label), exposed=True)
        return
    for described in type(block).params():
        yield Dial(described, getattr(block, described.name))


def values(
    dial: Dial,
    arrives: Specs,
    goals: Specs | None = None,
    fields: Iterable[str] = (),
    numbers: frozenset[int] = frozenset(),
) -> Iterator[Any]:
    """What may be tried there, in the order of least change.

    For a block in front of one that doesn't fit, `goals` are the shapes that what leaves has to go together with, and
    `numbers` what it may have to be divided by.
    """
    described, now = dial.param, dial.value
    offered: list[Any] = list(fields) if described.kind == "field" else []
    if described.kind == "bool":
        offered.append(not now)
    elif described.kind == "int":
        offered += _whole_numbers(now, _numbers(arrives if goals is None else goals) | numbers)
    elif described.kind == "sizes":
        offered += _sizes(now, (*arrives, *(goals or ())))
    elif described.kind == "shape":
        offered += _shapes(now, arrives, goals or ())
    elif described.kind == "numbers":
        offered += _axes(arrives)
    elif described.kind == "float":
        offered += [0.0, 1.0]
    offered += described.choices
    if described.kind not in ("text", "field"):
        offered.append(described.default)
    if described.optional:
        offered.append(None)
    tried: list[Any] = [now]
    for value in offered:
        if not any(value == other and type(value) is type(other) for other in tried):
            tried.append(value)
            yield value


def _numbers(specs: Specs) -> set[int]:
    """The sizes of all axes."""
    return {size for spec in specs if spec is not None for size in spec.shape if size is not None}


@functools.lru_cache(maxsize=1024)
def _divisors(number: int) -> frozenset[int]:
    if not 0 < number <= LARGEST_DIVIDED:
        return frozenset()
    small = [n for n in range(1, math.isqrt(number) + 1) if number % n == 0]
    return frozenset([*small, *(number // n for n in small)])


def _whole_numbers(now: Any, sizes: set[int] | frozenset[int]) -> list[int]:
    """These sizes, their divisors and multiples, and what lies near: the nearest to the present number first."""
    current = now if isinstance(now, int) else 1
    found = set(sizes).union(*(_divisors(size) for size in sizes), SMALL)
    found |= {current - 1, current + 1, 2 * current, current // 2}
    for size in sizes:
        if size > 1:
            found |= {current // size * size, -(-current // size) * size}
    return _nearest(found - {now}, current)[:MOST]


def _nearest(numbers: Iterable[int], current: int) -> list[int]:
    return sorted(numbers, key=lambda number: (_distance(number, current), number))


def _distance(number: float, current: float) -> float:
    """How large a change is: by the ratio for sizes, by the difference where one is not above zero."""
    if number > 0 and current > 0:
        return abs(math.log(number / current))
    return abs(number - current) / 2


def _sizes(now: Any, specs: Specs) -> list[tuple[int, ...]]:
    """A number for each axis: what fits into the input, what the others have, and one small number for all."""
    ranks = [len(spec.shape) for spec in specs if spec is not None]
    count = len(now) if isinstance(now, tuple) else max([1, *(rank - 1 for rank in ranks)])
    current = now if isinstance(now, tuple) else (1,) * count
    found: set[tuple[int, ...]] = {(number,) * count for number in (0, 1, 2, 3)}
    for spec in specs:
        if spec is not None and len(spec.shape) >= count:
            axes = tuple(size or k for size, k in zip(spec.shape[-count:], current, strict=True))
            found |= {axes, tuple(map(min, axes, current)), tuple(size // 2 for size in axes)}
    found |= {tuple(k // 2 for k in current), tuple(2 * k for k in current), tuple(k + 1 for k in current)}
    found |= {tuple(k - 1 for k in current)}
    order = sorted(found, key=lambda sizes: (sum(abs(a - b) for a, b in zip(sizes, current, strict=True)), sizes))
    return [sizes for sizes in order if sizes != now]


def _shapes(now: Any, arrives: Specs, goals: Specs) -> list[tuple[int, ...]]:
    """Layouts of the same numbers, and the shapes of the others."""
    current = now if isinstance(now, tuple) else ()
    found: list[tuple[int, ...]] = []
    for spec in arrives:
        if spec is None or None in spec.shape:
            continue
        for place in range(len(current)):
            others = math.prod(size for index, size in enumerate(current) if index != place and size > 0)
            if others and spec.numel % others == 0:
                found.append((*current[:place], spec.numel // others, *current[place + 1 :]))
        if len(current) == 2:
            found += [(part, size // part) for size in spec.sizes for part in _nearest(_divisors(size), current[0])]
        found += [spec.sizes, spec.sizes[1:], spec.sizes[:-1], spec.sizes[-1:]]
    found += [spec.sizes for spec in goals if spec is not None]
    found.append((-1,))
    return list(dict.fromkeys(shape for shape in found if shape))


def _axes(arrives: Specs) -> list[tuple[int, ...]]:
    """One axis, or two that follow each other, or all of them in another order, the batch in front."""
    ranks = sorted({len(spec.shape) for spec in arrives if spec is not None}, reverse=True)
    found: list[tuple[int, ...]] = []
    for rank in ranks:
        axes = tuple(range(1, rank + 1))
        found += [(axis,) for axis in axes] + list(itertools.pairwise(axes)) + [axes]
        found += [(0, *order) for order in (axes[1:] + axes[:1], axes[-1:] + axes[:-1], axes[::-1], axes)]
        found += [(0, *order) for order in itertools.permutations(axes)] if rank <= 4 else []
    return list(dict.fromkeys(found))
