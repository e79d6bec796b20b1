"""What a block does to given shapes, found by running its very layer on tensors without data (torch's meta device)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.blocks.base import Block
from engine.call import Call
from engine.problem import Misfit
from engine.tensor import AnyTensor, Size, TensorSpec

BATCHES = (3, 5)  # two sizes of the batch axis: what differs between the answers is that axis
LENGTHS = (7, 11)  # and of every axis that varies
REMEMBERED = 65536  # questions, beyond which all are forgotten
MEANT = {"torch.float32": "float32", "torch.int64": "int64", "torch.bool": "bool"}


@dataclass(frozen=True)
class Probed:
    """What leaves, the weights by name, and the multiplications for one sample."""

    outputs: tuple[TensorSpec, ...]
    weights: Mapping[str, tuple[int, ...]]
    multiply_adds: int


Question = tuple[Block, tuple[tuple[object, ...] | None, ...]]
_answers: dict[Question, Probed | Misfit] = {}


def probe(block: Block, views: tuple[AnyTensor | None, ...]) -> Probed:
    """Run the block twice, with two sizes of the axes that are free. Loads torch; nothing is allocated.

    Raises:
        Misfit: when torch refuses the inputs.
    """
    question = _question(block, views)
    answer = _answers.get(question)
    if answer is None:
        try:
            answer = _run(block, views)
        except Misfit as misfit:
            answer = misfit
        if len(_answers) >= REMEMBERED:
            _answers.clear()
        _answers[question] = answer
    if isinstance(answer, Misfit):
        raise answer.with_traceback(None)
    return answer


def answered(block: Block, arrives: tuple[TensorSpec | None, ...]) -> bool:
    """Whether `probe` knows the answer already, and so gives it without torch."""
    return _question(block, arrives) in _answers


def _question(block: Block, specs: tuple[TensorSpec | None, ...]) -> Question:
    return block, tuple(None if spec is None else (spec.shape, spec.dtype, spec.batched) for spec in specs)


def _run(block: Block, views: tuple[AnyTensor | None, ...]) -> Probed:
    import torch

    call = block.layer(*views)
    found: list[list[Any]] = []
    weights: dict[str, tuple[int, ...]] = {}
    multiply_adds = 0
    for batch, length in zip(BATCHES, LENGTHS, strict=True):
        tensors = {view.port: _tensor(view, batch, length) for view in views if view is not None}
        try:
            with torch.device("meta"), torch.no_grad():
                module = call.make({}) if call.kept else None
                values, count = _counted(block, call, module, views, tensors)
        except (RuntimeError, ValueError, TypeError, IndexError, AssertionError, NotImplementedError) as error:
            told = ", ".join(str(view) for view in views if view is not None) or "nothing"
            message = f"can't work on what arrives ({told}) with these settings"
            raise Misfit(message, details=_first_line(error)) from None
        found.append(values)
        multiply_adds = count // batch
        weights = (
            {name: tuple(weight.shape) for name, weight in getattr(module, "named_parameters", dict)()}
            if (isinstance(module, torch.nn.Module))
            else {}
        )
    entering = any(view is not None and view.batched for view in views)
    outputs = tuple(_spec(first, second, entering) for first, second in zip(*found, strict=True))
    return Probed(outputs, weights, multiply_adds)


def _tensor(view: AnyTensor, batch: int, length: int) -> Any:
    import torch

    sizes = [length if size is None else size for size in view.shape]
    return torch.empty([batch, *sizes] if view.batched else sizes, dtype=getattr(torch, view.dtype), device="meta")


def _counted(
    block: Block, call: Any, module: Any, views: tuple[AnyTensor | None, ...], tensors: Mapping[str, Any]
) -> tuple[list[Any], int]:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        if module is None:
            answer = call.make(tensors)
        elif call.kept == "module":
            answer = block.applied(*views).make({"module": module, **tensors})
        else:
            answer = module
        quoted = Call("answer")
        result = block.forward(quoted, *views)
        parts = result if isinstance(result, tuple) else (result,)
        values = [part.make({"answer": lambda: answer, **tensors}) for part in parts]
    return values, counter.get_total_flops() // 2


def _spec(first: Any, second: Any, entering: bool) -> TensorSpec:
    """The spec behind two answers, at two sizes of the batch; `entering` tells whether a batch axis came in."""
    dtype = MEANT.get(str(first.dtype))
    if dtype is None:
        raise Misfit(f"would give {str(first.dtype).removeprefix('torch.')} numbers, which no other block takes")
    if first.dim() != second.dim():
        raise Misfit("gives another number of axes for another batch size")
    pairs = list(zip(first.shape, second.shape, strict=True))
    batched = bool(pairs) and pairs[0] == BATCHES
    sizes: list[Size] = [a if a == b else None for a, b in pairs]
    others = [pair for pair in pairs[int(batched) :] if pair[0] != pair[1]]
    if (entering and not batched) or any(a * BATCHES[1] == b * BATCHES[0] for a, b in others):
        raise Misfit("moves or mixes the batch axis, which has to stay in front")
    return TensorSpec(tuple(sizes[1:] if batched else sizes), dtype, batched)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__
