"""What the contract test needs to know about losses for rare classes and small regions."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, INDEX, ROW, Misfits, Settings

SETTINGS: Settings = {
    "FocalLoss": [
        {"gamma": 0.0},
        {"gamma": 0.5},
        {"gamma": 3.5, "alpha": 0.25},
        {"class_weights": (0.5, 1.5, 1.0, 2.0)},
        {"class_weights": (1.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 0.1), "gamma": 1.0},
    ],
    "DiceLoss": [{"smooth": 0.01}],
    "TverskyLoss": [{"alpha": 0.5, "beta": 0.5}, {"alpha": 0.0, "beta": 1.0, "smooth": 0.5}],
}

MISFITS: Misfits = [
    ("FocalLoss", {}, [ROW, TensorSpec((5,))], "target", None, "the prediction is 6 and the target is 5"),
    ("FocalLoss", {}, [ROW, TensorSpec((), "bool")], "target", None, "expects the target as a class index (int64)"),
    ("FocalLoss", {"alpha": 0.5}, [ROW, INDEX], None, "alpha", "weighs yes against no, but its target is the index"),
    ("FocalLoss", {"class_weights": (1,)}, [ROW, ROW], None, "class_weights", "weighs classes, but its targets are 0"),
    ("FocalLoss", {"class_weights": (1,)}, [ROW, INDEX], None, "class_weights", "has 1 weight, but receives 6 classes"),
    ("DiceLoss", {}, [ROW, ROW], "prediction", None, "expects channels × at least one more axis, but receives 6"),
    ("DiceLoss", {}, [IMAGE, TensorSpec((5, 8, 8))], "target", None, "the prediction is 6 × 8 × 8"),
    ("DiceLoss", {}, [IMAGE, TensorSpec((6, 8, 8), "int64")], "target", None, "needs one class index for each place"),
    (
        "TverskyLoss",
        {},
        [TensorSpec((None, 8)), TensorSpec((8,), "int64")],
        "prediction",
        None,
        "needs a fixed number of classes",
    ),
]

STRICTER = {
    "needs one class index for each place": "torch stretches one of them, and compares each place with every other",
    "channels × at least one more axis": "the batch would be taken for the region",
    "weighs yes against no": "the layer would leave it out of account",
    "weighs classes, but": "the layer would leave it out of account",
}
