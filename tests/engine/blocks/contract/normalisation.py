"""What the contract test needs to know about normalisation."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, INDICES, ROW, SEQUENCE, Misfits, Settings

BATCH = [{"affine": False}, {"bias": False}, {"momentum": None, "eps": 0.1}, {"momentum": 0.5}]
INSTANCE = [{"affine": True}, {"affine": True, "bias": False}, {"track_running_stats": True, "momentum": 0.5}]

SETTINGS: Settings = {
    "BatchNorm1d": BATCH,
    "BatchNorm2d": [*BATCH, {"track_running_stats": False}],
    "BatchNorm3d": [*BATCH, {"track_running_stats": False}],
    "InstanceNorm1d": INSTANCE,
    "InstanceNorm2d": INSTANCE,
    "InstanceNorm3d": INSTANCE,
    "LayerNorm": [{"elementwise_affine": False}, {"bias": False, "eps": 0.1}, {"last_axes": 2}],
    "RMSNorm": [{"elementwise_affine": False}, {"eps": 0.1}, {"last_axes": 2}],
    "GroupNorm": [{"num_groups": 3}, {"num_groups": 2, "affine": False}, {"bias": False, "eps": 0.1}],
    "LocalResponseNorm": [{"size": 2, "alpha": 0.5, "beta": 0.5, "k": 2.0}],
}

LEFT_OUT = {
    "LayerNorm": {"normalized_shape": "asked for as a number of axes, whose sizes follow from the input"},
    "RMSNorm": {"normalized_shape": "asked for as a number of axes, whose sizes follow from the input"},
    "GroupNorm": {"num_channels": "follows from the input"},
}
OUR_OWN = {"LayerNorm": {"last_axes"}, "RMSNorm": {"last_axes"}}
OTHER_DEFAULTS = {("LocalResponseNorm", "size"): "torch leaves it open"}

STRICTER = {"each group has only one": "torch gives nothing but the shift then, unless the batch is one sample"}

MISFITS: Misfits = [
    ("BatchNorm1d", {}, [IMAGE], "x", None, "expects features, or channels × length"),
    ("BatchNorm2d", {}, [SEQUENCE], "x", None, "expects channels × height × width"),
    ("BatchNorm3d", {}, [IMAGE], "x", None, "expects channels × depth × height × width"),
    ("InstanceNorm1d", {}, [ROW], "x", None, "expects channels × length"),
    ("InstanceNorm2d", {}, [TensorSpec((6, 1, 1))], "x", None, "but each channel has only one"),
    ("InstanceNorm3d", {}, [TensorSpec((None, 2, 2, 2))], "x", None, "needs a fixed number of channels"),
    ("LayerNorm", {"last_axes": 3}, [SEQUENCE], None, "last_axes", "normalises the last 3 axes, but 4 × 6 has only 2"),
    ("RMSNorm", {"last_axes": 2}, [ROW], None, "last_axes", "normalises the last 2 axes, but 6 has only 1"),
    ("RMSNorm", {}, [INDICES], "x", None, "expects decimal numbers"),
    (
        "GroupNorm",
        {"num_groups": 4},
        [IMAGE],
        None,
        "num_groups",
        "splits 6 channels into 4 groups, which does not come out even; it could be 1, 2, 3, 6",
    ),
    ("GroupNorm", {"num_groups": 6}, [ROW], "x", "num_groups", "but each group has only one"),
    ("LocalResponseNorm", {}, [ROW], "x", None, "expects channels and at least one more axis, but receives 6"),
]
