"""What the contract test needs to know about positional encodings."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import ROW, SEQUENCE, Misfits, Settings

SETTINGS: Settings = {
    "SinusoidalPositionalEncoding": [{"max_length": 10}, {"base": 100.0}],
    "LearnedPositionalEncoding": [{"max_length": 10}, {"std": 1.0}],
    "RotaryEmbedding": [{"max_length": 10}, {"pairs": "neighbours"}, {"base": 50.5}],
}

MISFITS: Misfits = [
    ("SinusoidalPositionalEncoding", {}, [ROW], "x", None, "expects length × features"),
    ("SinusoidalPositionalEncoding", {}, [TensorSpec((4, 5))], "x", None, "needs an even number of features"),
    (
        "SinusoidalPositionalEncoding",
        {"max_length": 3},
        [SEQUENCE],
        "x",
        "max_length",
        "at most 3 places, but 4 arrive",
    ),
    ("LearnedPositionalEncoding", {"max_length": 3}, [SEQUENCE], "x", "max_length", "at most 3 places"),
    ("LearnedPositionalEncoding", {}, [TensorSpec((4, None))], "x", None, "needs a fixed number of features"),
    ("RotaryEmbedding", {}, [TensorSpec((4, 5))], "x", None, "turns pairs of features, but an odd number"),
    ("RotaryEmbedding", {}, [ROW], "x", None, "expects length × features as its last axes"),
]
