"""What the contract test needs to know about activations."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, INDEX, LOSS, ONE_NUMBER, ROW, SEQUENCE, Misfits, Settings

SETTINGS: Settings = {
    "LeakyReLU": [{"negative_slope": 0.3}],
    "PReLU": [{"per_channel": True, "init": 0.1}],
    "RReLU": [{"lower": 0.0, "upper": 0.9}, {"lower": 0.2, "upper": 0.2}],
    "ELU": [{"alpha": 0.5}],
    "CELU": [{"alpha": 0.5}],
    "GELU": [{"approximate": "tanh"}],
    "Softplus": [{"beta": 2.0}, {"beta": 3.0, "threshold": 1.0}],
    "Hardtanh": [{"min_val": -0.5}, {"min_val": 0.1, "max_val": 0.4}],
    "Hardshrink": [{"lambd": 0.1}],
    "Softshrink": [{"lambd": 0.0}],
    "Threshold": [{"threshold": 0.3, "value": -2.0}],
    "Softmax": [{"dim": 1}],
    "LogSoftmax": [{"dim": 1}],
    "Softmin": [{"dim": 1}],
    "GLU": [{"dim": 1}],
}

LEFT_OUT = {
    "PReLU": {"num_parameters": "one, or one a channel, as many as arrive"},
    "Hardtanh": {"min_value": "deprecated", "max_value": "deprecated"},
}

OUR_OWN = {"PReLU": {"per_channel"}}

OTHER_DEFAULTS = {
    ("Softmax", "dim"): "torch's None is deprecated",
    ("LogSoftmax", "dim"): "torch's None is deprecated",
    ("Softmin", "dim"): "torch's None is deprecated",
}

MISFITS: Misfits = [
    ("ReLU", {}, [INDEX], "x", None, "but receives whole numbers"),
    ("Sigmoid", {}, [LOSS], "x", None, "but receives a loss"),
    ("Softmax", {"dim": 0}, [ROW], None, "dim", "works along axis 0, which is the batch: samples stay apart"),
    ("Softmax", {"dim": -2}, [ROW], None, "dim", "works along axis -2, which is the batch"),
    ("Softmax", {"dim": 2}, [ROW], None, "dim", "works along axis 2, but 6 has only axis 1"),
    ("Softmax2d", {}, [SEQUENCE], "x", None, "expects channels × height × width, but receives 4 × 6 (2 axes)"),
    ("GLU", {}, [TensorSpec((4, 5))], "x", "dim", "splits axis -1 into halves, but it is 5 long, which is odd"),
    ("GLU", {"dim": -4}, [IMAGE], None, "dim", "splits along axis -4, which is the batch"),
    ("PReLU", {"per_channel": True}, [ONE_NUMBER], "x", "per_channel", "but a single number has no channels"),
    ("PReLU", {"per_channel": True}, [TensorSpec((None, 6))], "x", None, "needs a fixed number of channels"),
    ("RReLU", {"lower": 0.5}, [ROW], None, "lower", "draws slopes from 0.5 to 0.333333, which is no range"),
    ("Hardtanh", {"min_val": 2.0}, [ROW], None, "max_val", "keeps numbers from 2 to 1, which leaves none"),
]
