"""What the contract test needs to know about functions of single numbers."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ROW, Misfits, Settings, Specs

SETTINGS: Settings = {
    "Affine": [{"scale": 2, "offset": -1}, {"scale": 0.5}, {"offset": 0.25}, {"scale": -3.0, "offset": 1.5}],
    "Round": [{"decimals": 2}],
    "Clamp": [{"min": None, "max": 0.5}, {"min": -2.0, "max": None}, {"min": 0.5, "max": 0.5}],
    "Cast": [{"dtype": "int64"}, {"dtype": "bool"}],
}


MISFITS: Misfits = [
    ("Exp", {}, [INDICES], "x", None, "expects decimal numbers (float32), but receives whole numbers (int64)"),
    ("Clamp", {"min": None, "max": None}, [ROW], None, "min", "has neither a lower nor an upper limit"),
    ("Clamp", {"min": 2, "max": 1}, [ROW], None, "min", "a lower limit (2) above its upper one (1)"),
    ("Affine", {"scale": 1e39}, [ROW], None, "scale", "end at 3.4e38"),
    ("Abs", {}, [TensorSpec((4,), "bool")], "x", None, "but receives truth values"),
]


def positive(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: value.abs() + 0.1 for name, value in values.items()}


VALUES = dict.fromkeys(("Log", "Sqrt", "Rsqrt", "Reciprocal"), positive)

STEPS = {"*": "its answer moves in steps"}
NO_GRADIENT = {
    **dict.fromkeys(("Sign", "Round", "Floor", "Ceil"), STEPS),
    "Detach": {"*": "this is what it is for"},
    "Cast": {"*": "a single number may be cut off"},
    "Clamp": {"*": "all may lie outside"},
}
