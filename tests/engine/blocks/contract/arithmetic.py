"""What the contract test needs to know about arithmetic between tensors."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ROW, SEQUENCE, TRUTHS, Misfits, Settings, Specs

SETTINGS: Settings = {
    "Add": [{"inputs": 2}],
    "Subtract": [{"number": 1}, {"number": 0.5}],
    "Divide": [{"number": 4}, {"number": 0.5}],
    "FloorDivide": [{"number": 2}, {"number": 0.7}],
    "Remainder": [{"number": 3}, {"number": 0.7}],
    "Power": [{"number": 2}, {"number": 3.0}, {"number": 1.5}],
    "Lerp": [{"weight": 0.25}, {"weight": None}],
}

OUR_TABLE = TensorSpec((4, 6), batched=False)
STRICTER = {
    "would meet the batch": "torch does not know the batch, and at some sizes of it the axes go together",
}

MISFITS: Misfits = [
    ("Add", {}, [ROW, TensorSpec((5,))], "x2", None, "its inputs need one shape, but x1 is 6 and x2 is 5"),
    ("Add", {"inputs": 3}, [ROW, ROW, SEQUENCE], "x3", None, "x1 is 6 and x3 is 4 × 6; an axis of size 1 (Unsqueeze)"),
    ("Add", {}, [ROW, OUR_TABLE], "x2", None, "axis 0 of x2, which has no batch axis, would meet the batch"),
    ("Add", {}, [OUR_TABLE, ROW], "x2", None, "axis 0 of x1, which has no batch axis, would meet the batch"),
    ("Add", {}, [SEQUENCE, TensorSpec((5,), batched=False)], "x2", None, "x1 is 4 × 6 and x2 is 5"),
    ("Add", {}, [TensorSpec((None, 6)), SEQUENCE], "x2", None, "x1 is n × 6 and x2 is 4 × 6"),
    ("Multiply", {}, [INDICES, TensorSpec((3,))], "x2", None, "its inputs need one shape"),
    ("Subtract", {}, [TRUTHS, SEQUENCE], "x1", None, "but receives truth values"),
    ("FloorDivide", {"number": 0}, [ROW], None, "number", "divides by 0"),
    ("Remainder", {"number": 0}, [ROW], None, "number", "divides by 0"),
    ("Power", {"number": -1}, [INDICES], "x1", "number", "whole numbers to a negative power"),
    ("Divide", {"number": 1e300}, [ROW], None, "number", "decimal numbers (float32) end at 3.4e38"),
    ("Maximum", {}, [ROW, TensorSpec((5,))], "x2", None, "its inputs need one shape"),
    ("Lerp", {"weight": None}, [ROW, ROW, TensorSpec((2,))], "weight", None, "x1 is 6 and weight is 2"),
]


def positive(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Away from 0 and from negative numbers, whose powers are none."""
    return {name: value.abs() + 1 for name, value in values.items()}


VALUES = {"Power": positive, "Divide": positive, "FloorDivide": positive, "Remainder": positive}

STEPS = {"*": "its answer moves in steps"}
NO_GRADIENT = {
    "FloorDivide": STEPS,
    "Remainder": {"x2": "torch gives the divisor a slope where the quotient is not 0 alone"},
}
