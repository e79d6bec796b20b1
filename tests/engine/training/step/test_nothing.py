"""What is tried leaves no trace, and rounding alone makes no difference."""

from __future__ import annotations

import pytest
import torch

from engine.training.step.nothing import close, nothing_happened

INFINITE, NOT_A_NUMBER = float("inf"), float("nan")


def test_numbers_and_draws_are_put_back_whatever_happens() -> None:
    weight, random = torch.ones(3), torch.get_rng_state()

    def tried() -> None:
        with nothing_happened([weight]):
            weight.add_(torch.rand(3))
            raise KeyError

    with pytest.raises(KeyError):
        tried()
    assert weight.tolist() == [1, 1, 1]
    assert torch.equal(random, torch.get_rng_state())


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ([1.0, 2.0], [1.0, 2.0 + 1e-6], True),
        ([1.0, 2.0], [1.0, 2.001], False),
        ([1000.0, 0.0], [1000.0, 0.001], True),  # against the largest of them that is rounding
        ([NOT_A_NUMBER, INFINITE], [NOT_A_NUMBER, INFINITE], True),
        ([NOT_A_NUMBER], [1.0], False),
        ([1, 2], [1, 2], True),
        ([1, 2], [1, 3], False),
    ],
)
def test_close(one: list[float], two: list[float], same: bool) -> None:
    assert close(torch.tensor(one), torch.tensor(two)) is same
