"""What a block does for real: its call carried out by torch on random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from engine.blocks import Block, Loss
from engine.call import Call, Expression
from engine.plan import trace_block
from engine.tensor import AnyTensor, TensorSpec
from tests.engine.blocks.contract import VALUES
from tests.engine.blocks.contract.specs import Specs


def views_of(block: Block, specs: Specs) -> tuple[AnyTensor | None, ...]:
    return tuple(
        port.kind.view(spec, port.name) if spec is not None else None
        for port, spec in zip(block.input_ports(), specs, strict=True)
    )


def call_of(block: Block, specs: Specs) -> Expression:
    trace = trace_block(block, specs)
    assert trace.misfit is None, trace.misfit
    assert trace.call is not None
    return trace.call


def numbers(block: Block, specs: Specs, batch: int) -> dict[str, torch.Tensor]:
    """A random batch for each wired port; indices stay within the table or the classes they name."""
    values = {}
    for port, spec in zip(block.input_ports(), specs, strict=True):
        if spec is None:
            continue
        shape = (batch, *spec.sizes) if spec.batched else spec.sizes
        if spec.dtype == "float32":
            # probabilities, which every loss takes, and for all else numbers of both signs
            values[port.name] = torch.rand(shape) if isinstance(block, Loss) else torch.randn(shape)
        elif spec.dtype == "bool":
            values[port.name] = torch.rand(shape) < 0.5
        else:
            first = specs[0]
            classes = first.sizes[0] if isinstance(block, Loss) and first is not None and first.shape else 10
            values[port.name] = torch.randint(0, min(getattr(block, "num_embeddings", 10), classes), shape)
    adjust = VALUES.get(type(block).__name__)
    return values | adjust(block, specs, values) if adjust else values


@dataclass
class Carried:
    """What a block keeps (a module, a learned tensor, a buffer or nothing), its answer, and what left by each port."""

    kept: Any
    answer: Any
    outputs: tuple[torch.Tensor, ...]

    @property
    def weights(self) -> dict[str, torch.Tensor]:
        """What is learned; a tensor that is learned itself has no name."""
        if isinstance(self.kept, torch.nn.Module):
            return dict(self.kept.named_parameters())
        return {"": self.kept} if isinstance(self.kept, torch.nn.Parameter) else {}


def carry_out(block: Block, call: Expression, specs: Specs, values: dict[str, Any], kept: Any = None) -> Carried:
    """Build what `call` quotes, unless it is given, and apply it to `values`."""
    views = views_of(block, specs)
    if call.kept and kept is None:
        kept = call.make({})
    if call.kept == "module":
        lone = any(spec is not None and spec.batched and len(values[port]) == 1 for port, spec in wired(block, specs))
        if lone and "BatchNorm" in type(kept).__name__:
            kept.eval()  # one sample has no spread to learn from
        answer = block.applied(*views).make({**values, "module": kept})
    else:
        answer = kept if call.kept else call.make(values)
    quoted = block.forward(Call("answer"), *views)
    parts = quoted if isinstance(quoted, tuple) else (quoted,)
    return Carried(kept, answer, tuple(part.make({**values, "answer": lambda: answer}) for part in parts))


def wired(block: Block, specs: Specs) -> list[tuple[str, TensorSpec]]:
    """The ports with a wire, each with what arrives."""
    pairs = zip(block.input_ports(), specs, strict=True)
    return [(port.name, spec) for port, spec in pairs if spec is not None]


def fits(tensor: torch.Tensor, foretold: TensorSpec, batch: int) -> bool:
    """Whether a tensor is what was foretold; an axis that varies may have any length."""
    shape = (batch, *foretold.shape) if foretold.batched else foretold.shape
    return (
        len(shape) == tensor.dim()
        and all(told in (None, real) for told, real in zip(shape, tensor.shape, strict=True))
        and str(tensor.dtype) == f"torch.{foretold.dtype}"
    )
