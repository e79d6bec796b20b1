"""What the contract test needs to know about the core of attention."""

from __future__ import annotations

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ROW, SEQUENCE, Misfits, Settings, Specs

SETTINGS: Settings = {
    "ScaledDotProductAttention": [
        {"is_causal": True},
        {"scale": 0.3},
        {"dropout": 0.4},
        {"dropout": 0.4, "is_causal": True, "scale": 0.3},
    ]
}

KEYS = TensorSpec((7, 6))
STRICTER = {
    "expects length × features, but": "torch takes the batch for the length",
    "the same axes before length × features": "at some sizes of the batch the axes go together",
    "expects a mask of": "torch would stretch the weights to the mask",
}

MISFITS: Misfits = [
    ("ScaledDotProductAttention", {}, [ROW, KEYS, KEYS, None], "query", None, "expects length × features"),
    ("ScaledDotProductAttention", {}, [SEQUENCE, TensorSpec((7, 5)), KEYS, None], "key", None, "queries with keys"),
    ("ScaledDotProductAttention", {}, [SEQUENCE, KEYS, SEQUENCE, None], "value", None, "needs a value for each key"),
    (
        "ScaledDotProductAttention",
        {},
        [TensorSpec((2, 4, 6)), TensorSpec((3, 7, 6)), TensorSpec((3, 7, 6)), None],
        "key",
        None,
        "needs the same axes before length × features",
    ),
    (
        "ScaledDotProductAttention",
        {"is_causal": True},
        [SEQUENCE, KEYS, KEYS, TensorSpec((4, 7), "bool", batched=False)],
        "mask",
        "is_causal",
        "is causal and has a mask as well",
    ),
    ("ScaledDotProductAttention", {}, [SEQUENCE, KEYS, KEYS, SEQUENCE], "mask", None, "expects a mask of 4 × 7"),
    ("ScaledDotProductAttention", {}, [SEQUENCE, KEYS, KEYS, INDICES], "mask", None, "but receives whole numbers"),
]


def by_hand(block: Block, specs: Specs) -> int:
    """Each query is compared with each key, and gathers from each value; torch counts it without a mask alone."""
    query, key, value = (spec.sizes for spec in specs[:3] if spec is not None)
    heads = query[0] if len(query) == 3 else 1
    return heads * query[-2] * key[-2] * (query[-1] + value[-1])


MULTIPLICATIONS = {"ScaledDotProductAttention": by_hand}
