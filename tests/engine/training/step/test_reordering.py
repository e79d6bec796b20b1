"""ReLU and max pooling change places where nobody can tell, to the last bit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from engine.training.step.printing import Printed
from engine.training.step.recording import Recorder, Recording
from engine.training.step.tidying import Tidied

POOL = torch.nn.functional.max_pool2d
Pooling = Callable[[torch.Tensor], torch.Tensor]


def step_of(x: torch.Tensor, weight: torch.Tensor, pooling: Pooling) -> tuple[Tidied, torch.Tensor]:
    """A step that pools images under a weight of their channels; its numbers stay in the recording."""
    recording = Recording({"x": x})
    with torch.enable_grad(), Recorder(recording):
        loss = pooling(x * weight).square().sum()
        recording.gradients = torch.autograd.grad(loss, [weight])
        recording.losses = [loss]
    return Tidied(recording, [weight]), torch.zeros_like(weight)


def images() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    x = torch.randn(4, 3, 9, 9).round()  # with many that are equal, and many zeros
    return x.contiguous(memory_format=torch.channels_last), torch.nn.Parameter(torch.randn(1, 3, 1, 1))


@pytest.mark.parametrize(
    "pooling",
    [
        lambda x: POOL(x.relu(), 2),
        lambda x: POOL(x.relu(), 3, stride=2, padding=1),
        lambda x: POOL(x.relu(), (2, 3), ceil_mode=True, dilation=2),
        lambda x: POOL(POOL(x.relu(), 2, stride=1).relu(), 2),
        lambda x: POOL(x.relu(), 2).permute(0, 2, 3, 1),
    ],
)
def test_what_is_exchanged_gives_the_same_to_the_last_bit(pooling: Pooling) -> None:
    tidied, place = step_of(*images(), pooling)
    names = [operation.name for operation in tidied.operations]
    assert names.index("max_pool2d_with_indices") < names.index("relu")
    assert names.index("threshold_backward") < names.index("max_pool2d_with_indices_backward")
    (loss,), _ = Printed(tidied, [place]).function()(*tidied.recording.inputs.values())
    assert torch.equal(loss, tidied.recording.losses[0])
    assert torch.equal(place, tidied.recording.gradients[0])


def two_ways(x: torch.Tensor) -> torch.Tensor:
    positive = x.relu()
    return POOL(positive, 3) + positive[:, :, :3, :3]


def written_to(x: torch.Tensor) -> torch.Tensor:
    return POOL(x.relu(), 2).mul_(2)


@pytest.mark.parametrize("pooling", [two_ways, written_to, lambda x: POOL(x.sigmoid(), 2), lambda x: POOL(x, 2).relu()])
def test_what_others_look_at_stays_in_its_order(pooling: Pooling) -> None:
    tidied, place = step_of(*images(), pooling)
    names = [operation.name for operation in tidied.operations]
    if pooling in (two_ways, written_to):
        assert names.index("relu") < names.index("max_pool2d_with_indices")
    (loss,), _ = Printed(tidied, [place]).function()(*tidied.recording.inputs.values())
    assert torch.equal(loss, tidied.recording.losses[0])
    assert torch.equal(place, tidied.recording.gradients[0])
