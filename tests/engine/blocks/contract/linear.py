"""What the contract test needs to know about layers that multiply by a learned matrix."""

from __future__ import annotations

import math

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import (
    INDICES,
    LOSS,
    ONE_NUMBER,
    ROW,
    SEQUENCE,
    Misfits,
    Settings,
    Specs,
)

NORMED = [{"weight_norm": "spectral"}, {"weight_norm": "weight", "bias": False}]

SETTINGS: Settings = {
    "Linear": [{"out_features": 1}, {"out_features": 3, "bias": False}, *NORMED],
    "Bilinear": [{"out_features": 3}, {"out_features": 1, "bias": False}, *NORMED],
}

LEFT_OUT = {
    "Bilinear": {"in1_features": "follows from the input", "in2_features": "follows from the input"},
}

OUR_OWN = {"Linear": {"weight_norm"}, "Bilinear": {"weight_norm"}}


def bilinear(block: Block, specs: Specs) -> int:
    """Torch's counter sees none: a matrix with one input and the result with the other, for each output."""
    ones, others = (spec.sizes for spec in specs if spec is not None)
    return math.prod(ones[:-1]) * block.values()["out_features"] * (ones[-1] * others[-1] + others[-1])


MULTIPLICATIONS = {"Bilinear": bilinear}

MISFITS: Misfits = [
    ("Linear", {}, [INDICES], "x", None, "expects decimal numbers (float32), but receives whole numbers (int64)"),
    ("Linear", {}, [ONE_NUMBER], "x", None, "expects at least one axis (… × features), but receives scalar"),
    ("Linear", {}, [LOSS], "x", None, "but receives a loss, which is a single number"),
    ("Linear", {}, [TensorSpec((4, None))], "x", None, "needs a fixed number of features"),
    ("Bilinear", {}, [SEQUENCE, ROW], "x2", None, "all axes but the last must agree, but x1 is 4 × 6 and x2 is 6"),
    ("Bilinear", {}, [SEQUENCE, TensorSpec((5, 6))], "x2", None, "but x1 is 4 × 6 and x2 is 5 × 6"),
    ("Bilinear", {}, [ROW, INDICES], "x2", None, "expects decimal numbers"),
]
