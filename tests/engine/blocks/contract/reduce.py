"""What the contract test needs to know about reductions."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ONE_NUMBER, ROW, SEQUENCE, Misfits, Settings, Specs

OVER_AXES: list[dict[str, object]] = [{"dim": ()}, {"dim": (1, 3), "keepdim": True}, {"dim": (1,), "keepdim": True}]
OVER_ONE: list[dict[str, object]] = [{"dim": 1}, {"dim": 1, "keepdim": True}]
BOTH: list[dict[str, object]] = [{"indices": True}, {"indices": True, "dim": (1,), "keepdim": True}]
SETTINGS: Settings = {
    **dict.fromkeys(("Mean", "Sum", "LogSumExp", "All", "Any"), OVER_AXES),
    **{name: [*OVER_AXES, *BOTH] for name in ("Max", "Min")},
    **{name: [*OVER_AXES, {"correction": 0}] for name in ("Std", "Var")},
    "Norm": [*OVER_AXES, {"ord": 1.0}, {"ord": 3.5}],
    **dict.fromkeys(("Prod", "ArgMax", "ArgMin"), OVER_ONE),
    "Median": [*OVER_ONE, {"indices": True}, {"indices": True, "dim": 1, "keepdim": True}],
    "CumSum": [{"dim": 1}],
}
SETTINGS["All"] = SETTINGS["Any"] = [{"dim": ()}, {"dim": (1, 2), "keepdim": True}, {"dim": (1,)}]


STRICTER = {
    "one number arrives": "torch takes a single number for an axis of one",
    "divides by the count of numbers less": "torch answers with what is no number, and a warning",
}

MISFITS: Misfits = [
    ("Mean", {"dim": (0,)}, [ROW], None, "dim", "reduces along axis 0, which is the batch: samples stay apart"),
    ("Mean", {"dim": (-2,)}, [ROW], None, "dim", "which is the batch"),
    ("Mean", {"dim": (2,)}, [ROW], None, "dim", "reduces along axis 2, but 6 has only axis 1"),
    ("Sum", {"dim": (1, -1)}, [ROW], None, "dim", "of which two are the same"),
    ("Max", {}, [ONE_NUMBER], "x", None, "has no axis to reduce: one number arrives for each sample"),
    ("Max", {"indices": True, "dim": (1, 2)}, [SEQUENCE], None, "indices", "tells positions along one axis"),
    ("Mean", {}, [INDICES], "x", None, "expects decimal numbers"),
    ("Std", {}, [TensorSpec((4, 1))], None, "correction", "there is only 1 along its axes"),
    ("ArgMax", {"dim": 3}, [SEQUENCE], None, "dim", "reduces along axis 3, but 4 × 6 has axes 1 to 2"),
    ("CumSum", {"dim": 0}, [SEQUENCE], None, "dim", "which is the batch"),
]


def apart(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """No two alike, so that each has a place of its own."""
    value = values["x"]
    return {"x": torch.randperm(value.numel()).reshape(value.shape).to(value.dtype)}


VALUES = {"Median": apart}
