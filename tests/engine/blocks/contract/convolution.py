"""What the contract test needs to know about convolutions."""

from __future__ import annotations

from engine.blocks import CATALOGUE
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, ROW, Misfits, Settings

SETTINGS: Settings = {
    "Conv1d": [
        {"kernel_size": 4, "stride": 3, "padding": 2, "dilation": 2, "groups": 2, "out_channels": 6, "bias": False},
        {"padding": "same", "padding_mode": "circular", "kernel_size": 5},
        {"padding": "same", "kernel_size": 4, "weight_norm": "weight"},
    ],
    "Conv2d": [
        {"kernel_size": (5, 2), "stride": (3, 2), "padding": (2, 0), "dilation": (1, 3), "bias": False},
        {"groups": 3, "out_channels": 9, "padding": "same", "padding_mode": "reflect", "kernel_size": (4, 3)},
        {"padding": 1, "padding_mode": "replicate", "weight_norm": "spectral"},
        {"padding": "same", "kernel_size": (4, 2), "dilation": (1, 3)},
        {"weight_norm": "weight", "groups": 3, "out_channels": 6, "bias": False},
    ],
    "Conv3d": [
        {"kernel_size": (3, 2, 1), "stride": (3, 2, 1), "padding": (2, 0, 1), "dilation": (1, 3, 2), "bias": False},
        {"groups": 2, "out_channels": 6, "padding": "same", "padding_mode": "circular", "kernel_size": (4, 3, 1)},
        {"padding": "same", "kernel_size": (2, 3, 4), "weight_norm": "spectral"},
    ],
    "ConvTranspose1d": [
        {"kernel_size": 3, "stride": 3, "padding": 1, "output_padding": 2, "bias": False},
        {"groups": 3, "out_channels": 9, "dilation": 2, "stride": 1, "weight_norm": "weight"},
    ],
    "ConvTranspose2d": [
        {"kernel_size": (3, 4), "stride": (3, 2), "padding": (1, 2), "output_padding": (2, 1), "bias": False},
        {"groups": 3, "out_channels": 9, "dilation": 2, "stride": 1},
        {"weight_norm": "spectral"},
    ],
    "ConvTranspose3d": [
        {"kernel_size": (3, 4, 2), "stride": (3, 2, 1), "padding": (1, 2, 0), "output_padding": (2, 1, 0)},
        {"groups": 3, "out_channels": 9, "dilation": 2, "stride": 1, "weight_norm": "weight"},
    ],
}

CONVOLUTIONS = [name for name in CATALOGUE if name.startswith("Conv")]
TRANSPOSED = [name for name in CONVOLUTIONS if "Transpose" in name]
LEFT_OUT = {name: {"padding_mode": "torch takes nothing but zeros here"} for name in TRANSPOSED}
OUR_OWN = {name: {"weight_norm"} for name in CONVOLUTIONS}
OTHER_DEFAULTS = {(name, "stride"): "the block is there to enlarge" for name in TRANSPOSED}

MISFITS: Misfits = [
    ("Conv1d", {}, [IMAGE], "x", None, "expects channels × length, but receives 6 × 8 × 8 (3 axes)"),
    ("Conv1d", {}, [TensorSpec((None, 9))], "x", None, "needs a fixed number of channels, but that axis varies"),
    (
        "Conv1d",
        {"padding": 4, "padding_mode": "reflect"},
        [TensorSpec((2, 4))],
        "x",
        "padding",
        "pads 4 with “reflect”, more than the 4 that arrive can give",
    ),
    ("Conv2d", {}, [ROW], "x", None, "expects channels × height × width, but receives 6 (1 axis)"),
    ("Conv2d", {"kernel_size": 9}, [IMAGE], "x", "kernel_size", "slides a window 9 × 9 wide, but only 8 × 8 arrive"),
    (
        "Conv2d",
        {"kernel_size": 5, "dilation": 3, "padding": 1},
        [IMAGE],
        "x",
        "kernel_size",
        "slides a window 13 × 13 wide, but only 8 × 8 arrive (with padding 1 × 1)",
    ),
    ("Conv2d", {"padding": "same", "stride": 2}, [IMAGE], None, "stride", "padding “same” only at stride 1"),
    (
        "Conv2d",
        {"groups": 4},
        [IMAGE],
        None,
        "groups",
        "splits 6 input channels into 4 groups, which does not come out even; it could be 1, 2, 3, 6",
    ),
    ("Conv2d", {"groups": 3}, [IMAGE], None, "groups", "splits 32 filters into 3 groups"),
    ("ConvTranspose2d", {"padding": 9}, [IMAGE], "x", "padding", "nothing is left of 8 × 8"),
    (
        "ConvTranspose2d",
        {"output_padding": 2},
        [IMAGE],
        None,
        "output_padding",
        "has an output padding of 2, which must be less than its stride or its dilation",
    ),
]
