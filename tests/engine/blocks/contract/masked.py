"""What the contract test needs to know about masks and triangles."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, INDICES, ROW, SEQUENCE, TRUTHS, Misfits, Settings, Specs

SETTINGS: Settings = {
    "MaskedFill": [{"value": 7}, {"value": 0.5}, {"value": "-inf"}],
    "Where": [{"number": 0}, {"number": 0.5}],
    "Tril": [{"diagonal": 1}, {"diagonal": -1}],
    "Triu": [{"diagonal": 1}, {"diagonal": -1}],
    "OneHot": [{"num_classes": 12, "dtype": "int64"}],
}

OUR_OWN = {"OneHot": {"dtype"}}

STRICTER = {
    "expects rows × columns, but": "torch takes the batch for rows",
    "among whole numbers": "torch cuts the number off at the point without a word",
}

MISFITS: Misfits = [
    ("MaskedFill", {}, [ROW, TRUTHS], "mask", None, "fills place by place, so its inputs need one shape"),
    ("MaskedFill", {}, [SEQUENCE, SEQUENCE], "mask", None, "expects truth values"),
    ("MaskedFill", {"value": 0.5}, [INDICES, TensorSpec((4,), "bool")], "x", "value", "puts 0.5 among whole numbers"),
    ("MaskedFill", {"value": 1e300}, [SEQUENCE, TRUTHS], None, "value", "end at 3.4e38"),
    ("Where", {}, [TRUTHS, SEQUENCE, ROW], "x2", None, "its inputs need one shape"),
    ("Tril", {}, [ROW], "x", None, "expects rows × columns, but receives 6"),
    ("Triu", {}, [INDEX], "x", None, "expects rows × columns"),
    ("OneHot", {}, [ROW], "x", None, "expects whole numbers"),
]


def below(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Numbers that have a place in the row."""
    return {"x": values["x"] % block.values()["num_classes"]}


VALUES = {"OneHot": below}

NO_GRADIENT = {"Where": {"*": "a condition may be the same everywhere"}}
