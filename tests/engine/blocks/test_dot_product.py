"""Attention with dropout is the same attention when nothing is dropped."""

from __future__ import annotations

import pytest
import torch

from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out, numbers
from tests.engine.drawing import block

HEADS = TensorSpec((2, 5, 4))
MASKS = [None, TensorSpec((5, 5), batched=False), TensorSpec((2, 5, 5)), TensorSpec((5, 5), "bool", batched=False)]


@pytest.mark.parametrize("mask", MASKS, ids=str)
@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("scale", [None, 0.7])
def test_dropout_changes_nothing_in_use(mask: TensorSpec | None, is_causal: bool, scale: float | None) -> None:
    if mask is not None and is_causal:
        return
    torch.manual_seed(0)
    plain = block("ScaledDotProductAttention", is_causal=is_causal, scale=scale)
    dropping = plain.change(dropout=0.5)
    specs = (HEADS, HEADS, HEADS, mask)
    values = numbers(plain, specs, 3)
    if mask is not None and mask.dtype == "bool":
        values["mask"] |= torch.eye(5, dtype=torch.bool)  # a query that sees nothing has no answer
    expected = carry_out(plain, call_of(plain, specs), specs, values).outputs[0]
    module = torch.nn.Dropout(0.5)
    assert call_of(dropping, specs).kept == "module"
    dropped = carry_out(dropping, call_of(dropping, specs), specs, values, module).outputs[0]
    used = carry_out(dropping, call_of(dropping, specs), specs, values, module.eval()).outputs[0]
    torch.testing.assert_close(used, expected)
    assert not torch.allclose(dropped, expected)
