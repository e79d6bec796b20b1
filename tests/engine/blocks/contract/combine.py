"""What the contract test needs to know about operations that make one tensor of several."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, INDICES, ROW, SEQUENCE, TABLE, Misfits, Settings

SETTINGS: Settings = {
    "Meshgrid": [{"indexing": "xy"}],
    "Concat": [{"dim": -1}, {"dim": 0}],
    "Stack": [{"dim": -1}, {"dim": 2}, {"dim": 0}],
}


STRICTER = {
    "in front of the batch": "torch puts the new axis anywhere",
    "one kind of numbers": "torch joins what is hardly meant to be joined",
    "needs a batch axis in each input": "at some sizes of the batch the axes go together",
    "expects one axis and no batch axis": "torch takes the batch for an axis, and single numbers for axes of one",
    "joins along axis": "torch leaves out inputs without numbers, and does not know the batch",
}

MISFITS: Misfits = [
    ("Concat", {"dim": 0}, [ROW, ROW], None, "dim", "axis 0 is the batch"),
    ("Concat", {"dim": -2}, [ROW, ROW], None, "dim", "axis 0 is the batch"),
    ("Concat", {"dim": 3}, [SEQUENCE, SEQUENCE], None, "dim", "joins along axis 3, but 4 × 6 has axes 1 to 2"),
    ("Concat", {}, [INDEX, INDEX], None, "dim", "joins along axis 1, but its inputs are single numbers"),
    (
        "Concat",
        {},
        [SEQUENCE, TensorSpec((4, 7))],
        "x2",
        None,
        "joins along axis 1, so all other axes must agree, but x1 is 4 × 6 and x2 is 4 × 7",
    ),
    ("Concat", {}, [INDICES, ROW], "x2", None, "but receives int64 and float32"),
    ("Concat", {}, [SEQUENCE, TABLE], "x2", None, "needs a batch axis in each input, but x2 (4 × 6) has none"),
    ("Meshgrid", {}, [ROW, ROW], "x1", None, "expects one axis and no batch axis, but x1 is 6 each sample"),
    ("Meshgrid", {}, [TABLE, TABLE], "x1", None, "but x1 is 4 × 6"),
    ("Stack", {}, [ROW, TensorSpec((5,))], "x2", None, "inputs that all look alike, but x1 is 6 and x2 is 5"),
    ("Stack", {"dim": 0}, [ROW, ROW], None, "dim", "would put axis 0 in front of the batch"),
    ("Stack", {"dim": 3}, [ROW, ROW], None, "dim", "makes axis 3, but what leaves has axes 1 to 2"),
]
