"""Axes that line up, held against torch on every small shape, with the batch in front at two sizes of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
import torch

from engine.blocks.broadcasting import broadcast, full, promoted, spec_of
from engine.plan import trace_block
from engine.problem import Misfit
from engine.tensor import AnyTensor, TensorSpec
from tests.engine.drawing import block

BATCHES = (5, 7)  # sizes that no other axis has


def small(ranks: int, sizes: tuple[int, ...]) -> list[TensorSpec]:
    """Every shape of up to so many axes, with and without a batch axis."""
    shapes = [shape for rank in range(ranks + 1) for shape in itertools.product(sizes, repeat=rank)]
    return [TensorSpec(shape, batched=batched) for shape in shapes for batched in (True, False)]


def real(
    compute: Callable[..., tuple[int, ...] | None], specs: tuple[TensorSpec, ...]
) -> tuple[tuple[int, ...], bool] | None:
    """The shape of a sample that torch gives, and whether the batch stands in front; None where it refuses or mixes."""
    found = []
    for batch in BATCHES:
        answer = compute(*((batch, *spec.sizes) if spec.batched else spec.sizes for spec in specs))
        if answer is None:
            return None
        found.append(answer)
    batched = any(spec.batched for spec in specs)
    if len(found[0]) != len(found[1]) or (batched and (found[0][:1], found[1][:1]) != ((5,), (7,))):
        return None
    first, second = (shape[int(batched) :] for shape in found)
    return (first, batched) if first == second else None


def stretched(*shapes: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return tuple(torch.broadcast_shapes(*shapes))
    except RuntimeError:
        return None


def multiplied(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return tuple(torch.matmul(torch.empty(one, device="meta"), torch.empty(other, device="meta")).shape)
    except RuntimeError:
        return None


def told(specs: tuple[TensorSpec, ...]) -> tuple[tuple[int, ...], bool] | None:
    views = [AnyTensor(spec.shape, spec.dtype, spec.batched, f"x{n}") for n, spec in enumerate(specs, start=1)]
    try:
        spec = spec_of(broadcast(views), "float32")
    except Misfit:
        return None
    return spec.sizes, spec.batched


def several() -> Iterator[tuple[TensorSpec, ...]]:
    yield from itertools.product(small(3, (1, 2, 3)), repeat=2)
    yield from itertools.product(small(2, (1, 2)), repeat=3)


def test_lines_up_as_torch_does_and_never_with_the_batch() -> None:
    wrong = [specs for specs in several() if told(specs) != real(stretched, specs)]
    assert not wrong, wrong[:5]


def test_multiplies_matrices_as_torch_does_and_never_along_the_batch() -> None:
    wrong = []
    for specs in itertools.product(small(3, (1, 2)), repeat=2):
        trace = trace_block(block("MatMul"), specs)
        ours = (trace.outputs[0].sizes, trace.outputs[0].batched) if trace.outputs[0] else None
        if ours != real(multiplied, specs):
            wrong.append((specs, ours))
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("x", [TensorSpec((2, None)), TensorSpec(()), TensorSpec((3,), "int64", batched=False)])
def test_there_and_back(x: TensorSpec) -> None:
    assert spec_of(full(x), x.dtype) == x


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        (TensorSpec((None, 6)), TensorSpec((1, 6)), (None, 6)),
        (TensorSpec((None, 6)), TensorSpec((6,), batched=False), (None, 6)),
        (TensorSpec((None, 6)), TensorSpec((None, 1)), (None, 6)),
        (TensorSpec((None, 6)), TensorSpec((4, 6)), None),
    ],
)
def test_axes_that_vary(one: TensorSpec, other: TensorSpec, left: tuple[int | None, ...] | None) -> None:
    trace = trace_block(block("Add"), (one, other))
    assert trace.outputs == ((TensorSpec(left),) if left else (None,))


def test_names_the_input_that_differs() -> None:
    views = [AnyTensor((4,), port="x1"), AnyTensor((1,), port="x2"), AnyTensor((5,), port="x3")]
    with pytest.raises(Misfit, match="x1 is 4 and x3 is 5") as misfit:
        broadcast(views)
    assert misfit.value.port == "x3"


@pytest.mark.parametrize("dtypes", list(itertools.product(("bool", "int64", "float32"), repeat=2)))
def test_kinds_of_numbers_meet_as_in_torch(dtypes: tuple[str, str]) -> None:
    real_dtype = torch.promote_types(*(getattr(torch, dtype) for dtype in dtypes))
    assert f"torch.{promoted(*dtypes)}" == str(real_dtype)


SIDES = ("Add", "Subtract", "Multiply", "Divide", "FloorDivide", "Remainder", "Power", "Maximum", "Minimum")
QUESTIONS = ("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual")


@pytest.mark.parametrize("kind", [*SIDES, *QUESTIONS])
def test_what_leaves_is_of_the_kind_that_torch_gives(kind: str) -> None:
    for one, other in itertools.product(("bool", "int64", "float32", 2, 0.5), repeat=2):
        if not isinstance(one, str):
            continue  # a number stands on the right alone
        values = {} if isinstance(other, str) else {"number": other}
        if values and kind in ("Add", "Multiply", "Maximum", "Minimum"):
            continue
        specs = tuple(TensorSpec((3,), dtype) for dtype in (one, other) if isinstance(dtype, str))
        trace = trace_block(block(kind, **values), specs)
        if trace.misfit is not None:
            assert "bool" in (one, other), f"{kind} refuses {one} and {other}: {trace.misfit}"
            continue
        tensors = {f"x{n}": torch.ones(2, 3, dtype=getattr(torch, spec.dtype)) for n, spec in enumerate(specs, start=1)}
        assert trace.call is not None
        assert trace.outputs[0] is not None
        assert str(trace.call.make(tensors).dtype) == f"torch.{trace.outputs[0].dtype}", (one, other)
