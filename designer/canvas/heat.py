"""The heat map: each block's share in a count of the whole, as a tint, a bar and a figure on its card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from PySide6.QtCore import QCoreApplication

from designer.counts import memory, rounded
from engine.plan import Plan, Step

Quantity = Literal["parameters", "multiply_adds", "activations"]
LEVELS = 40  # steps between nothing and the largest share that is shown


class Heat(NamedTuple):
    """How hot a block is: `level` against the hottest, from 0 to LEVELS, and its count and share in words."""

    level: int
    text: str


_COUNTS: Mapping[str, Callable[[Step], int]] = {
    "parameters": lambda step: step.parameters,
    "multiply_adds": lambda step: step.trace.multiply_adds,
    "activations": lambda step: step.trace.activation_bytes,
}


def quantity_name(quantity: Quantity) -> str:
    """What a quantity is called in the window."""
    return {
        "parameters": QCoreApplication.translate("Heat", "parameters"),
        "multiply_adds": QCoreApplication.translate("Heat", "multiply-adds"),
        "activations": QCoreApplication.translate("Heat", "activations"),
    }[quantity]


def heat_of(plan: Plan, quantity: Quantity | None) -> Mapping[str, Heat]:
    """The heat of every block that has any, by id; none without a quantity."""
    if quantity is None:
        return {}
    counts = {key: _COUNTS[quantity](step) for key, step in plan.steps.items()}
    total, most = sum(counts.values()), max(counts.values(), default=0)
    words = memory if quantity == "activations" else rounded
    return {
        key: Heat(round(LEVELS * count / most), f"{words(count)} · {_percent(count / total)}")
        for key, count in counts.items()
        if count
    }


def _percent(share: float) -> str:
    return "< 1 %" if share < 0.01 else f"{100 * share:.0f} %"
