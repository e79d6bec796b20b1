"""What the contract test needs to know about losses that compare numbers."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDEX, ROW, Misfits, Settings

SETTINGS: Settings = {
    "MSELoss": [{"reduction": "batchmean"}],
    "L1Loss": [{"reduction": "batchmean"}],
    "SmoothL1Loss": [{"beta": 0.0}, {"beta": 0.3, "reduction": "batchmean"}],
    "HuberLoss": [{"delta": 0.1}, {"reduction": "batchmean"}],
}

MISFITS: Misfits = [
    ("MSELoss", {}, [ROW, TensorSpec((1,))], "target", None, "the prediction is 6 and the target is 1"),
    ("L1Loss", {}, [TensorSpec((1,)), TensorSpec(())], "target", None, "the prediction is 1 and the target is scalar"),
    ("HuberLoss", {}, [ROW, INDEX], "target", None, "expects decimal numbers (float32)"),
    ("SmoothL1Loss", {}, [TensorSpec((2, 3)), TensorSpec((3, 2))], "target", None, "compares number with number"),
    ("MeanLoss", {}, [INDEX], "value", None, "expects decimal numbers (float32)"),
]
