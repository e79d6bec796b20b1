"""What the contract test needs to know about dropout."""

from __future__ import annotations

from tests.engine.blocks.contract.specs import IMAGE, INDICES, ONE_NUMBER, ROW, SEQUENCE, Misfits, Settings

SETTINGS: Settings = {
    "Dropout": [{"p": 0.0}, {"p": 0.9}],
    "Dropout1d": [{"p": 0.2}],
    "Dropout2d": [{"p": 0.2}],
    "Dropout3d": [{"p": 0.2}],
    "AlphaDropout": [{"p": 0.0}, {"p": 0.2}],
    "FeatureAlphaDropout": [{"p": 0.2}],
}

MISFITS: Misfits = [
    ("Dropout", {}, [INDICES], "x", None, "expects decimal numbers (float32), but receives whole numbers"),
    ("Dropout1d", {}, [ROW], "x", None, "expects channels × length, but receives 6 (1 axis)"),
    ("Dropout2d", {}, [SEQUENCE], "x", None, "expects channels × height × width, but receives 4 × 6 (2 axes)"),
    ("Dropout3d", {}, [IMAGE], "x", None, "expects channels × depth × height × width"),
    ("FeatureAlphaDropout", {}, [ONE_NUMBER], "x", None, "expects at least one axis (channels × …)"),
]
