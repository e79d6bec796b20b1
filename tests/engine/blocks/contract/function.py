"""What the contract test needs to know about the general block; test_function.py tries every function."""

from __future__ import annotations

import torch

from engine.blocks import Block
from tests.engine.blocks.contract.specs import ROW, Misfits, Settings, Specs

SETTINGS: Settings = {
    "Function": [
        {"operation": "cumprod", "arguments": "dim=-1"},
        {"operation": "cummax", "arguments": "dim=1"},
        {"operation": "linalg.qr"},
        {"operation": "outer", "inputs": 2},
        {"operation": "hypot", "inputs": 2},
        {"operation": "bitwise_and", "inputs": 2},
        {"operation": "addcmul", "inputs": 3, "arguments": "value=0.5"},
        {"operation": "F.normalize"},
    ],
}


def fitting(block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Numbers between 0 and 1, and matrices that can be inverted, which every function takes."""
    found = {}
    for name, value in values.items():
        if value.is_floating_point():
            value = torch.rand(value.shape) * 0.8 + 0.1
            if value.dim() > 1 and value.shape[-1] == value.shape[-2]:
                value = value @ value.mT + torch.eye(value.shape[-1])
        found[name] = value
    return found


VALUES = {"Function": fitting}

STRICTER = {
    "mixes the batch": "torch does not know the batch",
    "for each sample, but receives": "torch takes the batch for rows",
    "has no gradient": "torch computes all the same",
}

MISFITS: Misfits = [
    ("Function", {"operation": "cumprod"}, [ROW], None, "arguments", "calls cumprod, which needs dim"),
    ("Function", {"inputs": 2}, [ROW, ROW], None, "inputs", "calls log1p, which takes 1 input, but has 2"),
]
