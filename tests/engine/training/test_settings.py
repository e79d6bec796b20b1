"""Each optimizer makes torch's own with the settings that were chosen, and refuses what makes no sense."""

from __future__ import annotations

import inspect

import pytest
import torch

from engine.record import BadValue
from engine.training.settings import OPTIMIZERS, TrainingSettings

SETTINGS: dict[str, list[dict[str, object]]] = {
    "SGD": [{"lr": 0.1, "momentum": 0.5, "nesterov": True, "weight_decay": 0.01}, {"lr": 0.1, "momentum": 0.0}],
    "Adam": [{"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-6, "weight_decay": 0.01, "amsgrad": True}],
    "AdamW": [{"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-6, "weight_decay": 0.0}],
    "RMSprop": [{"lr": 0.1, "alpha": 0.9, "eps": 1e-6, "weight_decay": 0.01, "momentum": 0.5, "centered": True}],
    "Adagrad": [{"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.01, "initial_accumulator_value": 0.1, "eps": 1e-6}],
}
LEFT_OUT = {
    "params": "the network's",
    "foreach": "how, not what",
    "fused": "how, not what",
    "capturable": "how, not what",
    "differentiable": "how, not what",
    "maximize": "a loss is made small",
    "dampening": "rarely used; stands in the way of Nesterov",
    "decoupled_weight_decay": "that is AdamW",
}
CASES = [(name, values) for name, rows in SETTINGS.items() for values in ({}, *rows)]


def test_all_are_tried() -> None:
    assert set(SETTINGS) == set(OPTIMIZERS)


@pytest.mark.parametrize(("name", "values"), CASES)
def test_makes_the_optimizer_of_torch(name: str, values: dict[str, object]) -> None:
    chosen = OPTIMIZERS[name].build(values)
    made = chosen.make([torch.nn.Parameter(torch.ones(3))])
    assert type(made) is getattr(torch.optim, name)
    (group,) = made.param_groups
    assert {key: group[key] for key in chosen.values()} == chosen.values()


@pytest.mark.parametrize(("name", "values"), CASES)
def test_goes_the_steps_that_torch_goes(name: str, values: dict[str, object]) -> None:
    """The fused kernels that we ask for may differ in rounding, not in what they do."""
    chosen = OPTIMIZERS[name].build(values)
    ends = []
    for make in (chosen.make, lambda weights: getattr(torch.optim, name)(weights, **chosen.values(), foreach=False)):
        weight = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0]))
        optimizer = make([weight])
        losses = []
        for _ in range(20):
            loss = ((weight - torch.tensor([0.5, 0.5, 0.5])) ** 2).sum()
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        assert losses[-1] < losses[0]
        ends.append(weight.detach())
    assert torch.allclose(*ends, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_argument_can_be_set(name: str) -> None:
    cls = OPTIMIZERS[name]
    arguments = set(inspect.signature(getattr(torch.optim, name)).parameters)
    ours = {param.name for param in cls.params()}
    assert ours <= arguments
    assert arguments - set(LEFT_OUT) <= ours, "an argument of torch's is missing; add it, or say in LEFT_OUT why not"
    assert cls.reference == f"torch.optim.{name}"
    assert cls.doc().count(".") >= 2
    assert all(param.doc for param in cls.params())


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("SGD", {"lr": 0}, "Learning rate must be more than 0, at most 100, not 0."),
        ("SGD", {"lr": 1000}, "Learning rate must be more than 0, at most 100, not 1000."),
        ("SGD", {"momentum": 1}, "Momentum must be at least 0, less than 1, not 1."),
        ("SGD", {"nesterov": True, "momentum": 0}, "the momentum must be more than 0"),
        ("Adam", {"betas": (0.9,)}, "Betas must be numbers such as 0.9, 0.999"),
        ("Adam", {"betas": (0.9, 1.0)}, "Betas must be at least 0, less than 1"),
        ("AdamW", {"weight_decay": -1}, "Weight decay must be at least 0, not -1."),
        ("RMSprop", {"alpha": 1.5}, "Smoothing must be at least 0, less than 1, not 1.5."),
        ("Adagrad", {"eps": 0}, "Epsilon must be more than 0, not 0."),
    ],
)
def test_optimizers_refuse(name: str, values: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue) as refused:
        OPTIMIZERS[name].build(values)
    assert words in str(refused.value)


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
    ],
)
def test_settings_refuse(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue) as refused:
        TrainingSettings().change(**values)
    assert words in str(refused.value)


def test_starts_with_adam_on_one_thread() -> None:
    settings = TrainingSettings()
    assert (type(settings.optimizer).__name__, settings.threads, settings.device) == ("Adam", 1, "auto")
    assert settings.param("batch_size").unit == "samples"
