"""Words for the shapes in a class: numbers, names of the constructor's arguments, letters of the input's axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.call import Sizes as Lengths
from engine.printing.forms import Form, Forms
from engine.printing.made import Body
from engine.tensor import Size, TensorSpec

LETTERS = {1: ("N",), 2: ("L", "D"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}  # axes of a first argument
FACTORS = (2, 4, 8, 16, 32)


class Sizes:
    """Words for the sizes that uses of a class do not have in common."""

    def __init__(self, form: Form | None, body: Body, forms: Forms) -> None:
        pairs = [*((use, use) for use in form.uses), *form.shared] if form else [(body, body)]
        self.uses = [use for _, use in pairs]
        rows = [[slot.value for slot in forms.columns(kept)] for kept, _ in pairs]
        arguments: Mapping[str, list[int]] = form.arguments if form else {}
        columns = {name: tuple(_number(row[places[0]]) for row in rows) for name, places in arguments.items()}
        self._names = {column: name for name, column in columns.items() if None not in column}
        self._letters: dict[int, tuple[str, tuple[Size, ...]]] = {}  # by the axis, counted from the last
        first = [spec for use in self.uses for spec in list(use.arguments.values())[:1] if spec is not None]
        ranks = {len(spec.shape) for spec in first}
        if len(first) == len(self.uses) and len(ranks) == 1:
            rank = ranks.pop()
            for place, letter in enumerate(LETTERS.get(rank, ())):
                sizes = tuple(spec.shape[place] for spec in first)
                if len(set(sizes)) > 1 and sizes not in self._names:
                    self._letters[rank - place] = letter, sizes

    def remark(self, specs: list[TensorSpec | None]) -> str:
        """`(B, channels, H/2, W/2)` for what a line gives in each use; empty where it can't be told in words."""
        known = [spec for spec in specs if spec is not None]
        if len(known) < len(specs) or not known or len({(len(s.shape), s.batched) for s in known}) > 1:
            return ""
        rank = len(known[0].shape)
        if not rank and not known[0].batched:
            return "scalar"
        columns = zip(*(spec.shape for spec in known), strict=True)
        words = [self._word(sizes, rank - place) for place, sizes in enumerate(columns)]
        axes = ["B", *words] if known[0].batched else words
        return "" if None in axes else f"({', '.join(map(str, axes))}{',' if len(axes) == 1 else ''})"

    def remarks(self, specs: list[list[TensorSpec | None]]) -> str:
        """What several values are, those of one in each use together; empty unless all can be told."""
        told = [self.remark(each) for each in specs]
        return "; ".join(told) if all(told) else ""

    def _word(self, sizes: tuple[Size, ...], axis: int) -> str | None:
        if len(set(sizes)) == 1:
            return "n" if sizes[0] is None else str(sizes[0])
        if sizes in self._names:
            return self._names[sizes]
        # the same axis first: height and width often agree
        for letter, known in sorted(self._letters.values(), key=lambda entry: entry != self._letters.get(axis)):
            if sizes == known:
                return letter
            for times in FACTORS:
                if all(a and b and a == b * times for a, b in zip(known, sizes, strict=True)):
                    return f"{letter}/{times}"
                if all(a and b and a * times == b for a, b in zip(known, sizes, strict=True)):
                    return f"{times}*{letter}"
            for numbers, name in self._names.items():
                if all(
                    a and b and number and a == b * number for a, b, number in zip(known, sizes, numbers, strict=True)
                ):
                    return f"{letter}/{name}"
        return None


def _number(value: Any) -> int | None:
    """The size that a literal stands for: 3, or 3 × 3; None for anything else."""
    if type(value) is Lengths and len(set(value)) == 1:
        return value[0]
    return value if type(value) is int else None
