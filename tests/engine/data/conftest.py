"""A source whose fields and values a test gives by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest

from engine.data import Source
from engine.field import Field


class Table(Source):
    """Values given by hand; `number` tells one table from another, so that what is remembered does not mix."""

    held: ClassVar[dict[int, tuple[tuple[Field, ...], dict[str, np.ndarray]]]] = {}
    number: int

    def fields(self) -> tuple[Field, ...]:
        return self.held[self.number][0]

    def read(self) -> dict[str, np.ndarray]:
        return {name: values.copy() for name, values in self.held[self.number][1].items()}


_numbers = itertools.count()


@pytest.fixture
def table() -> Callable[..., Table]:
    def make(*fields: Field, **arrays: np.ndarray) -> Table:
        number = next(_numbers)
        Table.held[number] = (fields, arrays)
        return Table(number=number)

    return make
