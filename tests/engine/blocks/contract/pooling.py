"""What the contract test needs to know about poolings and their inverse."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.plan import trace_block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, INDICES, ROW, VOLUME, Misfits, Settings, Specs

SIGNAL = TensorSpec((6, 8))
LONE = TensorSpec((3, 1, 1))

SETTINGS: Settings = {
    "MaxPool1d": [
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"kernel_size": 3, "dilation": 2, "stride": 1, "return_indices": True},
    ],
    "MaxPool2d": [
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 1), "ceil_mode": True},
        {"kernel_size": 3, "dilation": (2, 1), "stride": 1, "return_indices": True},
    ],
    "MaxPool3d": [
        {"kernel_size": (3, 2, 2), "stride": (2, 3, 1), "padding": 1, "ceil_mode": True, "return_indices": True},
        {"kernel_size": 3, "dilation": (2, 1, 1), "stride": 1},
    ],
    "AvgPool1d": [
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False},
        {"kernel_size": 5, "padding": 2},
    ],
    "AvgPool2d": [
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 1), "ceil_mode": True, "count_include_pad": False},
        {"kernel_size": 5, "divisor_override": 7},
    ],
    "AvgPool3d": [
        {"kernel_size": (3, 2, 2), "stride": (2, 3, 1), "padding": 1, "ceil_mode": True, "count_include_pad": False},
        {"kernel_size": 4, "divisor_override": 7},
    ],
    "AdaptiveMaxPool1d": [{"output_size": 5}, {"output_size": 20, "return_indices": True}],
    "AdaptiveMaxPool2d": [{"output_size": (None, 5)}, {"output_size": 20, "return_indices": True}],
    "AdaptiveMaxPool3d": [{"output_size": (3, None, 5)}, {"output_size": (None, None, None), "return_indices": True}],
    "AdaptiveAvgPool1d": [{"output_size": 5}, {"output_size": 20}],
    "AdaptiveAvgPool2d": [{"output_size": (3, 5)}, {"output_size": (None, 3)}, {"output_size": 20}],
    "AdaptiveAvgPool3d": [{"output_size": (3, 5, None)}, {"output_size": 4}],
    "LPPool1d": [{"norm_type": 1.0, "kernel_size": 3, "stride": 2, "ceil_mode": True}, {"norm_type": 3.5}],
    "LPPool2d": [{"norm_type": 3.0, "kernel_size": (3, 2), "stride": (2, 3), "ceil_mode": True}, {"stride": 1}],
    "LPPool3d": [{"norm_type": 1.5, "kernel_size": (3, 2, 2), "stride": (2, 3, 1), "ceil_mode": True}],
    "FractionalMaxPool2d": [
        {"output_size": (7, 9), "kernel_size": (3, 2)},
        {"output_ratio": 0.35, "kernel_size": 3, "return_indices": True},
    ],
    "FractionalMaxPool3d": [
        {"output_size": (2, 3, 3), "kernel_size": (3, 2, 1)},
        {"output_ratio": 0.5, "return_indices": True},
    ],
    "MaxUnpool1d": [{"kernel_size": 3, "stride": 2, "padding": 1}, {"output_size": 13}],
    "MaxUnpool2d": [{"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 0)}, {"output_size": (13, 10)}],
    "MaxUnpool3d": [{"kernel_size": (3, 2, 2), "stride": 1}, {"output_size": (9, 6, 5)}],
}

LEFT_OUT = {
    name: {"_random_samples": "private: the windows are to be random"}
    for name in ("FractionalMaxPool2d", "FractionalMaxPool3d")
}
OUR_OWN = {name: {"output_size"} for name in ("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d")}  # an argument of the call
OTHER_DEFAULTS = {
    (name, "output_ratio"): "torch takes either this or a size, and has no default"
    for name in ("FractionalMaxPool2d", "FractionalMaxPool3d")
}
STRICTER = {
    "nothing is left": "torch gives an empty image, from which nothing can be learned",
}


def positive(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A power that isn't even has no value for a negative sum."""
    return {name: value.abs() for name, value in values.items()}


