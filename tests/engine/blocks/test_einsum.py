"""Einstein's equations, held against torch."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks import CATALOGUE
from engine.plan import trace_block
from engine.record import BadValue
from engine.tensor import TensorSpec
from tests.engine.drawing import block
from tests.engine.examples import examples

SIZES = {"i": 2, "j": 3, "k": 4}


@st.composite
def equations(draw: st.DrawFn) -> tuple[str, list[TensorSpec]]:
    """An equation that may or may not make sense, over tensors whose axes have the sizes of their letters."""
    terms, specs = [], []
    for _ in range(draw(st.integers(1, 3))):
        letters = draw(st.lists(st.sampled_from("ijk"), max_size=3).map("".join))
        batched = draw(st.booleans())
        first = draw(st.sampled_from(("b", "b", "i", "..."))) if batched else ""
        terms.append(first + letters)
        specs.append(TensorSpec(tuple(SIZES[letter] for letter in letters), batched=batched))
    output = draw(st.sampled_from(("b", "b", "b", "", "..."))) + draw(
        st.lists(st.sampled_from("ijk"), max_size=2).map("".join)
    )
    return f"{','.join(terms)}->{output}", specs


def real(equation: str, specs: list[TensorSpec]) -> tuple[int, ...] | None:
    """The shape of a sample as torch gives it; None where torch refuses, or samples get mixed."""
    torch.manual_seed(0)
    full = [torch.rand(5, *spec.sizes) if spec.batched else torch.rand(spec.sizes) for spec in specs]
    lone = [tensor[3:4] if spec.batched else tensor for tensor, spec in zip(full, specs, strict=True)]
    try:
        whole, part = torch.einsum(equation, *full), torch.einsum(equation, *lone)
    except RuntimeError:
        return None
    if not any(spec.batched for spec in specs):
        return tuple(whole.shape)
    apart = (
        whole.shape[:1] == (5,) and part.shape == (1, *whole.shape[1:]) and torch.allclose(whole[3], part[0], rtol=1e-4)
    )
    return tuple(whole.shape[1:]) if apart else None


@examples(3)
@given(equations())
def test_gives_what_torch_gives_and_keeps_samples_apart(drawn: tuple[str, list[TensorSpec]]) -> None:
    equation, specs = drawn
    trace = trace_block(block("Einsum", equation=equation, inputs=len(specs)), tuple(specs))
    told = trace.outputs[0]
    if told is not None:
        assert told.batched == any(spec.batched for spec in specs)
    hidden = "..." in equation.partition("->")[0] and "..." not in equation.partition("->")[2]
    if not hidden:  # torch would sum what ... stands for; we ask to be told
        assert (told and told.sizes) == real(equation, specs), trace.misfit


@pytest.mark.parametrize("equation", ["self.apply(eval)", '"', "bi\nj->b", "bi;j->b", "b" * 300])
def test_nothing_but_letters_gets_in(equation: str) -> None:
    with pytest.raises(BadValue, match="Equation must hold letters"):
        CATALOGUE["Einsum"].build({"equation": equation})


def test_axes_that_vary_stay_free() -> None:
    free = TensorSpec((None, 6))
    assert trace_block(block("Einsum", equation="btk,kj->btj"), (free, TensorSpec((6, 3), batched=False))).outputs == (
        TensorSpec((None, 3)),
    )
    assert trace_block(block("Einsum", equation="bik,bjk->bij"), (free, free)).outputs == (TensorSpec((None, None)),)
