"""What the contract test needs to know about paddings."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, VOLUME, Misfits, Settings

KINDS = ("Zero", "Constant", "Reflection", "Replication", "Circular")
MARGINS: dict[str, list[dict[str, object]]] = {
    "1d": [{"padding": (0, 3)}, {"padding": (2, -3)}],
    "2d": [{"padding": (0, 1, 2, 3)}, {"padding": (-1, 2, 1, -2)}],
    "3d": [{"padding": (0, 1, 2, 3, 2, 1)}, {"padding": (-1, 2, 1, -2, 0, -1)}],
}
SIGNAL = TensorSpec((3, 4))

SETTINGS: Settings = {f"{kind}Pad{axes}": rows for kind in KINDS for axes, rows in MARGINS.items()}
SETTINGS |= {f"ConstantPad{axes}": [*rows, {"value": -1.5}] for axes, rows in MARGINS.items()}

STRICTER = {
    "numbers from the other end": "after cutting, torch wraps more than is left for some sizes of the batch only"
}

MISFITS: Misfits = [
    ("ZeroPad1d", {}, [IMAGE], "x", None, "expects channels × length"),
    ("ZeroPad1d", {"padding": -2}, [SIGNAL], "x", "padding", "cuts off so much that nothing is left of 4"),
    ("ConstantPad2d", {"padding": (0, 0, -9, 0)}, [IMAGE], "x", "padding", "nothing is left of 8 × 8"),
    (
        "ReflectionPad1d",
        {"padding": (0, 4)},
        [SIGNAL],
        "x",
        "padding",
        "adds 4 mirrored numbers, the edge itself not among them, but along an axis of 4 it can add at most 3",
    ),
    ("ReflectionPad3d", {"padding": 8}, [VOLUME], "x", "padding", "along an axis of 8 it can add at most 7"),
    ("ReplicationPad2d", {"padding": -4}, [IMAGE], "x", "padding", "nothing is left of 8 × 8"),
    (
        "CircularPad2d",
        {"padding": (0, 0, 9, 0)},
        [IMAGE],
        "x",
        "padding",
        "adds 9 numbers from the other end, but along an axis of 8 it can add at most 8",
    ),
]
