"""The settings of a training: what they begin as, and what they refuse."""

from __future__ import annotations

import pytest

from engine.record import BadValue
from engine.training.settings import OPTIMIZERS, TrainingSettings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epochs": 0}, "Epochs must be at least 1"),
        ({"batch_size": 0}, "Batch size must be at least 1, not 0."),
        ({"batch_size": 1.5}, "Batch size must be a whole number, not 1.5."),
        ({"seed": -1}, "Seed must be at least 0"),
        ({"seed": 2**63}, "Seed must be a number below 2⁶³"),
        ({"device": "tpu"}, "Device must be “auto” or “cpu” or “cuda”, not “tpu”."),
        ({"threads": 0}, "Threads must be at least 1"),
        ({"accumulate": 0}, "Batches a step must be at least 1"),
        ({"clip_norm": 0}, "Clip norm must be more than 0, not 0."),
        ({"clip_value": -1}, "Clip value must be more than 0, not -1."),
        ({"l1": -1}, "L1 penalty must be at least 0"),
        ({"warmup": -1}, "Warm-up must be at least 0"),
        ({"warmup_start": 0}, "Warm-up start must be more than 0"),
        ({"accumulate": 2, "optimizer": OPTIMIZERS["LBFGS"]()}, "so Batches a step must be 1."),
    ],
)
def test_settings_refuse(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue) as refused:
        TrainingSettings().change(**values)
    assert words in str(refused.value)


def test_starts_with_adam_on_one_thread() -> None:
    settings = TrainingSettings()
    assert (type(settings.optimizer).__name__, settings.threads, settings.device) == ("Adam", None, "auto")
    assert settings.param("batch_size").unit == "samples"
