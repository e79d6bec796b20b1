"""What the contract test needs to know about losses that compare distributions."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import ONE_NUMBER, ROW, Misfits, Settings

SETTINGS: Settings = {
    "KLDivLoss": [{"log_target": True}],
    "GaussianNLLLoss": [{"full": True, "eps": 0.01}, {"reduction": "batchmean"}],
    "PoissonNLLLoss": [
        {"log_input": False, "eps": 0.01},
        {"full": True},
        {"log_input": False, "reduction": "batchmean"},
    ],
}

MISFITS: Misfits = [
    ("KLDivLoss", {}, [ROW, TensorSpec((5,))], "target", None, "the prediction is 6 and the target is 5"),
    ("KLDivLoss", {}, [ONE_NUMBER, ONE_NUMBER], "prediction", None, "expects at least one axis"),
    ("GaussianKLLoss", {}, [ROW, TensorSpec((5,))], "log_variance", None, "the mu is 6 and the log_variance is 5"),
    ("GaussianNLLLoss", {}, [ROW, ROW, TensorSpec((5,))], "var", None, "expects one variance for each number"),
    ("GaussianNLLLoss", {}, [ONE_NUMBER, ONE_NUMBER, TensorSpec((1,))], "var", None, "expects one variance for each"),
    ("GaussianNLLLoss", {}, [ROW, TensorSpec((5,)), ROW], "target", None, "the prediction is 6 and the target is 5"),
    ("PoissonNLLLoss", {}, [ROW, ONE_NUMBER], "target", None, "the prediction is 6 and the target is scalar"),
]

STRICTER = {"expects one variance for each number": "torch also stretches a variance along other axes"}
