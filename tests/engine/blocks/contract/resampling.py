"""What the contract test needs to know about layers that enlarge, shrink, rearrange, cut and put together."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, ROW, SEQUENCE, Misfits, Settings

SETTINGS: Settings = {
    "Upsample": [
        {"size": (9, 4)},
        {"size": (7,), "mode": "nearest-exact", "align_corners": True},
        {"scale_factor": 1.7, "mode": "bilinear", "align_corners": True},
        {"scale_factor": 0.5, "mode": "area", "recompute_scale_factor": True},
        {"mode": "bicubic", "size": (3, 11)},
        {"mode": "linear"},
        {"mode": "trilinear", "scale_factor": 1.3, "recompute_scale_factor": True},
    ],
    "UpsamplingNearest2d": [{"size": (9, 4)}, {"scale_factor": 0.6}],
    "UpsamplingBilinear2d": [{"size": 12}, {"scale_factor": 2.5}],
    "PixelShuffle": [{"upscale_factor": 1}],
    "PixelUnshuffle": [{"downscale_factor": 1}],
    "ChannelShuffle": [{"groups": 1}, {"groups": 3}],
    "Unfold": [
        {"kernel_size": (3, 2), "dilation": (2, 1), "padding": (1, 0), "stride": (2, 3)},
        {"kernel_size": 4, "stride": 4},
    ],
    "Fold": [
        {"stride": 2},
        {"kernel_size": (3, 2), "dilation": (2, 1), "padding": (1, 0), "output_size": (9, 8)},
    ],
}

OTHER_DEFAULTS = {
    **{
        (name, "scale_factor"): "torch takes either this or a size, and has no default"
        for name in ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d")
    },
    ("Upsample", "align_corners"): "torch's None stands for off, or for modes that have no corners to align",
    ("Upsample", "recompute_scale_factor"): "torch's None stands for off",
}


MISFITS: Misfits = [
    ("Upsample", {}, [ROW], "x", None, "expects channels and one to three more axes, but receives 6 (1 axis)"),
    (
        "Upsample",
        {"mode": "bilinear"},
        [SEQUENCE],
        "x",
        "mode",
        "computes “bilinear” on channels × height × width, but receives 4 × 6 (2 axes)",
    ),
    (
        "Upsample",
        {"size": (9, 9)},
        [SEQUENCE],
        "x",
        "size",
        "is told a size of 2 axes (9 × 9), but resizes 1 of what arrives",
    ),
    ("Upsample", {"scale_factor": 0.1}, [IMAGE], "x", "scale_factor", "shrinks by 0.1, so that nothing is left of 8"),
    ("UpsamplingNearest2d", {"scale_factor": 0.1}, [IMAGE], "x", "scale_factor", "nothing is left of 8 × 8"),
    (
        "PixelShuffle",
        {},
        [IMAGE],
        "x",
        "upscale_factor",
        "makes 2 × 2 pixels of 4 channels each, which 6 channels don't divide into",
    ),
    (
        "PixelUnshuffle",
        {"downscale_factor": 3},
        [IMAGE],
        "x",
        "downscale_factor",
        "cuts the image into squares of 3 × 3 pixels, which does not come out even on 8 × 8",
    ),
    ("ChannelShuffle", {"groups": 4}, [IMAGE], None, "groups", "splits 6 channels into 4 groups"),
    ("Unfold", {"kernel_size": 9}, [IMAGE], "x", "kernel_size", "slides a window 9 × 9 wide, but only 8 × 8 arrive"),
    ("Fold", {}, [TensorSpec((6, 49))], "x", "kernel_size", "must be a multiple of 4, but 6 arrive"),
    ("Fold", {}, [TensorSpec((8, 48))], "x", "output_size", "lays 7 × 7 = 49 patches on an image of 8 × 8, but"),
    ("Fold", {}, [TensorSpec((8, None))], "x", None, "needs a fixed number of patches"),
    ("Fold", {"kernel_size": 9}, [TensorSpec((81, 1))], "x", "kernel_size", "slides a window 9 × 9 wide"),
]
