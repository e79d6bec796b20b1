"""What the contract test needs to know about losses that learn distances."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import ONE_NUMBER, ROW, SEQUENCE, Misfits, Settings, Specs

Values = dict[str, torch.Tensor]

SETTINGS: Settings = {
    "TripletMarginLoss": [{"margin": 0.2, "p": 1.0, "eps": 0.01}, {"swap": True}],
    "TripletMarginWithDistanceLoss": [
        {"swap": True},
        {"distance_function": "squared", "margin": 0.2},
        {"distance_function": "squared", "swap": True},
    ],
    "CosineEmbeddingLoss": [{"margin": 0.5}],
    "ContrastiveLoss": [{"margin": 2.5}],
    "NTXentLoss": [{"temperature": 0.05}],
}

OTHER_DEFAULTS = {
    ("TripletMarginWithDistanceLoss", "distance_function"): "torch takes a function; by default that of TripletMargin"
}


def alike(block: Block, specs: Specs, values: Values) -> Values:
    """Targets of both kinds."""
    target = values["target"]
    return {"target": (torch.arange(len(target)) % 2).reshape(target.shape).to(target.dtype)}


VALUES = {"ContrastiveLoss": alike}

MULTIPLICATIONS = {"NTXentLoss": lambda block, specs: 0}  # it grows with the batch, so it is not told for one sample

MISFITS: Misfits = [
    ("TripletMarginLoss", {}, [ROW, TensorSpec((5,)), ROW], "positive", None, "the anchor is 6 and the positive is 5"),
    ("TripletMarginLoss", {}, [ONE_NUMBER] * 3, "anchor", None, "expects at least one axis"),
    (
        "TripletMarginWithDistanceLoss",
        {},
        [ROW, ROW, TensorSpec((5,))],
        "negative",
        None,
        "the anchor is 6 and the negative is 5",
    ),
    ("CosineEmbeddingLoss", {}, [ROW, ROW, ROW], "target", None, "expects one target for each pair, but receives 6"),
    ("CosineEmbeddingLoss", {}, [SEQUENCE, SEQUENCE, ONE_NUMBER], "input1", None, "expects one axis of features"),
    ("ContrastiveLoss", {}, [ROW, TensorSpec((5,)), ONE_NUMBER], "z2", None, "the z1 is 6 and the z2 is 5"),
    ("ContrastiveLoss", {}, [ROW, ROW, TensorSpec((2,))], "target", None, "expects one target for each pair"),
    ("NTXentLoss", {}, [ROW, TensorSpec((5,))], "z2", None, "the z1 is 6 and the z2 is 5"),
]

STRICTER = {"one target for each pair": "every target would meet every pair"}
