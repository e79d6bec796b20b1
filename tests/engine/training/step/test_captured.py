"""A captured step is the plain one; where there is no GPU, a stand-in that keeps its places in memory tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from engine.training.step.captured import SHAPES_AT_MOST, CannotCaptureError, CapturedStep, on_gpu
from engine.training.step.choice import choose
from engine.training.step.forward import Outcome
from engine.training.step.plain import PlainStep
from tests.engine.training.given import noisy, small
from tests.engine.training.step.made import Made, made

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that PyTorch can use")


def stand_in(run: Callable[[], Outcome]) -> tuple[Callable[[], None], Outcome]:
    """Carries `run` out again, into the same memory each time, as a CUDA graph does."""
    first = run()
    held = Outcome(tuple(loss.clone() for loss in first.losses), tuple(value.clone() for value in first.compared))

    def replay() -> None:
        again = run()
        for place, value in zip((*held.losses, *held.compared), (*again.losses, *again.compared), strict=True):
            place.copy_(value)

    return replay, held


def on(device: str, project: Made) -> Made:
    """The same with everything on a device; the weights are laid flat anew."""
    from engine.training.step.flat import FlatWeights

    project.forward.network.to(device)
    project.forward.objective.to(device)
    project.batches.tensors = {name: tensor.to(device) for name, tensor in project.batches.tensors.items()}
    flat = FlatWeights((weight, None) for weight in project.forward.network.parameters() if weight.requires_grad)
    return project._replace(flat=flat)


@pytest.mark.parametrize("make", [small, noisy])
def test_each_batch_gives_what_the_plain_step_gives(make: Any) -> None:
    project = made(make())
    plain = PlainStep(project.forward, project.flat)
    captured = CapturedStep(project.forward, project.flat, project.batches.first(16), stand_in)
    told = []
    for _, batch in list(project.batches.epoch(1))[:5]:
        state = torch.get_rng_state()
        expected = plain(batch)
        wanted = [gradient.clone() for gradient in project.flat.gradients]
        torch.set_rng_state(state)
        outcome = captured(batch)
        torch.testing.assert_close([*outcome.losses, *outcome.compared], [*expected.losses, *expected.compared])
        torch.testing.assert_close(project.flat.gradients, wanted)
        told.append((outcome.losses[0], expected.losses[0]))
    for loss, expected_loss in told:  # what was told stays, though the next step writes to the same places
        assert torch.equal(loss, expected_loss)


def test_capturing_leaves_no_trace() -> None:
    project = made(noisy())
    before = {name: value.clone() for name, value in project.forward.network.state_dict().items()}
    random = torch.get_rng_state()
    CapturedStep(project.forward, project.flat, project.batches.first(16), stand_in)
    assert torch.equal(random, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in project.forward.network.state_dict().items())


def test_only_so_many_shapes_are_captured_and_the_others_go_the_plain_way() -> None:
    project = made(small())
    plain = PlainStep(project.forward, project.flat)
    captured = CapturedStep(project.forward, project.flat, project.batches.first(3), stand_in)
    for samples in range(4, 4 + 2 * SHAPES_AT_MOST):
        batch = project.batches.first(samples)
        torch.testing.assert_close(captured(batch).losses, plain(batch).losses)
    assert sum(graph is not None for graph in captured._graphs.values()) == SHAPES_AT_MOST


def test_what_can_not_be_captured_is_told() -> None:
    project = made(small())

    def refusing(run: Callable[[], Outcome]) -> Any:
        raise RuntimeError("operation not permitted when stream is capturing\nmore of it")

    with pytest.raises(CannotCaptureError, match=r"^its step can't be captured .*stream is capturing\)$"):
        CapturedStep(project.forward, project.flat, project.batches.first(16), refusing)


def test_what_is_not_the_same_when_repeated_is_refused() -> None:
    project = made(small())

    def forgetful(run: Callable[[], Outcome]) -> tuple[Callable[[], None], Outcome]:
        return lambda: None, Outcome(tuple(loss + 1 for loss in run().losses), run().compared)

    with pytest.raises(CannotCaptureError, match="not the same"):
        CapturedStep(project.forward, project.flat, project.batches.first(16), forgetful)


@needs_gpu
@pytest.mark.parametrize("make", [small, noisy])
def test_on_a_gpu_a_hundred_steps_are_those_of_the_plain_way(make: Any) -> None:
    sides = []
    for plain in (False, True):
        project = on("cuda", made(make()))
        first, *others = [project.batches.first(size) for size in project.batches.sizes]
        choice = choose(project.forward, project.flat, first, also=others)
        assert isinstance(choice.step, CapturedStep), choice.reason
        step = PlainStep(project.forward, project.flat) if plain else choice.step
        torch.cuda.manual_seed(0)
        optimizer = torch.optim.Adam([segment.weight for segment in project.flat.segments], fused=True)
        losses = []
        batches = [batch for epoch in range(1, 40) for _, batch in project.batches.epoch(epoch)][:100]
        for batch in batches:
            losses.append(step(batch).losses[0])
            optimizer.step()
        sides.append([*losses, *(weight.detach() for weight in project.flat.weights)])
    torch.testing.assert_close(*sides, rtol=1e-4, atol=1e-5)


@needs_gpu
def test_on_a_gpu_a_number_read_on_the_way_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    project = on("cuda", made(small()))
    forward = project.forward.network.forward
    monkeypatch.setattr(project.forward.network, "forward", lambda x: forward(x * float(x.sum())))
    with pytest.raises(CannotCaptureError):
        CapturedStep(project.forward, project.flat, project.batches.first(16), on_gpu)
    assert choose(project.forward, project.flat, project.batches.first(16)).reason
    choose(project.forward, project.flat, project.batches.first(16)).step(project.batches.first(16))
