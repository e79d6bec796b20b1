"""Which device a training computes on."""

from __future__ import annotations

from engine.problem import UserError


def available_device(wanted: str) -> str:
    """The device that `auto`, `cpu` or `cuda` stands for on this machine.

    Raises:
        UserError: when there is no such device.
    """
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise UserError("There is no GPU that PyTorch can use here. Choose the device “cpu” or “auto”.", ("use_cpu",))
    return wanted


def device_is_lost(error: BaseException) -> bool:
    """Whether the GPU itself failed, as when its driver restarted; only a new process helps then."""
    import torch

    return isinstance(error, torch.AcceleratorError) or "CUDA error" in str(error)
