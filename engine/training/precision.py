"""Mixed precision: what may be computed in half precision is, and gradients too small for it are scaled up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from engine.training.settings import TrainingSettings

TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Precision:
    """`computing()` surrounds the network; `scaler` is there for fp16 alone."""

    def __init__(self, settings: TrainingSettings, device: str) -> None:
        self.kind, self.device = settings.precision, device
        self.scaler: torch.amp.GradScaler | None = torch.amp.GradScaler(device) if self.kind == "fp16" else None

    @property
    def scale(self) -> Callable[[torch.Tensor], torch.Tensor] | None:
        """What the loss goes through before its gradient is taken."""
        return self.scaler.scale if self.scaler is not None else None

    def computing(self) -> AbstractContextManager[Any]:
        if self.kind == "float32":
            return nullcontext()
        return torch.autocast(self.device, TYPES[self.kind])

    def state(self) -> dict[str, Any] | None:
        return self.scaler.state_dict() if self.scaler is not None else None

    def restore(self, state: dict[str, Any] | None) -> None:
        """Take up what `state` told."""
        if self.scaler is not None and state is not None:
            self.scaler.load_state_dict(state)


def in_full(predictions: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The same in float32, which losses and scores are computed in."""
    return {name: value.float() if value.dtype in TYPES.values() else value for name, value in predictions.items()}
