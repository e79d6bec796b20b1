"""What the contract test needs to know about losses that ask for a margin."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, INDICES, ROW, SEQUENCE, Misfits, Settings, Specs

Values = dict[str, torch.Tensor]

SETTINGS: Settings = {
    "MultiMarginLoss": [
        {"p": 2, "margin": 0.5},
        {"class_weights": (1.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 0.1)},
    ],
    "MultiLabelSoftMarginLoss": [{"class_weights": (1.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 0.1)}],
    "HingeEmbeddingLoss": [{"margin": 0.5}],
    "MarginRankingLoss": [{"margin": 0.5}],
}


def signs(block: Block, specs: Specs, values: Values) -> Values:
    """Targets of both kinds."""
    target = values["target"]
    return {"target": (1.0 - 2.0 * (torch.arange(target.numel()) % 2)).reshape(target.shape)}


VALUES = {
    "HingeEmbeddingLoss": signs,
    "MarginRankingLoss": signs,
    "SoftMarginLoss": signs,
    "CosineEmbeddingLoss": signs,
}

STRICTER = {"weights, but receives 1 class": "torch stretches the one score over all weights"}

MISFITS: Misfits = [
    ("MultiMarginLoss", {}, [SEQUENCE, INDICES], "prediction", None, "expects one axis of features"),
    ("MultiMarginLoss", {}, [ROW, INDICES], "target", None, "the target is 4 and the prediction 6"),
    ("MultiMarginLoss", {"class_weights": (1, 1)}, [ROW, INDEX], None, "class_weights", "but receives 6 classes"),
    ("MultiLabelMarginLoss", {}, [ROW, INDICES], "target", None, "the prediction is 6 and the target is 4"),
    ("MultiLabelSoftMarginLoss", {}, [ROW, SEQUENCE], "target", None, "the prediction is 6 and the target is 4 × 6"),
    (
        "MultiLabelSoftMarginLoss",
        {"class_weights": (1, 1, 1, 1)},
        [SEQUENCE, SEQUENCE],
        None,
        "class_weights",
        "has 4 weights, but receives 6 classes",
    ),
    ("SoftMarginLoss", {}, [ROW, TensorSpec((1,))], "target", None, "the prediction is 6 and the target is 1"),
    ("HingeEmbeddingLoss", {}, [ROW, INDICES], "target", None, "expects decimal numbers (float32)"),
    ("MarginRankingLoss", {}, [ROW, TensorSpec((5,)), ROW], "input2", None, "the input1 is 6 and the input2 is 5"),
    ("MarginRankingLoss", {}, [ROW, ROW, TensorSpec(())], "target", None, "the input1 is 6 and the target is scalar"),
]
