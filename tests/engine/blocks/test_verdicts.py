"""On random settings and random inputs every block agrees with torch: the same shape, or both refuse."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given

from engine.blocks import CATALOGUE, Block
from engine.call import Call
from engine.plan import trace_block
from engine.problem import Misfit
from engine.record import BadValue, Param
from engine.tensor import FLOATS, AnyTensor, TensorSpec
from tests.engine.blocks.carried_out import Specs, carry_out, numbers, views_of
from tests.engine.examples import examples

LAYERS = {name: cls for name, cls in CATALOGUE.items() if cls.examples}

# What we refuse in these words although torch does not, and why.
STRICTER = {
    "nothing is left": "torch gives an empty image, from which nothing can be learned",
    "axis 0 is the batch": "torch takes any axis",
    "need one shape": "torch lines up axes from the right, so that other ranks would meet the batch",
    "needs one kind of numbers": "torch turns whole numbers into decimal ones silently",
    "one score for each class": "torch takes the batch for the classes then",
    "compares number with number": "torch stretches one of them, and compares every sample with every other",
}


def value_of(param: Param) -> st.SearchStrategy[object]:
    """Values for a parameter, valid ones mostly and small, so that layers stay quick."""
    low = -3 if param.ge is None else int(param.ge)
    small = st.integers(low, max(low, 1) + (4 if param.le is None else int(min(4, param.le))))
    by_kind: dict[str, st.SearchStrategy[object]] = {
        "int": small,
        "float": st.sampled_from([value for value in (1e-5, 0.1, 0.5, 1.0, 2.0) if param.refusal(value) is None]),
        "bool": st.booleans(),
        "choice": st.sampled_from(param.choices or ("",)),
        "sizes": st.tuples(small, small),
        "field": st.text(max_size=4),
        "shape": st.lists(st.integers(-1, 6), max_size=3).map(tuple),
    }
    values = by_kind[param.kind]
    if param.choices and param.kind != "choice":
        values |= st.sampled_from(param.choices)
    return values | st.none() if param.optional else values


@st.composite
def blocks(draw: st.DrawFn, cls: type[Block]) -> Block:
    """A block with some parameters away from their defaults."""
    chosen = draw(st.fixed_dictionaries({}, optional={param.name: value_of(param) for param in cls.params()}))
    try:
        return cls.build(chosen)
    except BadValue:
        return cls()


@st.composite
def arrivals(draw: st.DrawFn, block: Block) -> Specs:
    """Specs of kinds that the ports take; several inputs mostly look alike."""
    specs: list[TensorSpec] = []
    for port in block.input_ports():
        kind: type[AnyTensor] = port.kind
        if specs and draw(st.integers(0, 3)):
            like = specs[0].shape
            shape = draw(st.sampled_from([like, like[1:], (*like[:-1], draw(st.integers(1, 4)))]))
        else:
            ranks = kind.ranks or (0, 1, 2, 3)
            rank = draw(st.sampled_from([rank for rank in ranks if rank <= 3]))
            shape = tuple(draw(st.lists(st.integers(1, 9), min_size=rank, max_size=rank)))
        dtypes = kind.dtypes or (*FLOATS, "int64")
        specs.append(TensorSpec(shape, draw(st.sampled_from(dtypes))))
    return tuple(specs)


@contextmanager
def warnings_refuse() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Using padding='same' with even kernel lengths")  # slow, but right
        yield


def refuses(block: Block, call: Call, specs: Specs) -> str | None:
    """Torch's refusal, a warning counting as one; None when it computes."""
    with warnings_refuse():
        try:
            carry_out(block, call, specs, numbers(block, specs, 3))
        except (RuntimeError, ValueError, IndexError, TypeError, UserWarning, AssertionError) as error:
            return str(error)
    return None


@pytest.mark.parametrize("name", LAYERS)
@examples(0.4)
@given(data=st.data())
def test_same_verdict_as_torch(name: str, data: st.DataObject) -> None:
    block = data.draw(blocks(LAYERS[name]), label="block")
    specs = data.draw(arrivals(block), label="arrives")
    trace = trace_block(block, specs)
    if trace.misfit is not None:
        views = views_of(block, specs)
        if any(port.kind.refusal(spec) for port, spec in zip(block.input_ports(), specs, strict=True)):
            return
        try:
            call = block.layer(*views)
        except Misfit:
            return  # there is no layer that torch could be asked about; see the tables beside this file
        if not any(words in str(trace.misfit) for words in STRICTER):
            assert refuses(block, call, specs), f"torch takes what we refuse: {trace.misfit}"
        return
    (foretold,) = trace.outputs
    assert foretold is not None
    remembers = getattr(block, "track_running_stats", True)  # or else one sample has no spread to divide by
    for batch in (1, 3) if remembers else (2, 3):
        with warnings_refuse():
            output = carry_out(block, trace.call, specs, numbers(block, specs, batch)).output
        assert tuple(output.shape) == ((batch, *foretold.shape) if foretold.batched else ())
        assert output.dtype == getattr(torch, foretold.dtype)