def places(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Indices into what leaves, each used once where there is room."""
    (leaving,) = trace_block(block, specs).outputs
    batch, channels, *sizes = values["indices"].shape
    room = torch.Size(leaving.sizes[1:]).numel() if leaving is not None else 1
    number = torch.Size(sizes).numel()
    drawn = [torch.randperm(max(room, number))[:number] % max(room, 1) for _ in range(batch * channels)]
    return {"indices": torch.stack(drawn).reshape(batch, channels, *sizes)}


VALUES = {
    **dict.fromkeys(("LPPool1d", "LPPool2d", "LPPool3d"), positive),
    **dict.fromkeys(("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"), places),
}

MISFITS: Misfits = [
    ("MaxPool1d", {}, [IMAGE], "x", None, "expects channels × length, but receives 6 × 8 × 8 (3 axes)"),
    ("MaxPool1d", {"kernel_size": 9}, [SIGNAL], "x", "kernel_size", "slides a window 9 wide, but only 8 arrive"),
    ("MaxPool2d", {"kernel_size": 9}, [IMAGE], "x", "kernel_size", "slides a window 9 × 9 wide"),
    ("MaxPool2d", {"padding": 2}, [IMAGE], None, "padding", "pads by more than half of its window"),
    ("MaxPool2d", {"padding": 2, "dilation": 3}, [IMAGE], None, "padding", "pads by more than half of its window"),
    ("MaxPool3d", {}, [IMAGE], "x", None, "expects channels × depth × height × width"),
    ("AvgPool1d", {"padding": 2}, [SIGNAL], None, "padding", "pads by more than half of its window"),
    ("AvgPool3d", {"kernel_size": (9, 1, 1)}, [VOLUME], "x", "kernel_size", "slides a window 9 × 1 × 1 wide"),
    ("AvgPool3d", {"kernel_size": 9, "padding": 1}, [VOLUME], "x", "kernel_size", "slides a window 9 × 9 × 9 wide"),
    ("LPPool3d", {"kernel_size": 9, "ceil_mode": True}, [VOLUME], "x", "kernel_size", "a window 9 × 9 × 9 wide"),
    ("LPPool2d", {"kernel_size": 9}, [IMAGE], "x", "kernel_size", "slides a window 9 × 9 wide"),
    ("AdaptiveMaxPool2d", {}, [ROW], "x", None, "expects channels × height × width, but receives 6 (1 axis)"),
    (
        "FractionalMaxPool2d",
        {"output_size": 8, "return_indices": True},
        [IMAGE],
        "x",
        "output_size",
        "places 8 windows 2 wide at different places along an axis of 8, which is too short for them; with this "
        "window 7 are possible",
    ),
    ("FractionalMaxPool3d", {"output_size": 7}, [VOLUME], "x", "output_size", "with this window 6 are possible"),
    ("FractionalMaxPool2d", {"output_ratio": 0.99, "kernel_size": 3}, [IMAGE], "x", "output_ratio", "places 7 windows"),
    ("FractionalMaxPool2d", {}, [LONE], "x", "output_ratio", "keeps a share of 0.7, so that nothing is left of 1 × 1"),
    ("MaxUnpool2d", {}, [IMAGE, INDICES], "indices", None, "needs one index for each value, but receives 4 indices"),
    ("MaxUnpool2d", {}, [IMAGE, IMAGE], "indices", None, "expects whole numbers (int64)"),
    (
        "MaxUnpool2d",
        {"output_size": 20},
        [IMAGE, TensorSpec((6, 8, 8), "int64")],
        None,
        "output_size",
        "can't come from 20 along an axis where 8 arrive; 15 to 17 are possible",
    ),
    ("MaxUnpool1d", {"padding": 9}, [SIGNAL, TensorSpec((6, 8), "int64")], "x", "padding", "nothing is left of 8"),
    (
        "MaxUnpool1d",
        {"output_size": 9},
        [TensorSpec((6, None)), TensorSpec((6, None), "int64")],
        "x",
        "output_size",
        "is told the size it shall give, but the size that arrives varies",
    ),
]
