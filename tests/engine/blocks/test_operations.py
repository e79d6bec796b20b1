"""What operations on tensors promise beyond the contract: samples stay apart, and all is where the input is."""

from __future__ import annotations

import torch

from engine.blocks import Block
from engine.plan import trace_block
from tests.engine.blocks.carried_out import call_of, carry_out, numbers
from tests.engine.blocks.cases import each_case
from tests.engine.blocks.contract.specs import Specs

CATEGORIES = ("Arithmetic", "Reduce", "Combine", "Shape", "Select", "Compare", "Create", "Function")
WITHOUT_LAYERS = ("ScaledDotProductAttention", "LearnedPositionalEncoding", "RotaryEmbedding")
RANDOM = ("RandomNormal", "RandomUniform")


def is_operation(block: Block, specs: Specs) -> bool:
    return block.category in CATEGORIES or type(block).__name__ in WITHOUT_LAYERS


def is_of_samples(block: Block, specs: Specs) -> bool:
    entered = any(spec is not None and spec.batched for spec in specs)
    return is_operation(block, specs) and entered and type(block).__name__ not in RANDOM


@each_case(is_of_samples)
def test_samples_stay_apart(block: Block, specs: Specs) -> None:
    """What leaves for a sample is the same whatever else is in the batch."""
    call, values = call_of(block, specs), numbers(block, specs, 3)
    kept = call.make({}) if call.kept else None
    if isinstance(kept, torch.nn.Module):
        kept.eval()  # dropout draws anew each time
    whole = carry_out(block, call, specs, values, kept).outputs
    told = trace_block(block, specs).outputs
    batched = {port.name for port, spec in zip(block.input_ports(), specs, strict=True) if spec and spec.batched}
    for sample in range(3):
        lone = {name: value[sample : sample + 1] if name in batched else value for name, value in values.items()}
        outputs = carry_out(block, call, specs, lone, kept).outputs
        for one, everyone, spec in zip(outputs, whole, told, strict=True):
            assert spec is not None
            expected = everyone[sample : sample + 1] if spec.batched else everyone
            torch.testing.assert_close(one, expected, equal_nan=True)


@each_case(is_operation)
def test_everything_is_where_the_input_is(block: Block, specs: Specs) -> None:
    """Nothing is left on the processor when a network moves to another device; the meta device stands for all."""
    call = call_of(block, specs)
    values = {name: value.to("meta") for name, value in numbers(block, specs, 3).items()}
    kept = call.make({}).to("meta") if call.kept else None
    for output in carry_out(block, call, specs, values, kept).outputs:
        assert output.device.type == "meta"
