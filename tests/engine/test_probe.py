"""A block without a shape rule is run on tensors without data: what leaves, what it weighs, and what torch refuses."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE, Block
from engine.plan import trace_block
from engine.probe import answered, probe
from engine.problem import Misfit
from engine.tensor import AnyTensor, Features, TensorSpec
from tests.engine.ruleless import Probed


def views(*shape: int | None) -> tuple[AnyTensor, ...]:
    return (Features.view(TensorSpec(shape), "x"),)


@pytest.mark.parametrize("shape", [(5,), (3, 5), (None, 5)])
def test_tells_what_the_rule_of_its_like_tells(shape: tuple[int | None, ...]) -> None:
    probed = probe(Probed(rows=7), views(*shape))
    like = trace_block(CATALOGUE["Linear"].build({"out_features": 7}), (TensorSpec(shape),))
    assert probed.outputs == like.outputs
    assert probed.weights == like.weights
    assert probed.multiply_adds == like.multiply_adds or None in shape


def test_what_torch_refuses_is_told_in_our_words_and_torch_s_stand_behind() -> None:
    with pytest.raises(Misfit) as told:
        probe(Probed(groups=4), views(6))
    assert told.value.message == "can't work on what arrives (6) with these settings"
    assert "divisible" in told.value.details


@pytest.mark.parametrize("block", [Probed(rows=13), Probed(groups=5)], ids=["fits", "refused"])
def test_an_answer_is_remembered(block: Block) -> None:
    specs = (TensorSpec((9973,)),)
    assert not answered(block, specs)
    first = trace_block(block, specs)
    assert answered(block, specs)
    assert not answered(block, (TensorSpec((9974,)),))
    trace_block.cache_clear()
    again = trace_block(block, specs)
    assert again.outputs == first.outputs
    assert str(again.misfit) == str(first.misfit)
