"""What the contract test needs to know about distances."""

from __future__ import annotations

from tests.engine.blocks.contract.specs import INDICES, ONE_NUMBER, ROW, SEQUENCE, Misfits, Settings

SETTINGS: Settings = {
    "CosineSimilarity": [{"dim": -1}, {"dim": 2, "eps": 0.1}],
    "PairwiseDistance": [{"p": 1.0}, {"p": 3.0, "eps": 0.1, "keepdim": True}],
}

MISFITS: Misfits = [
    ("CosineSimilarity", {"dim": 0}, [ROW, ROW], None, "dim", "measures along axis 0, which is the batch"),
    ("CosineSimilarity", {"dim": 2}, [ROW, ROW], None, "dim", "measures along axis 2, but 6 has only axis 1"),
    ("CosineSimilarity", {}, [ROW, SEQUENCE], "x2", None, "x1 is 6 and x2 is 4 × 6"),
    ("CosineSimilarity", {}, [ROW, INDICES], "x2", None, "expects decimal numbers"),
    ("PairwiseDistance", {}, [ONE_NUMBER, ROW], "x1", None, "expects at least one axis"),
    ("PairwiseDistance", {}, [ROW, SEQUENCE], "x2", None, "x1 is 6 and x2 is 4 × 6"),
]
