"""What the contract test needs to know about taking numbers out."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ROW, SEQUENCE, TRUTHS, Misfits, Settings, Specs

SETTINGS: Settings = {
    "Slice": [
        {"start": 1, "stop": 3},
        {"stop": -1, "dim": 1},
        {"start": -1},
        {"start": -2, "stop": 99, "dim": 1},
        {"step": 2},
        {"start": 1, "step": 3, "dim": -1},
    ],
    "Select": [{"index": 0}, {"index": 1, "dim": -1}],
    "IndexSelect": [{"index": (2, 0, -1, 2)}, {"index": (1,), "dim": 1}],
    "Gather": [{"dim": 1}],
    "TakeAlongDim": [{"dim": 1}],
    "TopK": [{"k": 3}, {"k": 2, "dim": 1, "largest": False}],
    "Sort": [{"dim": 1}, {"descending": True}, {"stable": True}],
    "Diagonal": [{"offset": 1}, {"offset": -1}, {"dim1": 2, "dim2": 1}],
}

OUR_OWN = {"IndexSelect": {"index"}}

STRICTER = {
    "keeps nothing": "torch gives an empty tensor, from which nothing can be learned",
    "keeps no place": "torch gives an empty tensor, from which nothing can be learned",
    "which has none": "torch gives an empty tensor, from which nothing can be learned",
    "needs an index with as many axes": "at some sizes of the batch the axes go together",
    "goes beyond its input": "at some sizes of the batch it does not",
}

MISFITS: Misfits = [
    ("Slice", {"start": 6}, [ROW], "x", "start", "keeps nothing of axis -1, which has 6 places"),
    ("Slice", {"dim": 0}, [ROW], None, "dim", "keeps places along axis 0, which is the batch"),
    ("Select", {"index": 6}, [ROW], "x", "index", "keeps place 6, but axis 1 has places 0 to 5"),
    ("Select", {"dim": 0}, [ROW], None, "dim", "which is the batch"),
    ("IndexSelect", {"index": (0, 9)}, [ROW], "x", "index", "keeps place 9, but axis -1 has places 0 to 5"),
    ("IndexSelect", {"index": ()}, [ROW], None, "index", "keeps no place at all"),
    ("Gather", {}, [SEQUENCE, INDICES], "index", None, "needs an index with as many axes"),
    ("Gather", {}, [SEQUENCE, TensorSpec((5, 2), "int64")], "index", None, "goes beyond its input"),
    ("Gather", {}, [SEQUENCE, SEQUENCE], "index", None, "expects whole numbers"),
    ("TakeAlongDim", {}, [SEQUENCE, TensorSpec((3, 2), "int64")], "index", None, "stretches axes of size 1 alone"),
    ("TopK", {"k": 7}, [ROW], "x", "k", "keeps 7 numbers, but axis -1 has 6"),
    ("TopK", {}, [TRUTHS], "x", None, "but receives truth values"),
    ("Sort", {"dim": 0}, [ROW], None, "dim", "sorts along axis 0, which is the batch"),
    ("Diagonal", {"dim1": -1}, [SEQUENCE], None, "dim2", "needs two axes, but has axis -1 twice"),
    ("Diagonal", {}, [ROW], None, "dim1", "which is the batch"),
    ("Diagonal", {"offset": 6}, [SEQUENCE], None, "offset", "takes diagonal 6 of 4 × 6, which has none"),
]


def within(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """An index below the length of the axis that it picks from."""
    return {"index": torch.randint(0, values["x"].shape[block.values()["dim"]], values["index"].shape)}


VALUES = {"Gather": within, "TakeAlongDim": within}
