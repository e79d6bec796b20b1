"""What the contract test needs to know about the loss for sequences of labels."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, ROW, SEQUENCE, Misfits, Settings, Specs

Values = dict[str, torch.Tensor]

SETTINGS: Settings = {"CTCLoss": [{"zero_infinity": False}, {"blank": 5}]}

OTHER_DEFAULTS = {("CTCLoss", "zero_infinity"): "one infinite loss would end the training"}


def labels(block: Block, specs: Specs, values: Values) -> Values:
    """Log-probabilities, and no more labels than have room in the sequence, the blank not among them."""
    scores = values["prediction"]
    batch, length, classes = scores.shape
    blank = getattr(block, "blank", 0)
    rows = values["target"].shape[1]
    target = (blank + 1 + torch.arange(rows) % max(classes - 1, 1)) % classes
    found = {"prediction": torch.log_softmax(3 * scores, -1), "target": target.repeat(batch, 1)}
    if "input_lengths" in values:
        found["input_lengths"] = torch.full((batch,), length)
    if "target_lengths" in values:
        found["target_lengths"] = torch.full((batch,), rows)
    return found


VALUES = {"CTCLoss": labels}

STRICTER = {
    "expects one length for each sample": "torch takes lengths in any shape that holds enough of them",
    "expects a row of labels": "torch takes labels in any shape that holds enough of them",
}

MISFITS: Misfits = [
    ("CTCLoss", {}, [ROW, INDEX, None, None], "prediction", None, "expects length × features"),
    ("CTCLoss", {}, [SEQUENCE, INDEX, None, None], "target", None, "expects a row of labels for each sample"),
    (
        "CTCLoss",
        {},
        [SEQUENCE, TensorSpec((3,), "int64"), TensorSpec((3,), "int64"), None],
        "input_lengths",
        None,
        "expects one length for each sample, but receives 3",
    ),
    (
        "CTCLoss",
        {"blank": 6},
        [SEQUENCE, TensorSpec((3,), "int64"), None, None],
        None,
        "blank",
        "has 6 for its blank, but its 6 classes end at 5",
    ),
]
