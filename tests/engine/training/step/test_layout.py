"""Images lie with their channels last where that helps, and stay so on their way to the network."""

from __future__ import annotations

import pytest
import torch

from engine.training.step.layout import gathered, laid_out, wants_channels_last


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        (torch.nn.Linear(2, 2), False),
        (torch.nn.Conv1d(2, 2, 1), False),
        (torch.nn.Sequential(torch.nn.Sequential(torch.nn.Conv2d(2, 2, 1))), True),
        (torch.nn.ConvTranspose2d(2, 2, 1), True),
    ],
)
def test_convolutions_over_images_want_it(layer: torch.nn.Module, wanted: bool) -> None:
    assert wants_channels_last(layer) == wanted


@pytest.mark.parametrize("shape", [(5,), (5, 3), (5, 3, 4, 6), (5, 1, 4, 6), (5, 3, 4, 6, 2)])
def test_samples_are_gathered_as_they_lie(shape: tuple[int, ...]) -> None:
    plain = torch.arange(torch.Size(shape).numel()).view(shape)
    tensor, rows = laid_out(plain), torch.tensor([4, 0, 2])
    found = gathered(tensor, rows)
    assert torch.equal(found, plain[rows])
    assert found.dim() != 4 or found.is_contiguous(memory_format=torch.channels_last)
