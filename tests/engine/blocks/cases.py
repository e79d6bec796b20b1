"""Every block of the catalogue with every example, by default and with its other settings."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

import pytest
import torch

from engine.blocks import CATALOGUE, Block
from engine.plan import trace_block
from tests.engine.blocks.contract import SETTINGS
from tests.engine.blocks.contract.specs import Specs

LAYERS = {name: cls for name, cls in CATALOGUE.items() if cls.examples}


@functools.cache
def cases() -> tuple[tuple[str, Block, Specs], ...]:
    """Settings and examples as far as they go together, each with a name of its own."""
    found = []
    for name, cls in LAYERS.items():
        for values, (number, specs) in itertools.product(({}, *SETTINGS.get(name, ())), enumerate(cls.examples)):
            chosen = cls.build(values)
            if len(specs) != len(chosen.input_ports()):
                continue  # it is about another number of inputs
            if trace_block(chosen, specs).misfit is None:
                words = "-".join(str(value).replace(" ", "") for value in values.values())
                found.append((f"{name}-{number}{words and '-'}{words}", chosen, specs))
    return tuple(found)


Test = Callable[[Block, Specs], None]


def each_case(
    which: Callable[[Block, Specs], bool] = lambda block, specs: True,
) -> Callable[[Test], Callable[..., None]]:
    """A decorator: carries a test out on every case, or on those it is about; one test a block, which is faster.

    Random numbers begin anew for every case. What fails says in which case.
    """
    groups: dict[str, list[tuple[str, Block, Specs]]] = {}
    for name, block, specs in cases():
        if which(block, specs):
            groups.setdefault(type(block).__name__, []).append((name, block, specs))

    def decorate(test: Test) -> Callable[..., None]:
        @pytest.mark.parametrize("name", groups)
        def run(name: str) -> None:
            for words, block, specs in groups[name]:
                torch.default_generator.manual_seed(0)  # a hundred times faster than for all devices there might be
                try:
                    test(block, specs)
                except Exception as error:
                    error.add_note(f"in the case {words}: {block!r} on {', '.join(map(str, specs))}")
                    raise

        run.__doc__ = test.__doc__
        return run

    return decorate
