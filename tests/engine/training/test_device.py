"""The device that is asked for, or a sentence that says why not."""

from __future__ import annotations

import pytest
import torch

from engine.problem import UserError
from engine.training.device import available_device


@pytest.mark.parametrize(
    ("wanted", "has_gpu", "device"),
    [
        ("auto", False, "cpu"),
        ("auto", True, "cuda"),
        ("cpu", True, "cpu"),
        ("cpu", False, "cpu"),
        ("cuda", True, "cuda"),
    ],
)
def test_takes(wanted: str, has_gpu: bool, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_gpu)
    assert available_device(wanted) == device


def test_says_that_there_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match=r"no GPU that PyTorch can use here. Choose the device “cpu” or “auto”\."):
        available_device("cuda")
