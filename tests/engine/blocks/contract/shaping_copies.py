"""What the contract test needs to know about copies, shifts and edges."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ROW, SEQUENCE, TABLE, Misfits, Settings

SETTINGS: Settings = {
    "Expand": [{"sample_shape": (3, 4)}, {"sample_shape": (4, -1)}, {"sample_shape": (2, -1, 5)}],
    "Repeat": [{"repeats": (3, 2)}],
    "RepeatInterleave": [{"repeats": 3, "dim": 1}, {"repeats": 1}],
    "Roll": [{"shifts": (-2,), "dims": (1,)}, {"shifts": (1, -1), "dims": (1, 2)}],
    "Flip": [{"dims": (1,)}, {"dims": (1, 2)}],
    "Pad": [
        {"pad": (0, 2), "value": 3.0},
        {"pad": (1, -1), "value": 1.0},
        {"pad": (1, 2, 0, 3), "value": 0.5},
        {"pad": (1, 2), "mode": "reflect"},
        {"pad": (1, 2, 3, 1), "mode": "replicate"},
        {"pad": (2, 1, 1, 0), "mode": "circular"},
    ],
}


STRICTER = {
    "needs a size an axis": "the axis that the second wire gives would be taken for it",
    "decimal numbers alone": "torch does so on the processor, but on no other device",
    "of which two are the same": "torch adds both steps",
    "a decimal number to whole ones": "torch does so where nothing is added",
    "takes a batch axis from its second wire": "the second wire would say nothing",
    "needs a number of steps an axis": "torch would lay all axes out as one, the batch among them",
    "needs two widths an axis": "torch does nothing then",
    "axes, but": "torch repeats and pads the batch as well, or does nothing",
    "axes of size 1 alone": "at some sizes of the batch the axes go together",
    "all axes behind the batch": "torch takes the batch for channels",
    "leaves nothing of an axis": "torch gives an empty tensor, from which nothing can be learned",
}

MISFITS: Misfits = [
    ("Expand", {"sample_shape": (4,)}, [ROW, None], "x", "sample_shape", "stretches axes of size 1 alone"),
    (
        "Expand",
        {"sample_shape": (4, 6)},
        [ROW, None],
        None,
        "sample_shape",
        "needs a size an axis, but has 4 × 6 for 6",
    ),
    ("Expand", {}, [SEQUENCE, ROW], "like", None, "takes a batch axis from its second wire, but its first has one"),
    ("Expand", {"sample_shape": (-1, 4, 6)}, [TABLE, None], None, "sample_shape", "-1 for present axes alone"),
    ("Repeat", {"repeats": (2, 2)}, [ROW], None, "repeats", "repeats 2 axes, but 6 arrives"),
    ("RepeatInterleave", {"dim": 0}, [ROW], None, "dim", "which is the batch"),
    ("Roll", {"shifts": (1, 2)}, [ROW], None, "shifts", "needs a number of steps an axis, but has 2 for 1"),
    ("Roll", {"dims": (0,)}, [ROW], None, "dims", "shifts along axis 0, which is the batch"),
    ("Flip", {"dims": (0,)}, [ROW], None, "dims", "turns round along axis 0, which is the batch"),
    ("Pad", {"pad": (1,)}, [ROW], None, "pad", "needs two widths an axis"),
    ("Pad", {"pad": (1, 1, 1, 1)}, [ROW], "x", "pad", "pads 2 axes, but 6 arrives"),
    ("Pad", {"pad": (-3, -3)}, [ROW], "x", "pad", "leaves nothing of an axis of 6"),
    ("Pad", {"pad": (6, 0), "mode": "reflect"}, [ROW], "x", "pad", "pads 6 with “reflect”, more than the 6"),
    ("Pad", {"mode": "circular"}, [INDICES], "x", "mode", "decimal numbers alone"),
    ("Pad", {"mode": "reflect"}, [TensorSpec((2, 4, 6))], "x", "pad", "all axes behind the batch"),
    ("Pad", {"value": 0.5}, [INDICES], "x", "value", "adds a decimal number to whole ones"),
]

NO_GRADIENT = {"Expand": {"like": "only its batch size counts"}}
