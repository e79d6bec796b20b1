"""Each optimizer makes torch's own with the settings that were chosen, and refuses what makes no sense."""

from __future__ import annotations

import inspect

import pytest
import torch

from engine.record import BadValue
from engine.training.optimizers import OPTIMIZERS, Optimizer

SETTINGS: dict[str, list[dict[str, object]]] = {
    "SGD": [{"lr": 0.1, "momentum": 0.5, "nesterov": True, "weight_decay": 0.01}, {"lr": 0.1, "momentum": 0.0}],
    "Adam": [{"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-6, "weight_decay": 0.01, "amsgrad": True}],
    "AdamW": [{"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-6, "weight_decay": 0.0}],
    "RMSprop": [{"lr": 0.1, "alpha": 0.9, "eps": 1e-6, "weight_decay": 0.01, "momentum": 0.5, "centered": True}],
    "NAdam": [{"lr": 0.1, "betas": (0.8, 0.9), "weight_decay": 0.1, "decoupled_weight_decay": True}],
    "RAdam": [{"lr": 0.1, "betas": (0.8, 0.9), "weight_decay": 0.1, "decoupled_weight_decay": True}],
    "Adamax": [{"lr": 0.1, "betas": (0.8, 0.9), "weight_decay": 0.1, "eps": 1e-6}],
    "Adadelta": [{"lr": 20.0, "rho": 0.8, "eps": 1e-5, "weight_decay": 0.1}],
    "Rprop": [{"lr": 0.1, "etas": (0.4, 1.3), "step_sizes": (1e-4, 1.0)}],
    "ASGD": [{"lr": 0.1, "lambd": 1e-3, "alpha": 0.5, "t0": 5, "weight_decay": 0.1}],
    "LBFGS": [{"lr": 0.5, "max_iter": 4, "history_size": 3}, {"line_search": True}],
    "Adafactor": [{"lr": 0.1, "beta2_decay": -0.5, "d": 2.0, "weight_decay": 0.1}],
    "Muon": [{"lr": 0.1, "momentum": 0.5, "nesterov": False, "ns_steps": 3, "adjust_lr_fn": "match_rms_adamw"}],
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
    "eps of Adafactor": "one of the two is None, which says more than a number",
    "decoupled_weight_decay of Adam": "that is AdamW",
    "line_search_fn": "line_search",
    "max_eval": "follows from the iterations",
    "ns_coefficients": "made for five iterations, and rarely touched",
}
OURS = {"rest_lr": "AdamW's, beside Muon", "line_search": "a switch for the one that torch has"}
CASES = [(name, values) for name, rows in SETTINGS.items() for values in ({}, *rows)]


def test_all_are_tried() -> None:
    assert set(SETTINGS) == set(OPTIMIZERS)


def of_torch(chosen: Optimizer, weights: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """Torch's own, made by hand, without the kernels that we ask for."""
    name = type(chosen).__name__
    values = {key: value for key, value in chosen.values().items() if key not in OURS}
    if name == "LBFGS" and chosen.line_search:
        values["line_search_fn"] = "strong_wolfe"
    plain = {} if name in ("LBFGS", "Muon") else {"foreach": False}
    return getattr(torch.optim, name)(weights, **values, **plain)


@pytest.mark.parametrize(("name", "values"), CASES)
def test_makes_the_optimizer_of_torch(name: str, values: dict[str, object]) -> None:
    chosen = OPTIMIZERS[name].build(values)
    made = chosen.make([torch.nn.Parameter(torch.ones(3, 3))])
    assert type(made) is getattr(torch.optim, name)
    (group,) = made.param_groups
    same = {key: value for key, value in chosen.values().items() if key not in OURS}
    assert {key: group[key] for key in same} == same


@pytest.mark.parametrize(("name", "values"), CASES)
def test_goes_the_steps_that_torch_goes(name: str, values: dict[str, object]) -> None:
    """The fused kernels that we ask for may differ in rounding, not in what they do."""
    chosen = OPTIMIZERS[name].build(values)
    ends = []
    for make in (chosen.make, lambda weights: of_torch(chosen, weights)):
        weight = torch.nn.Parameter(torch.tensor([[1.0, -2.0], [3.0, 1.0]]))
        optimizer = make([weight])
        losses: list[float] = []

        def loss(
            weight: torch.Tensor = weight,
            optimizer: torch.optim.Optimizer = optimizer,
            losses: list[float] = losses,
        ) -> torch.Tensor:
            optimizer.zero_grad()
            value = ((weight - 0.5) ** 2).sum()
            losses.append(value.item())
            value.backward()
            return value

        for _ in range(20):
            optimizer.step(loss)
        assert losses[-1] < losses[0]
        ends.append(weight.detach())
    assert torch.allclose(*ends, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_argument_can_be_set(name: str) -> None:
    cls = OPTIMIZERS[name]
    arguments = set(inspect.signature(getattr(torch.optim, name)).parameters)
    ours = {param.name for param in cls.params()}
    left_out = {said.partition(" of ")[0] for said in LEFT_OUT if said.partition(" of ")[2] in ("", name, "Adam")}
    assert ours - set(OURS) <= arguments
    assert arguments - left_out <= ours, "an argument of torch's is missing; add it, or say in LEFT_OUT why not"
    assert cls.reference == f"torch.optim.{name}"
    assert cls.doc().count(".") >= 2
    assert all(param.doc for param in cls.params())


def test_muon_leaves_to_adamw_what_is_no_matrix() -> None:
    """As torch's page says: biases, embeddings and all that has not two axes are for AdamW."""
    matrix, table, bias, filters = (
        torch.nn.Parameter(torch.ones(*sizes)) for sizes in ((4, 3), (5, 4), (4,), (2, 2, 3, 3))
    )
    chosen = OPTIMIZERS["Muon"](lr=0.1, rest_lr=0.01, weight_decay=0.2)
    groups = [
        {"params": [matrix, bias, filters]},
        {"params": [table], "table": True, "weight_decay": 0.5, "scale": 0.5},
    ]
    muon, adamw = chosen.make_for(groups)
    assert (type(muon), type(adamw)) == (torch.optim.Muon, torch.optim.AdamW)
    assert [group["params"] for group in muon.param_groups] == [[matrix]]
    assert [group["params"] for group in adamw.param_groups] == [[bias, filters], [table]]
    assert [(group["lr"], group["weight_decay"]) for group in adamw.param_groups] == [(0.01, 0.2), (0.005, 0.5)]
    assert [(group["lr"], group["weight_decay"]) for group in muon.param_groups] == [(0.1, 0.2)]


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
        ("Rprop", {"etas": (1.1, 1.2)}, "a number below 1 and one above it"),
        ("Rprop", {"step_sizes": (2.0, 1.0)}, "the smallest first"),
        ("LBFGS", {"max_iter": 0}, "Iterations must be at least 1"),
        ("Adafactor", {"beta2_decay": 0.5}, "Forgetting must be less than 0"),
        ("Adagrad", {"eps": 0}, "Epsilon must be more than 0, not 0."),
    ],
)
def test_optimizers_refuse(name: str, values: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue) as refused:
        OPTIMIZERS[name].build(values)
    assert words in str(refused.value)
