"""Positional encodings, held against their formulas."""

from __future__ import annotations

import math

import pytest
import torch

from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out
from tests.engine.drawing import block


def encoded(kind: str, spec: TensorSpec, x: torch.Tensor, **values: object) -> torch.Tensor:
    made = block(kind, **values)
    return carry_out(made, call_of(made, (spec,)), (spec,), {"x": x}).outputs[0]


def test_waves_are_those_of_the_paper() -> None:
    spec = TensorSpec((9, 6))
    waves = encoded("SinusoidalPositionalEncoding", spec, torch.zeros(2, 9, 6))[1]
    for place in range(9):
        for pair in range(3):
            angle = place / 10000 ** (2 * pair / 6)
            assert waves[place, 2 * pair].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert waves[place, 2 * pair + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


@pytest.mark.parametrize("kind", ["SinusoidalPositionalEncoding", "LearnedPositionalEncoding", "RotaryEmbedding"])
def test_a_sequence_may_be_as_long_as_the_table(kind: str) -> None:
    x = torch.randn(2, 5, 4)
    torch.manual_seed(0)
    whole = encoded(kind, TensorSpec((5, 4)), x, max_length=5)
    torch.manual_seed(0)
    assert whole.shape == x.shape
    if kind != "LearnedPositionalEncoding":  # whose table is drawn anew
        torch.testing.assert_close(whole, encoded(kind, TensorSpec((5, 4)), x, max_length=50))
    torch.testing.assert_close(whole[:, :3].shape, encoded(kind, TensorSpec((None, 4)), x[:, :3], max_length=5).shape)


@pytest.mark.parametrize("pairs", ["halves", "neighbours"])
def test_turned_features_tell_how_far_apart_they_are(pairs: str) -> None:
    """The likeness of a query and a key depends on the distance of their places alone (Su et al. 2021)."""
    spec = TensorSpec((12, 8))
    torch.manual_seed(0)
    query, key = torch.randn(8), torch.randn(8)
    turned = [
        encoded("RotaryEmbedding", spec, one.expand(1, 12, 8), pairs=pairs, base=100.0)[0].double()
        for one in (query, key)
    ]
    likeness = turned[0] @ turned[1].T
    torch.testing.assert_close(likeness[0, 3], likeness[5, 8], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(likeness[2, 0], likeness[9, 7], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(likeness.diagonal(), (query @ key).double().expand(12), rtol=1e-4, atol=1e-4)
    assert (likeness[0, 3] - likeness[0, 4]).abs() > 1e-3
