"""What the contract test needs to know about comparisons and truth values."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import ROW, TRUTHS, Misfits, Settings

NUMBERS: list[dict[str, object]] = [{"number": 0}, {"number": 0.5}]
SETTINGS: Settings = dict.fromkeys(("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"), NUMBERS)

MISFITS: Misfits = [
    ("Equal", {}, [ROW, TensorSpec((5,))], "x2", None, "its inputs need one shape"),
    ("Greater", {"number": 1e300}, [ROW], None, "number", "end at 3.4e38"),
    ("Less", {}, [ROW, TRUTHS], "x2", None, "but receives truth values"),
    ("LogicalAnd", {}, [TRUTHS, ROW], "x2", None, "expects truth values (bool)"),
    ("LogicalNot", {}, [ROW], "x", None, "expects truth values"),
    ("IsNaN", {}, [TRUTHS], "x", None, "but receives truth values"),
]
