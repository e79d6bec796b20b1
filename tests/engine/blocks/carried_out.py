"""What a block does for real: its call carried out by torch on random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from engine.blocks import Block, Loss
from engine.call import Call, Expression
from engine.plan import trace_block
from engine.tensor import AnyTensor, TensorSpec

Specs = tuple[TensorSpec, ...]


def views_of(block: Block, specs: Specs) -> tuple[AnyTensor, ...]:
    return tuple(port.kind.view(spec, port.name) for port, spec in zip(block.input_ports(), specs, strict=True))


def call_of(block: Block, specs: Specs) -> Expression:
    trace = trace_block(block, specs)
    assert trace.misfit is None, trace.misfit
    assert trace.call is not None
    return trace.call


def numbers(block: Block, specs: Specs, batch: int) -> dict[str, torch.Tensor]:
    """A random batch for each input port; indices stay within the table or the classes they name."""
    values = {}
    for port, spec in zip(block.input_ports(), specs, strict=True):
        shape = (batch, *spec.sizes)
        if spec.dtype == "float32":
            # probabilities, which every loss takes, and for all else numbers of both signs
            values[port.name] = torch.rand(shape) if isinstance(block, Loss) else torch.randn(shape)
        else:
            classes = specs[0].sizes[0] if isinstance(block, Loss) and specs[0].shape else 10
            values[port.name] = torch.randint(0, min(getattr(block, "num_embeddings", 10), classes), shape)
    return values


@dataclass
class Carried:
    """A block's module (None for a function) and the value that left it."""

    module: torch.nn.Module | None
    output: torch.Tensor


def carry_out(
    block: Block, call: Expression, specs: Specs, values: dict[str, Any], module: torch.nn.Module | None = None
) -> Carried:
    """Build what `call` quotes, unless a module is given, and apply it to `values`."""
    if not (isinstance(call, Call) and call.builds_module):
        return Carried(None, call.make(values))
    module = module or call.make({})
    if len(next(iter(values.values()))) == 1 and "BatchNorm" in type(module).__name__:
        module.eval()  # one sample has no spread to learn from
    views = views_of(block, specs)
    value = block.forward(Call("module", views), *views)
    return Carried(module, value.make({**values, "module": module}))
