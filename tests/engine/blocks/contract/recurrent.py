"""What the contract test needs to know about recurrent layers and their cells."""

from __future__ import annotations

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, ROW, SEQUENCE, Misfits, Settings, Specs

TWO_WAYS = {"hidden_size": 3, "num_layers": 2, "bidirectional": True}
IN_ALL = [
    TWO_WAYS,
    {**TWO_WAYS, "output": "last step"},
    {"hidden_size": 4, "num_layers": 3, "dropout": 0.3, "bias": False},
    {"output": "last step"},
]

SETTINGS: Settings = {
    "LSTM": IN_ALL,
    "GRU": IN_ALL,
    "RNN": [*IN_ALL, {**TWO_WAYS, "num_layers": 1, "nonlinearity": "relu"}],
    "LSTMCell": [{"bias": False}],
    "GRUCell": [{"bias": False}],
    "RNNCell": [{"bias": False}, {"nonlinearity": "relu"}],
}

OF_ALL = {
    "batch_first": "always: every tensor has the batch in front",
    "proj_size": "for LSTM alone, where torch warns that it is slow; a Linear behind it gives as few numbers",
    "mode": "fixed by the class",
}
LEFT_OUT = dict.fromkeys(("LSTM", "GRU", "RNN"), OF_ALL)
OUR_OWN = {
    "LSTM": {"output"},
    "GRU": {"output"},
    "RNN": {"output", "nonlinearity"},  # its signature says only *args
}


def lstm(block: Block, specs: Specs) -> int:
    """Torch's counter sees none: four gates multiply what arrives and the memory, at every step."""
    values = block.values()
    directions, hidden = 2 if values["bidirectional"] else 1, values["hidden_size"]
    assert specs[0] is not None
    length, features = specs[0].sizes
    total = 0
    for layer in range(values["num_layers"]):
        arriving = features if layer == 0 else hidden * directions
        total += directions * 4 * hidden * (arriving + hidden)
    return total * length


MULTIPLICATIONS = {"LSTM": lstm}

UNUSED = "without a memory to begin with, a single step has nothing to multiply"
NO_GRADIENT = {name: {"weight_hh": UNUSED} for name in ("LSTMCell", "GRUCell", "RNNCell")}

MISFITS: Misfits = [
    ("LSTM", {}, [IMAGE, None, None], "x", None, "expects length × features, but receives 6 × 8 × 8 (3 axes)"),
    ("LSTM", {"dropout": 0.5}, [SEQUENCE, None, None], None, "dropout", "drops numbers between its layers, but has"),
    (
        "LSTM",
        {},
        [SEQUENCE, ROW, None],
        "h",
        "hidden_size",
        "begins with a memory of 64 (a row of numbers), but h is 6",
    ),
    ("LSTM", {"hidden_size": 6}, [SEQUENCE, ROW, SEQUENCE], "c", None, "but c is 4 × 6"),
    (
        "GRU",
        {"hidden_size": 6, "num_layers": 2},
        [SEQUENCE, ROW],
        "h",
        None,
        "begins with a memory of 2 × 6 (a row for each layer and direction), but h is 6",
    ),
    ("RNN", {"hidden_size": 6}, [SEQUENCE, TensorSpec((4,), "int64")], "h", None, "expects decimal numbers"),
    ("LSTMCell", {}, [SEQUENCE, None, None], "x", None, "expects one axis of features, but receives 4 × 6 (2 axes)"),
    ("LSTMCell", {}, [ROW, None, ROW], "c", "hidden_size", "begins with a memory of 64 (a row of numbers)"),
    ("GRUCell", {}, [TensorSpec((None,)), None], "x", None, "needs a fixed number of features"),
    ("RNNCell", {}, [ROW, TensorSpec((None,))], "h", None, "but h is n"),
]
