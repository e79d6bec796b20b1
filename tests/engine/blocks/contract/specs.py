"""Shapes and types that the tables of several families share."""

from __future__ import annotations

from engine.tensor import TensorSpec

Specs = tuple[TensorSpec | None, ...]  # one an input port; None where no wire comes in
# parameters of a block besides the defaults
Settings = dict[str, list[dict[str, object]]]
# block, parameters, what arrives (None: no wire), the port and the parameter that are named, words that are said
Misfits = list[tuple[str, dict[str, object], list[TensorSpec | None], str | None, str | None, str]]

ONE_NUMBER = TensorSpec(())
ROW = TensorSpec((6,))
SEQUENCE = TensorSpec((4, 6))
IMAGE = TensorSpec((6, 8, 8))
VOLUME = TensorSpec((6, 8, 8, 8))
INDEX = TensorSpec((), "int64")
INDICES = TensorSpec((4,), "int64")
TRUTHS = TensorSpec((4, 6), "bool")
FREE = TensorSpec((None, 6))
LOSS = TensorSpec((), batched=False)
TABLE = TensorSpec((4, 6), batched=False)
