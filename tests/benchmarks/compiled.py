"""Steps that are compiled, against a hand-written loop: work in a second of processor time once they are taken.

A run begins in the usual way and goes on; it is measured after it has said whether it goes over. The time until then
is told as well; it is short where the same steps were compiled before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from tests.benchmarks.training import COMPILED, MODELS, ROUNDS, Side, compared


def measure() -> Iterator[dict[str, Any]]:
    """A row for each model, and one for the time until it goes over, against the two minutes that are hoped for."""
    for model in MODELS:
        with ExitStack() as stack:
            sides = {name: stack.enter_context(Side(name, model.name)) for name in ("hand", COMPILED)}
            rounds = [{name: side.seconds() for name, side in sides.items()} for _ in range(ROUNDS + 1)]
        yield compared(f"{model.name} {COMPILED} against hand loop", rounds[1:], COMPILED, "hand")
        before = rounds[0][COMPILED][1]
        name = f"{model.name} goes over, or says why not, against 120 s"
        yield {"name": name, "ours": before, "reference": 120.0, "ratio": 120.0 / before, "unit": "s"}
