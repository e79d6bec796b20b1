"""What the contract test needs to know about losses on classes, and about all losses."""

from __future__ import annotations

from engine.blocks import CATALOGUE, Loss
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, INDICES, ONE_NUMBER, ROW, Misfits, Settings

SIX = (1.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 0.1)

SETTINGS: Settings = {
    "CrossEntropyLoss": [
        {"label_smoothing": 0.2},
        {"class_weights": SIX},
        {"class_weights": (0.5, 1.5, 1.0, 2.0), "label_smoothing": 0.1, "ignore_index": 3},
        {"ignore_index": 2, "label_smoothing": 0.1},
    ],
    "NLLLoss": [
        {"class_weights": SIX},
        {"class_weights": (1.0, 1.0, 2.0, 2.0), "ignore_index": 0},
        {"ignore_index": 1},
    ],
    "BCEWithLogitsLoss": [{"pos_weight": (3.0,)}, {"pos_weight": SIX}, {"pos_weight": (0.5, 2.0)}],
}

OF_LOSSES = {
    "weight": "of classes; our `weight` is the share in the sum of losses",
    "reduction": "always the mean: training makes one number small",
    "size_average": "deprecated",
    "reduce": "deprecated",
}
LEFT_OUT = {name: OF_LOSSES for name, cls in CATALOGUE.items() if issubclass(cls, Loss)}
OWN = {"weight", "class_weights", "reduction"}
OUR_OWN = {name: OWN for name, cls in CATALOGUE.items() if issubclass(cls, Loss)}

STRICTER = {
    "one score for each class": "torch takes the batch for the classes then",
    "compares number with number": "torch stretches one of them, and compares every sample with every other",
    "ignores a class by its index": "torch leaves it out of account, or refuses only some such numbers",
}

MISFITS: Misfits = [
    ("CrossEntropyLoss", {}, [ROW, TensorSpec((5,))], "target", None, "expects the target as a class index (int64)"),
    ("CrossEntropyLoss", {}, [ROW, INDICES], "target", None, "the target is 4 and the prediction 6"),
    ("CrossEntropyLoss", {}, [ONE_NUMBER, INDEX], "prediction", None, "expects one score for each class"),
    (
        "CrossEntropyLoss",
        {"class_weights": (1, 2)},
        [ROW, INDEX],
        None,
        "class_weights",
        "has 2 weights, but receives 6 classes",
    ),
    (
        "CrossEntropyLoss",
        {"class_weights": (1,)},
        [TensorSpec((1,)), TensorSpec((), "bool")],
        "target",
        None,
        "but receives truth values (bool)",
    ),
    (
        "CrossEntropyLoss",
        {"ignore_index": 2},
        [ROW, ROW],
        "target",
        "ignore_index",
        "ignores a class by its index, but the target is a probability for each class",
    ),
    ("BCELoss", {}, [ROW, INDEX], "target", None, "expects decimal numbers"),
    (
        "BCEWithLogitsLoss",
        {"pos_weight": (1, 2)},
        [TensorSpec((3, 4)), TensorSpec((3, 4))],
        None,
        "pos_weight",
        "has 2 weights, but receives 3 classes",
    ),
    (
        "BCEWithLogitsLoss",
        {"pos_weight": (1, 2)},
        [ONE_NUMBER, ONE_NUMBER],
        None,
        "pos_weight",
        "weighs several labels, but receives a single number",
    ),
    ("NLLLoss", {"class_weights": ()}, [ROW, INDEX], None, "class_weights", "has 0 weights, but receives 6 classes"),
    ("BCEWithLogitsLoss", {"pos_weight": ()}, [ROW, ROW], None, "pos_weight", "has 0 weights, but receives 6 classes"),
    ("NLLLoss", {}, [ROW, ROW], "target", None, "expects the target as a class index"),
    ("NLLLoss", {"class_weights": (1,)}, [ROW, INDEX], None, "class_weights", "has 1 weight, but receives 6 classes"),
]
