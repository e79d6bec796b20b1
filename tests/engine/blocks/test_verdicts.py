"""On random settings and random inputs every block agrees with torch: the same shape, or both refuse."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

import hypothesis.strategies as st
import pytest
from hypothesis import given

from engine.blocks import Block
from engine.call import Expression
from engine.plan import trace_block
from engine.problem import Misfit
from engine.record import BadValue, Param
from engine.tensor import FLOATS, INTEGERS, TRUTHS, AnyTensor, TensorSpec
from engine.training.settings import ScoreName
from tests.engine.blocks.carried_out import carry_out, fits, numbers, views_of
from tests.engine.blocks.cases import LAYERS
from tests.engine.blocks.contract import STRICTER
from tests.engine.blocks.contract.specs import Specs
from tests.engine.examples import examples

# What we refuse in these words although torch does not, and why.
EVERYWHERE = {
    "axis 0 is the batch": "torch takes any axis",
    "which is the batch": "torch takes any axis",
    "need one shape": "torch lines up axes from the right, so that other ranks would meet the batch",
    "PyTorch": "this is what it says itself",
}


def value_of(param: Param, axes: int = 2) -> st.SearchStrategy[object]:
    """Values for a parameter, valid ones mostly and small, so that layers stay quick."""
    low = -3 if param.ge is None else int(param.ge)
    small = st.integers(low, max(low, 1) + (4 if param.le is None else int(min(4, param.le))))
    decimals = st.sampled_from(
        [value for value in (1e-5, 0.1, 0.5, 1.0, 2.0) if param.refusal(value) is None] or [param.default]
    )
    by_kind: dict[str, st.SearchStrategy[object]] = {
        "int": small,
        "float": decimals,
        "bool": st.booleans(),
        "choice": st.sampled_from(param.choices or ("",)),
        "sizes": small | st.tuples(*(small,) * axes),
        "shape": st.lists(small, max_size=3).map(tuple),
        "numbers": numbers_of(param, small, decimals),
        "scores": st.lists(st.sampled_from(get_args(ScoreName)), unique=True).map(tuple),
    }
    values = by_kind.get(param.kind, st.text("xyz", max_size=4))
    if param.choices and param.kind != "choice":
        values |= st.sampled_from(param.choices)
    return values | st.none() if param.optional else values


def numbers_of(
    param: Param, small: st.SearchStrategy[int], decimals: st.SearchStrategy[float]
) -> st.SearchStrategy[object]:
    """As many numbers as in the default; those of axes and places are whole, and any count of them may be given."""
    default = param.default if isinstance(param.default, tuple) else (0.5, 0.5)
    if default and all(type(number) is int for number in default):
        return st.lists(small, max_size=4).map(tuple)
    return st.tuples(*(decimals,) * len(default))


@st.composite
def blocks(draw: st.DrawFn, cls: type[Block]) -> Block:
    """A block with some parameters away from their defaults."""
    params = cls.params()
    axes = next((len(p.default) for p in params if p.kind == "sizes" and isinstance(p.default, tuple)), 2)
    chosen = draw(st.fixed_dictionaries({}, optional={param.name: value_of(param, axes) for param in params}))
    try:
        return cls.build(chosen)
    except BadValue:
        return cls()


@st.composite
def arrivals(draw: st.DrawFn, block: Block) -> Specs:
    """Specs of kinds that the ports take; several inputs mostly look alike."""
    specs: list[TensorSpec | None] = []
    for port in block.input_ports():
        kind: type[AnyTensor] = port.kind
        first = specs[0] if specs else None
        if port.optional and draw(st.booleans()):
            specs.append(None)
            continue
        if first is not None and draw(st.integers(0, 3)):
            like = first.shape
            shape = draw(st.sampled_from([like, like[1:], (*like[:-1], draw(st.integers(1, 4)))]))
        else:
            ranks = kind.ranks or (0, 1, 2, 3)
            rank = draw(st.sampled_from([rank for rank in ranks if rank <= 4]))
            longest = 9 if rank < 4 else 5
            shape = tuple(draw(st.lists(st.integers(1, longest), min_size=rank, max_size=rank)))
        dtype = draw(st.sampled_from(kind.dtypes or (*FLOATS, *INTEGERS, *TRUTHS)))
        specs.append(TensorSpec(shape, dtype, not (kind.unbatched and draw(st.integers(0, 4)) == 0)))
    return tuple(specs)


@contextmanager
def warnings_refuse() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def refuses(block: Block, call: Expression, specs: Specs) -> str | None:
    """Torch's refusal, a warning counting as one; None when it computes."""
    with warnings_refuse():
        try:
            carry_out(block, call, specs, numbers(block, specs, 3))
        except (RuntimeError, ValueError, IndexError, TypeError, UserWarning, AssertionError) as error:
            return str(error)
    return None


@pytest.mark.parametrize("name", LAYERS)
@examples(0.1)
@given(data=st.data())
def test_same_verdict_as_torch(name: str, data: st.DataObject) -> None:
    block = data.draw(blocks(LAYERS[name]), label="block")
    specs = data.draw(arrivals(block), label="arrives")
    trace = trace_block(block, specs)
    if trace.misfit is not None:
        if any(port.kind.refusal(spec) for port, spec in zip(block.input_ports(), specs, strict=True) if spec):
            return
        try:
            call = block.layer(*views_of(block, specs))
        except (Misfit, ValueError):
            return  # there is no layer that torch could be asked about; see the tables beside this file
        if not any(words in str(trace.misfit) for words in {**EVERYWHERE, **STRICTER}):
            assert refuses(block, call, specs), f"torch takes what we refuse: {trace.misfit}"
        return
    assert trace.call is not None
    remembers = getattr(block, "track_running_stats", True)  # or else one sample has no spread to divide by
    for batch in (1, 3) if remembers else (2, 3):
        with warnings_refuse():
            outputs = carry_out(block, trace.call, specs, numbers(block, specs, batch)).outputs
        for output, told in zip(outputs, trace.outputs, strict=True):
            assert told is not None
            assert fits(output, told, batch), f"{told} is really {tuple(output.shape)}"
