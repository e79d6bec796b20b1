"""Weights lie side by side, and nobody who uses them notices."""

from __future__ import annotations

import torch

from engine.training.step.flat import ALIGNED, FlatWeights


def layers() -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten(), torch.nn.Linear(4, 2))


def test_weights_keep_their_numbers_shapes_and_layout() -> None:
    network = layers().to(memory_format=torch.channels_last)
    before = {name: (weight.detach().clone(), weight.stride()) for name, weight in network.named_parameters()}
    FlatWeights((weight, None) for weight in network.parameters())
    for name, weight in network.named_parameters():
        assert torch.equal(weight, before[name][0])
        assert weight.stride() == before[name][1]
        assert weight.grad is not None
        assert weight.grad.stride() == weight.stride()
        assert weight.data_ptr() % ALIGNED == 0


def test_what_is_done_to_the_long_weight_is_done_to_all() -> None:
    network = layers()
    flat = FlatWeights((weight, None) for weight in network.parameters())
    (segment,) = flat.segments
    for number, gradient in enumerate(flat.gradients, 1):
        gradient.fill_(number)
    with torch.no_grad():
        segment.weight.copy_(segment.weight.grad)
    assert [weight.unique().item() for weight in network.parameters()] == [1, 2, 3, 4]
    network.load_state_dict({name: torch.zeros_like(value) for name, value in network.state_dict().items()})
    assert not segment.weight.any()


def test_the_gaps_are_nothing_and_stay_nothing() -> None:
    network = layers()
    flat = FlatWeights((weight, None) for weight in network.parameters())
    weight = flat.segments[0].weight
    numbers = sum(each.numel() for each in network.parameters())
    assert weight.numel() > numbers
    for name in ("Adam", "RMSprop", "Adagrad", "SGD", "Adadelta", "NAdam", "RAdam", "Adamax", "Rprop", "ASGD"):
        optimizer = getattr(torch.optim, name)([weight], lr=0.1, weight_decay=0.1) if name != "Rprop" else None
        optimizer = optimizer or torch.optim.Rprop([weight], lr=0.1)
        for gradient in flat.gradients:
            gradient.fill_(0.5)
        optimizer.step()
        with torch.no_grad():
            kept = [each.detach().clone() for each in network.parameters()]
            for each in network.parameters():
                each.zero_()
            assert not weight.any(), name
            for each, value in zip(network.parameters(), kept, strict=True):
                each.copy_(value)


def test_weights_that_are_treated_alike_lie_together() -> None:
    network = layers()
    flat = FlatWeights((weight, weight.dim() == 1) for weight in network.parameters())
    assert [segment.alike for segment in flat.segments] == [False, True]
    assert len(flat) == 4
    with torch.no_grad():
        flat.segments[1].weight.fill_(7)
    assert [bool((weight == 7).all()) for weight in network.parameters()] == [False, True, False, True]
