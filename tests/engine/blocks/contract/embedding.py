"""What the contract test needs to know about tables of learned vectors."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, INDICES, ROW, Misfits, Settings

SETTINGS: Settings = {
    "Embedding": [{"num_embeddings": 3, "embedding_dim": 1, "padding_idx": 2}, {"max_norm": 0.5, "norm_type": 1.0}],
    "EmbeddingBag": [
        {"mode": "sum"},
        {"mode": "sum", "padding_idx": 2, "embedding_dim": 3},
        {"mode": "max", "num_embeddings": 5},
        {"scale_grad_by_freq": True, "max_norm": 0.5},
    ],
}

SPARSE = {"sparse": "sparse gradients work with few optimizers", "_weight": "private", "_freeze": "private"}
LEFT_OUT = {
    "Embedding": SPARSE,
    "EmbeddingBag": {**SPARSE, "include_last_offset": "bags have one length, so that there are no offsets"},
}

MISFITS: Misfits = [
    ("Embedding", {}, [ROW], "x", None, "expects whole numbers (int64), but receives decimal numbers (float32)"),
    (
        "Embedding",
        {"num_embeddings": 5, "padding_idx": 5},
        [INDICES],
        None,
        "padding_idx",
        "pads with index 5, but its table ends at 4",
    ),
    ("EmbeddingBag", {}, [INDEX, None], "x", None, "expects a list of whole numbers for each sample"),
    ("EmbeddingBag", {}, [TensorSpec((4, 3), "int64"), None], "x", None, "but receives 4 × 3"),
    (
        "EmbeddingBag",
        {"padding_idx": 1000},
        [INDICES, None],
        None,
        "padding_idx",
        "pads with index 1000, but its table ends at 999",
    ),
    (
        "EmbeddingBag",
        {"mode": "max", "scale_grad_by_freq": True},
        [INDICES, None],
        None,
        "scale_grad_by_freq",
        "can't be done with the maximum",
    ),
    (
        "EmbeddingBag",
        {},
        [INDICES, TensorSpec((4,))],
        "per_sample_weights",
        "mode",
        "weighs its vectors only for their sum, not for their mean",
    ),
    (
        "EmbeddingBag",
        {"mode": "sum"},
        [INDICES, ROW],
        "per_sample_weights",
        None,
        "expects one weight for each whole number, but there are 6 for 4",
    ),
]
