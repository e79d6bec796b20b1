"""How images lie in memory: channels last where there are convolutions, which are then faster by a third and more.

Weights and data are laid so once, before anything is computed, and every layer hands on what it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def wants_channels_last(network: torch.nn.Module) -> bool:
    import torch

    return any(isinstance(module, (torch.nn.Conv2d, torch.nn.ConvTranspose2d)) for module in network.modules())


def laid_out(tensor: torch.Tensor) -> torch.Tensor:
    """Images (samples, channels, height, width) with their channels last in memory; anything else as it is."""
    import torch

    return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor


def gathered(tensor: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """The samples at `rows`, laid out as they were."""
    import torch

    rows = rows.to(tensor.device)
    if tensor.dim() == 4 and tensor.is_contiguous(memory_format=torch.channels_last):
        return tensor.permute(0, 2, 3, 1).index_select(0, rows).permute(0, 3, 1, 2)
    return tensor.index_select(0, rows)
