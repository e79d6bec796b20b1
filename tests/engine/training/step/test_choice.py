"""The plain way is taken where the straight one can't be, with the reason; weights without a part stay out."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.training.step.choice import choose, learned_by
from engine.training.step.flat import FlatWeights
from engine.training.step.traced import TracedStep
from tests.engine.training.given import noisy, small
from tests.engine.training.step.made import made


def test_goes_straight_where_it_can() -> None:
    project = made(noisy())
    choice = choose(project.forward, project.flat, project.batches.first(16))
    assert choice.traced
    assert isinstance(choice.step, TracedStep)
    assert choice.reason == ""


def test_batches_of_other_sizes_are_recorded_beforehand() -> None:
    project = made(noisy())
    sizes = project.batches.sizes
    assert len(sizes) == 2
    first, last = (project.batches.first(size) for size in sizes)
    step = choose(project.forward, project.flat, first, also=[last]).step
    assert isinstance(step, TracedStep)
    known = dict(step._steps)
    assert len(known) == 2
    assert None not in known.values()
    step(last)
    assert step._steps == known


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda x: x * float(x.sum()), "it reads numbers on the way (_local_scalar_dense)"),
        (lambda x: x[x[:, 0] > -9], "the size of a result depends on the data ("),
        (lambda x: x.as_strided(x.shape, x.stride(), 0), "the layout of a batch is taken as fixed (as_strided)"),
        (lambda x: torch.view_as_complex(x.view(-1, 2, 2)).abs().repeat(1, 2), "there are complex numbers"),
    ],
)
def test_says_why_it_does_not(change: Any, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(small())
    forward = project.forward.network.forward
    monkeypatch.setattr(project.forward.network, "forward", lambda x: forward(change(x)))
    choice = choose(project.forward, project.flat, project.batches.first(16))
    assert not choice.traced
    assert choice.reason.startswith(reason)
    choice.step(project.batches.first(16))
    assert all(gradient.any() for gradient in project.flat.gradients)


def test_without_weights_there_is_nothing_to_trace() -> None:
    project = made(small())
    assert (
        choose(project.forward, FlatWeights(()), project.batches.first(16)).reason == "there are no weights that learn"
    )


def test_weights_without_a_part_in_the_loss_are_known() -> None:
    project = made(noisy())
    weights = [torch.nn.Parameter(torch.ones(3)), *project.forward.network.parameters()]
    before = {name: value.clone() for name, value in project.forward.network.state_dict().items()}
    assert learned_by(project.forward, weights, project.batches.first(2)) == [False] + [True] * (len(weights) - 1)
    assert all(torch.equal(value, before[name]) for name, value in project.forward.network.state_dict().items())


def test_a_first_batch_that_fails_is_left_to_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(small())
    monkeypatch.setattr(project.forward.network, "forward", lambda x: x @ torch.ones(9, 3))
    weights = list(project.forward.network.parameters())
    assert learned_by(project.forward, weights, project.batches.first(2)) == [True] * len(weights)
    choice = choose(project.forward, project.flat, project.batches.first(16))
    assert choice.reason.startswith("the first batch can't be computed (mat1 and mat2 shapes")
    with pytest.raises(RuntimeError):
        choice.step(project.batches.first(16))
