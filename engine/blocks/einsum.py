"""Read an equation of Einstein's such as `bik,bkj->bij`: which axis has which letter, and what comes out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from engine.blocks.axes import rank
from engine.blocks.broadcasting import BATCH, Axis, FullShape, full
from engine.problem import Misfit
from engine.tensor import AnyTensor

Letters = tuple[str, ...]


@dataclass(frozen=True)
class Einstein:
    """An equation whose letters have found their axes.

    The axes that `...` stands for are called “…1”, “…2”, from the last one on.
    """

    terms: tuple[Letters, ...]
    output: Letters
    sizes: dict[str, Axis]

    @classmethod
    def read(cls, equation: str, xs: Sequence[AnyTensor]) -> Self:
        """Give each axis of the inputs its letter.

        Raises:
            Misfit: when equation and inputs don't go together, or an axis would be mixed with the batch.
        """
        entering, leaving = _halves(equation)
        if len(entering) != len(xs):
            raise Misfit(
                f"has an equation for {len(entering)} input{'s' * (len(entering) != 1)}, but {len(xs)} of them",
                param="inputs",
            )
        terms = tuple(_spread(term, x) for term, x in zip(entering, xs, strict=True))
        sizes: dict[str, Axis] = {}
        for letters, x in zip(terms, xs, strict=True):
            own: dict[str, Axis] = {}
            for letter, size in zip(letters, full(x), strict=True):
                known = own.get(letter, sizes.get(letter, 1))
                if known != size and (letter in own or 1 not in (known, size)):
                    raise Misfit(_clash(letter, known, size), x.port, "equation")
                own[letter] = size
            sizes |= {letter: size for letter, size in own.items() if sizes.get(letter, 1) == 1}
        hidden = sorted((letter for letter in sizes if letter.startswith("…")), key=lambda name: -int(name[1:]))
        output = tuple(name for part in leaving for name in (hidden if part == "..." else (part,)))
        if hidden and "..." not in leaving:
            raise Misfit("has ... on the left of the arrow alone", param="equation")
        _judge(output, sizes)
        return cls(terms, output, sizes)

    def result(self) -> FullShape:
        return tuple(self.sizes[letter] for letter in self.output)

    def multiply_adds(self) -> int:
        """As torch counts: inputs are taken in from left to right, each product as one of matrices."""
        total, left = 0, set(self.terms[0])
        for place, term in enumerate(self.terms[1:], start=1):
            later = set(self.output).union(*self.terms[place + 1 :])
            right = set(term)
            left -= left - right - later  # summed before the product
            right -= right - left - later
            if (left & right) - later:
                total += math.prod(size for name in left | right if isinstance(size := self.sizes[name], int))
            left = (left | right) & later
        return total


def _clash(letter: str, one: Axis, other: Axis) -> str:
    if BATCH in (one, other):
        return f"names the batch and another axis alike, “{_shown(letter)}”"
    sizes = " and ".join("n" if size is None else str(size) for size in (one, other))
    return f"gives the letter “{letter}” to axes of different sizes, {sizes}"


def _halves(equation: str) -> tuple[list[list[str]], list[str]]:
    left, arrow, right = equation.replace(" ", "").partition("->")
    if not arrow:
        raise Misfit(
            "needs an arrow in its equation, and behind it what is left, such as bik,bkj->bij", param="equation"
        )
    parts = []
    for part in (*left.split(","), right):
        letters = list(part.replace("...", "…", 1))
        if not all(letter == "…" or letter.isalpha() for letter in letters):
            raise Misfit(f"can't read “{part}” in its equation: letters, and ... at most once", param="equation")
        parts.append(["..." if letter == "…" else letter for letter in letters])
    return parts[:-1], parts[-1]


def _spread(term: list[str], x: AnyTensor) -> Letters:
    """The letters of one input, an axis each."""
    hidden = rank(x) - len(term) + 1 if "..." in term else 0
    if hidden < 0 or ("..." not in term and len(term) != rank(x)):
        batch = f" after the batch ({rank(x)} letters)" if x.batched else ""
        raise Misfit(
            f"names {len(term) - ('...' in term)} axes of {x.port}, which has {len(x.shape)}{batch}", x.port, "equation"
        )
    names = [f"…{number}" for number in range(hidden, 0, -1)]
    return tuple(name for part in term for name in (names if part == "..." else (part,)))


def _judge(output: Letters, sizes: dict[str, Axis]) -> None:
    unknown = [letter for letter in output if letter not in sizes]
    if unknown or len(set(output)) < len(output):
        trouble = f"has “{unknown[0]}” behind the arrow alone" if unknown else "names an axis twice behind the arrow"
        raise Misfit(trouble, param="equation")
    batch = [letter for letter, size in sizes.items() if size == BATCH]
    if len(batch) > 1:
        raise Misfit(f"calls the batch by two names, “{_shown(batch[0])}” and “{_shown(batch[1])}”", param="equation")
    if batch and output[:1] != (batch[0],):
        raise Misfit(
            f"has to keep the batch (“{_shown(batch[0])}”) as the first axis behind the arrow", param="equation"
        )


def _shown(letter: str) -> str:
    return "..." if letter.startswith("…") else letter
