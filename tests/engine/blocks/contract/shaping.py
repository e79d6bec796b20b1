"""What the contract test needs to know about operations that change the shape."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import FREE, ONE_NUMBER, ROW, SEQUENCE, TABLE, Misfits, Settings

SETTINGS: Settings = {
    "Flatten": [{"start_dim": 1, "end_dim": 1}],
    "Reshape": [{"sample_shape": (1, -1, 2)}, {"sample_shape": (-1, 3)}, {"sample_shape": (6,)}],
    "Unflatten": [{"dim": 1, "unflattened_size": (1, 3)}, {"unflattened_size": (2, -1, 2)}],
    "Permute": [{"dims": (0, 1, 2)}, {"dims": (0, 3, 1, 2)}, {"dims": (2, 1, 0)}, {"dims": (0, -1, -2)}],
    "Transpose": [{"dim0": 1, "dim1": 2}, {"dim0": 0, "dim1": 1}],
    "Squeeze": [{"dim": (1, 3)}, {"dim": (2,)}, {"dim": (0, 1)}],
    "Unsqueeze": [{"dim": -1}, {"dim": 2}, {"dim": 0}],
}


STRICTER = {
    "leave the batch in front": "torch takes any order",
    "takes away axes of size 1": "torch leaves other axes as they are, without a word",
    "has no axis to take away": "torch does nothing then",
    "makes axis": "torch puts the new axis in front of the batch as well",
    "sizes of at least 1": "torch takes tensors without numbers",
}

MISFITS: Misfits = [
    ("Flatten", {}, [ONE_NUMBER], "x", None, "has nothing to flatten"),
    ("Flatten", {"start_dim": 3}, [SEQUENCE], "x", "start_dim", "starts at axis 3, but 4 × 6 has axes 1 to 2"),
    ("Flatten", {"start_dim": 2, "end_dim": 1}, [SEQUENCE], "x", "end_dim", "ends at axis 1, which is not between"),
    ("Reshape", {"sample_shape": (2, 3)}, [FREE], "x", "sample_shape", "needs -1 among its sizes, since an axis"),
    (
        "Reshape",
        {"sample_shape": (5, 5)},
        [ROW],
        "x",
        "sample_shape",
        "lays 6 numbers (6) out as 5 × 5, which holds 25",
    ),
    ("Reshape", {"sample_shape": (-1, 4)}, [ROW], "x", "sample_shape", "which holds a multiple of 4"),
    ("Reshape", {"sample_shape": (-1, -1)}, [ROW], None, "sample_shape", "-1 once at most"),
    ("Reshape", {"sample_shape": (0, 6)}, [ROW], None, "sample_shape", "sizes of at least 1"),
    (
        "Unflatten",
        {},
        [TensorSpec((5,))],
        "x",
        "unflattened_size",
        "an axis of 5 into 2 × -1, which holds a multiple of 2",
    ),
    ("Unflatten", {"unflattened_size": (2, 4)}, [ROW], "x", "unflattened_size", "which holds 8"),
    ("Unflatten", {"unflattened_size": (-1, -1)}, [ROW], None, "unflattened_size", "-1 once at most"),
    ("Unflatten", {"dim": 1}, [FREE], "x", "dim", "splits axis 1, whose length varies"),
    ("Unflatten", {"dim": 0}, [ROW], None, "dim", "splits along axis 0, which is the batch"),
    ("Permute", {}, [ROW], None, "dims", "needs each axis from 0 to 1 once, since 6 arrives"),
    ("Permute", {"dims": (1, 0, 2)}, [SEQUENCE], None, "dims", "has to leave the batch in front"),
    ("Transpose", {}, [ROW], None, "dim0", "swaps along axis -2, which is the batch"),
    ("Transpose", {"dim1": 3}, [SEQUENCE], None, "dim1", "swaps along axis 3, but 4 × 6 has axes 1 to 2"),
    ("Transpose", {"dim0": 2, "dim1": 0}, [TABLE], None, "dim0", "but 4 × 6 has axes 0 to 1"),
    ("Squeeze", {}, [ROW], "x", "dim", "takes away axes of size 1, but axis -1 of 6 has size 6"),
    ("Squeeze", {"dim": (1,)}, [FREE], "x", "dim", "but axis 1 of n × 6 varies"),
    ("Squeeze", {"dim": ()}, [ROW], None, "dim", "has no axis to take away"),
    ("Unsqueeze", {"dim": 0}, [ROW], None, "dim", "in front of the batch"),
    ("Unsqueeze", {"dim": 3}, [ROW], None, "dim", "makes axis 3, but what leaves has axes 1 to 2"),
]
