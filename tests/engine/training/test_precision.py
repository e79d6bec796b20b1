"""Half precision reaches the network and nothing else, and scaling keeps small gradients alive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.training.descent import Compute, Descent
from engine.training.events import Epoch, Finished
from engine.training.precision import Precision, in_full
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS, TrainingSettings
from engine.training.trainer import Trainer
from engine.training.treatment import Treated
from tests.engine.training.given import of_kind, run, small


@pytest.mark.parametrize(
    ("precision", "dtype"), [("float32", torch.float32), ("bf16", torch.bfloat16), ("fp16", torch.float16)]
)
def test_the_network_computes_in_it(precision: str, dtype: torch.dtype, tmp_path: Path) -> None:
    trainer = Trainer(small(precision=precision), RunFolder.create(tmp_path / "run"), resume=False)
    seen: list[Any] = []
    for module in trainer.network.children():
        module.register_forward_hook(lambda _module, _given, result: seen.append(result.dtype))
    trainer.objective.register_forward_pre_hook(lambda _module, given: seen.append(given[0].dtype))
    count, batch = next(trainer.batches.epoch(1))
    trainer.forward(batch)
    trainer.step(count, batch)
    trainer.restore_surroundings()
    assert seen[0] == dtype
    assert seen[-1] == torch.float32  # losses are computed in full
    assert all(weight.dtype == weight.grad.dtype == torch.float32 for weight in trainer.network.parameters())


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_trains_as_well(precision: str, tmp_path: Path) -> None:
    full, half = (run(small(precision=chosen, epochs=8), tmp_path / chosen)[-1] for chosen in ("float32", precision))
    assert isinstance(full, Finished)
    assert isinstance(half, Finished)
    assert half.train != full.train
    assert half.train["loss"] == pytest.approx(full.train["loss"], rel=0.05)
    assert of_kind(Epoch, [*run(small(precision=precision, epochs=1), tmp_path / "again")])


def scaled(optimizer: str = "SGD", **values: Any) -> tuple[Descent, Precision, torch.nn.Parameter]:
    weight = torch.nn.Parameter(torch.ones(1))
    chosen = OPTIMIZERS[optimizer](**{"lr": 1.0, **({"momentum": 0.0} if optimizer == "SGD" else {}), **values})
    settings = TrainingSettings(precision="fp16", optimizer=chosen, clip_norm=1.0)
    precision = Precision(settings, "cpu")
    return Descent(settings, [Treated(weight)], 4, precision), precision, weight


def sloping(precision: Precision, weight: torch.nn.Parameter, slope: float) -> Compute:
    def compute() -> Callable[[], torch.Tensor]:
        assert precision.scale is not None
        weight.grad = torch.autograd.grad(precision.scale((weight * slope).sum()), weight)[0]
        return lambda: weight.detach().sum()

    return compute


def test_a_gradient_that_overflows_is_left_out() -> None:
    descent, precision, weight = scaled()
    descent.go(sloping(precision, weight, 0.5), 0)
    assert weight.item() == 0.5  # the scale has gone from the gradient, and clipping sees it without
    before = precision.state()
    descent.go(sloping(precision, weight, float("inf")), 1)
    assert weight.item() == 0.5
    assert before is not None
    assert precision.state()["scale"] == before["scale"] / 2


@pytest.mark.parametrize(
    ("optimizer", "values"),
    [("SGD", {"momentum": 0.9}), ("SGD", {"momentum": 0.9, "nesterov": True}), ("Adam", {}), ("Adagrad", {})],
)
def test_a_first_gradient_that_overflows_leaves_no_trace(optimizer: str, values: dict[str, Any]) -> None:
    """Memory that nobody has written, which is filled with NaN here, is never gone on from."""
    torch.use_deterministic_algorithms(True)
    try:
        expected, precision, weight = scaled(optimizer, **values)
        expected.go(sloping(precision, weight, 0.5), 0)
        descent, precision, other = scaled(optimizer, **values)
        descent.go(sloping(precision, other, float("inf")), 0)
        descent.go(sloping(precision, other, 0.5), 1)
    finally:
        torch.use_deterministic_algorithms(False)
    assert other.item() == weight.item() != 1


def test_the_scale_is_taken_up_again() -> None:
    descent, precision, weight = scaled()
    descent.go(sloping(precision, weight, float("inf")), 0)
    again, fresh, other = scaled()
    fresh.restore(precision.state())
    again.go(sloping(fresh, other, 0.5), 0)
    assert fresh.state()["scale"] == precision.state()["scale"]


def test_only_half_precision_is_made_full() -> None:
    given = {
        "a": torch.ones(2, dtype=torch.bfloat16),
        "b": torch.ones(2, dtype=torch.int64),
        "c": torch.ones(2).double(),
    }
    assert [value.dtype for value in in_full(given).values()] == [torch.float32, torch.int64, torch.float64]
